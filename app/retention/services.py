from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from app.audit import journal
from app.core.clock import local
from app.core.db import db
from app.retention import queries
from app.retention.events import DataDestroyed
from app.retention.kinds import KINDS, Kind
from app.retention.models import Destruction


def destroy_old() -> None:
    """What is past its time goes, each kind in a transaction that also says so. For the worker; commits."""
    for kind in KINDS.here.values():
        _destroy(kind, queries.kept_until(kind))
        db.session.commit()


def destroy_again(listed: Iterable[Mapping[str, str]]) -> int:
    """What had been destroyed when the list was written (queries.listed) and is back: how much goes again."""
    known = KINDS.here
    return sum(
        _destroy(known[each["kind"]], datetime.fromisoformat(each["up_to"])) for each in listed if each["kind"] in known
    )


def _destroy(kind: Kind, up_to: datetime) -> int:
    pieces = kind.forget(up_to)
    if pieces:
        db.session.add(Destruction(kind=kind.name, pieces=pieces, up_to=up_to))
        journal.record(DataDestroyed(kind.name, pieces, local(up_to).date().isoformat()), by=journal.SYSTEM)
    return pieces
