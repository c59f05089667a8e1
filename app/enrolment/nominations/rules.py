"""How several people fared at once, and what one pasted line names."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from app.access.rules import plain_email
from app.core.errors import Text
from app.enrolment.models import Enrolment, EnrolmentStatus
from app.files.cells import Row, as_text
from app.files.headings import Known
from app.language import lazy_gettext
from app.language.turkish import normalise, search_key
from app.people.matching.names import alike, folded
from app.people.models import Employee
from app.people.rules import HEADINGS, fold

_KNOWN = Known(
    {
        "registry_no": HEADINGS,
        "name": (
            "Ad",
            "Adı",
            "Soyad",
            "Soyadı",
            "Ad Soyad",
            "Adı Soyadı",
            "Adı ve soyadı",
            "İsim",
            "Name",
            "Full name",
        ),
        "email": ("E-posta", "E-posta adresi", "E-mail", "Mail", "Email address"),
        "organisation": ("Kurum", "Kurumu", "Kurum adı", "Belediye", "Institution"),
    }
)
_ADDRESS = re.compile(r"[^\s<>()\[\],;:]+@[^\s<>()\[\],;:]+")
_LIKE_A_NUMBER = re.compile(r"(?=.*\d)[\w./ -]+")
MOST_LINES = 300
MOST_MAYBE = 5
MOST_SAID = 10
"""So many reasons are written out, each with everybody it holds for."""


@dataclass(frozen=True)
class Line:
    """One pasted line: the person it names, those it may mean, or what is wrong with it."""

    number: int
    typed: str
    employee: Employee | None = None
    maybe: Sequence[Employee] = ()
    problem: Text | None = None


@dataclass(frozen=True)
class Said:
    """What a pasted line may say of somebody, whatever its columns: folded registry numbers and addresses it may hold,
    and what is left of it as a folded name. `home`: the key of the institution it names.
    """

    number: int
    typed: str
    numbers: frozenset[str]
    addresses: frozenset[str]
    name: str = ""
    home: str = ""


def said_in(rows: Sequence[Row], institutions: Collection[str]) -> list[Said]:
    """What the lines say; a line of headings above says nothing. `institutions`: keys of the names of all there are."""
    headed = rows and all(_KNOWN.field(as_text(cell)) for cell in rows[0].cells.values())
    return [_said(row, institutions) for row in rows[1 if headed else 0 :]]


def _said(row: Row, institutions: Collection[str]) -> Said:
    cells = [normalise(as_text(cell)) for cell in row.cells.values()]
    typed = " ".join(cells)
    addresses = frozenset(plain_email(found) for found in _ADDRESS.findall(typed))
    home = next((key for cell in cells if (key := search_key(cell)) in institutions), "")
    rest = [fold(_ADDRESS.sub(" ", cell)) for cell in cells if search_key(cell) != home]
    # a number stands in a cell of its own, or before or behind a name
    words = {*rest, *(word for cell in rest for word in (cell.split(" ")[0], cell.split(" ")[-1]))}
    numbers = frozenset(word for word in words if _LIKE_A_NUMBER.fullmatch(word))
    name = " ".join(word for cell in rest for word in cell.split(" ") if not any(map(str.isdigit, word)))
    return Said(row.number, typed, numbers, addresses, folded(name), home)


def line_of(said: Said, people: Iterable[Employee], homes: Collection[int] | None) -> Line:
    """Whom a line means among these people. `homes`: the institutions it can be; none is among the reader's where it is
    empty, and None is any.
    """
    if homes is not None and not homes:
        return Line(said.number, said.typed, problem=lazy_gettext("This institution is not among yours."))
    fitting = [one for one in people if homes is None or one.organisation_id in homes]
    keyed = [one for one in fitting if one.registry_key in said.numbers or plain_email(one.email) in said.addresses]
    named = [one for one in fitting if sorted(folded(one.name).split()) == sorted(said.name.split())]
    for sure in ([one for one in keyed if one in named], keyed, named):
        if len(sure) == 1:
            return Line(said.number, said.typed, sure[0])
    if near := keyed or named or [one for one in fitting if said.name and alike(said.name, folded(one.name))]:
        return Line(said.number, said.typed, maybe=near[:MOST_MAYBE])
    return Line(said.number, said.typed, problem=_nobody(said))


def _nobody(said: Said) -> Text:
    if said.addresses:
        return lazy_gettext("Nobody has this address.")
    if said.numbers:
        return lazy_gettext("Nobody has this registry number.")
    return lazy_gettext("Nobody of this name is among your staff.")


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
