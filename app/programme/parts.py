"""What a part of the programme shows of itself (the slots `programme.parts` and `programme.indicators`), and what the
lists of several parts ask alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.access.caller import Caller
from app.access.permissions import Permission
from app.access.queries import provinces
from app.access.scope import EVERYWHERE
from app.catalogue.queries import themes
from app.core.db import db
from app.core.status import Worded
from app.language import gettext, in_language
from app.language.turkish import search_key, search_words


@dataclass(frozen=True)
class Part:
    """The way to a part's list, for whoever reads the programme; its figures are `Indicator`s, or stand there."""

    label: str
    url: str
    icon: str
    order: int


@dataclass(frozen=True)
class Figure:
    """`done` of `of` (None: a number, no share), `provisional` of those done not yet approved. None: hidden."""

    done: int | None
    of: int | None = None
    provisional: int | None = 0


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

    `code` is that of the programme's list ("G16"), `models` the owned tables that `read` selects from (none where it
    was counted elsewhere). `url` of a year and a province (None: all of them) is the list behind it, as long as `done`
    says, for whoever holds `access`. `plain`: a number, no share. `parts`: what it is made of then, all of it: name and
    read of each.
    """

    code: str
    name: str
    order: int
    read: Read
    models: tuple[type[Any], ...]
    url: Callable[[int, int | None], str]
    access: Permission = Permission.PROGRAMME_READ
    parts: tuple[tuple[str, Read], ...] = ()
    plain: bool = False


def shares(province_id: Any, done: Any, *models: type[Any]) -> sa.Select[Any]:
    """What `Read` asks for of a share: by province of how many rows of these models how many are `done`."""
    counted = sa.select(province_id, sa.func.count(sa.case((done, 1))), sa.func.count(), sa.literal(0))
    # the picture shows each reader theirs
    covered: sa.Select[Any] = EVERYWHERE.trusting(counted.group_by(province_id), *models)
    return covered


# --- lists -------------------------------------------------------------------------------------------------

Filter = tuple[str, str, Sequence[tuple[Any, str]]]
"""As `ui.filters` reads it: its argument in the address, its label, its choices."""


def filter_of(name: str, label: str, offered: Iterable[tuple[Any, str]], every: str = "") -> Filter:
    """`every`: what is listed without this filter, where that is not all."""
    return name, label, [("", every or gettext("All")), *offered]


def kind_filter(name: str, label: str, kind: type[Worded], every: str = "") -> Filter:
    return filter_of(name, label, words(kind), every)


def flag_filter(name: str, label: str, value: str, text: str, every: str = "") -> Filter:
    """Of one choice beside all; under "All" the page would leave it out, as it does a list of one province."""
    return filter_of(name, label, [(value, text)], every or gettext("Any"))


def words(kind: type[Worded]) -> list[tuple[str, str]]:
    return [(one.value, one.label) for one in kind]


def province_filter(caller: Caller) -> Filter:
    """The provinces somebody reads of; all of them for whoever belongs to none (a ministry, say)."""
    scope = caller.scope_for(Permission.PROGRAMME_READ)
    theirs = [one for one in provinces() if scope.everything or one.id in scope.audience_provinces]
    return filter_of("province", gettext("Province"), _named(theirs or provinces()))


def _named(things: Iterable[Any]) -> list[tuple[int, str]]:
    return [(one.id, in_language(one, "name")) for one in things]


def theme_filter() -> Filter:
    return filter_of("theme", gettext("Thematic area"), _named(themes()))


def saying(texts: sa.Select[int, str], typed: str) -> list[int]:
    """Of a scoped select of ids and texts those whose text holds every typed word, folded: of lists of dozens."""
    sought = search_words(typed)
    found = db.session.execute(texts) if sought else ()
    return [key for key, text in found if all(word in search_key(text) for word in sought)]
