"""What each kind of message is called: an occasion begins with its kind (invite:enrolment:7:v2)."""

from __future__ import annotations

from typing import Any

from flask import Flask

from app.core.hooks import Hook

KINDS: Hook[dict[str, Any]] = Hook("occasions", dict)


def add(app: Flask, kind: str, said: Any) -> None:
    """`said`: `lazy_pgettext("occasion", "Invitation")`."""
    KINDS.on(app)[kind] = said


def kind_of(occasion: str) -> str:
    return occasion.partition(":")[0]


def said(kind: str) -> str:
    """Its word; the kind itself where no room has one."""
    return str(KINDS.here.get(kind, kind))
