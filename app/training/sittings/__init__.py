"""A session's dated blocks: added, moved, shortened, taken away, given new dates."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.training.sittings import pages, views
    from app.web import slots

    app.register_blueprint(views.bp)
    slots.add("home.tasks", pages.troubles)
    slots.add("course_session.tabs", pages.tab)
