"""What a part of the programme shows of itself: the slots `programme.parts` and `programme.indicators`; and what the
filters of all its lists offer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.access.caller import Caller
from app.access.permissions import Permission
from app.access.queries import provinces
from app.core.status import Worded
from app.language import gettext, in_language


@dataclass(frozen=True)
class Part:
    """The way to a part's list; its figures are `Indicator`s, or stand on that list."""

    label: str
    url: str
    icon: str
    order: int


@dataclass(frozen=True)
class Figure:
    """`done` of `of` (None: a number, no share), `provisional` of those done not yet approved. `done` None: hidden."""

    done: int | None
    of: int | None = None
    provisional: int = 0


Read = Callable[[int], "sa.Select[Any] | Mapping[int | None, Figure] | None"]
"""Of a year, as it stood when that ended (of this year as it stands today); None where nobody knows any more.

Mostly a select of exactly (province_id, done, of, provisional), one row for each province that has something, without a
province for what is the whole programme's; `of` is `sa.null()` for a plain number. It is an aggregate of all provinces
(`EVERYWHERE`): the picture shows each reader theirs. All selects are asked in one statement. What was counted elsewhere
comes as figures by province, under None that of all together; what is hidden from the caller is hidden in it already.
A plain number is one of people, and under the rule of five.
"""


@dataclass(frozen=True)
class Indicator:
    """A number of the programme by province, for the one picture of it.

    `code` is that of the programme's list ("G16"), `models` the owned tables that `read` selects from. `url` of a year
    and a province (None: all of them) is the list behind it, as long as `done` says, for whoever holds `access`.
    """

    code: str
    name: str
    order: int
    read: Read
    models: tuple[type[Any], ...]
    url: Callable[[int, int | None], str]
    access: Permission = Permission.PROGRAMME_READ


# --- filters ----------------------------------------------------------------------------------------------

Choices = list[tuple[Any, str]]
Filter = tuple[str, str, Choices]
"""As `ui.filters` reads it: argument, label, choices."""


def everything() -> Choices:
    return [("", gettext("All"))]


def of_things(things: Iterable[Any]) -> Choices:
    """All, or one of some things that have a name in both languages."""
    return everything() + [(one.id, in_language(one, "name")) for one in things]


def of_words(words: Iterable[Worded]) -> Choices:
    """All, or one of the words of an enumeration."""
    return everything() + [(one.value, one.label) for one in words]


def province_filter(caller: Caller) -> Filter:
    """The provinces somebody reads of; all of them for whoever belongs to none (a ministry, say)."""
    scope = caller.scope_for(Permission.PROGRAMME_READ)
    theirs = [one for one in provinces() if scope.everything or one.id in scope.audience_provinces]
    return "province", gettext("Province"), of_things(theirs or provinces())
