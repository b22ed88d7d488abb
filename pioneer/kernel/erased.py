"""抹除的标记 What stands where a name or a text of somebody erased stood."""

ERASED = "（已抹除）"
