"""The caller of this request. Views read it; nothing below a view may."""

from __future__ import annotations

from typing import Any, cast

from flask import g, session
from flask_login import UserMixin
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


def whoever_asks() -> Caller:
    """The caller themselves, for what is kept by who asked: `caller` is somebody else in another request."""
    return _current()


class Visitor(UserMixin):
    """What Flask-Login holds: the token of an open sign-in. The cookie carries it, the database its hash."""

    def __init__(self, token: str) -> None:
        self.token = token

    def get_id(self) -> str:
        return self.token


def visitor_token() -> str | None:
    token = session.get("_user_id")
    return token if isinstance(token, str) else None
