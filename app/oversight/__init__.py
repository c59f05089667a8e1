"""Figures, the audit log, search: reads everybody, read by nobody.

What the figures count stands in a room of its own, `figures`, below the pages.
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.core import slots
    from app.lists import known
    from app.oversight import figures, pages, views

    app.register_blueprint(views.bp)
    known.add(app, views.LOG)
    slots.add(app, "nav", pages.nav)
    slots.add(app, "programme.indicators", pages.trained)
    figures.init_app(app)
