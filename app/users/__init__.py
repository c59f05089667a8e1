"""Who may sign in: accounts, their roles and where these hold, one-time links."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.users import shown
    from app.users.views import bp

    app.register_blueprint(bp)
    shown.init_app()
