"""Field studies of needs: from their design to their findings, and the interviews held on the way.

* findings: what a study found, verified, and the competencies it supports
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.core import slots
    from app.lists import known
    from app.programme.studies import findings, pages, views

    app.register_blueprint(views.bp)
    known.add(app, views.STUDIES)
    slots.add(app, "programme.parts", pages.part)
    slots.add(app, "programme.indicators", pages.indicator)
    slots.add(app, "home.counts", pages.counted)
    findings.init_app(app)
