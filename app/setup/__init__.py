"""What every installation begins with: reference data without people, and the first administrator."""
