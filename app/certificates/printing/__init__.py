"""All valid certificates of a session: one file to print, or each in an archive."""

from __future__ import annotations
