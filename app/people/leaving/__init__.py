"""Somebody leaves their institution: what hangs on them there is listed, and ended in one step."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.people.leaving import pages, views
    from app.web import slots

    app.register_blueprint(views.bp)
    slots.add("person.leaving", pages.own_consequences)
    slots.add("user.leaving", pages.of_account)
