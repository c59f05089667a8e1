"""Days on which trainers are not available."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.trainers.absences import views

    app.register_blueprint(views.bp)
