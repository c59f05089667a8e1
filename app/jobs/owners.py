"""Whose a running job is: a process of a host, and which of its claims.

On one host it can be told at once that a claim has ended; of another host's only that nothing is heard of it.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from app.core.hooks import Hook

CLAIMS: Hook[set[str]] = Hook("claims of this process", set)


@contextmanager
def claiming() -> Iterator[str]:
    """The name of a claim that is this process's own, and goes on as long as the block."""
    owner = f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"
    CLAIMS.here.add(owner)
    try:
        yield owner
    finally:
        CLAIMS.here.discard(owner)


def has_ended(owner: str) -> bool:
    """Whether that claim is certainly over: its process is gone, or is this one, which has given it up."""
    host, _, rest = owner.partition(":")
    pid = rest.partition(":")[0]
    if host != socket.gethostname()[:60] or not pid.isdigit():
        return False
    if int(pid) == os.getpid():
        return owner not in CLAIMS.here
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:  # somebody else's, so it lives
        return False
    return False
