"""What only a server has: it may be far, locked, frozen or gone."""

from __future__ import annotations

from contextvars import ContextVar

in_vain: ContextVar[bool | None] = ContextVar("in_vain", default=None)
"""Whether the request being answered has waited in vain; None where nobody waits for a page."""


def answering() -> None:
    """A request begins. Once it has waited in vain, it does not wait as long a second time."""
    in_vain.set(False)
