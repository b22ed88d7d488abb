"""年度档案 Archives: everything a branch keeps of one cycle, as one file that opens many years later without us."""
