"""日常纪实 Conduct: education records, reminders, declared relations, zeroing decisions; meetings, leave, attendance,
dues."""
