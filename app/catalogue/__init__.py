"""Names what can be taught: themes, competencies, courses."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.catalogue import pages, views
    from app.core import slots
    from app.lists import known

    app.register_blueprint(views.bp)
    known.add(app, views.COURSES)
    slots.add(app, "nav", pages.nav)
    slots.add(app, "search.results", pages.hits)
