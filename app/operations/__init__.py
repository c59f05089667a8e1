"""Keeps an installation alive, from top to bottom: `checks` what is wrong with it, `backups` and how they come back."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask


def init_app(app: Flask) -> None:
    from app.core.tables import statistics
    from app.jobs import worker
    from app.operations import backups

    backups.init_app(app)
    worker.on_sweep(app, statistics.refresh, every=timedelta(minutes=5))
