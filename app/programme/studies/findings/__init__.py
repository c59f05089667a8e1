"""What field studies found, by theme; each may support competencies."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.core import slots
    from app.lists import known
    from app.programme import asks
    from app.programme.studies.findings import pages, views

    app.register_blueprint(views.bp)
    known.add(app, views.FINDINGS)
    slots.add(app, "search.results", pages.hits)
    asks.add(app, pages.ASKER)
