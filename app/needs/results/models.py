"""What the pages show: the figures of each competency in the chosen group, and in its parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from app.catalogue.models import Competency, Theme
from app.needs.models import AssessmentRound, PriorityClass
from app.needs.rules import Aggregate, priority_class, shown_priority
from app.people.models import Employee, Unit

CHART_ROWS = 10


@dataclass(frozen=True)
class Cell:
    """The figures of one competency in one group: `figures` None where nobody answered, or where they are hidden."""

    figures: Aggregate | None
    hidden: bool
    label: str = ""

    @cached_property
    def priority(self) -> Fraction | None:
        return self.figures.priority if self.figures else None

    @cached_property
    def priority_class(self) -> PriorityClass | None:
        return None if self.priority is None else priority_class(self.priority)

    @cached_property
    def printed(self) -> tuple[Fraction, int] | None:
        return shown_priority(self.priority)


@dataclass(frozen=True)
class ResultRow:
    """A competency in the chosen group. `compared`: the same in all the reader sees; None where nothing is compared.

    `course_id`: the most specific course that builds it.
    """

    competency: Competency
    cell: Cell
    compared: Cell | None
    course_id: int | None

    @property
    def figures(self) -> Aggregate | None:
        return self.cell.figures

    @property
    def urgent(self) -> bool:
        return self.cell.priority_class is PriorityClass.HIGH


@dataclass(frozen=True)
class Result:
    """What a page shows: its rows in order. `measured`: those of every class, from which one may have been chosen."""

    rows: Sequence[ResultRow]
    measured: Sequence[ResultRow]
    themes: Sequence[Theme]

    @property
    def any_hidden(self) -> bool:
        """Of every class: what is hidden may be of the one that was chosen."""
        return any(row.cell.hidden for row in self.measured)

    def count(self, wanted: str) -> int | None:
        """How many competencies are of a class; None where every result is hidden."""
        return self._shown[wanted] if self._shown else None

    @cached_property
    def _shown(self) -> Counter[str | None]:
        return Counter(row.cell.priority_class for row in self.measured if not row.cell.hidden)

    @property
    def hidden(self) -> int:
        """Competencies whose class nobody is told."""
        return sum(1 for row in self.measured if row.cell.hidden)

    @property
    def chart(self) -> list[ResultRow]:
        """The ten most urgent competencies."""
        rated = [row for row in self.rows if row.cell.priority]
        return sorted(rated, key=lambda row: row.cell.priority or 0, reverse=True)[:CHART_ROWS]


@dataclass(frozen=True)
class Participation:
    """People who answered, of those asked; `asked` None where ratings came in workbooks and nobody counted."""

    answered: int
    asked: int | None = None

    @property
    def tenths(self) -> int | None:
        """The response rate in tenths of a percent."""
        return self.answered * 1000 // self.asked if self.asked else None


LEVELS = range(1, 6)


@dataclass(frozen=True)
class Spread:
    """How many people gave each level from 1 to 5: of themselves, and as supervisors of them."""

    own: Mapping[int, int]
    other: Mapping[int, int]


@dataclass(frozen=True)
class Parts:
    """One competency: the chosen group, what it is compared with, and the parts of the group by priority.

    `needs`: how many people of the group have the need, hidden or not: the length of the list of their names. `rated`:
    whether anybody of the group was rated at all.
    """

    whole: Cell
    compared: Cell | None
    cells: Sequence[Cell]
    needs: int
    rated: bool


@dataclass(frozen=True)
class PersonNeed:
    """One respondent's combined rating of one competency, with where the round met the person.

    `employee_id` leads to the person; None where the person has gone where the reader sees nobody. `guessed`: the place
    was worked out afterwards.
    """

    need_id: int
    employee_id: int | None
    name: str
    organisation: str
    unit: str
    title: str
    importance: Decimal
    level: Decimal
    gap: Decimal
    single_source: bool
    guessed: bool


@dataclass(frozen=True)
class TeamResult:
    """Somebody who was supervised; the round that counts for them, and how many needs it found."""

    respondent_id: int
    employee: Employee
    unit: Unit
    round: AssessmentRound
    needs: int
