"""A roll as a page shows it: rows of cells to be marked, what was typed into them and what went wrong where.

The roll of a sitting has a row for each person, the roll of a person a row for each sitting; both are read,
saved and shown again in the same way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wtforms import SelectField
from wtforms.validators import Length

from app.attendance import rules
from app.attendance.marks import queries
from app.attendance.marks.queries import Change
from app.attendance.marks.rules import missed_now
from app.attendance.marks.services import Typed
from app.attendance.models import NEEDS_MINUTES, Key, Presence
from app.attendance.rules import MARKABLE, spell, unspell
from app.attendance.sheets.queries import Sheet
from app.attendance.sheets.rules import Phase
from app.core.errors import Text
from app.language import gettext, lazy_gettext
from app.training.models import Sitting, SittingState
from app.web.forms import Form, TextField, WholeField, required

MARKS = {kind.value: kind for kind in Presence}


@dataclass
class Row:
    """One cell to be marked. `was` is what it said when the page was made, as `rules.spell` writes it.

    `leads` says where `url` does. `chosen` and `minutes` are what the page shows as marked: what stands there, or what
    was typed and not saved.
    """

    key: Key
    title: str
    sub: str
    url: str
    leads: Text = ""
    was: str = ""
    chosen: Presence | None = None
    minutes: str = ""
    shut: Text = ""
    tells_shut: bool = False
    error: Text = ""
    yours: str = ""
    theirs: str = ""
    theirs_by: str = ""
    changes: Sequence[Change] = ()
    before: bool = False
    """Whether the sitting was over when the person's seat was given."""

    @property
    def slug(self) -> str:
        return f"{self.key[0]}-{self.key[1]}"

    @property
    def unsettled(self) -> bool:
        return bool(self.error or self.yours)

    def show(self, word: str) -> None:
        kind, _, self.minutes = word.partition(":")
        self.was, self.chosen = word, MARKS.get(kind)


@dataclass
class Roll:
    """`sheets` by id, read through the caller's scope; `phases` say which may be marked. `words` is what stands in
    each cell, as `rules.spell` writes it, and `hands` whose hand that was.
    """

    sheets: Mapping[int, Sheet]
    rows: list[Row]
    may_correct: bool
    phases: Mapping[int, Phase]
    words: Mapping[Key, str]
    hands: Mapping[Key, int | None]
    failed: bool = False
    changed: frozenset[Key] = frozenset()

    @property
    def marked(self) -> int:
        return sum(bool(row.was) for row in self.rows)

    @property
    def missing(self) -> int:
        """How many are still to be marked; see `rules.missing`."""
        return len(rules.missing([(row.was, row.before) for row in self.rows]))

    @property
    def later(self) -> set[Key]:
        """Whose seat was given after their sitting: nobody waits for their marks; see `rules.missing`."""
        afterwards = all(row.before for row in self.rows)
        return set() if afterwards else {row.key for row in self.rows if row.before}

    @property
    def counted(self) -> Counter[str]:
        """How many carry which mark."""
        return Counter(row.was.partition(":")[0] for row in self.rows)

    @property
    def wants_reason(self) -> bool:
        """Whether something here is locked that this caller may still correct, saying why."""
        return self.may_correct and any(self._locked(id) and not self._shut(id) for id in self.sheets)

    @property
    def open(self) -> bool:
        """Whether anything here may be marked now."""
        return any(not row.shut for row in self.rows)

    @property
    def closed(self) -> bool:
        """Whether a sheet here was closed by hand."""
        return any(sheet.closed for sheet in self.sheets.values())

    @property
    def columns(self) -> dict[int, tuple[Text, bool]]:
        """Of each sheet why nobody may mark in it ("" where one may), and whether one says why."""
        return {id: (self._shut(id), self._locked(id)) for id in self.sheets}

    @property
    def open_columns(self) -> bool:
        return any(not shut for shut, _ in self.columns.values())

    def _locked(self, sitting_id: int) -> bool:
        return self.phases[sitting_id] is Phase.LOCKED or self.sheets[sitting_id].closed

    def _shut(self, sitting_id: int) -> Text:
        """Why nobody may mark here now, in words; "" where one may."""
        sheet = self.sheets[sitting_id]
        if sheet.status not in MARKABLE:
            return lazy_gettext("This course session is not open for marking: %(status)s.", status=sheet.status.label)
        if sheet.state is SittingState.NOT_HELD:
            return lazy_gettext("Not held")
        phase = self.phases[sitting_id]
        if phase is Phase.UNDATED:
            return lazy_gettext("No date yet")
        if phase is Phase.EARLY:
            return lazy_gettext("Not begun yet")
        return lazy_gettext("Locked") if self._locked(sitting_id) and not self.may_correct else ""

    def settle(self) -> Roll:
        """Show in each row what stands, and whether it may be changed."""
        shut = {sitting_id: self._shut(sitting_id) for sitting_id in self.sheets}
        for row in self.rows:
            row.show(self.words.get(row.key, ""))
            row.shut = shut[row.key[0]]
        return self

    # -- what was typed ---------------------------------------------------------------------------------

    def read(self, typed: Mapping[str, str], moment: datetime) -> list[Typed]:
        """The cells a form carries; a row that lacks its minutes gets an error and is left out.

        `m-<slug>` is the mark, `n-<slug>` the minutes, `w-<slug>` what the page had shown. A row that is shut sends
        nothing; one that was open when the page was made is read, and refused with the reason.
        """
        found = []
        for row in self.rows:
            word = typed.get(f"m-{row.slug}")
            if word is None:
                continue
            was = typed.get(f"w-{row.slug}", row.was)
            kind = MARKS.get(word)
            if kind is None and word:
                continue
            text = typed.get(f"n-{row.slug}", "").strip()
            row.minutes, row.chosen = (text if kind in NEEDS_MINUTES else ""), kind
            minutes = self._minutes(row, kind, text, moment) if kind in NEEDS_MINUTES else None
            if not row.error:
                row.minutes = "" if minutes is None else str(minutes)
                found.append(Typed(*row.key, was, kind, minutes))
        return found

    def _minutes(self, row: Row, kind: Presence, text: str, moment: datetime) -> int | None:
        sitting = self.sheets[row.key[0]]
        if not text:
            guessed = missed_now(sitting, kind, moment)
            if guessed is None:
                row.error = (
                    lazy_gettext("How many minutes late? Write the minutes.")
                    if kind is Presence.LATE
                    else lazy_gettext("How many minutes early? Write the minutes.")
                )
            return guessed
        if not (text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= sitting.minutes):
            row.error = lazy_gettext("Write the minutes missed, 1 to %(most)s.", most=sitting.minutes)
            return None
        return int(text)

    def saved(self, typed: Sequence[Typed], changed: Sequence[Key]) -> None:
        """These cells now say what was typed."""
        said = {cell.key: cell.spelled for cell in typed}
        self.changed = frozenset(changed)
        for row in self.rows:
            if row.key in self.changed:
                row.was = said[row.key]

    def keep(self, before: Roll, typed: Mapping[str, str]) -> None:
        """After a refusal: what was typed stays in its row. Where somebody else marked the same cell meanwhile, their
        mark stands there, with what was typed beside it: choosing it again is then a decision.
        """
        self.failed = True
        for row, tried in zip(self.rows, before.rows, strict=True):
            if typed.get(f"m-{row.slug}") is not None and not row.shut:
                self._keep(row, tried, typed.get(f"w-{row.slug}", row.was))

    def _keep(self, row: Row, tried: Row, seen: str) -> None:
        wanted = spell(tried.chosen, int(tried.minutes) if tried.minutes.isdigit() else None)
        if not tried.error and wanted in (seen, row.was):
            return
        if not tried.error and seen != row.was:
            hand = self.hands.get(row.key)
            row.yours, row.theirs = describe(wanted), describe(row.was)
            row.theirs_by = queries.names([hand]).get(hand or 0, "")
            return
        row.error = tried.error
        row.chosen, row.minutes = tried.chosen, tried.minutes


def describe(word: str) -> str:
    """A mark in words: “Late, 20 min”; an empty one is “not marked”."""
    kind, minutes = unspell(word)
    if kind is None:
        return gettext("not marked")
    return gettext("%(mark)s, %(minutes)s min", mark=kind.label, minutes=minutes) if minutes else kind.label


class MarksForm(Form):
    """Around a roll. Its cells are read by the roll itself; saving the same marks twice changes nothing, so the
    form carries no idempotency key and may be sent again and again while the roll is called.
    """

    request_key: Any = None
    reason = TextField(
        lazy_gettext("Reason for the change"),
        [Length(max=500)],
        description=lazy_gettext("This attendance is locked. What you change is saved together with this reason."),
    )


class SittingStateForm(Form):
    """What became of a sitting; the minutes belong to a shortened one, the reason to every one not held as planned."""

    state = SelectField(lazy_gettext("What became of the sitting"), [required()])
    effective_minutes = WholeField(
        lazy_gettext("Minutes it really took"),
        description=lazy_gettext("Only for a shortened sitting."),
        least=1,
        most=1440,
    )
    reason = TextField(
        lazy_gettext("Reason"),
        [Length(max=300)],
        id="state-reason",  # the roll above asks for a reason too
        description=lazy_gettext("Needed unless it was held as planned."),
    )

    @classmethod
    def of(cls, sitting: Sitting) -> SittingStateForm:
        form = cls(
            data={
                "state": sitting.state.value,
                "effective_minutes": sitting.effective_minutes,
                "reason": sitting.state_reason,
                "version": sitting.version,
            }
        )
        form.state.choices = [(state.value, state.label) for state in SittingState]
        return form
