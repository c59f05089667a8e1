"""Strategic action plan groups, one or more in a province: institutions that meet, decide, and answer for it.

Groups and their members themselves; above them, from the bottom:

* meetings: planned, invited to, minuted; who was there; the sheet to sign
* actions: what was decided, who answers for it, how far it is, what it asks of the training
* action_plans: the strategic action plan of a province, made of its goals and actions, as a document in versions
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.audit import journal
    from app.core import slots
    from app.language import lazy_gettext
    from app.lists import known
    from app.people.events import EmployeeLeft, EmployeesMerged
    from app.people.imports import undoing
    from app.people.leaving.models import TIES
    from app.programme.groups import action_plans, actions, meetings, pages, services, views
    from app.programme.groups.models import GroupMember

    app.register_blueprint(views.bp)
    known.add(app, views.GROUPS)
    slots.add(app, "programme.parts", pages.part)
    journal.on(app, EmployeeLeft, services.employee_left)
    journal.on(app, EmployeesMerged, services.employees_merged)
    undoing.POINTERS.on(app)[str(GroupMember.employee_id)] = lazy_gettext("is a member of a group")
    TIES.on(app).append(pages.TIE)
    slots.add(app, "privacy.data", pages.own_data)
    for room in (meetings, actions, action_plans):
        room.init_app(app)
