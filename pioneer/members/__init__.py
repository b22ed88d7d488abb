"""党员 Members: roster, status, tracks, transfers, exemptions."""
