"""公示 Publicity: publications, their windows, objections."""
