"""Lists, a page at a time, that cost the same at the end as at the start."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from app.core.db import db

T = TypeVar("T")
PAGE_SIZE = 50
DIRECT_ROWS = 5_000
_in_background: ContextVar[bool] = ContextVar("in_background", default=False)


class TooManyRows(Exception):
    """An export too long for a request: it is made in the background."""

    def __init__(self, total: int) -> None:
        super().__init__(total)
        self.total = total


@contextmanager
def in_background() -> Iterator[None]:
    """Exports made inside may be of any length."""
    token = _in_background.set(True)
    try:
        yield
    finally:
        _in_background.reset(token)


@dataclass(frozen=True)
class ListQuery:
    """What a reader of a list asked for. `sort` is a key of the list's own table of allowed orders."""

    q: str = ""
    sort: str = ""
    descending: bool = False
    number: int = 1
    size: int = PAGE_SIZE
    filters: Mapping[str, str] = field(default_factory=dict)

    def filter(self, name: str) -> str:
        return self.filters.get(name, "")

    def filter_id(self, name: str) -> int | None:
        """The filter as an id; None when absent, 0 (which matches nothing) when it is not a number."""
        value = self.filters.get(name, "")
        if not value:
            return None
        # no id is longer, and the database takes no number of any length
        return int(value) if value.isascii() and value.isdigit() and len(value) < 12 else 0


@dataclass(frozen=True)
class Page(Generic[T]):
    rows: Sequence[T]
    number: int
    total: int
    size: int = PAGE_SIZE

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def first_row(self) -> int:
        return 0 if not self.total else (self.number - 1) * self.size + 1

    @property
    def last_row(self) -> int:
        return min(self.total, self.number * self.size)

    @classmethod
    def of(
        cls,
        ids: sa.Select[Any],
        order: Sequence[Any],
        query: ListQuery,
        load: Callable[[Sequence[int]], Sequence[T]],
        *,
        counted: sa.Select[Any] | None = None,
    ) -> Page[T]:
        """One page of `ids` (a scoped select of one id column) in `order` (all ascending, ending in the id).

        The ids come first, from an index if the order has one; only then are the page's rows loaded.
        Past the middle the list is read from its end, so no page skips more than half of it.
        `load` returns its rows in any order by id key; see `in_order`. `counted` is a cheaper way to the same
        number of rows, where the list knows one.
        """
        if counted is None:
            # without the last word the count would forget tables that only the columns name
            counted = ids.with_only_columns(sa.func.count(), maintain_column_froms=True)
        total = db.session.scalar(counted) or 0
        number, length, chosen, backwards = cls._cut(ids, order, query, total)
        found = list(db.session.scalars(chosen)) if length > 0 else []
        if backwards:
            found.reverse()
        return cls(load(found) if found else [], number, total, query.size)

    @classmethod
    def at_once(
        cls,
        ids: sa.Select[Any],
        order: Sequence[Any],
        query: ListQuery,
        rows: sa.Select[Any],
        make: Callable[[Any], T],
        *,
        total: int,
    ) -> Page[T]:
        """The same in one statement, where it is known already how many rows there are.

        `rows` selects what a row of the list shows and holds the columns of `order`; `make` reads one.
        """
        number, length, chosen, _ = cls._cut(ids, order, query, total)
        if length <= 0:
            return cls([], number, total, query.size)
        of_page = rows.where(ids.selected_columns[0].in_(chosen.correlate(None)))
        found = db.session.execute(of_page.order_by(*_directed(order, query.descending)))
        return cls([make(row) for row in found], number, total, query.size)

    @staticmethod
    def _cut(
        ids: sa.Select[Any], order: Sequence[Any], query: ListQuery, total: int
    ) -> tuple[int, int, sa.Select[Any], bool]:
        """A page's number, its length, the select of its ids, and whether that reads from the list's end."""
        last = max(1, -(-total // query.size))
        number = min(max(1, query.number), last)
        start = (number - 1) * query.size
        length = min(query.size, total - start)
        backwards = start > total // 2
        offset = total - start - length if backwards else start
        ordered = ids.order_by(*_directed(order, query.descending != backwards))
        return number, length, ordered.limit(length).offset(offset), backwards

    @classmethod
    def everything(
        cls, ids: sa.Select[Any], order: Sequence[Any], query: ListQuery, load: Callable[[Sequence[int]], Sequence[T]]
    ) -> Sequence[T]:
        """All rows of the same list in the same order, for an export; loaded in slices of 500.

        Raises TooManyRows where a request asks for more than `DIRECT_ROWS`; background work may have them all.
        """
        found = list(db.session.scalars(ids.order_by(*_directed(order, query.descending))))
        if len(found) > DIRECT_ROWS and not _in_background.get():
            raise TooManyRows(len(found))
        return [row for i in range(0, len(found), 500) for row in load(found[i : i + 500])]


def _directed(order: Sequence[Any], falling: bool) -> list[Any]:
    return [column.desc() if falling else column.asc() for column in order]


def in_order(ids: Sequence[int], rows: Sequence[T], key: Callable[[T], int]) -> list[T]:
    """Rows loaded by `IN (ids)`, put back into the order of the ids."""
    by_id = {key(row): row for row in rows}
    return [by_id[i] for i in ids if i in by_id]
