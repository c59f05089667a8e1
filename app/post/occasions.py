"""What messages are called: an occasion begins with its kind (invite:enrolment:7:v2)."""

from __future__ import annotations

from typing import Any

from flask import Flask

from app.core.hooks import Hook

KINDS: Hook[dict[str, Any]] = Hook("occasions", dict)
LETTERS: Hook[dict[str, Any]] = Hook("letters", dict)


def add(app: Flask, kind: str, said: Any, *, letter: str = "") -> None:
    """`said`: `lazy_pgettext("occasion", "Invitation")`. `letter`: a template of such messages that administrators may
    reword; where a kind has several, the first word is the kind's and each letter has its own.
    """
    KINDS.on(app).setdefault(kind, said)
    if letter:
        LETTERS.on(app)[letter] = said


def kind_of(occasion: str) -> str:
    return occasion.partition(":")[0]


def said(kind: str) -> str:
    """Its word; the kind itself where no room has one."""
    return str(KINDS.here.get(kind, kind))
