"""What messages are called: an occasion begins with its kind (invite:enrolment:7:v2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask

from app.core.hooks import Hook
from app.post.models import Message

Anew = Callable[[Message], tuple[str, str] | None]
"""Answers subject and body as they should be now; None where there is nothing to say any more."""

KINDS: Hook[dict[str, Any]] = Hook("occasions", dict)
LETTERS: Hook[dict[str, Any]] = Hook("letters", dict)
LEAVING: Hook[dict[str, Anew]] = Hook("leaving", dict)


def add(app: Flask, kind: str, said: Any, *, letter: str = "") -> None:
    """`said`: `lazy_pgettext("occasion", "Invitation")`. `letter`: a template of such messages that administrators may
    reword; where a kind has several, the first word is the kind's and each letter has its own.
    """
    KINDS.on(app).setdefault(kind, said)
    if letter:
        LETTERS.on(app)[letter] = said


def on_leaving(app: Flask, kind: str, anew: Anew) -> None:
    """Messages of this kind are written anew each time they are about to leave."""
    LEAVING.on(app)[kind] = anew


def kind_of(occasion: str) -> str:
    return occasion.partition(":")[0]


def said(kind: str) -> str:
    """Its word; the kind itself where no room has one."""
    return str(KINDS.here.get(kind, kind))
