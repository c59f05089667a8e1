"""One's own account: password, language, which mails; and the letter that says when something of it was changed."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.access.account import notices, pages, views
    from app.audit import journal
    from app.core import slots
    from app.post import occasions

    app.register_blueprint(views.bp)
    slots.add(app, "privacy.data", pages.own_data)
    for kind in notices.WHAT:
        journal.on(app, kind, notices.tell)
        occasions.add(app, kind.name, notices.SAID)
