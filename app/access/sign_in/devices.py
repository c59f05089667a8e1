"""What a device is called: browser and kind of machine, from the few marks in what a browser says of itself.

A guess for recognising one's own phone in a list, and nothing else; what is no mark here is not kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.access import limits
from app.access.caller import Caller
from app.access.models import SignIn
from app.access.sign_in.queries import open_sign_ins
from app.core.clock import now
from app.language import lazy_gettext

# The first mark that is there decides: most browsers also say that they are those before them.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("YaBrowser", "Yandex"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
MACHINES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android Mobile", lazy_gettext("Android phone")),
    ("Android", lazy_gettext("Android tablet")),
    ("Windows", lazy_gettext("Windows computer")),
    ("Macintosh", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", lazy_gettext("Linux computer")),
)


def marks(agent: str) -> str:
    """What is kept of a browser's `User-Agent`: the marks a device is called by."""
    browser = next((mark for mark, _ in BROWSERS if mark in agent), "")
    machine = next((mark for mark, _ in MACHINES if all(word in agent for word in mark.split())), "")
    return f"{browser} {machine}".strip()


def called(agent: str) -> str:
    """Chrome · Android phone, from the marks or the whole of a `User-Agent`; "" for one that has none."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    machine = next((str(name) for mark, name in MACHINES if all(word in agent for word in mark.split())), "")
    return " · ".join(part for part in (browser, machine) if part)


@dataclass(frozen=True)
class Device:
    name: str
    since: datetime
    seen: datetime
    this: bool


def devices(caller: Caller, this: str) -> list[Device]:
    """Where a caller is signed in, this device (the hash of its token) first; what lay idle too long is not open."""
    idle = now() - limits.idle() if caller.roles & limits.WATCHED else None
    found: Iterable[SignIn] = open_sign_ins(caller.id)
    rows = [
        Device(called(one.device), one.created_at, one.seen_at, one.token_hash == this)
        for one in found
        if idle is None or one.seen_at >= idle
    ]
    return sorted(rows, key=lambda row: not row.this)
