"""Somebody leaves their institution: what hangs on them there is listed, and ended in one step."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.core import slots
    from app.people.leaving import pages, views

    app.register_blueprint(views.bp)
    slots.add(app, "person.leaving", pages.own_consequences)
    slots.add(app, "user.leaving", pages.of_account)
