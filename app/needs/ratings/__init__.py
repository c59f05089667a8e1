"""What people and their supervisors said: read from a filled workbook, looked at, stored or thrown away."""
