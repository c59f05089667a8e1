"""Every mail seen: the outbox of those one answers for, why one failed, whom to phone instead."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.core import slots
    from app.lists import known
    from app.mail import pages, views

    app.register_blueprint(views.bp)
    known.add(app, views.MESSAGES)
    slots.add(app, "nav", pages.nav)
    slots.add(app, "home.counts", pages.failures)
    slots.add(app, "trainer.sections", pages.of_trainer)
    slots.add(app, "privacy.data", pages.own_data)
