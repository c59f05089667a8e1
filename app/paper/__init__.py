"""Draws paper: certificates and signature sheets as PDF bytes.

Everything printed comes in as frozen dataclasses; bytes go out. Nothing here knows a request, a row or a
setting, and nothing is read from disk or network while a page is drawn: typefaces are read once at import.
"""
