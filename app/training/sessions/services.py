"""A session made, copied, changed; offered, postponed, cancelled."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from app.access.scope import EVERYWHERE
from app.audit import journal
from app.audit.journal import Actor
from app.catalogue.models import Course
from app.core.clock import today
from app.core.db import db, set_changed
from app.core.errors import Refused
from app.language import lazy_gettext, ngettext
from app.training import queries, seats, services
from app.training.conflicts import services as conflicts
from app.training.conflicts.models import Conflict, Planned
from app.training.conflicts.rules import planned_of
from app.training.events import SessionChanged, SessionCopied, SessionCreated, SittingsChanged, SittingsPostponed
from app.training.models import (
    Acceptance,
    ChangeKind,
    CourseSession,
    SessionAudience,
    SessionStatus,
    Sitting,
    SittingState,
)
from app.training.services import changeable, move, reason_given
from app.training.sittings.services import add as add_sittings
from app.training.sittings.services import undate


@dataclass(frozen=True)
class Details:
    """What a coordinator decides about a session beside its dates. Audience: ids of provinces and institutions."""

    capacity: int
    minimum: int
    acceptance: Acceptance = Acceptance.AUTOMATIC
    step_free_needed: bool = False
    note: str = ""
    nominations_close_at: datetime | None = None
    provinces: tuple[int, ...] = ()
    organisations: tuple[int, ...] = ()
    plan_item_id: int | None = None

    @classmethod
    def of(cls, course: Course, province_id: int | None) -> Details:
        """The course's own numbers, offered to the session's own province."""
        return cls(
            course.max_participants, course.min_participants, provinces=() if province_id is None else (province_id,)
        )

    def columns(self) -> dict[str, Any]:
        """The values of the session's own row."""
        audience = {"provinces", "organisations"}
        return {name: getattr(self, name) for name in self.__dataclass_fields__ if name not in audience}


def create(
    course: Course,
    province_id: int | None,
    details: Details,
    planned: Sequence[Planned] = (),
    *,
    by: Actor,
    reason: str = "",
    also: Sequence[Conflict] = (),
    competency_id: int | None = None,
) -> CourseSession:
    """A new draft, with its sittings if they are planned already.

    `reason`: why warnings are overridden. `also`: conflicts upper rooms know of.
    """
    _check_numbers(details)
    year = planned[0].date.year if planned else today().year
    made = CourseSession(
        course=course,
        province_id=province_id,
        year=year,
        ordinal=_next_ordinal(course, province_id, year),
        status=SessionStatus.DRAFT,
        competency_id=competency_id,
        created_by=by.id,
        **details.columns(),
    )
    db.session.add(made)
    db.session.flush()
    _offer_to(made, details)
    services.keep_status(made, None, by=by)
    journal.record(SessionCreated(made.id), by=by)
    if planned:
        add_sittings(made, planned, by=by, reason=reason, also=also)
    return made


def copy(
    source: CourseSession, province_id: int | None, *, by: Actor, plan_item_id: int | None = None
) -> CourseSession:
    """A draft of the same course with the course's numbers of today, without dates; `source` has its course loaded.

    Step-free access and note come along; the audience where the province stays the same.
    """
    plain = Details.of(source.course, province_id)
    same = source.province_id == province_id
    audience = queries.audience(source) if same else ()
    details = Details(
        plain.capacity,
        plain.minimum,
        source.acceptance,
        source.step_free_needed,
        source.note,
        provinces=tuple(a.province_id for a in audience if a.province_id) if same else plain.provinces,
        organisations=tuple(a.organisation_id for a in audience if a.organisation_id),
        plan_item_id=plan_item_id,
    )
    made = create(source.course, province_id, details, by=by, competency_id=source.competency_id)
    journal.record(SessionCopied(made.id, source.id), by=by)
    return made


def change(course_session: CourseSession, details: Details, *, by: Actor, reason: str = "") -> None:
    """Give a session other numbers, another closing date, note or audience.

    `reason`: why rooms are kept that are too small or have steps now.
    """
    changeable(course_session)
    _check_numbers(details)
    taken = seats.taken_in(course_session)
    if details.capacity < taken:
        raise Refused(
            lazy_gettext("%(taken)s seats are taken already; the capacity cannot be lower.", taken=taken),
            field="capacity",
        )
    asks_more = details.capacity > course_session.capacity or details.step_free_needed
    changed = [*set_changed(course_session, details.columns())]
    if asks_more and {"capacity", "step_free_needed"} & set(changed):
        conflicts.check_rooms(course_session, by=by, reason=reason)
    if _offer_to(course_session, details):
        changed.append("audience")
        flag_modified(course_session, "note")  # the audience stands in other rows; the version counts it too
    if changed:
        journal.record(SessionChanged(course_session.id, tuple(changed)), by=by)


def open_(course_session: CourseSession, *, by: Actor, reason: str = "", also: Sequence[Conflict] = ()) -> None:
    """Offer a draft, or a postponed session that has new dates. Only the first opening copies the course's rules.

    `reason`: why warnings nobody has answered yet are overridden.
    """
    course_session.status.to(SessionStatus.OPEN)
    first = course_session.threshold is None
    sittings = queries.sittings(course_session)
    if not sittings:
        raise Refused(lazy_gettext("There is no sitting yet. Add the first one, then open the session."))
    dateless = sum(1 for each in sittings if each.date is None)
    if dateless:
        raise Refused(
            ngettext(
                "%(num)s sitting has no date. Give it one, then open the session.",
                "%(num)s sittings have no date. Give them one, then open the session.",
                dateless,
            )
        )
    if course_session.capacity < 1:
        raise Refused(lazy_gettext("The capacity is 0. Raise it, then open the session."))
    planned = planned_of(sittings, queries.assignments(course_session))
    conflicts.settle(course_session, planned, by=by, reason=reason, also=also, opening=first)
    if first:
        _take_rules(course_session)
    move(course_session, SessionStatus.OPEN, by=by)


def postpone(course_session: CourseSession, *, reason: str, kept: Collection[int], by: Actor) -> None:
    """Take the dates away, except from sittings in `kept` (ids of those with a mark); enrolments stay."""
    course_session.status.to(SessionStatus.POSTPONED)
    reason = reason_given(reason)
    losing = [each for each in queries.sittings(course_session) if each.id not in kept]
    undate(course_session, losing)
    move(course_session, SessionStatus.POSTPONED, by=by, reason=reason)


def postpone_day(
    course_session: CourseSession, day: date, *, reason: str, kept: Collection[int], by: Actor
) -> Sequence[Sitting]:
    """Take the date from a session's sittings of one day, except from those in `kept`; the session goes on.

    Where none of its sittings has another date, the session itself is postponed. The sittings that lost theirs.
    """
    course_session.status.to(SessionStatus.POSTPONED)
    reason = reason_given(reason)
    dated = [each for each in queries.sittings(course_session) if each.date is not None]
    losing = [each for each in dated if each.date == day and each.id not in kept and each.state is SittingState.HELD]
    if not losing:
        raise Refused(lazy_gettext("Nothing of %(code)s can be postponed on this day.", code=course_session.code))
    if len(losing) == len(dated):
        postpone(course_session, reason=reason, kept=kept, by=by)
        return losing
    undate(course_session, losing)
    services.keep_sittings(course_session, ChangeKind.UNDATED, len(losing), by=by, reason=reason)
    journal.record(SittingsPostponed(course_session.id, tuple(each.id for each in losing)), by=by)
    journal.record(SittingsChanged(course_session.id), by=by)
    return losing


def cancel(course_session: CourseSession, *, reason: str, by: Actor) -> None:
    """Nothing of it will take place any more; whoever had a place is told by the rooms that know them."""
    course_session.status.to(SessionStatus.CANCELLED)
    reason = reason_given(reason)
    move(course_session, SessionStatus.CANCELLED, by=by, reason=reason)


def _check_numbers(details: Details) -> None:
    if details.capacity < 1:
        raise Refused(lazy_gettext("The capacity is at least 1."), field="capacity")
    if details.minimum > details.capacity:
        raise Refused(lazy_gettext("The minimum cannot be larger than the capacity."), field="minimum")
    if not (details.provinces or details.organisations):
        raise Refused(lazy_gettext("Choose at least one province or institution."), field="provinces")


def _next_ordinal(course: Course, province_id: int | None, year: int) -> int:
    """The number of the next group of a course in a province and year. Holds the course's row meanwhile."""
    db.session.execute(sa.select(Course.id).where(Course.id == course.id).with_for_update())
    highest = db.session.scalar(
        # numbers follow one another, whoever opens
        EVERYWHERE.restrict(sa.select(sa.func.max(CourseSession.ordinal)), CourseSession).where(
            CourseSession.course_id == course.id,
            CourseSession.province_id == province_id if province_id else CourseSession.province_id.is_(None),
            CourseSession.year == year,
        )
    )
    return (highest or 0) + 1


def _take_rules(course_session: CourseSession) -> None:
    """Copy what the course asks today: later edits of the course change nothing here."""
    course = course_session.course
    course_session.threshold = course.threshold
    course_session.pass_mark = course.pass_mark
    course_session.test_required = course.has_test
    course_session.attendance_document_on_fail = course.attendance_document_on_fail
    course_session.sheet_required = course.sheet_required


def _offer_to(course_session: CourseSession, details: Details) -> bool:
    """Make the audience what the details say; whether that changed anything."""
    wanted = {(key, None) for key in details.provinces} | {(None, key) for key in details.organisations}
    standing = {(row.province_id, row.organisation_id): row for row in queries.audience(course_session)}
    for pair in standing.keys() - wanted:
        db.session.delete(standing[pair])
    for province_id, organisation_id in sorted(wanted - standing.keys(), key=str):
        db.session.add(
            SessionAudience(
                course_session_id=course_session.id, province_id=province_id, organisation_id=organisation_id
            )
        )
    return wanted != standing.keys()
