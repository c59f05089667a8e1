"""The approved yearly plan and its rows. Upper rooms say through slot `plan.sessions` what was opened from them."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.plans import pages, views
    from app.web import slots

    app.register_blueprint(views.bp)
    app.jinja_env.filters["place_of"] = pages.place_of
    slots.add("nav", pages.nav)
