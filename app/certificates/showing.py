"""What pages of lower rooms show of certificates."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from app.access.caller import Caller
from app.access.permissions import Permission, Role
from app.certificates import due, queries
from app.language import gettext, in_language, ngettext
from app.people.models import Employee
from app.training.models import CourseSession, SessionStatus
from app.web.slots import Hit, Hits, Move, NavItem, Section, Tab, Task

SHOWN_HITS = 5


def nav(caller: Caller, _: None) -> NavItem | None:
    if not caller.may(Permission.CERTIFICATE_READ):
        return None
    place = caller.is_a(Role.COORDINATOR) or caller.is_a(Role.STAFF)
    return NavItem(gettext("Certificates"), "/certificates", "award", 70, place=place)


def tab(caller: Caller, course_session: CourseSession) -> Tab | None:
    """For whoever runs the session; the state is told on the page, so that tabs cost no statement."""
    if not _runs(caller, Permission.CERTIFICATE_ISSUE, course_session):
        return None
    return Tab(gettext("Certificates"), f"/sessions/{course_session.id}/certificates", 50)


def move(caller: Caller, course_session: CourseSession) -> Move | None:
    if course_session.status is not SessionStatus.FINALISED:
        return None
    if not _runs(caller, Permission.SESSION_REOPEN, course_session):
        return None
    return Move(gettext("Reopen for corrections"), f"/sessions/{course_session.id}/reopen", "lock-open")


def _runs(caller: Caller, permission: Permission, course_session: CourseSession) -> bool:
    scope = caller.scope_for(permission)
    return scope.everything or course_session.province_id in scope.provinces


def person_section(caller: Caller, employee: Employee) -> Section | None:
    if not caller.may(Permission.CERTIFICATE_READ):
        return None
    rows = queries.of_person(caller.scope_for(Permission.CERTIFICATE_READ), employee)
    return Section(gettext("Certificates"), "certificates/person_section.html", rows, 60)


def hits(caller: Caller, typed: str) -> Hits | None:
    if not caller.may(Permission.CERTIFICATE_READ):
        return None
    found = queries.found_certificates(caller.scope_for(Permission.CERTIFICATE_READ), typed, SHOWN_HITS)
    if not found:
        return None
    return Hits(
        gettext("Certificates"),
        tuple(
            Hit(row.printed_name, f"/certificates/{row.id}", f"{row.number} · {in_language(row, 'course')}")
            for row in found[:SHOWN_HITS]
        ),
        f"/certificates?{urlencode({'q': typed})}" if len(found) > SHOWN_HITS else None,
        30,
    )


def tasks(caller: Caller, _: Any) -> list[Task]:
    """Finalised sessions whose certificates wait to be issued."""
    if not caller.may(Permission.CERTIFICATE_ISSUE):
        return []
    return [
        Task(
            ngettext("%(num)s certificate waits to be issued", "%(num)s certificates wait to be issued", row.count),
            f"/sessions/{row.course_session_id}/certificates",
            f"{row.code} {in_language(row, 'course')}",
            "award",
            order=40,
        )
        for row in due.waiting(caller.scope_for(Permission.CERTIFICATE_ISSUE))
    ]
