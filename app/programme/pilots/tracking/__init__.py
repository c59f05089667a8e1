"""User tracking: how many people used the services of a pilot, month by month, typed, pasted or brought in a file."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.lists import known
    from app.programme.pilots.tracking import views

    app.register_blueprint(views.bp)
    known.add(app, views.USERS)
