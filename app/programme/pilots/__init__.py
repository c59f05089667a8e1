"""Pilot projects: what each is, its management plan in eight sections, its staff, what they need to have learned, and
the course sessions given for it.

* tracking: how many people used it, month by month
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.audit import journal
    from app.core import slots
    from app.language import lazy_gettext
    from app.lists import known
    from app.people.events import EmployeesMerged
    from app.people.imports import undoing
    from app.programme import asks
    from app.programme.pilots import merging, pages, tracking, views
    from app.programme.pilots.models import PilotStaff

    app.register_blueprint(views.bp)
    known.add(app, views.PILOTS)
    asks.add(app, pages.ASKER)
    journal.on(app, EmployeesMerged, merging.follow)
    undoing.POINTERS.on(app)[str(PilotStaff.employee_id)] = lazy_gettext("works in a pilot project")
    slots.add(app, "programme.parts", pages.part)
    slots.add(app, "programme.indicators", pages.indicators)
    slots.add(app, "programme.document", pages.plan_owner)
    slots.add(app, "search.results", pages.hits)
    slots.add(app, "course_session.tabs", pages.session_tab)
    slots.add(app, "home.counts", pages.counted)
    slots.add(app, "privacy.data", pages.own_data)
    tracking.init_app(app)
