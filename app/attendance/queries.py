from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from app.access.models import Organisation, User
from app.access.scope import EVERYWHERE, Scope
from app.attendance import arithmetic
from app.attendance.arithmetic import Cell, MarkKind, Standing, standing
from app.attendance.models import AttendanceMark, ClosedSheet, MarkChange, MarkSource, Presence, SignedSheet
from app.attendance.window import Phase, Window, surely_open, window
from app.core.clock import at, now
from app.core.db import db
from app.core.errors import Missing
from app.enrolment.models import SEAT_HOLDING, Enrolment
from app.files.models import Document
from app.people.models import Employee
from app.settings import queries as settings
from app.trainers.models import Trainer
from app.training.models import AssignmentAnswer, CourseSession, Sitting, SittingState, TrainerAssignment


@dataclass(frozen=True, slots=True)
class SittingRow:
    """One sitting as attendance counts it: times are wall times, minutes planned; no date while postponed."""

    id: int
    date: date | None
    starts: time
    ends: time
    minutes: int
    state: SittingState
    effective_minutes: int | None

    @property
    def starts_at(self) -> datetime | None:
        return None if self.date is None else at(self.date, self.starts)

    @property
    def ends_at(self) -> datetime | None:
        return None if self.date is None else at(self.date, self.ends)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a seat: what a roll-call shows of her and no more."""

    enrolment_id: int
    name: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark as it stands. `by_id`: whose hand it was."""

    kind: Presence
    minutes: int | None
    source: MarkSource
    by_id: int | None
    at: datetime

    @property
    def spelled(self) -> str:
        return spell(self.kind, self.minutes)


Key = tuple[int, int]
"""(sitting id, enrolment id)"""


def spell(kind: Presence | None, minutes: int | None = None) -> str:
    """A mark as one word: `present`, `late:20`, "" for unmarked."""
    if kind is None:
        return ""
    return f"{kind.value}:{minutes}" if minutes is not None else kind.value


def unspell(word: str) -> tuple[Presence | None, int | None]:
    """The mark a word of `spell` stands for; anything else raises ValueError."""
    if not word:
        return None, None
    kind, _, minutes = word.partition(":")
    return Presence(kind), int(minutes) if minutes else None


# --- whose sittings ------------------------------------------------------------------------------------


def runs(scope: Scope, course_session: CourseSession) -> bool:
    """Whether this scope reaches the session as its coordinator does, not only as a trainer of some sittings."""
    return scope.everything or course_session.province_id in scope.provinces


def own_sittings(scope: Scope) -> sa.ColumnElement[bool]:
    """Sittings this scope may call the roll of: all of the provinces it runs, else those she gives herself."""
    ways: list[sa.ColumnElement[bool]] = []
    if scope.provinces:
        ways.append(Sitting.course_session.has(CourseSession.province_id.in_(sorted(scope.provinces))))
    if scope.own_trainer is not None:
        mine = (
            sa.select(TrainerAssignment.sitting_id)
            .join(Trainer, Trainer.id == TrainerAssignment.trainer_id)
            .where(Trainer.user_id == scope.own_trainer, TrainerAssignment.answer != AssignmentAnswer.DECLINED)
        )
        ways.append(Sitting.id.in_(mine))
    return sa.true() if scope.everything else sa.or_(sa.false(), *ways)


def check_own(scope: Scope, sitting: Sitting) -> None:
    """Missing unless the sitting (loaded through the scope) is one whose roll this scope may call."""
    if runs(scope, sitting.course_session):
        return
    statement = scope.restrict(sa.select(Sitting.id), Sitting).where(Sitting.id == sitting.id, own_sittings(scope))
    if db.session.scalar(statement) is None:
        raise Missing


# --- the three queries every count needs ------------------------------------------------------------------

_SITTING = (
    Sitting.id,
    Sitting.date,
    Sitting.starts,
    Sitting.ends,
    Sitting.minutes,
    Sitting.state,
    Sitting.effective_minutes,
)


def sittings(course_session: CourseSession, scope: Scope = EVERYWHERE) -> list[SittingRow]:
    """The sittings of a session already loaded through a scope, in time; of a trainer's scope only her own."""
    own = EVERYWHERE if runs(scope, course_session) else scope
    statement = own.restrict(sa.select(*_SITTING), Sitting).where(
        Sitting.course_session_id == course_session.id, own_sittings(own)
    )
    order = (Sitting.date.is_(None), Sitting.date, Sitting.starts, Sitting.id)
    return [SittingRow(*row) for row in db.session.execute(statement.order_by(*order))]


def people(course_session: CourseSession) -> list[Person]:
    """Everybody with a seat in a session already loaded through a scope, by name."""
    statement = EVERYWHERE.restrict(
        sa.select(Enrolment.id, Employee.given_name, Employee.family_name, Organisation.short_name),
        Enrolment,
        Employee,
    )
    rows = db.session.execute(
        statement.join(Employee, Employee.id == Enrolment.employee_id)
        .join(Organisation, Organisation.id == Employee.organisation_id)
        .where(Enrolment.course_session_id == course_session.id, Enrolment.status.in_(SEAT_HOLDING))
        .order_by(Employee.name_sort, Enrolment.id)
    )
    return [Person(id, f"{given} {family}", organisation) for id, given, family, organisation in rows]


def marks(sitting_ids: Iterable[int], enrolment_ids: Iterable[int] | None = None) -> dict[Key, Mark]:
    """The marks at these sittings (loaded through a scope); unmarked cells have none."""
    statement = EVERYWHERE.restrict(
        sa.select(
            AttendanceMark.sitting_id,
            AttendanceMark.enrolment_id,
            AttendanceMark.kind,
            AttendanceMark.minutes,
            AttendanceMark.source,
            AttendanceMark.by_id,
            AttendanceMark.at,
        ),
        AttendanceMark,
    ).where(AttendanceMark.sitting_id.in_(list(sitting_ids)))
    if enrolment_ids is not None:
        statement = statement.where(AttendanceMark.enrolment_id.in_(list(enrolment_ids)))
    return {(row[0], row[1]): Mark(*row[2:]) for row in db.session.execute(statement)}


# --- what they add up to -------------------------------------------------------------------------------

_STATE = {state: arithmetic.SittingState(state.value) for state in SittingState}
_KIND = {kind: MarkKind(kind.value) for kind in Presence}


def _cell(sitting: SittingRow, mark: Mark | None) -> Cell:
    return Cell(
        planned=sitting.minutes,
        state=_STATE[sitting.state],
        mark=None if mark is None else _KIND[mark.kind],
        minutes=None if mark is None else mark.minutes,
        effective=sitting.effective_minutes,
    )


def add_up(
    course_session: CourseSession,
    enrolment_ids: Iterable[int],
    rows: Sequence[SittingRow],
    found: Mapping[Key, Mark],
    values: Mapping[str, object] | None = None,
) -> dict[int, Standing]:
    """Each enrolment's standing from all sittings of the session and the marks at them."""
    values = settings.values() if values is None else values
    threshold = course_session.threshold
    rule = {
        "threshold": int(str(values["threshold"])) if threshold is None else threshold,
        "grace": int(str(values["late_grace_minutes"])),
    }
    policy = arithmetic.ExcusedPolicy(course_session.excused_policy.value)
    made: dict[tuple[int, Presence | None, int | None], Cell] = {}  # most people's cells say the same

    def cell(row: SittingRow, mark: Mark | None) -> Cell:
        same = (row.id, mark.kind, mark.minutes) if mark else (row.id, None, None)
        if same not in made:
            made[same] = _cell(row, mark)
        return made[same]

    return {
        key: standing([cell(row, found.get((row.id, key))) for row in rows], policy=policy, **rule)
        for key in enrolment_ids
    }


def standings(course_session: CourseSession, enrolment_ids: Iterable[int]) -> dict[int, Standing]:
    """Where these enrolments of a session (loaded through a scope) stand, in minutes; two queries and the settings."""
    wanted = list(enrolment_ids)
    rows = sittings(course_session)
    return add_up(course_session, wanted, rows, marks([row.id for row in rows], wanted))


# --- when -----------------------------------------------------------------------------------------------


def phases(found: Iterable[Sitting], moment: datetime | None = None) -> dict[int, Phase]:
    """Whether these sittings may be marked at this moment (their own windows alone considered), by id.

    The holidays are only asked for where they decide.
    """
    moment = moment or now()
    lock_days = int(settings.value("lock_days"))
    result: dict[int, Phase] = {}
    unsure: list[Sitting] = []
    for sitting in found:
        if sitting.date is None:
            result[sitting.id] = Phase.UNDATED
        elif surely_open(sitting.date, sitting.starts, lock_days, moment):
            result[sitting.id] = Phase.OPEN
        else:
            unsure.append(sitting)
    if unsure:
        calendar = settings.calendar()
        for sitting in unsure:
            limits = window(sitting.date or date.max, sitting.starts, lock_days, calendar)
            result[sitting.id] = limits.phase(moment)
    return result


def window_of(sitting: Sitting) -> Window | None:
    """When a sitting may be marked; None while it has no date."""
    if sitting.date is None:
        return None
    return window(sitting.date, sitting.starts, int(settings.value("lock_days")), settings.calendar())


# --- one sheet -----------------------------------------------------------------------------------------


def closed(sitting_ids: Iterable[int]) -> set[int]:
    """Which of these sittings' sheets were closed by hand."""
    statement = EVERYWHERE.restrict(sa.select(ClosedSheet.sitting_id), ClosedSheet)
    return set(db.session.scalars(statement.where(ClosedSheet.sitting_id.in_(list(sitting_ids)))))


def neighbours(scope: Scope, sitting: Sitting) -> tuple[int | None, int | None]:
    """The sittings before and after this one that this scope may call the roll of."""
    ids = [row.id for row in sittings(sitting.course_session, scope)]
    here = ids.index(sitting.id) if sitting.id in ids else 0
    return (ids[here - 1] if here > 0 else None, ids[here + 1] if here + 1 < len(ids) else None)


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a cell's history; `old` and `new` as `spell` writes them, `by` a name or "" for the system."""

    old: str
    new: str
    at: datetime
    by: str
    source: MarkSource
    reason: str


def changes(enrolment_id: int, sitting_ids: Iterable[int]) -> dict[int, list[Change]]:
    """What happened to one person's cells, by sitting, newest first; loaded through the enrolment's scope."""
    statement = EVERYWHERE.restrict(
        sa.select(
            MarkChange.sitting_id,
            MarkChange.old,
            MarkChange.new,
            MarkChange.at,
            User.given_name,
            User.family_name,
            MarkChange.source,
            MarkChange.reason,
        ),
        MarkChange,
        User,
    )
    rows = db.session.execute(
        statement.outerjoin(User, User.id == MarkChange.by_id)
        .where(MarkChange.enrolment_id == enrolment_id, MarkChange.sitting_id.in_(list(sitting_ids)))
        .order_by(MarkChange.id.desc())
    )
    found: dict[int, list[Change]] = defaultdict(list)
    for sitting_id, old, new, moment, given, family, source, reason in rows:
        by = f"{given} {family}" if given else ""
        found[sitting_id].append(Change(old, new, moment, by, source, reason))
    return found


def names(user_ids: Iterable[int | None]) -> dict[int, str]:
    """Who these users are, for "… marked this meanwhile"."""
    wanted = {user_id for user_id in user_ids if user_id is not None}
    if not wanted:
        return {}
    statement = EVERYWHERE.restrict(sa.select(User.id, User.given_name, User.family_name), User)
    return {id: f"{given} {family}" for id, given, family in db.session.execute(statement.where(User.id.in_(wanted)))}


# --- days and scans --------------------------------------------------------------------------------------


def signed_sheets(course_session: CourseSession) -> Sequence[SignedSheet]:
    """The scans of a session loaded through a scope, by day, the latest of a day first."""
    return db.session.scalars(
        EVERYWHERE.select(SignedSheet)
        .where(SignedSheet.course_session_id == course_session.id)
        .order_by(SignedSheet.day, SignedSheet.id.desc())
    ).all()


def scan(course_session: CourseSession, sheet_id: int) -> Document:
    """The file of one scan of a session loaded through a scope, or Missing."""
    found = db.session.execute(
        EVERYWHERE.restrict(sa.select(Document), SignedSheet)
        .join(SignedSheet, SignedSheet.document_id == Document.id)
        .where(SignedSheet.id == sheet_id, SignedSheet.course_session_id == course_session.id)
        .options(undefer(Document.content))
    ).scalar_one_or_none()
    if found is None:
        raise Missing
    return found


def days_without_sheet(course_session: CourseSession) -> list[date]:
    """Days on which a sitting was held and whose signed sheet is not attached."""
    signed = {sheet.day for sheet in signed_sheets(course_session)}
    return sorted(held_days(sittings(course_session)) - signed)


def held_days(rows: Iterable[SittingRow]) -> set[date]:
    return {row.date for row in rows if row.date is not None and row.state is not SittingState.NOT_HELD}
