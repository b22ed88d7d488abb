"""地基 The kernel: errors, operations, audit, tasks, points, working days."""
