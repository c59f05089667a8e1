"""What each role sees first, in the menu, and where the lines of a schedule lead."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask import url_for

from app.access.caller import Caller
from app.access.current import whoever_asks
from app.access.models import Grant
from app.access.permissions import Permission, Role
from app.access.scope import Scope
from app.core import slots
from app.core.clock import standing_still, today
from app.core.tables.written import written_once
from app.enrolment import queries as enrolments
from app.enrolment.models import Enrolment
from app.enrolment.seats import queries as seats
from app.home import lacking, queries
from app.language import gettext, language
from app.settings.models import Signatory
from app.trainers.models import Trainer
from app.training.concerns import CONCERNS
from app.training.models import CourseSession
from app.training.sessions import queries as sessions
from app.web.parts import Counted, NavItem, Task


def of_session(row: Any) -> str:
    return url_for("sessions.show_session", course_session_id=row.course_session_id)


def of_enrolments(row: Any) -> str:
    return url_for("seats.show_enrolments", key=row.course_session_id)


def of_sitting(row: Any) -> str:
    return url_for("marks.show_sitting", sitting_id=row.id)


def with_rolls(caller: Caller, lessons: Sequence[queries.Slot]) -> list[queries.Slot]:
    """The same with a way to the sheet of each of their sittings."""
    ids = [key for lesson in lessons for key, _ in lesson.blocks]
    found = {each.sitting_id: each for each in slots.collect("training.rolls", caller, ids)}
    return [
        replace(
            lesson,
            links=tuple((f"{time} {found[key].label}", found[key].url) for key, time in lesson.blocks if key in found),
        )
        for lesson in lessons
    ]


@dataclass(frozen=True)
class Ahead:
    """A training somebody has a seat in: its days that are to come, and their place in it."""

    title: str
    url: str
    days: Sequence[queries.Slot]
    own: queries.OwnEnrolment


def ahead(schedule: Sequence[queries.Slot], own: Sequence[queries.OwnEnrolment]) -> list[Ahead]:
    """A schedule training by training, the next first."""
    places = {of_session(each): each for each in own}
    days: dict[str, list[queries.Slot]] = {}
    for slot in schedule:
        days.setdefault(slot.url, []).append(slot)
    return [Ahead(found[0].title, url, found, places[url]) for url, found in days.items() if url in places]


def given_up(caller: Caller, own: Sequence[queries.OwnEnrolment]) -> Enrolment | None:
    """Of the seats they gave up and could take back, the next; looked for only where there may be one."""
    if not caller.may(Permission.ENROLMENT_APPLY):
        return None
    later = sorted((each for each in own if each.may_return), key=lambda each: each.starts_on or date.max)
    for each in later[:1]:
        found = enrolments.enrolment(caller.scope_for(Permission.ENROLMENT_APPLY), each.id)
        if seats.may_take_back(found):
            return found
    return None


def nav(caller: Caller, _: object) -> Iterator[NavItem]:
    if caller.roles != {Role.STAFF}:
        yield NavItem(gettext("Overview"), url_for("home.show_home"), "layout-dashboard", 0, place=True)
    if caller.is_a(Role.STAFF):
        yield NavItem(gettext("My trainings"), url_for("home.show_me"), "graduation-cap", 5, place=True)


@dataclass(frozen=True)
class Tile:
    """A number of course sessions, or of people, and the list it is of. `risk`: shown only where there is one."""

    label: str
    number: int
    url: str
    risk: bool
    people: bool = False


def tiles(caller: Caller) -> Iterator[Counted]:
    """What somebody runs, and what of it is at risk: each number is asked of the very list it leads to."""
    if not caller.may(Permission.SESSION_WRITE):
        return
    scope = caller.scope_for(Permission.SESSION_READ)
    mine = {"province": str(next(iter(scope.provinces)))} if len(scope.provinces) == 1 else {}
    yield _tile(scope, gettext("Open for applications"), status="open", **mine)
    yield _tile(scope, gettext("Confirmed"), status="confirmed", **mine)
    for name, each in CONCERNS.here.items():
        if each.people is None:
            yield _tile(scope, each.said(), concern=name)
        else:
            yield _people(*each.people(scope), (*each.models, CourseSession))


def _people(number: sa.Select[Any], label: str, url: str, models: tuple[Any, ...]) -> Counted:
    return Counted(number, models, lambda found: Tile(label, found, url, True, people=True))


def _tile(scope: Scope, label: str, **filters: str) -> Counted:
    number, arguments = sessions.number(scope, **filters), dict[str, Any](filters)
    url, risk = url_for("sessions.list_sessions", **arguments), "concern" in filters
    return Counted(number, sessions.read(), lambda found: Tile(label, found, url, risk))


def fortnight(day: date, lessons: Sequence[queries.Slot]) -> list[tuple[date, list[queries.Slot]]]:
    """Two weeks of days with what takes place on each; of the weekends those on which something does."""
    days = [day + timedelta(days=n) for n in range(14)]
    found = [(each, [lesson for lesson in lessons if lesson.date == each]) for each in days]
    return [(each, there) for each, there in found if there or each.weekday() < 5]


def beginning(caller: Caller) -> Iterator[Counted]:
    """What a new installation lacks, in the order in which it is wanted, for whoever can see to it."""
    if caller.is_a(Role.ADMINISTRATOR):
        yield _wanted(lacking.no_signatory(), Signatory, _signatory)
        yield _wanted(lacking.no_coordinator(), Grant, _coordinator)
    if caller.may(Permission.PERSON_IMPORT):
        yield Counted(lacking.no_staff(caller.scope_for(Permission.PERSON_IMPORT)), lacking.STAFF, _staff)
    if caller.may(Permission.TRAINER_WRITE):
        scope = caller.scope_for(Permission.ACCESS_GIVE)
        yield Counted(lacking.no_focal_point(scope), (*lacking.STAFF, Grant), _focal_point)
        yield _wanted(lacking.no_trainer(), Trainer, _trainer)


def _wanted(number: sa.Select[Any], model: type[Any], task: Callable[[int], Task]) -> Counted:
    return Counted(number, (model,), task)


def _signatory(_: int) -> Task:
    url, why = url_for("signatories.add_signatory"), gettext("Certificates can be issued once there is one.")
    return Task(gettext("Enter who signs certificates"), url, why, "signature", order=50)


def _coordinator(_: int) -> Task:
    why = gettext("They plan the trainings of their province.")
    return Task(gettext("Give the coordinators access"), url_for("users.create_user"), why, "user-cog", order=51)


def _staff(_: int) -> Task:
    url, why = (
        url_for("imports.show_new_import"),
        gettext("Participants are chosen from the staff of the institutions."),
    )
    return Task(gettext("Import a staff list"), url, why, "upload", order=52)


def _focal_point(_: int) -> Task:
    url, why = url_for("employees.show_people"), gettext("Tick them on the staff list. They nominate participants.")
    return Task(gettext("Invite training focal points"), url, why, "user-plus", order=53)


def _trainer(_: int) -> Task:
    why = gettext("Whoever is to give a training is chosen from the trainers.")
    return Task(gettext("Add the trainers"), url_for("trainers.create_trainer"), why, "school", order=54)


def asked(slot: str) -> tuple[Counted, ...]:
    """What rooms count for whoever asks. It takes longer to write than to answer: it is kept for them and the day."""
    return _asked(slot, whoever_asks(), today(), language())


@written_once
def _asked(slot: str, caller: Caller, day: date, _language: str) -> tuple[Counted, ...]:
    with standing_still(day):
        return tuple(slots.collect(slot, caller))


def first_page() -> tuple[Sequence[Counted], Sequence[Counted]]:
    """The tiles of the overview and the tasks that are counted, likewise."""
    return _first_page(whoever_asks(), today(), language())


@written_once
def _first_page(caller: Caller, day: date, _language: str) -> tuple[Sequence[Counted], Sequence[Counted]]:
    with standing_still(day):
        return tuple(tiles(caller)), (*slots.collect("home.counts", caller), *beginning(caller))


def counted(asked: Sequence[Counted], found: Sequence[int]) -> list[Any]:
    """The tasks (sections) of which there is something to do."""
    return [each.task(number) for each, number in zip(asked, found, strict=True) if number]
