"""Who may sign in: accounts, their roles and where these hold, one-time links."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.access.events import PasswordSet
    from app.audit import journal
    from app.core import slots
    from app.language import lazy_gettext, lazy_pgettext
    from app.lists import known
    from app.post import occasions
    from app.post.links import on_link
    from app.retention import kinds
    from app.users import letters, pages, services, views

    app.register_blueprint(views.bp)
    known.add(app, views.USERS, views.INVITATIONS)
    on_link(app, letters.WELCOME, letters.address)
    occasions.add(app, letters.WELCOME, lazy_pgettext("occasion", "Access to Yetkin"))
    invitations = lazy_gettext("Invitations")
    kinds.register(app, kinds.Kind("invitations", invitations, services.old_invitations, services.forget_invitations))
    journal.on(app, PasswordSet, services.accepted)
    slots.add(app, "nav", pages.nav)
