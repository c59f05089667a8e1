"""Seats that are kept for institutions, and the pools they make of a session's seats."""
