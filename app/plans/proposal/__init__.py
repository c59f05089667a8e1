"""What needs propose for a plan: every course by its score and by what an hour of it closes."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.plans.proposal import views

    app.register_blueprint(views.bp)
