"""What mails put into calendars, and calendars to subscribe to."""
