"""A staff list from an office file: its columns, what it would change, stored as a whole or not at all, taken back."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.jobs import kinds
    from app.language import lazy_gettext
    from app.people.imports import leavers, services, storing, views
    from app.retention import kinds as kept

    app.register_blueprint(views.bp)
    for kind in (services.CHECK, storing.STORE, leavers.LEAVE):
        kinds.register(app, kind)
    lists = lazy_gettext("Staff lists nobody stored, and what is kept to take one back")
    kept.register(app, kept.Kind("imports", lists, services.old_imports, services.forget_imports))
