"""The approved yearly plan and its rows. Upper rooms say through slot `plan.sessions` what was opened from them."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.plans import shown, views

    app.register_blueprint(views.bp)
    app.jinja_env.filters["place_of"] = views.place_of
    shown.init_app()
