"""Figures, the audit log, search: reads everybody, read by nobody."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Nothing to register yet."""
