"""A filled ratings workbook: one row for each person and competency, four ratings beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.core.errors import Refused
from app.files.table import Cell, Header, Table, TableRow, as_text, find_header
from app.files.unpacking import MAX_FORMULAS_TOLD, column_number
from app.files.workbook import BadFile, BadFileReason, read_table
from app.language import lazy_gettext
from app.language.turkish import normalise, search_key

RATINGS = ("self_importance", "self_level", "supervisor_importance", "supervisor_level")

KNOWN: dict[str, tuple[str, ...]] = {
    "registry_no": (
        "Sicil No",
        "Sicil Numarası",
        "Sicil",
        "Kurum sicil no",
        "Personel sicil no",
        "Registry no",
        "Registry number",
        "Staff registry no",
        "Staff no",
    ),
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

_REASONS = {
    BadFileReason.NOT_A_WORKBOOK: lazy_gettext("This file is not what its name says. Save it as .xlsx or .csv again."),
    BadFileReason.ENCRYPTED: lazy_gettext("This file is protected by a password. Remove the protection and try again."),
    BadFileReason.TOO_LARGE: lazy_gettext("This file is too large. Files of up to 5 MB can be read."),
    BadFileReason.TOO_MANY_ROWS: lazy_gettext("This file has more than 20,000 rows. Divide it and upload the parts."),
    BadFileReason.UNSUPPORTED_TYPE: lazy_gettext("Only Excel (.xlsx) and CSV (.csv) files can be read."),
    BadFileReason.EMPTY: lazy_gettext("This file is empty."),
    BadFileReason.DAMAGED: lazy_gettext("This file is damaged and cannot be read. Save it again and retry."),
}


@dataclass(frozen=True)
class ParsedRow:
    """A row of the file; `ratings` in the order of `RATINGS`, None where the field is empty or wrong."""

    number: int
    registry_no: str
    name: str
    competency: str
    ratings: tuple[int | None, ...]
    problems: tuple[dict[str, Any], ...] = ()


@dataclass
class _Reading:
    """One row while it is read: its problems come together."""

    number: int
    problems: list[dict[str, Any]] = field(default_factory=list)

    def wrong(self, code: str, **facts: Any) -> None:
        self.problems.append({"row": self.number, "code": code} | facts)


def read_ratings(data: bytes, filename: str) -> list[ParsedRow]:
    """The rows of a workbook; Refused with one sentence where the file cannot be used at all."""
    try:
        table = read_table(data, filename)
    except BadFile as bad:
        raise Refused(_REASONS[bad.reason], field="file") from bad
    header = find_header(table, KNOWN)
    missing = _missing(header.columns if header else {})
    if header is None or missing:
        raise Refused(
            lazy_gettext(
                "These columns were not found: %(columns)s. Use the headings of the questionnaire.",
                columns=", ".join(missing),
            ),
            field="file",
        )
    formulas = _formulas(table, header)
    rows = [_row(row, header, formulas) for row in header.body(table)]
    if not rows:
        raise Refused(lazy_gettext("This file has headings but no rows."), field="file")
    return rows


def _missing(columns: Mapping[str, int]) -> list[str]:
    """The headings nobody can do without: registry number, competency, and both ratings of at least one source."""
    wanted = [name for name in ("registry_no", "competency") if name not in columns]
    sources = (RATINGS[:2], RATINGS[2:])
    if not any(all(name in columns for name in source) for source in sources):
        begun = next((source for source in sources if any(name in columns for name in source)), sources[0])
        wanted += [name for name in begun if name not in columns]
    return [KNOWN[name][0] for name in wanted]


def _formulas(table: Table, header: Header) -> Mapping[int, set[str]]:
    """Which known fields of which rows were computed by a formula."""
    fields = {position + table.first_column: name for name, position in header.columns.items()}
    found: dict[int, set[str]] = {}
    for address in table.formulas:
        letters, digits = re.fullmatch(r"([A-Z]+)(\d+)", address).groups()  # type: ignore[union-attr]  # always one
        name = fields.get(column_number(letters))
        if name:
            found.setdefault(int(digits), set()).add(name)
    if len(table.formulas) >= MAX_FORMULAS_TOLD:
        raise Refused(
            lazy_gettext("This file is full of formulas. Copy it, paste the values only, and upload that."),
            field="file",
        )
    return found


def _row(row: TableRow, header: Header, formulas: Mapping[int, set[str]]) -> ParsedRow:
    cells = header.pick(row)
    reading = _Reading(row.number)
    computed = formulas.get(row.number, set())
    for name in KNOWN:
        if name in computed:
            reading.wrong("formula", column=name)
    registry_no = normalise(as_text(cells.get("registry_no")))
    competency = normalise(as_text(cells.get("competency")))
    if not registry_no and "registry_no" not in computed:
        reading.wrong("no_registry")
    if not competency and "competency" not in computed:
        reading.wrong("no_competency")
    ratings = tuple(None if name in computed else _rating(cells.get(name), name, reading) for name in RATINGS)
    _whole_sources(ratings, reading)
    name = normalise(as_text(cells.get("name")))
    return ParsedRow(row.number, registry_no[:64], name[:200], competency[:200], ratings, tuple(reading.problems))


def _rating(cell: Cell, name: str, reading: _Reading) -> int | None:
    """A rating of 1 to 5; empty and "not relevant" are None, all else is a problem of the row."""
    text = as_text(cell)
    if not text or search_key(text) in NOT_RELEVANT:
        return None
    plain = text.replace(",", ".")
    if not re.fullmatch(r"-?\d+(\.\d+)?", plain, re.ASCII):
        reading.wrong("not_number", column=name, value=text[:40])
    elif not 1 <= float(plain) <= 5:
        reading.wrong("outside", column=name, value=text[:40])
    elif not float(plain).is_integer():
        reading.wrong("not_whole", column=name, value=text[:40])
    else:
        return int(float(plain))
    return None


def _whole_sources(ratings: Sequence[int | None], reading: _Reading) -> None:
    """A source that gives only importance or only level cannot be used: its gap is not known."""
    if any(problem["code"] in ("formula", "not_number", "outside", "not_whole") for problem in reading.problems):
        return
    for source, (importance, level) in (("self", ratings[:2]), ("supervisor", ratings[2:])):
        if (importance is None) != (level is None):
            reading.wrong("half", source=source, missing="importance" if importance is None else "level")
