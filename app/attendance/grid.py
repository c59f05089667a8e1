"""The whole session at a glance: people × sittings, as rows and words, never as objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.access.scope import Scope
from app.attendance.arithmetic import Standing
from app.attendance.queries import Mark, SittingRow, add_up, marks, people, runs, sittings
from app.core.errors import Missing
from app.training.models import CourseSession, SittingState


@dataclass(frozen=True, slots=True)
class GridRow:
    """One person across all sittings: `cells` are (mark or none, later, off; minutes missed or None)."""

    enrolment_id: int
    name: str
    organisation: str
    cells: list[tuple[str, int | None]]
    standing: Standing | None


@dataclass(frozen=True, slots=True)
class Grid:
    """`marked` counts by sitting id; `partial`: a trainer sees only her own sittings, and so no sums."""

    sittings: list[SittingRow]
    rows: list[GridRow]
    marked: dict[int, int]
    partial: bool


def grid(scope: Scope, course_session: CourseSession, moment: datetime) -> Grid:
    """People × sittings of a session loaded through the scope: three queries and the settings."""
    every = sittings(course_session)
    shown = every if runs(scope, course_session) else sittings(course_session, scope)
    if not shown and not runs(scope, course_session):
        raise Missing
    everybody = people(course_session)
    found = marks([row.id for row in every])
    partial = len(shown) < len(every)
    ids = [person.enrolment_id for person in everybody]
    sums = {} if partial else add_up(course_session, ids, every, found)
    empty = {row.id: _empty(row, moment) for row in shown}
    seated = set(ids)
    marked = dict.fromkeys(empty, 0)
    for sitting_id, enrolment_id in found:
        if sitting_id in marked and enrolment_id in seated:
            marked[sitting_id] += 1
    rows = [
        GridRow(
            person.enrolment_id,
            person.name,
            person.organisation,
            [_shown(row, found.get((row.id, person.enrolment_id)), empty) for row in shown],
            sums.get(person.enrolment_id),
        )
        for person in everybody
    ]
    return Grid(shown, rows, marked, partial)


def _empty(row: SittingRow, moment: datetime) -> str:
    """What a cell without a mark says: its sitting was called off, is still to come, or nobody marked it."""
    if row.state is SittingState.NOT_HELD:
        return "off"
    return "later" if row.starts_at is None or row.starts_at > moment else "none"


def _shown(row: SittingRow, mark: Mark | None, empty: Mapping[int, str]) -> tuple[str, int | None]:
    if mark is None or row.state is SittingState.NOT_HELD:
        return empty[row.id], None
    return mark.kind.value, mark.minutes
