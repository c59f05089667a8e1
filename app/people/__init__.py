"""Knows who: units, titles, employees, merging; the pages of organisations and people."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Nothing to register yet."""
