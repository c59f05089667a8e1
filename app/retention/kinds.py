"""What is kept for a while only. A room registers its kinds in `init_app`; setting `<name>_kept_days` says how long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app.core.errors import Text
from app.core.hooks import Hook


@dataclass(frozen=True)
class Kind:
    """`due` selects ids of what is older than a moment. `forget` destroys it, or as much of it as nobody has to wait
    for, and says how much that was; 0 once nothing is left; it does not commit.
    """

    name: str
    said: Text
    due: Callable[[datetime], sa.Select[Any]]
    forget: Callable[[datetime], int]

    @property
    def setting(self) -> str:
        return f"{self.name}_kept_days"


KINDS: Hook[dict[str, Kind]] = Hook("kinds of what is kept", dict)


def register(app: Flask, kind: Kind) -> None:
    KINDS.on(app)[kind.name] = kind
