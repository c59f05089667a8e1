"""A plan while it is drafted: begun, its rows picked, changed, put in order, dropped; what is left of its limits."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.plans.drafting import views

    app.register_blueprint(views.bp)
