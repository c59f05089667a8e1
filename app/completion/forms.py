from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wtforms import RadioField
from wtforms.validators import Length

from app.attendance.models import Person, Presence, SittingRow
from app.completion.models import TestKind
from app.completion.queries import Review, Scored
from app.completion.services import TypedScore
from app.core.errors import Text
from app.language import lazy_gettext, ngettext
from app.web.forms import CheckList, Form, TextField, required


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
    """One score to be typed. `was` is what stood there when the page was made, as text; "" is none."""

    enrolment_id: int
    kind: TestKind
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

    def read(self, typed: Mapping[str, str]) -> list[TypedScore]:
        """What was typed; a cell that is no score keeps its text and gets an error."""
        found = []
        for cell in self.cells:
            text, was = typed.get(cell.name), typed.get(f"was-{cell.name}", cell.was)
            if text is None:
                continue
            cell.shown = text.strip()[:10]
            if cell.shown and not _is_score(cell.shown):
                cell.error = lazy_gettext("Write a whole number from 0 to 100.")
                continue
            seen = int(was) if _is_score(was) else None
            found.append(TypedScore(cell.enrolment_id, cell.kind, seen, int(cell.shown) if cell.shown else None))
        if any(cell.error for cell in self.cells):
            self.outcome = 422
        return found

    def keep(self, before: ScoresForm, typed: Mapping[str, str]) -> None:
        """After a refusal: what was typed stays, beside what others entered meanwhile."""
        self.outcome = before.outcome if before.outcome != 200 else 422
        self.form_errors = list(before.form_errors)
        for cell, tried in zip(self.cells, before.cells, strict=True):
            seen = typed.get(f"was-{cell.name}", cell.was)
            cell.error = tried.error
            if seen != cell.was and tried.shown not in (seen, cell.was):
                cell.error = lazy_gettext(
                    "Entered meanwhile: %(theirs)s. You typed: %(yours)s.",
                    theirs=cell.was or "–",
                    yours=tried.shown or "–",
                )
            if tried.shown != seen:
                cell.shown = tried.shown


def _cell(enrolment_id: int, kind: TestKind, score: int | None) -> ScoreCell:
    text = "" if score is None else str(score)
    return ScoreCell(enrolment_id, kind, text, text)


def _is_score(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 4 and int(text) <= 100
