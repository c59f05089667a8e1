"""A finalised session is opened again for corrections; its certificates stay valid meanwhile."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.certificates.reopening import pages, views
    from app.core import slots

    app.register_blueprint(views.bp)
    slots.add(app, "course_session.moves", pages.move)
