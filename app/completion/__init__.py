"""Concludes: test scores, checklist, outcomes, finalising."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.completion import pages, queries
    from app.completion.views import bp
    from app.core import slots
    from app.enrolment.completed import COMPLETIONS, Completions

    app.register_blueprint(bp)
    COMPLETIONS.put(app, Completions(queries.completions, queries.COMPLETION))
    slots.add(app, "course_session.tabs", pages.tabs)
    slots.add(app, "course_session.moves", pages.move)
    slots.add(app, "person.sections", pages.record)
    slots.add(app, "home.tasks", pages.waiting)
    slots.add(app, "privacy.data", pages.own_data)
