"""What the grid is answered: what stands in the cells that were sent, why one was refused, the sums of their rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.attendance import queries as attendance
from app.attendance.grid.forms import slug
from app.attendance.grid.workbook import people_columns
from app.attendance.marks import queries as marks
from app.attendance.marks.forms import Roll, describe
from app.attendance.marks.queries import Grid, GridRow
from app.attendance.marks.rules import EMPTY
from app.attendance.marks.services import Typed
from app.attendance.models import Key, Person, SittingRow
from app.attendance.sheets.queries import Sheet
from app.core.errors import Missing, Refused, Stale
from app.language import force_locale, format_date, format_percent, format_time, gettext, language, ngettext, pgettext
from app.lists.models import Columns
from app.training.models import CourseSession


@dataclass
class Answer:
    """By cell (see `slug`): the mark that stands there now, as `rules.spell` writes it, and why one was not saved; by
    enrolment its sums in words (so far, may still miss, whether that is out of reach).
    """

    cells: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, dict[str, Any]] = field(default_factory=dict)
    sums: dict[int, tuple[str, str, bool]] = field(default_factory=dict)

    @classmethod
    def of(cls, typed: Iterable[Typed]) -> Answer:
        return cls({slug(cell.key): cell.spelled for cell in typed})

    def refuse(self, refused: Mapping[Key, Refused | Missing], wanted: Mapping[Key, str]) -> None:
        """Say why, and what stands there; where somebody else was first, both values and whose hand it was."""
        theirs = [key for key, no in refused.items() if isinstance(no, Refused)]  # of others nothing is told
        found = attendance.marks({key[0] for key in theirs}, {key[1] for key in theirs}) if theirs else {}
        names = marks.names(mark.by_id for mark in found.values())
        for key, no in refused.items():
            there = found.get(key)
            stands = there.spelled if there else ""
            self.cells[slug(key)] = stands
            why = _why(no)
            if isinstance(no, Stale):
                why = _both(names.get(there.by_id or 0, "") if there else "", stands, wanted[key])
            self.wrong[slug(key)] = {"why": why, "theirs": isinstance(no, Stale)}

    def add_up(self, course_session: CourseSession, enrolment_ids: Iterable[int]) -> None:
        for key, sums in attendance.standings(course_session, enrolment_ids).items():
            left = "–" if sums.exempt else gettext("%(minutes)s min", minutes=sums.allowance)
            lost = not sums.exempt and not sums.best_case_ok
            left = pgettext("attendance", "Cannot pass") if lost else left
            self.sums[key] = format_percent(sums.so_far_tenths), left, lost


def heading(sitting: SittingRow, tongue: str | None = None) -> str:
    """What the column of a sitting is called in a file."""
    with force_locale(tongue or language()):
        return f"{format_date(sitting.date)} {format_time(sitting.starts)}"


def columns(shown: Grid) -> Columns:
    """The grid as a file: cells in words, empty where nobody is marked."""
    return [*people_columns(), *((heading(sitting), _cell(at)) for at, sitting in enumerate(shown.sittings))]


def _cell(at: int) -> Callable[[GridRow], str]:
    return lambda row: describe(row.cells[at]) if row.cells[at] not in EMPTY else ""


def headings(every: Mapping[int, Sheet]) -> dict[str, tuple[str, ...]]:
    """What the columns of these sittings may be called, in either language."""
    return {str(key): (heading(sheet, "tr"), heading(sheet, "en")) for key, sheet in every.items()}


@dataclass(frozen=True)
class Change:
    """A line of the preview: whose cell it is, in which sitting, what it says and would say, or why it may not."""

    who: str
    when: str
    was: str
    becomes: str
    wrong: str = ""


def changes(
    typed: Iterable[Typed],
    wrong: Mapping[Key, Refused | Missing],
    people: Iterable[Person],
    roll: Roll,
) -> list[Change]:
    """The cells of a file that would change, those that cannot be saved first."""
    names = {person.enrolment_id: person.name for person in people}
    found = [Change(names.get(key[1], ""), heading(roll.sheets[key[0]]), "", "", _why(no)) for key, no in wrong.items()]
    for cell in typed:
        shut = str(roll.columns[cell.sitting_id][0])
        when = heading(roll.sheets[cell.sitting_id])
        found.append(Change(names[cell.enrolment_id], when, describe(cell.was), describe(cell.spelled), shut))
    return sorted(found, key=lambda one: not one.wrong)


def refusals(refused: Mapping[Key, Refused | Missing]) -> str:
    """What was not saved and why, each reason once; "" where all was."""
    if not refused:
        return ""
    why = " ".join(dict.fromkeys(_why(no) for no in refused.values()))
    return ngettext("%(num)s mark was not saved.", "%(num)s marks were not saved.", len(refused)) + " " + why


def _why(no: Refused | Missing) -> str:
    return str(no.message) if isinstance(no, Refused) else _gone()


def _gone() -> str:
    return gettext("This person or sitting is not there any more. Load the page again.")


def _both(name: str, theirs: str, yours: str) -> str:
    if name:
        return gettext(
            "%(name)s marked this meanwhile: %(theirs)s. You chose: %(yours)s.",
            name=name,
            theirs=describe(theirs),
            yours=describe(yours),
        )
    return gettext(
        "This changed meanwhile: %(theirs)s. You chose: %(yours)s.", theirs=describe(theirs), yours=describe(yours)
    )
