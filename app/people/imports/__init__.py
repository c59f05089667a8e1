"""A staff list from an office file: its columns, what it would change, stored as a whole or not at all, taken back."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask


def init_app(app: Flask) -> None:
    from app.jobs import kinds, worker
    from app.people.imports import leavers, services, storing, views

    app.register_blueprint(views.bp)
    for kind in (services.CHECK, storing.STORE, leavers.LEAVE):
        kinds.register(app, kind)
    worker.on_sweep(app, services.forget_old, every=timedelta(hours=1))
