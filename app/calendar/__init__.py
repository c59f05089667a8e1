"""Holidays, working days, and the dates a course session falls on."""
