from __future__ import annotations

from app.audit import journal
from app.core.clock import local
from app.core.db import db
from app.retention import queries
from app.retention.events import DataDestroyed
from app.retention.kinds import KINDS
from app.retention.models import Destruction


def destroy_old() -> None:
    """What is past its time goes, each kind in a transaction that also says so. For the worker; commits."""
    for kind in KINDS.here.values():
        up_to = queries.kept_until(kind)
        pieces = kind.forget(up_to)
        if pieces:
            db.session.add(Destruction(kind=kind.name, pieces=pieces, up_to=up_to))
            journal.record(DataDestroyed(kind.name, pieces, local(up_to).date().isoformat()), by=journal.SYSTEM)
        db.session.commit()
