"""What people need to learn: the ranking of a group, groups side by side, one competency, one person."""
