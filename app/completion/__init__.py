"""Concludes: test scores, checklist, outcomes, finalising."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.completion import queries, shown
    from app.completion.views import bp
    from app.enrolment import completed
    from app.web import slots

    app.register_blueprint(bp)
    completed.register(queries.completions, *queries.COMPLETION)
    slots.add("course_session.tabs", shown.tabs)
    slots.add("course_session.moves", shown.move)
    slots.add("person.sections", shown.record)
    slots.add("home.tasks", shown.waiting)
