from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.access.caller import Caller
from app.access.permissions import Permission
from app.core.clock import today
from app.core.errors import Missing, Refused
from app.core.paging import ListQuery, Rows
from app.files.sheets import Column, write_csv, write_xlsx
from app.language import gettext

Columns = Sequence[tuple[str, Callable[[Any], Any]]]
"""Headings, and the value of a row under each."""
MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@dataclass(frozen=True)
class File:
    """A list as a file: `rows` are how many it holds."""

    name: str
    media_type: str
    content: bytes
    rows: int

    @classmethod
    def of(cls, title: str, columns: Columns, rows: Sequence[Any], format: str) -> File:
        """`title` is the file's name without date and ending; `format` xlsx or csv."""
        heads = [Column(heading) for heading, _ in columns]
        values = ([value(row) for _, value in columns] for row in rows)
        content = write_xlsx(heads, values) if format == "xlsx" else write_csv(heads, values)
        return cls(f"{title} {today():%Y-%m-%d}.{format}", MEDIA_TYPES[format], content, len(rows))


@dataclass(frozen=True, kw_only=True)
class ListOf:
    """A list of the programme, written once for its page, its file, and a file too long for a request.

    `name` is what the log calls it. `rows` finds them for a scope (of those who hold `access`) and what was asked for;
    `sorts` are its orders by name, the usual one first, `filters` the names of its own arguments in the address. A list
    of what one thing holds says with `of` how a caller finds that thing by its id (Missing, where there is none for
    them); `title`, `columns` and `rows` are then told it last.
    """

    name: str
    access: Permission
    title: Callable[..., str]
    columns: Callable[..., Columns]
    rows: Callable[..., Rows[Any]]
    sorts: Mapping[str, Any]
    descending: bool = False
    filters: Sequence[str] = ()
    of: Callable[[Caller, int], Any] | None = None

    def file(
        self, query: ListQuery, format: str, *, by: Caller, of: int | None = None, most: int | None = None
    ) -> File:
        """All its rows for whoever asks. Refused where they may not; TooManyRows where there are more than `most`."""
        if not by.may(self.access):
            raise Refused(gettext("You are not allowed to export this list."))
        if self.of is not None and of is None:
            raise Missing
        whole = () if self.of is None or of is None else (self.of(by, of),)
        rows = self.rows(by.scope_for(self.access), query, *whole).everything(most)
        return File.of(self.title(*whole), self.columns(*whole), rows, format)
