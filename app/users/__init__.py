"""Who may sign in: accounts, their roles and where these hold, one-time links."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.core import slots
    from app.lists import known
    from app.users import pages, views

    app.register_blueprint(views.bp)
    known.add(app, views.USERS)
    slots.add(app, "nav", pages.nav)
