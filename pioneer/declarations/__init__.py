"""申报 Declarations: what a member says it did."""
