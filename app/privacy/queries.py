from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.access.caller import Caller
from app.access.scope import Scope, within
from app.audit.models import AccessEntry, AuditEntry
from app.core.db import db
from app.privacy.models import DataRequest, DataRequestStatus


def own_requests(caller: Caller) -> Sequence[DataRequest]:
    mine = Scope(own_user=caller.id).select(DataRequest)
    return db.session.scalars(mine.order_by(DataRequest.id.desc())).all()


def requests(scope: Scope) -> Sequence[DataRequest]:
    """Those that wait, the most pressing first, then the answered ones."""
    answered = DataRequest.status == DataRequestStatus.ANSWERED
    found = scope.select(DataRequest).options(joinedload(DataRequest.user))
    found = within(DataRequest).trusting(found, DataRequest.user.property.mapper.class_)
    return db.session.scalars(found.order_by(answered, DataRequest.due_on, DataRequest.id)).all()


def request(scope: Scope, request_id: int) -> DataRequest:
    return scope.get(DataRequest, request_id, joinedload(DataRequest.user))


def traces(user_id: int) -> tuple[int, int]:
    """How many changes somebody made, and how often they looked, signed in or exported."""
    counts = (
        sa.select(sa.func.count(kind.id)).where(kind.actor_id == user_id).scalar_subquery()
        for kind in (AuditEntry, AccessEntry)
    )
    changes, looks = db.session.execute(sa.select(*counts)).one()
    return changes, looks
