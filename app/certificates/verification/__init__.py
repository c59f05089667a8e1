"""The public door: whoever holds a code or a file is told whether it stands, and what it says."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.certificates.verification import views

    app.register_blueprint(views.bp)
