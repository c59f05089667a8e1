"""A course session: made, offered, changed, copied, postponed, cancelled; and the list of all."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.training.sessions import pages, plan_rows, views
    from app.web import slots

    app.register_blueprint(views.bp)
    slots.add("nav", pages.nav)
    slots.add("course_session.tabs", pages.tab)
    slots.add("search.results", pages.hits)
    slots.add("plan.sessions", plan_rows.provide)
