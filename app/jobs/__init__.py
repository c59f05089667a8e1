"""Long work in the background, with its progress in the database."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.access import throttling
    from app.core.clock import now
    from app.core.db import db
    from app.core.paging import TooManyRows
    from app.jobs import exports, kinds, queue, views

    app.register_blueprint(views.bp)
    app.register_error_handler(TooManyRows, views.too_many)
    kinds.register(exports.EXPORT)
    done_in: dict[str, str] = {}

    def forget_old_throttles() -> None:
        """Once an hour is enough for counters nobody needs any more."""
        hour = f"{now():%Y-%m-%d %H}"
        if done_in.get("throttles") != hour:
            throttling.forget_old()
            db.session.commit()
            done_in["throttles"] = hour

    queue.on_sweep(forget_old_throttles)
