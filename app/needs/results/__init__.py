"""What people need to learn: the ranking of a group, groups side by side, one competency, one person."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.core import slots
    from app.lists import known
    from app.needs.results import pages, views

    app.register_blueprint(views.bp)
    known.add(app, views.PEOPLE)
    slots.add(app, "nav", pages.nav)
    slots.add(app, "person.sections", pages.person_section)
    slots.add(app, "me.counts", pages.own_section)
    slots.add(app, "me.counts", pages.team_section)
