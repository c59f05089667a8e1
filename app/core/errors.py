"""How a room says no. Words are lazy gettext strings, so that the reader's language decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Text(Protocol):
    """A str or a lazy string."""

    def __str__(self) -> str: ...


class Missing(Exception):
    """Nothing is there, or nothing this caller may see. The two look the same (404)."""


class Refused(Exception):
    """A rule of the domain said no (422): the sentence that says why, and the field it belongs to."""

    def __init__(self, message: Text, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Stale(Refused):
    """Somebody else changed the thing meanwhile (409).

    `differences`: (label, their value, value typed here), for the page that shows both.
    """

    def __init__(self, message: Text, differences: Sequence[tuple[Text, str, str]] = ()) -> None:
        super().__init__(message)
        self.differences = tuple(differences)


class TooOften(Exception):
    """A throttle is closed (429) for so many seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = max(1, retry_after)
