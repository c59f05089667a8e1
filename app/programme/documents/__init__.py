"""Documents of the programme: drafted, submitted, returned with remarks, approved by somebody else, revised.

A management plan, a strategic action plan, a visibility strategy: what stands in one is its owner's matter. The owner
points down at its document, and says by the slot `programme.document` where it is written and what it says now.
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.core import slots
    from app.lists import known
    from app.programme.documents import pages, views

    app.register_blueprint(views.bp)
    known.add(app, views.DOCUMENTS)
    slots.add(app, "home.counts", pages.counted)
