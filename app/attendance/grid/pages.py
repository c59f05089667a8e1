"""What the grid is answered: what stands in the cells that were sent, why one was refused, the sums of their rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.attendance import queries as attendance
from app.attendance.grid.forms import slug
from app.attendance.marks import queries as marks
from app.attendance.marks.forms import describe
from app.attendance.marks.services import Typed
from app.attendance.models import Key
from app.core.errors import Missing, Refused, Stale
from app.language import format_percent, gettext
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
            why = str(no.message) if isinstance(no, Refused) else _gone()
            if isinstance(no, Stale):
                why = _both(names.get(there.by_id or 0, "") if there else "", stands, wanted[key])
            self.wrong[slug(key)] = {"why": why, "theirs": isinstance(no, Stale)}

    def add_up(self, course_session: CourseSession, enrolment_ids: Iterable[int]) -> None:
        for key, sums in attendance.standings(course_session, enrolment_ids).items():
            left = "–" if sums.exempt else gettext("%(minutes)s min", minutes=sums.allowance)
            lost = not sums.exempt and not sums.best_case_ok
            left = gettext("Can no longer meet the requirement") if lost else left
            self.sums[key] = format_percent(sums.so_far_tenths), left, lost


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
