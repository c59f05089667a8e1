from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from wtforms import RadioField
from wtforms.validators import Length

from app.attendance.models import Person, Presence, SittingRow
from app.completion.models import TestKind
from app.completion.queries import Review, Scored
from app.completion.rules import Learned, learned, read_score
from app.completion.services import TypedScore
from app.core.errors import Text
from app.language import format_number, lazy_gettext, ngettext
from app.web.forms import CheckList, Form, TextField, required

NO_SCORE = lazy_gettext("Write a number from 0 to 100, with one decimal at most.")


class FinaliseForm(Form):
    """The reason is asked only where the checklist is not empty."""

    reason = TextField(
        lazy_gettext("Reason"),
        [Length(max=500)],
        description=lazy_gettext("Needed while something is missing; it is kept with your name."),
    )


class JoinedLaterForm(Form):
    """What the sittings before somebody's enrolment count as, for all such people in one step."""

    enrolment_ids = CheckList(lazy_gettext("Participants"), [required()])
    kind = RadioField(lazy_gettext("These sittings count as"), choices=[], default=Presence.ABSENT.value)
    later_reason = TextField(lazy_gettext("Reason"), [required(), Length(max=500)])

    @classmethod
    def of(cls, review: Review) -> JoinedLaterForm:
        form = cls(data={"enrolment_ids": [person.enrolment_id for person, _ in review.later]})
        form.enrolment_ids.choices = [
            (person.enrolment_id, f"{person.name}: {_sittings(rows)}") for person, rows in review.later
        ]
        form.kind.choices = [(kind.value, kind.label) for kind in (Presence.ABSENT, Presence.EXEMPT)]
        return form


def _sittings(rows: Sequence[SittingRow]) -> str:
    return ngettext("%(num)s sitting", "%(num)s sittings", len(rows))


@dataclass
class ScoreCell:
    """One score to be typed. `tenths` and `was` stood there when the page was made, as a number and as text; "" is
    none.
    """

    enrolment_id: int
    kind: TestKind
    tenths: int | None
    was: str
    shown: str
    error: Text = ""

    @property
    def name(self) -> str:
        return f"{self.kind.value}-{self.enrolment_id}"


@dataclass
class ScoreRow:
    person: Person
    cells: list[ScoreCell]


class ScoresForm(Form):
    """Pre- and post-test of everybody on one page; its cells are read here, all errors at once."""

    rows: Sequence[ScoreRow] = ()

    @classmethod
    def of(cls, people: Sequence[Scored]) -> ScoresForm:
        form = cls()
        form.rows = [
            ScoreRow(
                each.person,
                [
                    _cell(each.person.enrolment_id, kind, score)
                    for kind, score in ((TestKind.PRE, each.pre), (TestKind.POST, each.post))
                ],
            )
            for each in people
        ]
        return form

    @property
    def cells(self) -> list[ScoreCell]:
        return [cell for row in self.rows for cell in row.cells]

    @property
    def wrong(self) -> list[ScoreCell]:
        return [cell for cell in self.cells if cell.error]

    @property
    def learned(self) -> Learned:
        """What stood there when the page was made, summed up."""
        return learned([(pre.tenths, post.tenths) for pre, post in (row.cells for row in self.rows)])

    def read(self, typed: Mapping[str, str]) -> list[TypedScore]:
        """What was typed; a cell that is no score keeps its text and gets an error, and the others are saved."""
        found = []
        for cell in self.cells:
            text, was = typed.get(cell.name), typed.get(f"was-{cell.name}", cell.was)
            if text is None:
                continue
            cell.shown = text.strip()[:10]
            try:
                tenths = read_score(cell.shown) if cell.shown else None
            except ValueError:
                cell.error = NO_SCORE
                continue
            found.append(TypedScore(cell.enrolment_id, cell.kind, _tenths(was), tenths))
        return found

    def fill(self, texts: Mapping[int, Mapping[str, str]]) -> None:
        """Show what a file says, by enrolment and kind; nothing is saved, and an empty cell changes nothing."""
        for cell in self.cells:
            text = texts.get(cell.enrolment_id, {}).get(cell.kind.value, "")[:10]
            if text and _tenths(text) != cell.tenths:
                cell.shown = text
                cell.error = "" if _tenths(text) is not None else NO_SCORE

    @property
    def changed(self) -> int:
        """How many cells say otherwise than what stands there."""
        return sum(cell.shown != cell.was for cell in self.cells)

    def keep(self, before: ScoresForm, typed: Mapping[str, str]) -> None:
        """After some were not saved: what was typed stays, beside what others entered meanwhile."""
        self.form_errors = list(before.form_errors)
        for cell, tried in zip(self.cells, before.cells, strict=True):
            seen = _tenths(typed.get(f"was-{cell.name}", cell.was))
            mine = _tenths(tried.shown)
            cell.error = tried.error
            if not cell.error and seen != cell.tenths and mine not in (seen, cell.tenths):
                cell.error = lazy_gettext(
                    "Entered meanwhile: %(theirs)s. You typed: %(yours)s.",
                    theirs=cell.was or "–",
                    yours=tried.shown or "–",
                )
            if cell.error or (before.form_errors and mine != seen):
                cell.shown = tried.shown


def _cell(enrolment_id: int, kind: TestKind, tenths: int | None) -> ScoreCell:
    text = "" if tenths is None else format_number(Fraction(tenths, 10))
    return ScoreCell(enrolment_id, kind, tenths, text, text)


def _tenths(text: str) -> int | None:
    """A score in tenths; None for none, and for what is none."""
    try:
        return read_score(text)
    except ValueError:
        return None
