"""What stands around every request: its transaction, its errors, headers, log lines, and signs of health."""
