"""The plan of the year, and what became of it and of next year's plans."""
