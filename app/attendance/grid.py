"""The whole session at a glance: people × sittings, as rows and words, never as objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from app.access.scope import Scope
from app.attendance.arithmetic import Standing
from app.attendance.queries import SittingRow, marked_people, runs, sittings
from app.attendance.sums import add_up
from app.core.errors import Missing
from app.training.models import CourseSession, SittingState


@dataclass(frozen=True, slots=True)
class GridRow:
    """One person across all sittings. `cells` are marks as `queries.spell` writes them, or none, before, later, off."""

    enrolment_id: int
    name: str
    organisation: str
    cells: list[str]
    standing: Standing | None

    def drawn(self, pictures: Mapping[str, Markup]) -> Markup:
        """The cells in a row, each as `pictures` has it: four hundred are joined, not drawn."""
        return Markup("".join(map(pictures.__getitem__, self.cells)))  # noqa: S704  # markup already, each of them


@dataclass(frozen=True, slots=True)
class Grid:
    """`marked` counts by sitting id; `said` is every word a cell says; `partial`: a trainer sees only their own
    sittings, and so no sums.
    """

    sittings: list[SittingRow]
    rows: list[GridRow]
    marked: dict[int, int]
    said: list[str]
    partial: bool

    @property
    def tenths(self) -> set[int | None]:
        """Every percentage the sums say."""
        return {row.standing.so_far_tenths for row in self.rows if row.standing}


def grid(scope: Scope, course_session: CourseSession, moment: datetime) -> Grid:
    """People × sittings of a session loaded through the scope: two queries and the settings."""
    every = sittings(course_session)
    whole = runs(scope, course_session)
    shown = every if whole else sittings(course_session, scope)
    if not shown and not whole:
        raise Missing
    found = marked_people(course_session)
    partial = len(shown) < len(every)
    given = {person.enrolment_id: moment for person, _, moment in found}
    marks = {person.enrolment_id: said for person, said, _ in found}
    sums = {} if partial else add_up(course_session, every, marks, given)
    empty = {given_at: [_empty(row, moment, given_at) for row in shown] for given_at in set(given.values())}
    off = {row.id for row in shown if row.state is SittingState.NOT_HELD}
    rows = [
        GridRow(
            person.enrolment_id,
            person.name,
            person.organisation,
            [
                nothing if row.id in off else said.get(row.id, nothing)
                for row, nothing in zip(shown, empty[given_at], strict=True)
            ],
            sums.get(person.enrolment_id),
        )
        for person, said, given_at in found
    ]
    marked = {row.id: sum(row.id in said for said in marks.values()) for row in shown}
    return Grid(shown, rows, marked, sorted({word for row in rows for word in row.cells}), partial)


def _empty(row: SittingRow, moment: datetime, given: datetime | None) -> str:
    """What a cell without a mark says: its sitting was called off, was over when the seat was given, is still to come,
    or nobody marked it.
    """
    if row.state is SittingState.NOT_HELD:
        return "off"
    if row.before(given):
        return "before"
    return "later" if row.starts_at is None or row.starts_at > moment else "none"
