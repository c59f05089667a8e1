"""Lists, a page at a time, that cost the same at the end as at the start."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.sql import operators

from app.core.db import db

T = TypeVar("T")
S = TypeVar("S", bound=sa.Select[*tuple[Any, ...]])
PAGE_SIZE = 50
COUNTED = 1_000
"""As far as a list that is searched or filtered is counted; pages past it lead on, one to the next."""


class TooManyRows(Exception):
    """More than may be had at once."""

    def __init__(self, total: int) -> None:
        super().__init__(total)
        self.total = total


@dataclass(frozen=True)
class ListQuery:
    """What a reader of a list asked for. `sort` is a key of the list's own table of allowed orders."""

    q: str = ""
    sort: str = ""
    descending: bool = False
    number: int = 1
    size: int = PAGE_SIZE
    filters: Mapping[str, str] = field(default_factory=dict)

    @property
    def narrowed(self) -> bool:
        return bool(self.q or self.filters)

    def filter(self, name: str) -> str:
        return self.filters.get(name, "")

    def filter_id(self, name: str) -> int | None:
        """The filter as an id; None when absent, 0 (which matches nothing) when it is not a number."""
        value = self.filters.get(name, "")
        if not value:
            return None
        # no id is longer, and the database takes no number of any length
        return int(value) if value.isascii() and value.isdigit() and len(value) < 12 else 0


def narrowed(ids: S, query: ListQuery, columns: Mapping[str, Any]) -> S:
    """A select of which only the rows stay whose columns hold what its filters of these names ask for; an id that is no
    number matches nothing. A function in place of a column makes the condition of what is asked for.
    """
    for name, column in columns.items():
        if (said := query.filter(name)) and callable(column):
            ids = ids.where(column(said))
        elif said:
            ids = ids.where(column == (query.filter_id(name) if isinstance(column.type, sa.Integer) else said))
    return ids


@dataclass(frozen=True)
class Page(Generic[T]):
    """`more`: there are more rows than the `total` counted, and a page after this one."""

    rows: Sequence[T]
    number: int
    total: int
    size: int = PAGE_SIZE
    more: bool = False

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def has_next(self) -> bool:
        return self.more or self.number < self.last

    @property
    def first_row(self) -> int:
        return 0 if not self.total else (self.number - 1) * self.size + 1

    @property
    def last_row(self) -> int:
        return min(self.total, self.number * self.size)


@dataclass
class Rows(Generic[T]):
    """A list before anybody looked at it: asked for a `page`, or for `everything` as a file wants it.

    `ids`: a scoped select of one id column. `order`: all ascending (`directed`), ending in the id. `load` makes rows of
    ids, in their order (see `in_order`). `counted` is a cheaper way to the same number of rows, where the list knows
    one.
    `long`: no index counts it even when nothing narrows it.
    """

    ids: sa.Select[Any]
    order: Sequence[Any]
    query: ListQuery
    load: Callable[[Sequence[int]], Sequence[T]]
    counted: sa.Select[Any] | None = None
    long: bool = False

    @property
    def number(self) -> sa.Select[Any]:
        """How many it holds, as a statement."""
        # without the last word the count would forget tables that only the columns name
        return self.ids.with_only_columns(sa.func.count(), maintain_column_froms=True)

    def page(self) -> Page[T]:
        """The page asked for. Its ids come first, from an index if the order has one; only then its rows."""
        capped = self.counted is None and (self.long or self.query.narrowed)
        return (self._ahead() if capped else None) or self._counted()

    def _ahead(self) -> Page[T] | None:
        """The page with what follows it, as far as is counted, in one statement; None where the list ends before."""
        size, number = self.query.size, max(1, self.query.number)
        start = (number - 1) * size
        skipped = start if start >= COUNTED else 0
        wanted = max(COUNTED, start + size) - skipped
        ordered = self.ids.order_by(*directed(self.order, self.query.descending))
        found = list(db.session.scalars(ordered.limit(wanted + 1).offset(skipped)))
        total = skipped + min(len(found), wanted)
        if not skipped:
            number = min(number, max(1, -(-total // size)))
            start = (number - 1) * size
        shown = found[start - skipped :][:size]
        if skipped and not shown:
            return None
        return Page(self.load(shown) if shown else [], number, total, size, len(found) > wanted)

    def _counted(self) -> Page[T]:
        """The page of a list whose length is known. Past the middle it is read from its end: no page skips more than
        half of it. Only a list that goes on after its first page is counted.
        """
        size = self.query.size
        if self.query.number <= 1:
            first = self.ids.order_by(*directed(self.order, self.query.descending)).limit(size + 1)
            found = list(db.session.scalars(first))
            total = len(found) if len(found) <= size else self._length()
            return Page(self.load(found[:size]) if found else [], 1, total, size)
        total = self._length()
        number, length, chosen, backwards = self._cut(total)
        found = list(db.session.scalars(chosen)) if length > 0 else []
        if backwards:
            found.reverse()
        return Page(self.load(found) if found else [], number, total, size)

    def _length(self) -> int:
        return db.session.scalar(self.number if self.counted is None else self.counted) or 0

    def everything(self, most: int | None = None) -> Sequence[T]:
        """All rows in the same order, for a file, in slices of 500. TooManyRows where there are more than `most`."""
        found = list(db.session.scalars(self.ids.order_by(*directed(self.order, self.query.descending))))
        if most is not None and len(found) > most:
            raise TooManyRows(len(found))
        return [row for i in range(0, len(found), 500) for row in self.load(found[i : i + 500])]

    def _cut(self, total: int) -> tuple[int, int, sa.Select[Any], bool]:
        """A page's number, its length, the select of its ids, and whether that reads from the list's end."""
        size, falling = self.query.size, self.query.descending
        number = min(max(1, self.query.number), max(1, -(-total // size)))
        start = (number - 1) * size
        length = min(size, total - start)
        backwards = start > total // 2
        offset = total - start - length if backwards else start
        ordered = self.ids.order_by(*directed(self.order, falling != backwards))
        return number, length, ordered.limit(length).offset(offset), backwards


class Lines(Rows[T]):
    """A list whose page comes in one statement, where it is known already how many rows there are (`total`).

    `lines` selects what a row shows and holds the columns of `order`; `make` reads one.
    """

    def __init__(
        self,
        ids: sa.Select[Any],
        order: Sequence[Any],
        query: ListQuery,
        lines: sa.Select[Any],
        make: Callable[[Any], T],
        *,
        total: int | None = None,
    ) -> None:
        def made(chosen: Any) -> list[T]:
            of_those = lines.where(ids.selected_columns[0].in_(chosen))
            return [make(row) for row in db.session.execute(of_those.order_by(*directed(order, query.descending)))]

        super().__init__(ids, order, query, made)
        self._made: Callable[[Any], Sequence[T]] = made
        self._total = total

    def page(self) -> Page[T]:
        if self._total is None:
            return super().page()
        number, length, chosen, _ = self._cut(self._total)
        return Page(self._made(chosen.correlate(None)) if length > 0 else [], number, self._total, self.query.size)

    def first(self) -> Sequence[T]:
        """The first rows, as many as a page has, uncounted."""
        return self._made(self.ids.order_by(*directed(self.order, self.query.descending)).limit(self.query.size))


def directed(order: Sequence[Any], falling: bool) -> list[Any]:
    """An order, or the opposite one. What may be empty is written `sa.nulls_first(column)`, and then stands last in the
    opposite one: left to themselves SQLite takes it for the least and PostgreSQL for the greatest.
    """
    return [_directed(column, falling) for column in order]


def _directed(column: Any, falling: bool) -> Any:
    if getattr(column, "modifier", None) is not operators.nulls_first_op:
        return column.desc() if falling else column.asc()
    return column.element.desc().nulls_last() if falling else column.element.asc().nulls_first()


def in_order(ids: Sequence[int], rows: Sequence[T], key: Callable[[T], int]) -> list[T]:
    """Rows loaded by `IN (ids)`, put back into the order of the ids."""
    by_id = {key(row): row for row in rows}
    return [by_id[i] for i in ids if i in by_id]


def rows_of(statement: Any, key: Any) -> Callable[[Sequence[int]], Sequence[Any]]:
    """The `load` of a list of whole rows: of those this scoped select leads to, by the column of their ids."""
    return lambda ids: in_order(ids, db.session.scalars(statement.where(key.in_(ids))).all(), lambda row: row.id)
