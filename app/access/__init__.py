"""Opens the door and holds the lens: organisations, users, grants, scope, sign-in."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.access import gate
    from app.access.views import bp

    gate.init_app(app)
    app.register_blueprint(bp)
