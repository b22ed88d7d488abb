"""跟进 Follow-ups: what is done with people after their tier was announced: hopes told, warning talk, paired help."""
