from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.core.clock import now
from app.core.db import db
from app.retention.kinds import KINDS, Kind
from app.retention.models import Destruction
from app.settings import queries as settings

SHOWN = 100


@dataclass(frozen=True)
class Due:
    """What of a kind would go today: all from before `up_to`, and `more` than was counted."""

    kind: Kind
    days: int
    up_to: datetime
    pieces: int
    more: bool


MOST = 10_000
"""As far as is counted what would go: seldom is it more than one day's, then all the answers of an analysis."""


def kept_until(kind: Kind) -> datetime:
    return now() - timedelta(days=int(settings.value(kind.setting)))


def due() -> Sequence[Due]:
    """A dry run of every kind."""
    return [_due(kind, kept_until(kind)) for kind in KINDS.here.values()]


def _due(kind: Kind, up_to: datetime) -> Due:
    old = kind.due(up_to).limit(MOST + 1)
    number = sa.select(sa.func.count()).select_from(old.subquery())
    found = db.session.scalar(number.execution_options(**old.get_execution_options())) or 0
    return Due(kind, settings.value(kind.setting), up_to, min(found, MOST), found > MOST)


def listed() -> list[dict[str, str]]:
    """Up to when each kind was destroyed last, and when that was done: what a backup from before has to be told."""
    last = sa.select(Destruction.kind, sa.func.max(Destruction.up_to), sa.func.max(Destruction.at))
    return [
        {"kind": kind, "up_to": up_to.isoformat(), "at": at.isoformat()}
        for kind, up_to, at in db.session.execute(last.group_by(Destruction.kind).order_by(Destruction.kind))
    ]


def destructions() -> Sequence[Destruction]:
    """The last of them, newest first."""
    return db.session.scalars(sa.select(Destruction).order_by(Destruction.id.desc()).limit(SHOWN)).all()
