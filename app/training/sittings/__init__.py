"""A session's dated blocks: added, moved, shortened, taken away, given new dates."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.core import slots
    from app.training.sittings import pages, views

    app.register_blueprint(views.bp)
    slots.add(app, "home.tasks", pages.troubles)
    slots.add(app, "course_session.tabs", pages.tab)
