"""What the marks of a session add up to for each person, and who of them joined it after it had begun."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.attendance import arithmetic
from app.attendance.arithmetic import Cell, MarkKind, Standing, Weight, total, weigh
from app.attendance.queries import Person, SittingRow, Words, marks, sittings, unspell
from app.core.clock import local
from app.core.db import db
from app.enrolment import queries as enrolment
from app.enrolment.models import Enrolment
from app.settings import queries as settings
from app.training.models import CourseSession, SittingState

_STATE = {state: arithmetic.SittingState(state.value) for state in SittingState}


def cell_of(sitting: SittingRow, word: str, *, before: bool = False) -> Cell:
    """A cell for the arithmetic: its sitting, and its mark as `spell` writes it."""
    kind, minutes = unspell(word)
    return Cell(
        planned=sitting.minutes,
        state=_STATE[sitting.state],
        mark=None if kind is None else MarkKind(kind.value),
        minutes=minutes,
        effective=sitting.effective_minutes,
        before=before,
    )


def threshold_of(course_session: CourseSession, values: Mapping[str, Any]) -> int:
    """The per cent of minutes to be credited: the session's own, before it opened that of the settings."""
    return int(values["threshold"]) if course_session.threshold is None else course_session.threshold


def add_up(
    course_session: CourseSession,
    rows: Sequence[SittingRow],
    marked: Mapping[int, Words],
    given: Mapping[int, datetime | None],
    values: Mapping[str, Any] | None = None,
) -> dict[int, Standing]:
    """Each enrolment's standing from all sittings of the session, what its cells say and when its seat was given."""
    values = settings.values() if values is None else values
    threshold = threshold_of(course_session, values)
    grace = int(values["late_grace_minutes"])
    policy = arithmetic.ExcusedPolicy(course_session.excused_policy.value)
    weighed: dict[tuple[int, str, bool], Weight] = {}  # most people's cells say the same
    known: dict[datetime | None, frozenset[int]] = {}  # and most seats were given together

    def weight(row: SittingRow, word: str, before: bool) -> Weight:
        found = weighed.get((row.id, word, before))
        if found is None:
            found = weighed[row.id, word, before] = weigh(cell_of(row, word, before=before), policy, grace)
        return found

    def one(said: Words, moment: datetime | None) -> Standing:
        if moment not in known:
            known[moment] = frozenset(row.id for row in rows if row.before(moment))
        early = known[moment]
        return total([weight(row, said.get(row.id, ""), row.id in early) for row in rows], threshold=threshold)

    return {key: one(said, given.get(key)) for key, said in marked.items()}


def standings(course_session: CourseSession, enrolment_ids: Iterable[int]) -> dict[int, Standing]:
    """Where these enrolments of a session (loaded through a scope) stand, in minutes; three queries, the settings."""
    marked: dict[int, Words] = {key: {} for key in enrolment_ids}
    rows = sittings(course_session)
    for (sitting_id, enrolment_id), mark in marks([row.id for row in rows], marked).items():
        marked[enrolment_id][sitting_id] = mark.spelled
    statement = EVERYWHERE.restrict(sa.select(Enrolment.id, enrolment.seat_given()), Enrolment, *enrolment.SEAT_GIVEN)
    given = {row[0]: row[1] for row in db.session.execute(statement.where(Enrolment.id.in_(list(marked))))}
    return add_up(course_session, rows, marked, given)


def newcomer(course_session: CourseSession, moment: datetime, said: Words | None = None) -> tuple[Standing, int] | None:
    """Where somebody would stand who got a seat at this moment (and was marked as `said`), and the threshold; None
    before the first day. The session was loaded through a scope.
    """
    if course_session.starts_on is None or course_session.starts_on > local(moment).date():
        return None
    values = settings.values()
    rows = sittings(course_session)
    found = add_up(course_session, rows, {0: said or {}}, {0: moment}, values)[0]
    return found, threshold_of(course_session, values)


# --- who joined later ---------------------------------------------------------------------------------


def missing(cells: Sequence[tuple[str, bool]]) -> list[int]:
    """Where, of (what a cell says, whether its seat was given after the sitting), somebody is still to be marked at
    the sitting itself. Who joined later is not, unless all did: then the whole session was entered afterwards.
    """
    afterwards = all(before for _, before in cells)
    return [n for n, (word, before) in enumerate(cells) if not word and (afterwards or not before)]


def joined_later(
    rows: Iterable[SittingRow], people: Iterable[tuple[Person, Words, datetime | None]]
) -> dict[int, list[SittingRow]]:
    """The unmarked sittings that were over when the seat was given, by enrolment; those who have none left out."""
    held = [row for row in rows if row.state is not SittingState.NOT_HELD]
    found = {
        person.enrolment_id: [row for row in held if row.id not in said and row.before(given)]
        for person, said, given in people
    }
    return {key: sittings for key, sittings in found.items() if sittings}
