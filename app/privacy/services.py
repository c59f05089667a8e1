from __future__ import annotations

from datetime import timedelta

from app.access.caller import Caller
from app.audit import journal
from app.core.clock import now, today
from app.core.db import db
from app.privacy.events import DataRequestAnswered, DataRequested
from app.privacy.models import DataRequest, DataRequestKind, DataRequestStatus

DAYS = 30
"""Within which the law (KVKK, article 13) wants an answer."""


def ask(kind: DataRequestKind, text: str, *, by: Caller) -> DataRequest:
    """A request about one's own data; its id is the number it is known by."""
    made = DataRequest(user_id=by.id, kind=kind, text=text, due_on=today() + timedelta(days=DAYS))
    db.session.add(made)
    db.session.flush()
    journal.record(DataRequested(made.id, kind.value), by=by)
    return made


def answer(request: DataRequest, text: str, *, by: Caller) -> None:
    """What was done, or why not; refused where it was answered already."""
    request.status = request.status.to(DataRequestStatus.ANSWERED)
    request.answer, request.answered_at = text, now()
    journal.record(DataRequestAnswered(request.id), by=by)
