"""Keeps an installation alive, from top to bottom: `checks` what is wrong with it, `backups` and how they come back."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.operations import backups

    backups.init_app(app)
