"""Every list is described once, shown a page at a time, and handed out as a file: at once or in the background."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.jobs import kinds
    from app.lists import exports, views

    app.register_blueprint(views.bp)
    kinds.register(app, exports.EXPORT)
