"""The programme on one page."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.core import slots
    from app.programme.picture import views

    app.register_blueprint(views.bp)
    slots.add(app, "nav", views.nav)
