"""Proves: issue, revoke, replace, verify; opening a finalised session again."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.audit import journal
    from app.certificates import bulk, services, session_views, showing, verification_views, views
    from app.enrolment.events import EnrolmentsMerged
    from app.jobs import kinds
    from app.people.events import EmployeesMerged
    from app.web import slots

    for room in (views, session_views, verification_views):
        app.register_blueprint(room.bp)
    slots.add("nav", showing.nav)
    slots.add("course_session.tabs", showing.tab)
    slots.add("course_session.moves", showing.move)
    slots.add("person.sections", showing.person_section)
    slots.add("search.results", showing.hits)
    slots.add("home.tasks", showing.tasks)
    journal.on(EnrolmentsMerged, services.follow_merge)
    journal.on(EmployeesMerged, services.guard_merge)
    kinds.register(kinds.Kind(bulk.ISSUE, bulk.issue_chunk, bulk.CHUNK, bulk.finish_issue))
    kinds.register(kinds.Kind(bulk.PRINT, bulk.print_chunk, 100, bulk.finish_print))
