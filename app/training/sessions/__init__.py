"""A course session: made, offered, changed, copied, postponed, cancelled; and the list of all."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.core import slots
    from app.lists import known
    from app.training.sessions import pages, plan_rows, views

    app.register_blueprint(views.bp)
    app.jinja_env.filters["plan_row"] = pages.plan_row
    known.add(app, views.COURSE_SESSIONS)
    slots.add(app, "nav", pages.nav)
    slots.add(app, "course_session.tabs", pages.tab)
    slots.add(app, "search.results", pages.hits)
    slots.add(app, "plan.sessions", plan_rows.provide)
    slots.add(app, "home.counts", pages.behind)
