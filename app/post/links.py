"""Links that are a secret: a letter holds `LINK` in their place, and one is made only while it is sent."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from app.core.hooks import Hook
from app.language import gettext

LINK = "[[link]]"
"""Where the link stands in a stored body."""

Make = Callable[[int], str]
MAKERS: Hook[dict[str, Make]] = Hook("links", dict)


def on_link(app: Flask, kind: str, make: Make) -> None:
    """`make` takes what the link is for (its id) and answers a fresh address, at each try anew; what it writes is
    committed before the letter leaves. It answers "" where there is nothing to lead to any more: nothing is sent then.
    """
    MAKERS.on(app)[kind] = make


def made(kind: str, id: int) -> str:
    return MAKERS.here[kind](id)


def shown(text: str) -> str:
    """The text as anybody may read it later."""
    return text.replace(LINK, gettext("[link]"))
