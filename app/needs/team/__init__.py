"""Supervisors say how important each competency is for their people and how well these master it."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.core import slots
    from app.language import lazy_gettext
    from app.needs.team import pages, queries, views
    from app.needs.team.models import TEAM
    from app.people.links.models import PURPOSES, Purpose

    app.register_blueprint(views.bp)
    PURPOSES.on(app)[TEAM] = Purpose(views.show_linked, queries.until, lazy_gettext("Ratings of one’s team"))
    slots.add(app, "home.counts", pages.counted)
    slots.add(app, "me.counts", pages.section)
