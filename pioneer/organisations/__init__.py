"""组织 Organisations: the tree and its history, the holiday table."""
