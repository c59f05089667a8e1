"""Who of a finalised session is due which document; issued to one, or to all in the background."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.certificates.issuing import letters, pages, services, views
    from app.certificates.issuing.rules import ISSUE
    from app.core import slots
    from app.jobs import kinds
    from app.post import occasions

    app.register_blueprint(views.bp)
    occasions.add(app, "certificate", letters.SAID, letter=letters.LETTER, placeholders=("name", "course"))
    slots.add(app, "course_session.tabs", pages.tab)
    slots.add(app, "home.tasks", pages.tasks)
    kinds.register(app, kinds.Kind(ISSUE, services.issue_chunk, services.CHUNK, services.finish_issue))
