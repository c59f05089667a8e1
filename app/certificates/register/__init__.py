"""The list of certificates, one certificate, its file; revoking and replacing it."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.certificates.register import pages, views
    from app.core import slots
    from app.lists import known

    app.register_blueprint(views.bp)
    known.add(app, views.CERTIFICATES)
    slots.add(app, "nav", pages.nav)
    slots.add(app, "person.sections", pages.person_section)
    slots.add(app, "search.results", pages.hits)
