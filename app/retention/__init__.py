"""Forgets: how long each kind of thing is kept, what would go today, and what went when."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask


def init_app(app: Flask) -> None:
    from app.jobs import worker
    from app.language import lazy_gettext
    from app.post import services as post
    from app.retention import kinds, services, views

    app.register_blueprint(views.bp)
    worker.on_sweep(app, services.destroy_old, every=timedelta(days=1))
    letters = lazy_gettext("Addresses and texts of letters that were sent")
    kinds.register(app, kinds.Kind("letters", letters, post.old_letters, post.forget_letters))
