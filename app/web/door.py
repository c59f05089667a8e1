"""What a view says of itself: who may enter, and how it works. `access.gate` enforces it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"
SIGNED_IN = "signed in"


def _mark(view: View, name: str, value: object) -> View:
    setattr(view, name, value)
    return view


def require(*permissions: StrEnum) -> Callable[[View], View]:
    """Whoever holds one of these permissions may enter."""
    return lambda view: _mark(view, "access", permissions)


def public(view: View) -> View:
    """Anybody may enter, signed in or not."""
    return _mark(view, "access", PUBLIC)


def anonymous(view: View) -> View:
    """Anybody may enter, and nobody asks who it is: it answers also where nothing can be read."""
    return _mark(public(view), "anonymous", True)


def signed_in(view: View) -> View:
    """Whoever is signed in may enter, and sees what is their own."""
    return _mark(view, "access", SIGNED_IN)


def traced(*events: type) -> Callable[[View], View]:
    """This view leaves such a trace in the access log, and may not answer without it."""
    return lambda view: _mark(view, "traces", events)


def reads_first(view: View) -> View:
    """A POST that hashes, parses or draws before it takes the write lock with `transaction.write()`."""
    return _mark(view, "reads_first", True)


def takes(most: int) -> Callable[[View], View]:
    """Whoever may enter may bring so many bytes, where a form usually has `MAX_CONTENT_LENGTH`."""
    return lambda view: _mark(view, "most_bytes", most)
