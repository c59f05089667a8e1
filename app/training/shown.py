"""What this room shows elsewhere: the menu, its own tabs, the search."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from app.access.caller import Caller
from app.access.models import User
from app.access.permissions import Permission, Role
from app.language import format_date, gettext, in_language, ngettext
from app.people.leaving import Leaving
from app.trainers.models import Trainer
from app.training import overviews, queries, tasks
from app.training.models import CourseSession
from app.web import slots
from app.web.slots import Action, Consequence, Hit, Hits, NavItem, Tab, Task

SHOWN_HITS = 5


ROLLS = ("/sittings",)


def nav(caller: Caller, _: None) -> Iterator[NavItem]:
    """The roll of a sitting belongs to the sessions one runs, else to what one gives."""
    runs = caller.may(Permission.SESSION_WRITE)
    if caller.may(Permission.SESSION_READ):
        first = bool(caller.roles & {Role.ADMINISTRATOR, Role.COORDINATOR, Role.TRAINER, Role.STAFF})
        yield NavItem(gettext("Course sessions"), "/sessions", "layers", 20, place=first, covers=ROLLS if runs else ())
        yield NavItem(gettext("Training calendar"), "/sessions/calendar", "calendar-days", 25)
    if caller.is_a(Role.TRAINER):
        covers = () if runs else ROLLS
        yield NavItem(gettext("My assignments"), "/assignments", "clipboard-list", 15, place=True, covers=covers)


def asked(caller: Caller, _: None) -> Iterator[Task]:
    """Sittings a trainer has not said yes or no to, session by session."""
    if not caller.is_a(Role.TRAINER):
        return
    for each in tasks.unanswered(caller.id):
        url = f"/sessions/{each.course_session_id}/assignments"
        yield Task(
            gettext("You have been asked to teach: %(course)s", course=in_language(each, "name")),
            f"/assignments#session-{each.course_session_id}",
            _when(each),
            "clipboard-list",
            urgent=True,
            order=5,
            actions=(
                Action(gettext("Accept"), f"{url}/accept", "check", posts=True),
                Action(gettext("Decline"), f"{url}/decline", "x"),
            ),
        )


def troubles(caller: Caller, _: None) -> Iterator[Task]:
    """Sittings of one's sessions that nobody gives, without a room or date, or on a day nobody works; and, for the
    administrator, roles of people who left.
    """
    if not caller.may(Permission.SESSION_WRITE):
        return
    for each in tasks.troubles(caller.scope_for(Permission.SESSION_WRITE)):
        about = each.about
        url = f"/sessions/{about.course_session_id}/sittings"
        name = f"{about.code} {in_language(about, 'name')}"
        if each.kind == "declined":
            label = gettext("A trainer has declined: %(session)s", session=name)
            yield Task(label, url, _when(about), "user-x", urgent=True, order=15)
        elif each.kind == "gone":
            label = gettext("A trainer is no longer active: %(session)s", session=name)
            yield Task(label, url, _when(about), "user-x", urgent=True, order=15)
        elif each.kind == "closed":
            label = gettext("A room is no longer used: %(session)s", session=name)
            yield Task(label, url, _when(about), "building-2", urgent=True, order=15)
        elif each.kind == "unsettled":
            roles = " · ".join(str(Role(role).label) for role in about.name_en.split())
            label = gettext("Left the institution, roles to decide on: %(name)s", name=about.name_tr)
            yield Task(label, f"/people/{about.course_session_id}", roles, "user-x", urgent=True, order=12)
        elif each.kind == "dateless":
            label = gettext("New dates are needed: %(session)s", session=name)
            yield Task(label, f"{url}/redate", _when(about), "calendar-clock", urgent=True, order=16)
        elif about.day is not None:
            label = gettext("Planned on a day off: %(session)s", session=name)
            yield Task(label, f"/sessions/on/{about.day.isoformat()}", _when(about), "calendar-x", order=17)


def leaving(caller: Caller, about: Leaving) -> Iterator[Consequence]:
    """What somebody on the staff is to give as a trainer; another institution changes nothing about it."""
    if about.to is None:
        told = gettext("Stays; whoever runs the training gets a task: another trainer, or the same one from outside.")
        yield from _given(caller, Trainer.employee_id == about.employee.id, told)


def of_account(caller: Caller, user: User) -> Iterator[Consequence]:
    told = gettext("Stays, but the trainer can neither answer nor call the roll without an account.")
    yield from _given(caller, Trainer.user_id == user.id, told)


def _given(caller: Caller, whose: Any, told: str) -> Iterator[Consequence]:
    """Every session by its code; a link only where the caller may open it."""
    found = tasks.given(whose)
    scope = caller.scope_for(Permission.SESSION_READ)
    seen = queries.seen(scope, [each.course_session_id for each in found])
    for each in found:
        url = f"/sessions/{each.course_session_id}/sittings" if each.course_session_id in seen else ""
        name = gettext("Trainer: %(session)s", session=f"{in_language(each, 'name')} · {_when(each)}")
        yield Consequence(name, told, url, order=20, stays=True)


def _when(about: tasks.Waiting) -> str:
    count = ngettext("%(num)s sitting", "%(num)s sittings", about.sittings)
    days = [format_date(day) for day in dict.fromkeys((about.day, about.last)) if day is not None]
    return " · ".join(part for part in (about.code, count, " – ".join(days)) if part)


def tabs(_: Caller, course_session: CourseSession) -> Iterator[Tab]:
    yield Tab(gettext("Overview"), f"/sessions/{course_session.id}", 0)
    yield Tab(gettext("Sittings"), f"/sessions/{course_session.id}/sittings", 10)


def hits(caller: Caller, typed: str) -> Hits | None:
    """Sessions by code, course or province."""
    if not typed.strip() or not caller.may(Permission.SESSION_READ):
        return None
    found = overviews.found_sessions(caller.scope_for(Permission.SESSION_READ), typed, SHOWN_HITS)
    if not found:
        return None
    return Hits(
        gettext("Course sessions"),
        tuple(
            Hit(f"{row.code} {in_language(row, 'name')}", f"/sessions/{row.id}", _detail(row))
            for row in found[:SHOWN_HITS]
        ),
        more_url=f"/sessions?q={quote(typed)}" if len(found) > SHOWN_HITS else None,
        order=20,
    )


def _detail(row: overviews.FoundSession) -> str:
    dates = format_date(row.starts_on) if row.starts_on else gettext("No date yet")
    return " · ".join(part for part in (row.province, dates, row.status.label) if part)


def init_app() -> None:
    slots.add("nav", nav)
    slots.add("home.tasks", asked)
    slots.add("home.tasks", troubles)
    slots.add("course_session.tabs", tabs)
    slots.add("search.results", hits)
    slots.add("person.leaving", leaving)
    slots.add("user.leaving", of_account)
