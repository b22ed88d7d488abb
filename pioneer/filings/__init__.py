"""备案 Filings: the package of a settled and announced cycle with the township and the district, received or returned;
amendments."""
