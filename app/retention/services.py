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
    """What is past its time goes, each part of a kind in a transaction that also says so. For the worker; commits."""
    for kind in KINDS.here.values():
        up_to = queries.kept_until(kind)
        while _destroy(kind, up_to):
            db.session.commit()
        db.session.commit()


def destroy_again(listed: Iterable[Mapping[str, str]]) -> int:
    """What had been destroyed when the list was written (queries.listed) and is back: how much goes again."""
    known = KINDS.here
    gone = 0
    for each in listed:
        up_to = datetime.fromisoformat(each["up_to"])
        while each["kind"] in known and (pieces := _destroy(known[each["kind"]], up_to)):
            gone += pieces
    return gone


def _destroy(kind: Kind, up_to: datetime) -> int:
    pieces = kind.forget(up_to)
    if pieces:
        db.session.add(Destruction(kind=kind.name, pieces=pieces, up_to=up_to))
        journal.record(DataDestroyed(kind.name, pieces, local(up_to).date().isoformat()), by=journal.SYSTEM)
    return pieces
