"""Who leaves, and where they go."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.access.caller import Caller
from app.access.models import Organisation, User
from app.core.hooks import Hook
from app.people.models import Employee


@dataclass(frozen=True)
class Leaving:
    """Who leaves (with institution) and their account; `to`: where they go on, None where they leave altogether."""

    employee: Employee
    account: User | None
    to: Organisation | None = None


@dataclass(frozen=True)
class Tie:
    """What else hangs on a place, asked in the one statement of `queries.ties`: `rows` of somebody are (words, number,
    Turkish, English) and read `models`; `said` makes `web.parts.Consequence`s of those that were found.
    """

    rows: Callable[[Employee], sa.Select[Any]]
    models: tuple[type[Any], ...]
    said: Callable[[Caller, Leaving, Sequence[tuple[str, int, str, str]]], Iterator[Any]]


TIES: Hook[list[Tie]] = Hook("ties", list)
"""Of upper rooms."""
