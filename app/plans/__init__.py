"""The approved yearly plan and its rows. Upper rooms say through slot `plan.sessions` what was opened from them."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.core import slots
    from app.lists import known
    from app.plans import pages, views

    app.register_blueprint(views.bp)
    known.add(app, views.ITEMS)
    app.jinja_env.filters["place_of"] = pages.place_of
    slots.add(app, "nav", pages.nav)
