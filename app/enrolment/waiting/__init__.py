"""The waiting list: by priority class, then by time. Nobody bypasses it."""
