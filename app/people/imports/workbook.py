"""A staff list from an office file: its columns, and its rows without what nobody may collect."""

from __future__ import annotations

import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from app.core.errors import Refused
from app.core.identity import HIDDEN, without_identity_numbers
from app.core.tables.bulk import uncollected
from app.files.bad_file import BadFile, why_not
from app.files.records import Column, Records, read_records
from app.language import lazy_gettext
from app.people.matching.columns import KNOWN
from app.people.matching.reading import text_of

NEEDED = ("registry_no",)
EXAMPLES = 3
OTHER = "?"
"""Begins what a column is called whose heading says nothing to us: its cells stay until somebody said what it is."""


@dataclass(frozen=True)
class StaffList:
    """`columns`: {name, heading, field, forbidden, key, examples}; `source`: the rows, packed; `skipped`: how many rows
    of each kind are about nobody (`files.records.Skipped`), and under `sheets` the names of those that were not read.
    """

    columns: list[dict[str, Any]]
    source: bytes
    total: int
    skipped: dict[str, Any]


def read_list(data: bytes, filename: str, told: Mapping[str, str]) -> StaffList:
    """Read a file; Refused with one sentence where it cannot be used at all. `told`: what columns are, said before."""
    mapping: dict[str, str | None] = {name: field or None for name, field in told.items()}
    try:
        found = read_records(data, filename, KNOWN, needed=NEEDED, mapping=mapping, others=OTHER)
    except BadFile as bad:
        raise Refused(why_not(bad), field="file") from bad
    if not found.records:
        raise Refused(
            lazy_gettext("No rows about people were found in this file. The list needs a row of headings above them."),
            field="file",
        )
    names: dict[str, dict[str, str]] = defaultdict(dict)
    for one in found.columns:
        if one.name and not one.forbidden:
            names[one.sheet][one.field or OTHER + one.name] = one.name
    columns = _columns(found)
    with uncollected():
        source = packed(_rows(found, names, {one["name"]: one["examples"] for one in columns}))
    skipped: dict[str, Any] = dict(Counter(one.kind for one in found.skipped))
    if found.unread:
        skipped["sheets"] = [without_identity_numbers(name) for name in found.unread]
    return StaffList(columns, source, len(found.records), skipped)


def _columns(found: Records) -> list[dict[str, Any]]:
    """One for each heading, whatever sheets it stands in."""
    made: dict[str, dict[str, Any]] = {}
    for one in found.columns:
        if one.name:
            made.setdefault(one.name, _column(one))
    return list(made.values())


def _column(one: Column) -> dict[str, Any]:
    key = [list(pair) for pair in dict(one.key).items()]
    told = {"heading": one.heading[:200], "forbidden": one.forbidden, "examples": []}
    return told | {"name": one.name, "field": one.field, "key": key}


def _rows(
    found: Records, names: Mapping[str, Mapping[str, str]], examples: Mapping[str, list[str]]
) -> Iterator[tuple[str, int, str, dict[str, str]]]:
    called: dict[str, list[str]] = {}
    lacking = set(examples)
    for record in found.records:
        if record.sheet not in called:
            # a column found to hold what nobody may collect has no name
            called[record.sheet] = [names[record.sheet].get(field, "") for field in record.cells]
        those = record.cells.called(called[record.sheet])
        cells = {name: text for name, cell in those if (text := text_of(cell))}
        for name in [*lacking]:
            if (text := cells.get(name, HIDDEN)) != HIDDEN and text not in examples[name]:
                examples[name].append(text[:60])
                lacking -= {name} if len(examples[name]) == EXAMPLES else set()
        yield record.sheet, record.number, record.section, cells


def packed(rows: Iterable[Sequence[Any]]) -> bytes:
    """Rows [sheet, number, section, {column: text}], some with commas between them a line; so few are held."""
    press, rows = zlib.compressobj(1), iter(rows)
    write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    parts = [press.compress(write(some)[1:-1].encode() + b"\n") for some in iter(lambda: list(islice(rows, 100)), [])]
    return b"".join((*parts, press.flush()))


def unpacked(source: bytes) -> Iterator[list[Any]]:
    """The rows again; read many at once, which takes half the time."""
    press, rest = zlib.decompressobj(), b""
    for begin in range(0, len(source), 65_536):
        *lines, rest = (rest + press.decompress(source[begin : begin + 65_536])).split(b"\n")
        yield from json.loads(b"[%s]" % b",".join(lines))
