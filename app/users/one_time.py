"""A one-time link is shown once, to whoever made it: it waits in their session cookie, never in an address."""

from __future__ import annotations

from flask import session

from app.post.addresses import public_address
from app.web.edge.compression import keep_plain

KEY = "one_time_link"


def keep(user_id: int, token: str) -> None:
    """For the page this request's answer leads to."""
    session[KEY] = [user_id, token]


def shown(user_id: int) -> str | None:
    """The link that was just made for this user; asked a second time, nothing."""
    kept = session.pop(KEY, None)
    if kept is None or kept[0] != user_id:
        return None
    keep_plain()
    return public_address("sign_in.show_welcome", token=kept[1])
