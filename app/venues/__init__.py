"""Where training takes place: venues and rooms."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.venues import room_views, shown, views

    app.register_blueprint(views.bp)
    app.register_blueprint(room_views.bp)
    shown.init_app()
