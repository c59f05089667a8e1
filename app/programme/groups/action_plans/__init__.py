"""The strategic action plan of a province: its goals, and the actions of its groups; a document in versions."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.core import slots
    from app.lists import known
    from app.programme.groups.action_plans import pages, views

    app.register_blueprint(views.bp)
    known.add(app, views.ACTION_PLANS)
    slots.add(app, "programme.document", pages.owner)
