from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.access.models import User
from app.access.scope import EVERYWHERE
from app.audit.models import AccessEntry, AuditEntry
from app.core.clock import ISTANBUL
from app.core.db import db
from app.core.paging import ListQuery, Page, in_order

KINDS = {"changes": AuditEntry, "access": AccessEntry}


@dataclass(frozen=True)
class LogRow:
    """One entry of the log; `who` is the name behind the stored `who_id`, "" for the system."""

    id: int
    at: datetime
    event: str
    who_id: int | None
    who: str
    facts: dict[str, Any]


def _kind(query: ListQuery) -> Any:
    return KINDS.get(query.filter("kind"), AuditEntry)


def _ids(query: ListQuery) -> sa.Select[Any]:
    model = _kind(query)
    ids = sa.select(model.id)
    if query.filter("event"):
        ids = ids.where(model.event == query.filter("event"))
    if query.filter("who"):
        ids = ids.where(model.actor_id == (query.filter_id("who") or 0))
    for name, shift in (("first", 0), ("last", 1)):
        day = _day(query.filter(name))
        if day is not None:
            moment = datetime.combine(day + timedelta(days=shift), datetime.min.time(), ISTANBUL)
            ids = ids.where(model.at >= moment if name == "first" else model.at < moment)
    return ids


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _load(model: Any) -> Any:
    def load(keys: Sequence[int]) -> Sequence[LogRow]:
        statement = (
            sa.select(model.id, model.at, model.event, model.actor_id, User.given_name, User.family_name, model.facts)
            .outerjoin(User, User.id == model.actor_id)
            .where(model.id.in_(keys))
        )
        rows = [
            LogRow(key, at, event, who_id, f"{given} {family}" if given else "", facts)
            for key, at, event, who_id, given, family, facts in db.session.execute(EVERYWHERE.trusting(statement, User))
        ]
        return in_order(keys, rows, lambda row: row.id)

    return load


SORTS = {"at": ("id",)}


def log(query: ListQuery) -> Page[LogRow]:
    """The audit (or access) log. Filters: kind, event, who (user id), first, last (ISO dates)."""
    model = _kind(query)
    return Page.of(_ids(query), (model.id,), query, _load(model))


def all_log(query: ListQuery) -> Sequence[LogRow]:
    model = _kind(query)
    rows: Sequence[LogRow] = Page.everything(_ids(query), (model.id,), query, _load(model))
    return rows


def events(query: ListQuery) -> Sequence[str]:
    """The names of events the log knows, for the filter."""
    model = _kind(query)
    return db.session.scalars(sa.select(model.event).distinct().order_by(model.event)).all()


def name_of(user_id: int | None) -> str:
    """Whose entries the log is narrowed to; "" for nobody in particular, the number where nobody has it."""
    if user_id is None:
        return ""
    name = sa.select(User.given_name + " " + User.family_name).where(User.id == user_id)
    return db.session.scalar(EVERYWHERE.trusting(name, User)) or str(user_id)
