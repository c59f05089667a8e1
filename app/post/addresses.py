"""Addresses where no request is under way: letters, jobs and commands. A page asks `url_for`."""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app


def path_to(endpoint: str, **values: object) -> str:
    """The path `url_for` answers in a request; outside of one it would ask for a SERVER_NAME."""
    return current_app.url_map.bind("").build(endpoint, values)


_NOTHING = 999_999_999_999
"""An id nothing has, where the ids of many things go."""


def paths_to(endpoint: str, name: str) -> Callable[[int], str]:
    """The same of one page, for many of its kind, whose id it calls by that name: written once for all of them."""
    before, after = path_to(endpoint, **{name: _NOTHING}).split(str(_NOTHING))
    return lambda key: f"{before}{key}{after}"


def public_url() -> str:
    """Where the application is reached from outside, without a slash at its end; never taken from a request."""
    return str(current_app.config["PUBLIC_URL"])


def public_address(endpoint: str, **values: object) -> str:
    """A page's whole address, as letters, calendars and QR codes lead there."""
    return public_url() + path_to(endpoint, **values)
