"""The log holds codes. What its reader sees instead each event says, in the events.py of its room; here it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from app.audit.journal import Event, kinds
from app.core.errors import Text
from app.language import format_date, gettext
from app.language.turkish import sort_key


@cache
def events() -> dict[str, type[Event]]:
    """Asked once, of an application in which every room is there."""
    return kinds()


@cache
def facts() -> Mapping[str, Text]:
    """What the facts of all of them are called."""
    every: list[type[Event]] = [Event, *events().values()]
    return {key: text for kind in every for key, text in kind.words.items()}


def event_name(code: str) -> str:
    """A code without a name (of an event that is no longer recorded) stands for itself."""
    return str(events()[code].said) if code in events() else code


def event_choices(codes: Iterable[str]) -> list[tuple[str, str]]:
    """(code, name) by name, for a filter."""
    return sorted(((code, event_name(code)) for code in codes), key=lambda pair: sort_key(pair[1]))


def fact_name(key: str) -> str:
    """A fact or a field without a name stands for itself."""
    return str(facts().get(key, key))


def value_name(event: str, key: str, value: Any) -> str:
    """A value in the reader's words: a state, a field, a list, a day, yes or no."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    kind = events()[event].values.get(key) if event in events() else None
    if kind is not None and issubclass(kind, date):
        return format_date(date.fromisoformat(value))
    if kind is not None and value in {member.value for member in kind}:
        return kind(value).label
    return fact_name(value) if key in ("fields", "keys", "what") else str(value)
