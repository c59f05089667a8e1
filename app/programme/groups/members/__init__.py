"""Who sits in a group: added, changed, leaving; what becomes of it where a record of the staff goes."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.audit import journal
    from app.core import slots
    from app.language import lazy_gettext
    from app.people.events import EmployeeLeft, EmployeesMerged
    from app.people.imports import undoing
    from app.people.leaving.models import TIES
    from app.programme.groups.members import merging, pages, services, views
    from app.programme.groups.models import GroupMember

    app.register_blueprint(views.bp)
    journal.on(app, EmployeeLeft, services.employee_left)
    journal.on(app, EmployeesMerged, merging.employees_merged)
    undoing.POINTERS.on(app)[str(GroupMember.employee_id)] = lazy_gettext("is a member of a group")
    TIES.on(app).append(pages.TIE)
    slots.add(app, "privacy.data", pages.own_data)
