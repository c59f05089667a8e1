"""The thread from what asks to what people learned: finding, action or pilot → competency → plan row → session →
certificate → gap closed; a list of all, and one line of each on the pages it passes.
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.core import slots
    from app.lists import known
    from app.programme.thread import pages, views

    app.register_blueprint(views.bp)
    known.add(app, views.CHAINS)
    slots.add(app, "programme.parts", pages.part)
    slots.add(app, "programme.thread", pages.of_thing)
    slots.add(app, "competency.sections", pages.of_competency)
    slots.add(app, "course_session.sections", pages.of_session)
    slots.add(app, "plan_item.sections", pages.of_row)
