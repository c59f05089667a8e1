"""Who may sign in: accounts, their roles and where these hold, one-time links."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.users import pages, views
    from app.web import slots

    app.register_blueprint(views.bp)
    slots.add("nav", pages.nav)
