"""Who is to be reminded of what on a day, as it stands at this moment."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.access.models import User
from app.access.scope import EVERYWHERE, NOTHING
from app.attendance import queries as attendance
from app.attendance.sheets.waiting import unmarked_sheets
from app.core.clock import local
from app.core.db import db
from app.enrolment.models import Answer, EnrolmentStatus
from app.enrolment.notices.queries import About, addressed
from app.post.addresses import public_address
from app.post.letters import bare
from app.post.queries import by_occasion
from app.post.services import Place
from app.reminders import rules
from app.settings import queries as settings
from app.training import queries as training
from app.training.models import AssignmentAnswer, CourseSession, SessionStatus, Sitting, SittingState
from app.training.rules import LIVE

MOST_SHEETS = 1_000
CERTAIN = (SessionStatus.CONFIRMED,)


@dataclass(frozen=True)
class Reader:
    """Whom a mail goes to."""

    address: str
    name: str
    language: str


@dataclass(frozen=True)
class Notice:
    """One thing somebody is reminded of. `kind` names the part of the letter; `sittings` are those it is about.

    `asks`: an answer is still wanted. `left`: the minutes that may still be missed; negative if too many were. `url`:
    the reader's own page, "" where they have no account; `enrolment_id` whose personal link may stand in its place.
    """

    kind: str
    to: Reader
    course_session: CourseSession
    sittings: Sequence[Sitting]
    place: Place
    url: str = ""
    asks: bool = False
    left: int = 0
    enrolment_id: int | None = None

    @property
    def wants_link(self) -> bool:
        """An answer is given without signing in; without an account one opens nothing otherwise."""
        return self.enrolment_id is not None and (self.asks or not self.url)


def due(day: date) -> list[Notice]:
    """Of what is switched on in the settings."""
    values = settings.values()
    wanted = {kind for kind in ("week", "day", "asked", "marks", "risk") if values[f"remind_{kind}"]}
    over = rules.just_over(day, settings.calendar())
    found = [*_beginning(day, wanted)]
    if "asked" in wanted:
        found += _unanswered(day)
    if over and "marks" in wanted:
        found += _unmarked(over)
    if over and "risk" in wanted:
        found += _at_risk(day, over)
    silent = _silent()
    return [notice for notice in found if notice.to.address not in silent]


def _silent() -> set[str]:
    """Addresses of accounts that want no reminders."""
    wish = EVERYWHERE.restrict(sa.select(User.email), User).where(User.wants_reminders.is_(False))  # whose wish it is
    return set(db.session.scalars(wish))


def _sessions(*where: sa.ColumnElement[bool], states: Collection[SessionStatus] = CERTAIN) -> Sequence[CourseSession]:
    # letters go to whom it concerns, wherever that is
    statement = EVERYWHERE.restrict(sa.select(CourseSession), CourseSession, Sitting)
    statement = statement.where(CourseSession.status.in_(states), *where)
    return db.session.scalars(statement.options(joinedload(CourseSession.course)).order_by(CourseSession.id)).all()


def _place(about: About) -> Place:
    return Place(about.course_session.province_id, about.enrolment.employee.organisation_id)


def _reader(about: About) -> Reader:
    return Reader(about.to.address, about.to.name, about.to.language)


# --- a training that begins -----------------------------------------------------------------------------


def _beginning(day: date, wanted: Collection[str]) -> Iterator[Notice]:
    calendar = settings.calendar()
    last = day + timedelta(days=rules.LONGEST_AHEAD)
    for course_session in _sessions(CourseSession.starts_on > day, CourseSession.starts_on <= last):
        kind = rules.before(course_session.starts_on or day, day, calendar)
        if kind not in wanted:
            continue
        for about in addressed(course_session, (EnrolmentStatus.ENROLLED,)):
            unanswered = about.enrolment.answer is Answer.NONE
            # a week before it is only asked once more who has not answered
            if about.to.address and (unanswered or kind == "day") and not _invited_on(about, day):
                yield Notice(
                    kind,
                    _reader(about),
                    course_session,
                    about.to_come,
                    _place(about),
                    about.to.page,
                    unanswered,
                    enrolment_id=about.enrolment.id,
                )


def _invited_on(about: About, day: date) -> bool:
    """Who was invited that day has just read all of it."""
    sent = by_occasion(f"invite:enrolment:{about.enrolment.id}:v{about.enrolment.invited_version}")
    return sent is not None and local(sent.created_at).date() == day


# --- an answer to give ----------------------------------------------------------------------------------


def _unanswered(day: date) -> Iterator[Notice]:
    """Trainers who have not said whether they come, on the days on which participants are reminded."""
    calendar = settings.calendar()
    last = day + timedelta(days=rules.LONGEST_AHEAD)
    soon = CourseSession.starts_on > day, CourseSession.starts_on <= last
    for course_session in _sessions(*soon, states=LIVE):
        if not rules.before(course_session.starts_on or day, day, calendar):
            continue
        sittings = {each.id: each for each in training.sittings(course_session)}
        open_ = [each for each in training.assignments(course_session) if each.answer is AssignmentAnswer.PENDING]
        for trainer in dict.fromkeys(each.trainer for each in open_):
            address = bare(trainer.address)
            if address and trainer.signs_in:
                asked = {each.sitting_id for each in open_ if each.trainer is trainer}
                yield Notice(
                    "asked",
                    Reader(address, trainer.name, trainer.language),
                    course_session,
                    [sitting for key, sitting in sittings.items() if key in asked],
                    Place(course_session.province_id),
                    public_address("assignments.list_assignments"),
                )


# --- sheets that wait -----------------------------------------------------------------------------------


def _unmarked(over: Collection[date]) -> Iterator[Notice]:
    """To whoever gave the sitting; what is closed or locked is no longer theirs."""
    found = unmarked_sheets(EVERYWHERE, NOTHING, limit=MOST_SHEETS)  # as above
    sheets = [each for each in found if each.date in over]
    waiting = {each.id for each in sheets}
    for key in sorted({each.course_session_id for each in sheets}):
        course_session = training.course_session(EVERYWHERE, key)  # as above
        sittings = {each.id: each for each in training.sittings(course_session) if each.id in waiting}
        given = [
            each
            for each in training.assignments(course_session)
            if each.sitting_id in sittings and each.answer is not AssignmentAnswer.DECLINED
        ]
        for trainer in dict.fromkeys(each.trainer for each in given):
            address = bare(trainer.address)
            if address and trainer.signs_in:
                hers = [sittings[each.sitting_id] for each in given if each.trainer is trainer]
                hers.sort(key=lambda sitting: (sitting.date or date.min, sitting.starts))
                yield Notice(
                    "marks",
                    Reader(address, trainer.name, trainer.language),
                    course_session,
                    hers,
                    Place(course_session.province_id),
                    public_address("marks.show_sitting", sitting_id=hers[0].id),
                )


# --- attendance at risk ---------------------------------------------------------------------------------


def _at_risk(day: date, over: Collection[date]) -> Iterator[Notice]:
    """Who missed something on those days and can hardly miss more; while there is something to come."""
    held = sa.select(Sitting.course_session_id).where(Sitting.date.in_(over), Sitting.state != SittingState.NOT_HELD)
    for course_session in _sessions(CourseSession.ends_on >= day, CourseSession.id.in_(held)):
        concerned = {about.enrolment.id: about for about in addressed(course_session, (EnrolmentStatus.ENROLLED,))}
        standings = attendance.standings(course_session, concerned)
        sittings = {each.id: each for each in training.sittings(course_session)}
        marks = attendance.marks(sittings, concerned)
        for key, about in concerned.items():
            missed = [
                sitting
                for sitting in sittings.values()
                if (mark := marks.get((sitting.id, key))) and mark.kind in rules.MISSED
            ]
            recent = any(sitting.date in over for sitting in missed)
            to_come = [each.minutes for each in about.to_come if each.state is not SittingState.NOT_HELD]
            if about.to.address and recent and to_come and rules.at_risk(standings[key], to_come):
                left = standings[key].allowance
                yield Notice(
                    "risk",
                    _reader(about),
                    course_session,
                    missed,
                    _place(about),
                    about.to.page,
                    left=left,
                    enrolment_id=about.enrolment.id,
                )
