"""Names what can be taught: themes, competencies, courses."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.catalogue import shown, views

    app.register_blueprint(views.bp)
    shown.init_app()
