"""Names what can be taught: themes, competencies, courses."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.catalogue import pages, views
    from app.web import slots

    app.register_blueprint(views.bp)
    slots.add("nav", pages.nav)
    slots.add("search.results", pages.hits)
