"""What everything stands on: the database, the clock, statuses, paging, errors."""
