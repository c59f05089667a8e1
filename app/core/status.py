"""Enumerations that can be read by people, and statuses that know where they may go."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import ClassVar, Self

from flask_babel import lazy_gettext, pgettext

from app.core.errors import Refused


@cache
def context_of(name: str) -> str:
    """The gettext context of an enumeration's words: the name of its class in snake case."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


class Worded(StrEnum):
    """An enumeration with words: `MEMBER = "value", "English words"`.

    The Turkish stands in the catalogue under the context `context()`, e.g.
    `msgctxt "session_status"`. `tone` and `icon` are what `ui.status` draws.
    """

    english: str

    def __new__(cls, value: str, english: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.english = english or value
        return member

    @classmethod
    def context(cls) -> str:
        return context_of(cls.__name__)

    @property
    def label(self) -> str:
        return str(pgettext(self.context(), self.english))

    @property
    def tone(self) -> str:
        """One of ok, warn, full, cancel, plain."""
        return "plain"

    @property
    def icon(self) -> str:
        return {"ok": "circle-check", "warn": "circle-alert", "full": "circle-slash", "cancel": "circle-x"}.get(
            self.tone, "minus"
        )


class Status(Worded):
    """Where a thing stands. `next` says where it may go; guards that look at other rows belong to services."""

    moves: ClassVar[Mapping[str, frozenset[str]]]

    @property
    def next(self) -> frozenset[Self]:
        raise NotImplementedError(type(self).__name__)  # a status that is moved says where it may go

    def to(self, new: Self) -> Self:
        """The new status, or Refused."""
        if new not in self.next:
            raise Refused(lazy_gettext("“%(was)s” cannot become “%(now)s”.", was=self.label, now=new.label), field=None)
        return new
