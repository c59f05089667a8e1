"""Visibility: a strategy for each province, what was done of it, and a checklist of each event."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.core import slots
    from app.lists import known
    from app.programme.visibility import pages, views

    app.register_blueprint(views.bp)
    known.add(app, views.STRATEGIES, views.ACTIVITIES, views.EVENTS)
    slots.add(app, "programme.parts", pages.part)
    slots.add(app, "programme.document", pages.owner)
    slots.add(app, "programme.indicators", pages.indicator)
    slots.add(app, "course_session.tabs", pages.tab)
    slots.add(app, "meeting.moves", pages.move)
    slots.add(app, "pilot.sections", pages.of_pilot)
    slots.add(app, "completion.requirements", pages.requirement)
    slots.add(app, "home.counts", pages.counted)
