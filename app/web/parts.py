"""What rooms show on the pages of others, by way of slots (`core.slots`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa


@dataclass(frozen=True)
class NavItem:
    """A place in the menu. `order` sorts; `place` is True for the four of the phone's bottom bar;
    `covers`: other addresses whose pages belong to it.
    """

    label: str
    url: str
    icon: str
    order: int
    place: bool = False
    current: bool = False
    covers: tuple[str, ...] = ()

    @property
    def rem(self) -> float:
        return _rem(self.label)


@cache
def _rem(name: str) -> float:
    """How wide a name is in the bar, with its picture and the gaps: as measured, within 2 % of a whole bar. All letters
    taken for one width, English names were wider than that and "More" slipped into a line of its own.
    """
    return 0.55 * len(name) - 0.26 * sum(letter in "iıİIljtfr ." for letter in name) + 3.52


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    order: int = 0
    count: int | None = None
    current: bool = False


@dataclass(frozen=True)
class Move:
    """A transition another room serves: a link to the page where it is done. `due`: it is what comes next."""

    label: str
    url: str
    icon: str = "circle-check"
    due: bool = False


@dataclass(frozen=True)
class Section:
    """A part of a page drawn by another room: its template gets `content` as `section`."""

    title: str
    template: str
    content: Any
    order: int = 0


@dataclass(frozen=True)
class Offer:
    """A session of a course that still takes people; `apply_url` where the caller may ask for a place by a POST."""

    course_id: int
    code: str
    starts_on: date | None
    url: str
    apply_url: str | None = None


@dataclass(frozen=True)
class Hit:
    label: str
    url: str
    detail: str = ""


@dataclass(frozen=True)
class Hits:
    title: str
    hits: tuple[Hit, ...]
    more_url: str | None = None
    order: int = 0


@dataclass(frozen=True)
class Sought:
    """Hits that are asked for with those of other rooms, in one statement: a scoped select of exactly (id, name_tr,
    name_en, detail_tr, detail_en), the first of which are shown in the order of `by`.
    """

    title: str
    statement: sa.Select[Any]
    by: tuple[Any, ...]
    url: Callable[[int], str]
    more_url: str
    order: int = 0


@dataclass(frozen=True)
class Tally:
    """How many of something people have, by their id."""

    label: str
    counts: Mapping[int, int]
    order: int = 0


@dataclass(frozen=True)
class Consequence:
    """What hangs on somebody, and what becomes of it. `choice`: the value of its tick where it can be kept.
    `stays`: nothing becomes of it, it is only said.
    """

    what: str
    becomes: str
    url: str = ""
    choice: str = ""
    order: int = 0
    stays: bool = False


class Written(str):
    """A text that stays in the language it was written in, whoever reads it: pages say so, to be read aloud."""

    language: str

    def __new__(cls, text: str, language: str) -> Written:
        written = super().__new__(cls, text)
        written.language = language
        return written


def written_in(text: str) -> str:
    """The language a text says it is in."""
    return text.language if isinstance(text, Written) else ""


@dataclass(frozen=True)
class Stored:
    """What a room stores about somebody, in the reader's words (else `Written`): lines under headings."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    order: int = 0


@dataclass(frozen=True)
class Action:
    """What can be done about a task where it stands: a button that posts to `url`, or a link there."""

    label: str
    url: str
    icon: str
    posts: bool = False


@dataclass(frozen=True)
class RollLink:
    """The sheet of a sitting, and in its label how many of how many are marked."""

    sitting_id: int
    label: str
    url: str


@dataclass(frozen=True)
class Task:
    """Something that waits for somebody, one click from being done."""

    label: str
    url: str
    detail: str = ""
    icon: str = "bell"
    urgent: bool = False
    order: int = field(default=0)
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True)
class Counted:
    """A task of so many things (on one's own page a section): `number` is a scoped select of their count, which reads
    `models`; none, no task.
    """

    number: sa.Select[Any]
    models: tuple[type[Any], ...]
    task: Callable[[int], Any]
