"""What the rows of a staff list say, and who of an institution each is about. Nothing is asked or stored here."""
