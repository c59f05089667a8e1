"""Opens the door and holds the lens: organisations, users, grants, scope, sign-in."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask


def init_app(app: Flask) -> None:
    from app.access import account, gate, limits, resets, scope, second_factor, sign_in

    idle, absolute = timedelta(minutes=app.config["IDLE_MINUTES"]), timedelta(hours=app.config["SIGN_IN_HOURS"])
    limits.LIMITS.put(app, limits.Limits(idle, absolute, app.config["SECOND_FACTOR_REQUIRED"]))

    scope.init_app(app)
    gate.init_app(app)
    sign_in.init_app(app)
    second_factor.init_app(app)
    resets.init_app(app)
    account.init_app(app)
