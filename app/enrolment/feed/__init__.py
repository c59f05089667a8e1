"""A person's own calendar, for a programme that subscribes to it."""
