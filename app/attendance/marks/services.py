from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.access.scope import EVERYWHERE, within
from app.attendance import queries, rules
from app.attendance.events import MarksChanged
from app.attendance.marks.rules import worth
from app.attendance.models import NEEDS_MINUTES, AttendanceMark, Key, MarkChange, MarkSource, Presence
from app.attendance.queries import Mark
from app.attendance.rules import MARKABLE, spell
from app.attendance.sheets import queries as sheets
from app.attendance.sheets.queries import Sheet
from app.attendance.sheets.rules import OPENS_BEFORE, Phase
from app.audit import journal
from app.audit.journal import Actor
from app.core.clock import at, now
from app.core.db import db
from app.core.errors import Missing, Refused, Stale
from app.enrolment.events import EnrolmentsMerged
from app.enrolment.models import SEAT_HOLDING, Enrolment
from app.language import format_datetime, lazy_gettext
from app.settings import queries as settings
from app.training.events import SittingRemoved
from app.training.models import CourseSession, SessionStatus, Sitting, SittingState


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody wants one cell to say: `was` is what they saw there (`rules.spell`). Taps have a `request_key`."""

    sitting_id: int
    enrolment_id: int
    was: str
    kind: Presence | None
    minutes: int | None = None
    request_key: str | None = None

    @property
    def key(self) -> Key:
        return self.sitting_id, self.enrolment_id

    @property
    def spelled(self) -> str:
        return spell(self.kind, self.minutes)


def mark(
    course_session_id: int,
    typed: Sequence[Typed],
    *,
    by: Actor,
    may_correct: bool = False,
    reason: str = "",
    source: MarkSource = MarkSource.MANUAL,
) -> list[Key]:
    """Save those cells that say something new; which ones they were. All of them or, if one is refused, none.

    The session and the sittings are the caller's, as a scope said; all the rules look at is read here, under the
    lock. Stale if somebody else changed a cell since it was seen and wants it otherwise; a mark made by hand is
    never overwritten by another source.
    """
    terms = _Terms(may_correct, reason, source, by)
    judged = _judge(course_session_id, typed, terms)
    for refusal in judged.refused.values():
        raise refusal
    return _keep(course_session_id, judged.fresh, terms)


@dataclass(frozen=True, slots=True)
class Told:
    """What became of cells that were saved each for itself: those `saved`, and those `refused`, with why."""

    saved: list[Key]
    refused: dict[Key, Refused | Missing]


def mark_each(
    course_session_id: int,
    typed: Sequence[Typed],
    *,
    by: Actor,
    may_correct: bool = False,
    reason: str = "",
    source: MarkSource = MarkSource.MANUAL,
) -> Told:
    """The same, but one that is refused holds up no other. What is wrong with the whole session is still Refused."""
    terms = _Terms(may_correct, reason, source, by)
    judged = _judge(course_session_id, typed, terms)
    return Told(_keep(course_session_id, judged.fresh, terms), judged.refused)


@dataclass(frozen=True, slots=True)
class _Terms:
    """Who marks, and what they may."""

    may_correct: bool
    reason: str
    source: MarkSource
    by: Actor


@dataclass(frozen=True, slots=True)
class _Judged:
    """Cells that say something new, each with what stood there, and those that may not."""

    fresh: list[tuple[Typed, str]]
    refused: dict[Key, Refused | Missing]


def _judge(course_session_id: int, typed: Sequence[Typed], terms: _Terms) -> _Judged:
    judged = _Judged([], {})
    changing = [cell for cell in typed if cell.spelled != cell.was]
    if not changing:
        return judged
    found = _look(course_session_id, changing)
    shut = {sheet.id: _shut(sheet, found.phases[sheet.id], terms) for sheet in found.sheets.values()}
    for cell in changing:
        there = found.marks.get(cell.key)
        stands = there.spelled if there else ""
        no: Refused | Missing | None = shut[cell.sitting_id]
        no = no or _no(found.sheets[cell.sitting_id], cell, there, terms)
        if cell.enrolment_id not in found.seats:
            no = Missing()
        if no is not None:
            judged.refused[cell.key] = no
        # else somebody wanted the same
        elif stands != cell.spelled:
            judged.fresh.append((cell, stands))
    return judged


def _no(sheet: Sheet, cell: Typed, there: Mark | None, terms: _Terms) -> Refused | None:
    """Why this cell may not say so: its minutes, or somebody else's mark."""
    stands = there.spelled if there else ""
    if (wrong := _minutes_wrong(sheet, cell)) or stands == cell.spelled:
        return wrong
    by_hand = there is not None and there.source is MarkSource.MANUAL
    seen = terms.source is MarkSource.IMPORT and stands == cell.was  # a file is shown before it is saved
    if by_hand and terms.source is not MarkSource.MANUAL and not seen:
        return Stale(lazy_gettext("This was already marked by hand."))
    if stands != cell.was:
        return Stale(lazy_gettext("Somebody else changed a mark meanwhile. Both stand at the person; choose one."))
    return None


def _keep(course_session_id: int, fresh: Sequence[tuple[Typed, str]], terms: _Terms) -> list[Key]:
    _write(fresh, by=terms.by, source=terms.source, reason=terms.reason)
    if fresh:
        _record(course_session_id, [cell for cell, _ in fresh], by=terms.by, source=terms.source)
    return [cell.key for cell, _ in fresh]


_SEATS = (
    within(CourseSession)
    .restrict(
        sa.select(
            CourseSession.status,
            Enrolment.id,
            AttendanceMark.sitting_id,
            AttendanceMark.kind,
            AttendanceMark.minutes,
            AttendanceMark.source,
            AttendanceMark.by_id,
            AttendanceMark.at,
        ),
        CourseSession,
        Enrolment,
        AttendanceMark,
    )
    .select_from(Enrolment)
    .join(CourseSession, CourseSession.id == Enrolment.course_session_id)
    .outerjoin(
        AttendanceMark,
        sa.and_(
            AttendanceMark.enrolment_id == Enrolment.id,
            AttendanceMark.sitting_id.in_(sa.bindparam("sittings", expanding=True)),
        ),
    )
    .where(
        Enrolment.id.in_(sa.bindparam("enrolments", expanding=True)),
        Enrolment.course_session_id == sa.bindparam("course_session"),
        Enrolment.status.in_(SEAT_HOLDING),
    )
)


@dataclass(frozen=True, slots=True)
class _Found:
    """The sheets that are marked in, when, and what stands in the cells."""

    sheets: Mapping[int, Sheet]
    phases: Mapping[int, Phase]
    marks: Mapping[Key, Mark]
    seats: Collection[int]


def _look(course_session_id: int, typed: Sequence[Typed]) -> _Found:
    """Refused by the status of the session, Missing where nobody of these has a seat. Holds the sittings' rows until
    the transaction ends: the rest is read after that, as the last one who held them left it.
    """
    ids, wanted = {cell.sitting_id for cell in typed}, {cell.enrolment_id for cell in typed}
    found = sheets.held(course_session_id, ids)
    asked = {"sittings": sorted(ids), "enrolments": sorted(wanted), "course_session": course_session_id}
    rows = db.session.execute(_SEATS, asked).all()
    if not rows:
        raise Missing
    if rows[0][0] is SessionStatus.FINALISED:
        raise Refused(lazy_gettext("This course session is finalised: its attendance is locked."))
    if rows[0][0] not in MARKABLE:
        raise Refused(lazy_gettext("Attendance is taken in open and confirmed course sessions only."))
    phases = sheets.phases(found.values(), next(iter(found.values())).lock_days)
    marks = {(row[2], row[1]): Mark(*row[3:]) for row in rows if row[2] is not None}
    return _Found(found, phases, marks, {row[1] for row in rows})


def _shut(sitting: Sheet, phase: Phase, terms: _Terms) -> Refused | None:
    """Why nobody marks in this sheet now, or not so."""
    if phase is Phase.UNDATED:
        return Refused(lazy_gettext("This sitting has no date; attendance is taken when it has one."))
    if sitting.state is SittingState.NOT_HELD:
        return Refused(lazy_gettext("This sitting was not held; nobody is marked in it."))
    if phase is Phase.EARLY:
        opens = format_datetime(at(sitting.date or date.max, sitting.starts) - OPENS_BEFORE)
        return Refused(lazy_gettext("Attendance can be taken from 30 minutes before the sitting: %(at)s.", at=opens))
    if phase is Phase.OPEN and not sitting.closed:
        return None
    if not terms.may_correct and sitting.closed:
        return Refused(lazy_gettext("This attendance is closed. For a correction contact your provincial coordinator."))
    if not terms.may_correct:
        return Refused(
            lazy_gettext("The time to mark this sitting is over. For a correction contact your provincial coordinator.")
        )
    if not terms.reason.strip():
        return Refused(
            lazy_gettext("This attendance is locked. Write why it is changed now; then it is saved."), field="reason"
        )
    return None


def _minutes_wrong(sitting: Sheet, cell: Typed) -> Refused | None:
    if (cell.kind in NEEDS_MINUTES) != (cell.minutes is not None):
        return Refused(lazy_gettext("How many minutes? Late and left early need the minutes missed."))
    if cell.minutes is not None and not 1 <= cell.minutes <= sitting.minutes:
        return Refused(
            lazy_gettext("The sitting lasts %(minutes)s minutes; write 1 to %(minutes)s.", minutes=sitting.minutes)
        )
    return None


def _upsert(insert: Any) -> Any:
    kept = {name: insert.excluded[name] for name in ("kind", "minutes", "source", "at", "by_id")}
    return insert.on_conflict_do_update(
        index_elements=["sitting_id", "enrolment_id"],
        set_={**kept, "version": AttendanceMark.__table__.c.version + 1},
    )


# built once: the rows are given when they are carried out, so each is compiled once
_UPSERT = {
    "sqlite": _upsert(sqlite.insert(AttendanceMark)),
    "postgresql": _upsert(postgresql.insert(AttendanceMark)),
}
_HISTORY = sa.insert(MarkChange.__table__)  # type: ignore[arg-type]  # a Table by construction


def _write(cells: Sequence[tuple[Typed, str]], *, by: Actor, source: MarkSource, reason: str) -> None:
    """The cells (and what stood there) as one upsert, one delete where some are cleared, and one history insert."""
    moment = now()
    rows = [
        {
            "sitting_id": cell.sitting_id,
            "enrolment_id": cell.enrolment_id,
            "kind": cell.kind,
            "minutes": cell.minutes,
            "source": source,
            "version": 1,
            "at": moment,
            "by_id": by.id,
        }
        for cell, _ in cells
        if cell.kind is not None
    ]
    if rows:
        db.session.execute(_UPSERT[db.engine.dialect.name], rows)
    cleared = [cell.key for cell, _ in cells if cell.kind is None]
    if cleared:
        _clear(cleared)
    changes = [
        {
            "sitting_id": cell.sitting_id,
            "enrolment_id": cell.enrolment_id,
            "old": stood,
            "new": cell.spelled,
            "by_id": by.id,
            "at": moment,
            "source": source,
            "reason": reason.strip()[:500],
            "request_key": cell.request_key,
        }
        for cell, stood in cells
    ]
    if changes:
        db.session.execute(_HISTORY, changes)


def _clear(keys: Sequence[Key]) -> None:
    columns = sa.tuple_(AttendanceMark.sitting_id, AttendanceMark.enrolment_id)
    db.session.execute(
        within(Sitting).trusting(sa.delete(AttendanceMark).where(columns.in_(keys)), AttendanceMark),
        execution_options={"synchronize_session": False},
    )


def _record(course_session_id: int, cells: Sequence[Typed], *, by: Actor, source: MarkSource) -> None:
    journal.record(
        MarksChanged(
            course_session_id,
            tuple(sorted({cell.sitting_id for cell in cells})),
            tuple(sorted({cell.enrolment_id for cell in cells})),
            source.value,
        ),
        by=by,
    )


def mark_all_present(sheet: Sheet, *, by: Actor, may_correct: bool = False, reason: str = "") -> int:
    """Everybody without a mark is present; how many they were. Marks that stand are left alone, and so is whoever had
    no seat yet.
    """
    called = queries.roll_call(sheet)
    # seen as unmarked: what somebody marks in between is not overwritten, it makes this stale
    typed = [
        Typed(sheet.id, called[n].person.enrolment_id, "", Presence.PRESENT)
        for n in rules.missing([(each.word, each.before) for each in called])
    ]
    return len(mark(sheet.course_session_id, typed, by=by, may_correct=may_correct, reason=reason))


def settle_joined_later(
    course_session: CourseSession, enrolment_ids: Collection[int], kind: Presence, *, by: Actor, reason: str
) -> int:
    """For whoever runs the session: these people are absent in, or exempt from, all they could not attend because
    their seat was given after it; how many cells that were. A reason is always wanted.
    """
    if kind not in (Presence.ABSENT, Presence.EXEMPT):
        raise Refused(lazy_gettext("Choose absent or exempt."), field="kind")
    if not reason.strip():
        raise Refused(lazy_gettext("Please say why."), field="later_reason")
    people = [each for each in queries.marked_people(course_session) if each[0].enrolment_id in enrolment_ids]
    found = rules.joined_later(queries.sittings(course_session), people)
    typed = [Typed(row.id, key, "", kind) for key, rows in found.items() for row in rows]
    return len(mark(course_session.id, typed, by=by, may_correct=True, reason=reason))


# --- what happens below ------------------------------------------------------------------------------------


def keep_marked_sittings(event: SittingRemoved, by: Actor) -> None:
    """A sitting in which somebody was marked is not taken away; it may be set to not held."""
    if queries.marks([event.sitting_id]):
        raise Refused(
            lazy_gettext("People are already marked in this sitting. Set it to not held instead of removing it.")
        )


def keep_better_marks(event: EnrolmentsMerged, by: Actor) -> None:
    """Give the kept enrolment the better mark of the two at each sitting (see `rules.worth`). The other one's marks
    stay where they are.
    """
    kept = EVERYWHERE.get(Enrolment, event.kept_id)  # one person's, wherever they took part
    course_session = within(kept).get(CourseSession, kept.course_session_id)
    rows = {row.id: row for row in queries.sittings(course_session)}
    found = queries.marks(rows, [event.kept_id, event.merged_id])
    grace = int(settings.value("late_grace_minutes"))
    better = []
    for sitting_id, row in rows.items():
        own, other = found.get((sitting_id, event.kept_id)), found.get((sitting_id, event.merged_id))
        was = own.spelled if own else ""
        if other is not None and worth(row, other.spelled, grace) > worth(row, was, grace):
            better.append((Typed(sitting_id, event.kept_id, was, other.kind, other.minutes), was))
    # not by `mark`: a merge takes no attendance, so windows and closed sheets do not bind it
    _write(better, by=by, source=MarkSource.MANUAL, reason="")
    if better:
        _record(course_session.id, [cell for cell, _ in better], by=by, source=MarkSource.MANUAL)
