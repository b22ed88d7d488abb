"""推荐 Nominations: the commendation list, pools for outstanding members and other honours, opinions, decisions."""
