"""年度评定: what a rulebook makes of everybody's entries, by set-based SQL; for now as a dry run of a draft."""
