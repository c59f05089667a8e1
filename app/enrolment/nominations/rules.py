"""How several people fared at once, and what one pasted line names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.access.models import Organisation
from app.core.errors import Text
from app.enrolment.models import Enrolment, EnrolmentStatus
from app.files.cells import Row, as_text
from app.files.headings import Known
from app.language import lazy_gettext
from app.language.turkish import normalise
from app.people.models import Employee
from app.people.rules import HEADINGS

_KNOWN = Known({"registry_no": HEADINGS, "organisation": ("Kurum", "Kurumu", "Kurum adı", "Belediye", "Institution")})
MOST_LINES = 300
MOST_SAID = 10
"""So many reasons are written out, each with everybody it holds for."""


@dataclass(frozen=True)
class Line:
    """One pasted line: the person it names, or what is wrong with it."""

    number: int
    typed: str
    employee: Employee | None = None
    problem: Text | None = None


def line_of(position: int, typed: str, people: Sequence[Employee], home: Organisation | None, *, named: bool) -> Line:
    """The one person of these who works there; `home`: the institution, `named` in the line itself or for all lines."""
    if named and home is None:
        return Line(position, typed, problem=lazy_gettext("This institution is not among yours."))
    fitting = [one for one in people if home is None or one.organisation_id == home.id]
    if len(fitting) == 1:
        return Line(position, typed, fitting[0])
    if fitting:
        return Line(
            position, typed, problem=lazy_gettext("Several institutions know this number; add the institution.")
        )
    return Line(position, typed, problem=lazy_gettext("Nobody has this registry number."))


def named_in(rows: Sequence[Row]) -> list[tuple[Row, str, str]]:
    """Each line with (registry number, institution or "") of it; a line of headings above says where they stand."""
    heads = {_KNOWN.field(as_text(cell)): column for column, cell in rows[0].cells.items()} if rows else {}
    if "registry_no" not in heads:
        return [(row, *_in_order(row)) for row in rows]
    number, home = heads["registry_no"], heads.get("organisation", 0)
    return [(row, _text(row, number), _text(row, home)) for row in rows[1:]]


def _in_order(row: Row) -> tuple[str, str]:
    """The number first, the institution behind it."""
    return _text(row, 1), normalise(" ".join(as_text(cell) for column, cell in row.cells.items() if column > 1))


def _text(row: Row, column: int) -> str:
    return normalise(as_text(row.cells.get(column)))


@dataclass
class Tally:
    """How each of several people fared."""

    seated: list[Employee] = field(default_factory=list)
    waiting: list[Employee] = field(default_factory=list)
    nominated: list[Employee] = field(default_factory=list)
    refused: list[tuple[Employee, Text]] = field(default_factory=list)

    @property
    def nobody(self) -> bool:
        """Whether nobody got anything."""
        return not (self.seated or self.waiting or self.nominated)

    def add(self, enrolment: Enrolment, employee: Employee) -> None:
        place = {EnrolmentStatus.ENROLLED: self.seated, EnrolmentStatus.WAITLISTED: self.waiting}.get(
            enrolment.status, self.nominated
        )
        place.append(employee)


def refusals(tally: Tally) -> list[tuple[str, int]]:
    """Each reason once, after the names it holds for, and how many those are."""
    names: dict[str, list[str]] = {}
    for employee, message in tally.refused:
        names.setdefault(str(message), []).append(employee.name)
    return [(f"{', '.join(who)}: {message}", len(who)) for message, who in names.items()]
