"""The design of a round: whom it asks what, who is drawn; and who people were when it met them."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.needs.rounds import views

    app.register_blueprint(views.bp)
