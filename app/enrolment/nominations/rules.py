"""How several people fared at once, and what one pasted line names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.access.models import Organisation
from app.core.errors import Text
from app.enrolment.models import Enrolment, EnrolmentStatus
from app.language import lazy_gettext
from app.language.turkish import normalise
from app.people.models import Employee

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


def cells(line: str) -> tuple[str, str]:
    """(registry number, institution or "") of a line copied from a table or typed with a comma or semicolon."""
    for sign in ("\t", ";", ","):
        if sign in line:
            first, _, rest = line.partition(sign)
            return normalise(first), normalise(rest.replace(sign, " "))
    return normalise(line), ""


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
