"""The caller of this request. Views read it; nothing below a view may."""

from __future__ import annotations

from typing import Any, cast

from flask import g
from werkzeug.local import LocalProxy

from app.access.caller import Caller


def _current() -> Caller:
    found = g.get("caller")
    if found is None:
        raise RuntimeError("nobody is signed in")
    return cast(Caller, found)


caller = cast(Caller, cast(Any, LocalProxy(_current)))


def caller_or_none() -> Caller | None:
    """For public pages, which may know who looks but need not."""
    return cast("Caller | None", g.get("caller"))
