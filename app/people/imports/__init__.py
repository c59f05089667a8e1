"""A staff list from an office file: its columns, what it would change, stored as a whole or not at all, taken back."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.jobs import kinds
    from app.language import lazy_gettext
    from app.people.imports import leavers, services, storing, undoing, views
    from app.people.models import Employee, PersonalLink, Unit
    from app.retention import kinds as kept

    app.register_blueprint(views.bp)
    for kind in (services.CHECK, storing.STORE, leavers.LEAVE):
        kinds.register(app, kind)
    lists = lazy_gettext("Staff lists nobody stored, and what is kept to take one back")
    for pointer, said in (
        (Employee.supervisor_id, lazy_gettext("supervises somebody")),
        (Employee.merged_into_id, lazy_gettext("another record was merged into theirs")),
        (Unit.head_id, lazy_gettext("heads a unit")),
        (PersonalLink.employee_id, lazy_gettext("has a personal link")),
    ):
        undoing.POINTERS.on(app)[str(pointer)] = said
    kept.register(app, kept.Kind("imports", lists, services.old_imports, services.forget_imports))
