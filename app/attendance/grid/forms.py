"""Cells as they were typed, or brought in a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from app.attendance.grid.rules import read
from app.attendance.grid.workbook import Brought
from app.attendance.marks.rules import missed_now
from app.attendance.marks.services import Typed
from app.attendance.models import NEEDS_MINUTES, Key, SittingRow
from app.core.errors import Missing, Refused
from app.language import lazy_gettext
from app.web.forms import Form, TableField

_FIELD = re.compile(r"m-([0-9]{1,11})-([0-9]{1,11})")


def slug(key: Key) -> str:
    return f"{key[0]}-{key[1]}"


def read_cells(
    sent: Mapping[str, str], every: Mapping[int, SittingRow], moment: datetime
) -> tuple[list[Typed], dict[Key, Refused | Missing]]:
    """`m-<sitting>-<enrolment>` is what was typed, `w-…` what the page had shown there. Beside them what means no mark,
    and sittings that are not among `every` of the caller's.
    """
    typed: list[Typed] = []
    wrong: dict[Key, Refused | Missing] = {}
    for name, text in sent.items():
        if (named := _FIELD.fullmatch(name)) is None:
            continue
        key = int(named[1]), int(named[2])
        cell = read_cell(key, text, sent.get(f"w-{slug(key)}", ""), every, moment)
        if isinstance(cell, Typed):
            typed.append(cell)
        else:
            wrong[key] = cell
    return typed, wrong


class BringForm(Form):
    file = TableField(lazy_gettext("File"), description=lazy_gettext("Excel or CSV. It is shown before it is saved."))


def brought_cells(
    brought: Brought, standing: Mapping[int, Mapping[int, str]], every: Mapping[int, SittingRow], moment: datetime
) -> tuple[list[Typed], dict[Key, Refused | Missing]]:
    """What a file says of the cells of these people otherwise than what stands there (by enrolment and sitting); an
    empty one changes nothing.
    """
    typed: list[Typed] = []
    wrong: dict[Key, Refused | Missing] = {}
    for enrolment_id, texts in brought.texts.items():
        for name, text in texts.items():
            key = int(name), enrolment_id
            cell = read_cell(key, text, standing[enrolment_id].get(key[0], ""), every, moment)
            if not isinstance(cell, Typed):
                wrong[key] = cell
            elif cell.spelled != cell.was:
                typed.append(cell)
    return typed, wrong


def read_cell(
    key: Key, text: str, was: str, every: Mapping[int, SittingRow], moment: datetime
) -> Typed | Refused | Missing:
    """What one text says of a cell; somebody late right now needs no minutes typed."""
    if (sitting := every.get(key[0])) is None:
        return Missing()
    try:
        kind, minutes = read(text)
    except ValueError:
        return Refused(lazy_gettext("“%(text)s” is no mark.", text=text[:40]))
    if kind in NEEDS_MINUTES and minutes is None:
        minutes = missed_now(sitting, kind, moment)
    return Typed(*key, was, kind, minutes)
