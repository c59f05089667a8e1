"""Opens the door and holds the lens: organisations, users, grants, scope, sign-in."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.access import gate, scope, sign_in

    scope.init_app(app)
    gate.init_app(app)
    sign_in.init_app(app)
