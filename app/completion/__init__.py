"""Concludes: test scores, checklist, outcomes, finalising."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.completion import pages, queries
    from app.completion.views import bp
    from app.enrolment import completed
    from app.web import slots

    app.register_blueprint(bp)
    completed.register(queries.completions, *queries.COMPLETION)
    slots.add("course_session.tabs", pages.tabs)
    slots.add("course_session.moves", pages.move)
    slots.add("person.sections", pages.record)
    slots.add("home.tasks", pages.waiting)
