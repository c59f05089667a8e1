"""A filled ratings workbook: one row for each person and competency, four ratings beside it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.core.errors import Refused
from app.files.bad_file import BadFile, why_not
from app.files.cells import Cell, as_text
from app.files.records import Record, Records, Skipped, read_records
from app.language import lazy_gettext
from app.language.turkish import normalise, search_key
from app.people.rules import HEADINGS as REGISTRY_NO

RATINGS = ("self_importance", "self_level", "supervisor_importance", "supervisor_level")

KNOWN: dict[str, tuple[str, ...]] = {
    "registry_no": REGISTRY_NO,
    "name": ("Adı Soyadı", "Ad Soyad", "Personel", "Çalışan", "Name", "Full name", "Staff member"),
    "competency": ("Yetkinlik", "Yetkinlik adı", "Yetkinlik kodu", "Competency", "Competency name", "Skill"),
    "self_importance": ("Öz: önem", "Öz değerlendirme: önem", "Kendi: önem", "Self: importance", "Own: importance"),
    "self_level": (
        "Öz: mevcut düzey",
        "Öz: düzey",
        "Öz değerlendirme: mevcut düzey",
        "Kendi: mevcut düzey",
        "Self: current level",
        "Self: level",
        "Own: current level",
    ),
    "supervisor_importance": (
        "Amir: önem",
        "Amir değerlendirmesi: önem",
        "Yönetici: önem",
        "Supervisor: importance",
        "Manager: importance",
    ),
    "supervisor_level": (
        "Amir: mevcut düzey",
        "Amir: düzey",
        "Amir değerlendirmesi: mevcut düzey",
        "Yönetici: mevcut düzey",
        "Supervisor: current level",
        "Supervisor: level",
        "Manager: current level",
    ),
}
HEADINGS = tuple(headings[0] for headings in KNOWN.values())
"""What the questionnaire itself calls its columns."""
NOT_RELEVANT = {
    search_key(words) for words in ("-", "–", "ilgili değil", "görevimle ilgili değil", "not relevant", "n/a")
}

LEFT_OUT = "left_out"
MOST_FORMULAS = 1_000
"""Rows with one that are told one by one."""
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_WITH_WORD = re.compile(r"([1-5])\s*[-–.:=)]\s*[^\W\d].*")
"""“4 - önemli”: the number and what it means."""


@dataclass(frozen=True)
class ParsedRow:
    """A row of the file; `ratings` in the order of `RATINGS`, None where the field is empty or wrong."""

    number: int
    registry_no: str
    name: str
    competency: str
    ratings: tuple[int | None, ...]
    problems: tuple[dict[str, Any], ...] = ()
    sheet: str = ""
    """Named where several were read."""


@dataclass
class Reading:
    """One row while it is read: its problems come together."""

    number: int
    problems: list[dict[str, Any]] = field(default_factory=list)

    def wrong(self, code: str, **facts: Any) -> None:
        self.problems.append({"row": self.number, "code": code} | facts)


def read_ratings(data: bytes, filename: str) -> list[ParsedRow]:
    """The rows of a workbook; Refused with one sentence where the file cannot be used at all."""
    try:
        found = read_records(data, filename, KNOWN)
    except BadFile as bad:
        raise Refused(why_not(bad), field="file") from bad
    _all_columns(found)
    if not found.records:
        raise Refused(lazy_gettext("This file has headings but no rows."), field="file")
    if sum(bool(record.formulas) for record in found.records) > MOST_FORMULAS:
        raise Refused(
            lazy_gettext("This file is full of formulas. Copy it, paste the values only, and upload that."),
            field="file",
        )
    several = len({column.sheet for column in found.columns}) > 1
    rows = [_row(record, record.sheet if several else "") for record in found.records]
    return rows + [left_out(row, row.sheet if several else "") for row in found.skipped]


def left_out(row: Skipped, sheet: str) -> ParsedRow:
    """A total, a note or a heading: told, and nothing else."""
    told = {"row": row.number, "code": LEFT_OUT, "value": row.text[:80]}
    return ParsedRow(row.number, "", "", "", (None,) * len(RATINGS), (told,), sheet)


def _all_columns(found: Records) -> None:
    missing = ", ".join(_missing({column.field for column in found.columns}))
    sheet = next((column.sheet for column in found.columns), "") or ", ".join(filter(None, found.unread))
    if missing and sheet:
        raise Refused(
            lazy_gettext(
                "These columns were not found on the sheet “%(sheet)s”: %(columns)s. Use the headings of the"
                " questionnaire.",
                sheet=sheet,
                columns=missing,
            ),
            field="file",
        )
    if missing:
        raise Refused(
            lazy_gettext(
                "These columns were not found: %(columns)s. Use the headings of the questionnaire.", columns=missing
            ),
            field="file",
        )


def _missing(fields: Collection[str | None]) -> list[str]:
    """The headings nobody can do without: registry number, competency, and both ratings of at least one source."""
    wanted = [name for name in ("registry_no", "competency") if name not in fields]
    sources = (RATINGS[:2], RATINGS[2:])
    if not any(all(name in fields for name in source) for source in sources):
        begun = next((source for source in sources if any(name in fields for name in source)), sources[0])
        wanted += [name for name in begun if name not in fields]
    return [KNOWN[name][0] for name in wanted]


def _row(record: Record, sheet: str) -> ParsedRow:
    cells, reading = record.cells, Reading(record.number)
    unread = record.formulas | record.identity
    for name in KNOWN:
        if name in unread:
            reading.wrong("formula" if name in record.formulas else "identity", column=name)
    registry_no, name, competency = (
        "" if field in unread else normalise(as_text(cells.get(field)))
        for field in ("registry_no", "name", "competency")
    )
    if not registry_no and "registry_no" not in unread:
        reading.wrong("no_registry")
    if not competency and "competency" not in unread:
        reading.wrong("no_competency")
    ratings = tuple(None if name in unread else rating_of(cells.get(name), name, reading) for name in RATINGS)
    whole_sources(ratings, reading)
    return ParsedRow(
        record.number, registry_no[:64], name[:200], competency[:200], ratings, tuple(reading.problems), sheet
    )


def rating_of(cell: Cell, name: str, reading: Reading) -> int | None:
    """A rating of 1 to 5; empty and "not relevant" are None, all else is a problem of the row."""
    text = as_text(cell)
    if not text or search_key(text) in NOT_RELEVANT:
        return None
    plain = _WITH_WORD.sub(r"\1", text).replace(",", ".")
    if not _NUMBER.fullmatch(plain):
        reading.wrong("not_number", column=name, value=text[:40])
    elif not 1 <= float(plain) <= 5:
        reading.wrong("outside", column=name, value=text[:40])
    elif not float(plain).is_integer():
        reading.wrong("not_whole", column=name, value=text[:40])
    else:
        return int(float(plain))
    return None


def whole_sources(ratings: Sequence[int | None], reading: Reading) -> None:
    """A source that gives only importance or only level cannot be used: its gap is not known."""
    if any(
        problem["code"] in ("formula", "identity", "not_number", "outside", "not_whole") for problem in reading.problems
    ):
        return
    for source, (importance, level) in (("self", ratings[:2]), ("supervisor", ratings[2:])):
        if (importance is None) != (level is None):
            reading.wrong("half", source=source, missing="importance" if importance is None else "level")
