"""表格: what comes and goes as Excel: column maps, checked reading, safe writing. Plain Python, no Django."""
