"""What the groups decided to do: who answers for it, until when, how far it is, what it asks of the training."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.core import slots
    from app.lists import known
    from app.programme import asks
    from app.programme.groups.actions import pages, views

    app.register_blueprint(views.bp)
    known.add(app, views.ACTIONS)
    asks.add(app, pages.asker())
    slots.add(app, "home.counts", pages.counted)
    slots.add(app, "search.results", pages.hits)
    slots.add(app, "programme.indicators", pages.indicator)
