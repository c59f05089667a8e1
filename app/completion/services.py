from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.access.scope import within
from app.audit import journal
from app.audit.journal import Actor
from app.completion import queries
from app.completion.events import ScoresChanged, SessionFinalised
from app.completion.models import Outcome, TestKind, TestScore
from app.completion.queries import Preview
from app.core.clock import now
from app.core.db import db
from app.core.errors import Missing, Refused
from app.enrolment.models import SEAT_HOLDING, Enrolment
from app.language import lazy_gettext
from app.training import services as training
from app.training.models import CourseSession, SessionStatus, Sitting

SCORABLE = (SessionStatus.OPEN, SessionStatus.CONFIRMED)


@dataclass(frozen=True, slots=True)
class TypedScore:
    """What somebody wants one score to be, in tenths: `was` is what they saw there; None is no score."""

    enrolment_id: int
    kind: TestKind
    was: int | None
    tenths: int | None

    @property
    def key(self) -> tuple[int, TestKind]:
        return self.enrolment_id, self.kind


@dataclass(frozen=True, slots=True)
class SavedScores:
    """How many scores changed, and those that somebody else changed meanwhile, to something else: they stand."""

    count: int
    stale: frozenset[tuple[int, TestKind]]


def save_scores(course_session: CourseSession, typed: Sequence[TypedScore], *, by: Actor) -> SavedScores:
    """Enter, correct or clear scores (0 to 100); each for itself."""
    changing = [cell for cell in typed if cell.tenths != cell.was]
    if not changing:
        return SavedScores(0, frozenset())
    if course_session.status not in SCORABLE:
        raise Refused(lazy_gettext("Scores are entered in open and confirmed course sessions only."))
    if any(cell.tenths is not None and not 0 <= cell.tenths <= 1000 for cell in changing):
        raise Refused(lazy_gettext("A score is a number from 0 to 100."))
    there = _held_scores(course_session, {cell.enrolment_id for cell in changing})
    fresh, stale = [], set()
    for cell in changing:
        row = there.get(cell.key)
        stands = row.tenths if row else None
        if stands == cell.tenths:
            continue
        if stands != cell.was:
            stale.add(cell.key)
            continue
        fresh.append(cell)
        _put(row, cell, by=by)
    if fresh:
        ids, kinds = {cell.enrolment_id for cell in fresh}, {cell.kind.value for cell in fresh}
        journal.record(ScoresChanged(course_session.id, tuple(sorted(ids)), tuple(sorted(kinds))), by=by)
    return SavedScores(len(fresh), frozenset(stale))


def _held_scores(course_session: CourseSession, wanted: set[int]) -> dict[tuple[int, TestKind], TestScore]:
    """What these seats scored so far. They are held until the end: of two who save one cell the second reads what the
    first wrote.
    """
    seats = sa.select(Enrolment.id).where(Enrolment.id.in_(wanted), Enrolment.status.in_(SEAT_HOLDING))
    held = within(course_session).restrict(seats.with_for_update(), Enrolment)
    if set(db.session.scalars(held)) != wanted:
        raise Missing
    stored = within(Enrolment).select(TestScore).where(TestScore.enrolment_id.in_(wanted))
    return {(row.enrolment_id, row.kind): row for row in db.session.scalars(stored)}


def _put(row: TestScore | None, cell: TypedScore, *, by: Actor) -> None:
    if row is not None and cell.tenths is None:
        db.session.delete(row)
    elif row is not None and cell.tenths is not None:
        row.tenths, row.at, row.by_id = cell.tenths, now(), by.id
    elif cell.tenths is not None:
        db.session.add(TestScore(enrolment_id=cell.enrolment_id, kind=cell.kind, tenths=cell.tenths, by_id=by.id))


def finalise(
    course_session: CourseSession, *, by: Actor, override: str = "", may_override: bool = False
) -> Sequence[Preview]:
    """Conclude a confirmed session: compute everybody's outcome, lock its attendance, and say so.

    Refused while a sitting is ahead. Refused while the checklist is not empty, unless `may_override` (an
    administrator) and `override` says why; unmarked cells then count as nothing credited, a missing post-test as
    not passed. Finalising again after a correction computes anew in the same rows.
    """
    db.session.refresh(course_session, ["status", "version"], with_for_update=True)
    if course_session.status is not SessionStatus.CONFIRMED:
        raise Refused(
            lazy_gettext(
                "Only a confirmed course session can be finalised; this one is: %(status)s.",
                status=course_session.status.label,
            )
        )
    # whoever marks a sitting holds its row: nobody marks while the outcomes are computed
    db.session.execute(within(course_session).restrict(sa.select(Sitting.id).with_for_update(), Sitting))
    found = queries.review(course_session)
    if not found.over:
        raise Refused(lazy_gettext("Not all sittings are over. A session is finalised after its last sitting."))
    overridden = not found.ready
    if overridden and not may_override:
        raise Refused(lazy_gettext("Something is still missing. Mend the lines of the checklist first."))
    if overridden and not override.strip():
        raise Refused(
            lazy_gettext("Something is still missing. Write why it is finalised all the same."), field="reason"
        )
    _write_outcomes(course_session, found.previews)
    course_session.finalised_at = now()
    reason = override.strip() if overridden else ""
    training.move(course_session, SessionStatus.FINALISED, by=by, reason=reason)
    journal.record(SessionFinalised(course_session.id, len(found.previews), overridden), by=by)
    return found.previews


def _write_outcomes(course_session: CourseSession, previews: Sequence[Preview]) -> None:
    """One row for each enrolment; rows of those who have no seat any more go. `at` is when it came to that."""
    stored = (
        within(course_session)
        .restrict(sa.select(Outcome), Enrolment, Outcome)
        .join(Enrolment, Enrolment.id == Outcome.enrolment_id)
    )
    there = {row.enrolment_id: row for row in db.session.scalars(stored)}
    for preview in previews:
        key = preview.person.enrolment_id
        row = there.pop(key, None) or Outcome(enrolment_id=key)
        came_to = (preview.verdict.result, preview.verdict.document)
        # what a correction left as it was is not due again
        if (row.result, row.document) != came_to:
            row.result, row.document = came_to
            row.at = now()
            row.due_since = row.at if row.document is not None else None
        row.credit_minutes, row.base_minutes = preview.standing.credit, preview.standing.base
        row.percent_tenths = preview.standing.final_tenths
        db.session.add(row)
    for left in there.values():
        db.session.delete(left)
