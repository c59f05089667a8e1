"""Opens the door and holds the lens: organisations, users, grants, scope, sign-in."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask


def init_app(app: Flask) -> None:
    from app.access import account, gate, limits, scope, sign_in

    idle, absolute = timedelta(minutes=app.config["IDLE_MINUTES"]), timedelta(hours=app.config["SIGN_IN_HOURS"])
    limits.LIMITS.put(app, limits.Limits(idle, absolute))

    scope.init_app(app)
    gate.init_app(app)
    sign_in.init_app(app)
    account.init_app(app)
