"""The grid as it was typed, pasted or brought in a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask_wtf.file import FileField
from wtforms import TextAreaField
from wtforms.validators import Length

from app.core.errors import Refused
from app.core.identity import without_identity_numbers
from app.files.bad_file import BadFile, why_not
from app.files.cells import as_text
from app.files.records import read_records
from app.files.workbook import TABLE_BYTES
from app.language import LANGUAGES, force_locale, format_month, gettext, lazy_gettext
from app.language.turkish import normalise
from app.programme.pilots.models import FIGURES
from app.programme.pilots.rules import month_of
from app.programme.pilots.tracking.rules import LABELS, SOURCE, Typed, read_month
from app.web.forms import ChoiceField, DayField, Form, TableField, TextField, filled, required, word_or_none

COLUMNS = ("month", *FIGURES, "source")
"""In the order of the grid, as rows are pasted."""
_SENT = re.compile(r"was-([0-9]{4})-([0-9]{2})")


class GridForm(Form):
    """Beside the cells: why a closed month is corrected."""

    reason = TextAreaField(lazy_gettext("Reason of the correction"), [Length(max=500)], render_kw={"rows": 2})


def read_cells(sent: Mapping[str, str]) -> list[Typed]:
    """`2026-03-visits` is what was typed, `was-2026-03` what the page had shown, `sure-2026-03` the yes."""
    found = []
    for name in sent:
        if (named := _SENT.fullmatch(name)) is None or not 1 <= int(named[2]) <= 12 or int(named[1]) < 2000:
            continue
        key = name.removeprefix("was-")
        texts = {figure: sent.get(f"{key}-{figure}", "")[:30] for figure in FIGURES}
        source = without_identity_numbers(normalise(sent.get(f"{key}-source", "")))[:SOURCE]
        month = date(int(named[1]), int(named[2]), 1)
        found.append(Typed(month, texts, source, sent[name][:500], f"sure-{key}" in sent))
    return sorted(found, key=lambda one: one.month)


class BringForm(Form):
    pasted = TextAreaField(
        lazy_gettext("Rows copied from a spreadsheet"),
        [Length(max=50_000)],
        description=lazy_gettext("A line per month: the month, then the counts in the order of the columns."),
        render_kw={"rows": 4},
    )
    file = FileField(
        lazy_gettext("Or a file"),
        description=lazy_gettext("Excel or CSV. It is shown before it is saved."),
        render_kw={"accept": ".xlsx,.csv,.txt", "data-most": TABLE_BYTES, "data-too-large": TableField.too_large},
    )

    def brought(self) -> tuple[list[Typed], list[str]]:
        """The months of it, `was` still to be said; and what of it was not read."""
        sent = self.file.data
        if sent and sent.filename:
            return _read_table(sent.read(), str(sent.filename), "file")
        lines = [one for one in str(self.pasted.data or "").splitlines() if one.strip()]
        if not lines:
            raise Refused(lazy_gettext("Paste rows or choose a file."), field="pasted")
        rows = [dict(zip(COLUMNS, _cells(one), strict=False)) for one in lines]
        if read_month(rows[0]["month"]):
            return _read_rows((number, row, False) for number, row in enumerate(rows, 1))
        return _read_table("\n".join(lines).encode(), "pasted.txt", "pasted")


def _cells(line: str) -> list[str]:
    """A pasted line, each cell rid of identity numbers by itself: small counts beside each other are none."""
    return [without_identity_numbers(one) for one in _parted(line)]


def _parted(line: str) -> list[str]:
    """By tabs, semicolons or spaces; what comes after the counts is the source."""
    for sign in ("\t", ";"):
        if sign in line:
            return [one.strip() for one in line.split(sign, len(COLUMNS) - 1)]
    words = line.split()
    month = next((many for many in (1, 2) if read_month(" ".join(words[:many]))), 1)
    figures = words[month : month + len(FIGURES)]
    return [" ".join(words[:month]), *figures, " ".join(words[month + len(figures) :])]


def headings() -> dict[str, list[str]]:
    """What the columns may be called, in either language."""
    found: dict[str, list[str]] = {name: [name] for name in COLUMNS}
    for tongue in LANGUAGES:
        with force_locale(tongue):
            found["month"].append(gettext("Month"))
            found["source"].append(gettext("Source"))
            for name, label in LABELS.items():
                found[name].append(str(label))
    return found


def _read_table(data: bytes, filename: str, field: str) -> tuple[list[Typed], list[str]]:
    try:
        found = read_records(data, filename, headings(), needed=("month",))
    except BadFile as bad:
        raise Refused(why_not(bad), field=field) from bad
    if found.missing or not {one.field for one in found.columns} & set(FIGURES):
        told = lazy_gettext("No column of months, or none of counts. Take out the grid and fill it in.")
        raise Refused(told, field=field)
    rows = ((one.number, one.cells, bool(one.formulas & set(FIGURES))) for one in found.records)
    typed, problems = _read_rows(rows)
    unread = [
        gettext("Column not read: %(heading)s", heading=one.heading)
        for one in found.columns
        if one.field is None and one.heading
    ]
    return typed, unread + problems


def _read_rows(rows: Iterable[tuple[int, Mapping[str, Any], bool]]) -> tuple[list[Typed], list[str]]:
    """Of each its number, its cells, and whether any is computed."""
    typed: dict[date, Typed] = {}
    problems = []
    for number, cells, computed in rows:
        month = read_month(cells.get("month"))
        if month is None or month in typed or computed:
            problems.append(_left_out(number, month, as_text(cells.get("month"))))
            continue
        texts = {name: as_text(cells.get(name)) for name in FIGURES}
        typed[month] = Typed(month, texts, as_text(cells.get("source"))[:SOURCE], "")
    return sorted(typed.values(), key=lambda one: one.month), problems


def _left_out(row: int, month: date | None, text: str) -> str:
    if month is None:
        return gettext("Row %(row)s: “%(text)s” is no month.", row=row, text=text[:40])
    return gettext("Row %(row)s: %(month)s stands here twice, or holds formulas.", row=row, month=format_month(month))


class ServiceForm(Form):
    name_tr = TextField(lazy_gettext("Turkish name"), [filled(), Length(max=160)])
    name_en = TextField(lazy_gettext("English name"), [filled(), Length(max=160)])
    first_month = DayField(
        lazy_gettext("First month"),
        [required()],
        description=lazy_gettext("Any day of it; users are counted from then."),
    )
    last_month = DayField(lazy_gettext("Last month"), description=lazy_gettext("Only where the service has ended."))


class CloseMonthsForm(Form):
    through = ChoiceField(lazy_gettext("Close up to and including"), [required()], coerce=word_or_none)

    @classmethod
    def of(cls, offered: Iterable[date]) -> CloseMonthsForm:
        form = cls()
        form.through.offer((f"{month:%Y-%m-%d}", format_month(month)) for month in offered)
        return form

    @property
    def month(self) -> date:
        return month_of(date.fromisoformat(self.through.data))
