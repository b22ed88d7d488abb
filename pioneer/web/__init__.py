"""网页 Web: the only HTTP."""
