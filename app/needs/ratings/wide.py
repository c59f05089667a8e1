"""The other layout of a ratings workbook: a row for each person, the competencies side by side.

A column is called by a competency and a scale, in one row ("Vaka yönetimi: önem") or in two (the competency above,
"Önem" and "Düzey" below). Without a word about whose rating it is, it is the person's own.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.catalogue.models import Competency
from app.core.errors import Refused
from app.files.bad_file import BadFile
from app.files.cells import as_text
from app.files.records import Record, Skipped, read_records
from app.language.turkish import normalise
from app.needs.ratings.workbook import (
    KNOWN,
    RATINGS,
    ParsedRow,
    Reading,
    left_out,
    rating_of,
    read_ratings,
    whole_sources,
)
from app.people.terms import families

PLAIN = {
    "self_importance": ("Önem", "Önem derecesi", "Importance"),
    "self_level": ("Düzey", "Mevcut düzey", "Level", "Current level"),
}
BETWEEN = "@"


def read_any(data: bytes, filename: str, competencies: Sequence[Competency]) -> list[ParsedRow]:
    """The rows of a workbook in either layout; Refused with one sentence where it is neither."""
    try:
        return read_ratings(data, filename)
    except Refused:
        found = read_wide(data, filename, competencies)
        if not found:
            raise
        return found


def read_wide(data: bytes, filename: str, competencies: Sequence[Competency]) -> list[ParsedRow]:
    """A row for each person and competency that has anything in it; none where the file is not laid out like this."""
    people = {name: KNOWN[name] for name in ("registry_no", "name")}
    columns = {
        f"{rating}{BETWEEN}{members[-1].id}": tuple(
            f"{name} / {word}"
            for each in members
            for name in each.names
            for word in (*KNOWN[rating], *PLAIN.get(rating, ()))
        )
        for members in families(competencies).values()
        for rating in RATINGS
    }
    try:
        found = read_records(data, filename, people | columns)
    except BadFile:
        return []
    fields = {column.field for column in found.columns}
    if "registry_no" not in fields or not fields & columns.keys():
        return []
    names = {one.id: one.name_tr for one in competencies}
    several = len({column.sheet for column in found.columns}) > 1
    rows = [row for record in found.records for row in _rows(record, names, record.sheet if several else "")]
    return rows + [left_out(row, row.sheet if several else "") for row in found.skipped]


def _rows(record: Record, names: dict[int, str], sheet: str) -> list[ParsedRow]:
    asked = dict.fromkeys(int(field.partition(BETWEEN)[2]) for field in record.cells if BETWEEN in field)
    registry_no, name = (normalise(as_text(record.cells.get(field))) for field in ("registry_no", "name"))
    if not name and not any(sign.isdigit() for sign in registry_no):  # a total, with its sums beside it
        return [left_out(Skipped(record.sheet, record.number, "total", registry_no), sheet)]
    rows = []
    for competency_id in asked:
        reading = Reading(record.number)
        if not registry_no:
            reading.wrong("no_registry")
        ratings = tuple(_rating(record, rating, competency_id, reading) for rating in RATINGS)
        whole_sources(ratings, reading)
        if any(ratings) or reading.problems:
            said = (registry_no[:64], name[:200], names[competency_id])
            rows.append(ParsedRow(record.number, *said, ratings, tuple(reading.problems), sheet))
    return rows


def _rating(record: Record, rating: str, competency_id: int, reading: Reading) -> int | None:
    field = f"{rating}{BETWEEN}{competency_id}"
    if field in record.formulas or field in record.identity:
        reading.wrong("formula" if field in record.formulas else "identity", column=rating)
        return None
    return rating_of(record.cells.get(field), rating, reading)
