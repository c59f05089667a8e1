"""What holds rooms and trainers, read once for a page that looks at one plan from several sides."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.training.conflicts.models import Occupied, RoomRow

Away = Sequence[tuple[int, date, date]]


@dataclass(frozen=True)
class Board:
    """Of these rooms and trainers, by name, on these days: every sitting with its id, once for each trainer on it."""

    rooms: Mapping[int, RoomRow]
    names: Mapping[int, str]
    days: frozenset[date]
    held: Sequence[tuple[int, Occupied]]
    away: Away

    def covers(self, days: Collection[date], rooms: Collection[int] = (), trainers: Collection[int] = ()) -> bool:
        return self.days.issuperset(days) and set(rooms) <= self.rooms.keys() and set(trainers) <= self.names.keys()


_HERE: ContextVar[Board | None] = ContextVar("board", default=None)


@contextmanager
def standing(board: Board) -> Iterator[None]:
    """While a page is drawn: what is saved asks anew."""
    token = _HERE.set(board)
    try:
        yield
    finally:
        _HERE.reset(token)


def covering(days: Collection[date], rooms: Collection[int] = (), trainers: Collection[int] = ()) -> Any:
    """The board that stands, if it knows of all of these."""
    board = _HERE.get()
    return board if board is not None and board.covers(days, rooms, trainers) else None
