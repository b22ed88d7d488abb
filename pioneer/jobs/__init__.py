"""定时 Jobs: the clock, and the commands of the console."""
