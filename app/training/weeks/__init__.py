"""The weeks of a room and of a trainer: what takes place, and free days on which a new session can be planned; a
trainer's hours by course and quarter.
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.core import slots
    from app.training.weeks import pages, views

    app.register_blueprint(views.bp)
    slots.add(app, "room.sections", pages.of_room)
    slots.add(app, "trainer.sections", pages.to_weeks)
