"""What this room shows elsewhere: the menu, its own tabs, the search."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from app.access.caller import Caller
from app.access.permissions import Permission, Role
from app.core.paging import ListQuery
from app.language import format_date, gettext
from app.training import overviews
from app.training.models import CourseSession
from app.web import slots
from app.web.slots import Hit, Hits, NavItem, Tab

SHOWN_HITS = 5


def nav(caller: Caller, _: None) -> Iterator[NavItem]:
    if caller.may(Permission.SESSION_READ):
        first = bool(caller.roles & {Role.ADMINISTRATOR, Role.COORDINATOR, Role.TRAINER, Role.STAFF})
        yield NavItem(gettext("Course sessions"), "/sessions", "layers", 20, place=first)
        yield NavItem(gettext("Training calendar"), "/sessions/calendar", "calendar-days", 25)
    if caller.is_a(Role.TRAINER):
        yield NavItem(gettext("My assignments"), "/assignments", "clipboard-list", 15, place=True)


def tabs(_: Caller, course_session: CourseSession) -> Iterator[Tab]:
    yield Tab(gettext("Overview"), f"/sessions/{course_session.id}", 0)
    yield Tab(gettext("Sittings"), f"/sessions/{course_session.id}/sittings", 10)


def hits(caller: Caller, typed: str) -> Hits | None:
    """Sessions by code, course or province."""
    if not typed.strip() or not caller.may(Permission.SESSION_READ):
        return None
    query = ListQuery(q=typed, sort="date", descending=True, size=SHOWN_HITS)
    page = overviews.course_sessions(caller.scope_for(Permission.SESSION_READ), query)
    if not page.total:
        return None
    return Hits(
        gettext("Course sessions"),
        tuple(Hit(f"{row.code} {row.course}", f"/sessions/{row.id}", _detail(row)) for row in page.rows),
        more_url=f"/sessions?q={quote(typed)}" if page.total > len(page.rows) else None,
        order=20,
    )


def _detail(row: overviews.SessionRow) -> str:
    dates = format_date(row.starts_on) if row.starts_on else gettext("No date yet")
    return " · ".join(part for part in (row.province, dates, row.status.label) if part)


def init_app() -> None:
    slots.add("nav", nav)
    slots.add("course_session.tabs", tabs)
    slots.add("search.results", hits)
