from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.access.models import User
from app.access.scope import EVERYWHERE
from app.attendance.events import MarksChanged
from app.audit.models import AccessEntry, AuditEntry
from app.core.clock import ISTANBUL
from app.core.db import db
from app.core.paging import ListQuery, Rows, in_order
from app.oversight import things
from app.oversight.things import Detail

MARKED = MarksChanged.name
KINDS = {"changes": AuditEntry, "access": AccessEntry}


@dataclass(frozen=True)
class LogRow:
    """One entry of the log, or the marks of one sheet and hour, `times` of them; `who` is "" for the system."""

    id: int
    at: datetime
    event: str
    who_id: int | None
    who: str
    details: Sequence[Detail]
    times: int = 1


def _kind(query: ListQuery) -> Any:
    return KINDS.get(query.filter("kind"), AuditEntry)


def _narrowed(query: ListQuery) -> list[sa.ColumnElement[bool]]:
    """What the filters ask of an entry."""
    model = _kind(query)
    conditions: list[sa.ColumnElement[bool]] = []
    if query.filter("event"):
        conditions.append(model.event == query.filter("event"))
    if query.filter("who"):
        conditions.append(model.actor_id == (query.filter_id("who") or 0))
    about = things.chosen(query.filter("about"))
    if about is not None:
        conditions.append(_about(model, *about))
    for name, shift in (("first", 0), ("last", 1)):
        day = _day(query.filter(name))
        if day is not None:
            moment = datetime.combine(day + timedelta(days=shift), datetime.min.time(), ISTANBUL)
            conditions.append(model.at >= moment if name == "first" else model.at < moment)
    return conditions


def _lines(query: ListQuery) -> tuple[sa.Select[Any], sa.Select[Any]]:
    """Ids of the lines of the log, and how many they are. Only marks are folded: all others are read and counted from
    their index as they stand.
    """
    model, conditions = _kind(query), _narrowed(query)
    marks = sa.select(sa.func.max(model.id).label("last"), sa.func.count().label("times"))
    folded = marks.where(*conditions, model.event == MARKED).group_by(_together(model)).subquery()
    ids = sa.select(model.id).where(*conditions, sa.or_(model.event != MARKED, model.id.in_(sa.select(folded.c.last))))
    # of rows, not of ids: what nothing narrows SQLite then knows from an index without walking it
    entries = sa.select(sa.func.count()).select_from(model).where(*conditions).scalar_subquery()
    less = sa.select(sa.cast(sa.func.coalesce(sa.func.sum(folded.c.times - 1), 0), sa.Integer)).scalar_subquery()
    return ids, sa.select(entries - less)


def _together(model: Any) -> Any:
    """Marks are made one tap at a time: those by one person on one sheet within an hour are one line."""
    hour = sa.cast(sa.extract("epoch", model.at), sa.Integer) // 3600
    sheet = sa.cast(model.facts["sitting_ids"], sa.String)
    by = sa.cast(sa.func.coalesce(model.actor_id, 0), sa.String)
    return by + " " + sa.cast(hour, sa.String) + " " + sheet


def _about(model: Any, kind: str, number: int | None) -> sa.ColumnElement[bool]:
    """Entries that name a thing of this kind, or this very thing."""
    either: list[sa.ColumnElement[bool]] = [sa.false()]
    facts = things.events_about(kind)
    for key, names in facts.items():
        this: Any = sa.true()
        # read as text first: there are many entries, and few of them have this number anywhere
        there = sa.cast(model.facts, sa.String).contains(str(number))
        if number is not None and key.endswith("_ids"):
            listed: Any = sa.cast(model.facts[key], sa.String)
            for sign, instead in ((" ", ""), ("[", ","), ("]", ",")):
                listed = sa.func.replace(listed, sign, instead)
            this = sa.and_(there, listed.like(f"%,{number},%"))
        elif number is not None:
            this = sa.and_(there, model.facts[key].as_integer() == number)
        either.append(sa.and_(model.event.in_(names), this))
    # of what many facts name, all others are passed over at one look, not at one for each fact
    among = sorted(set().union(*facts.values())) if len(facts) > 2 else []
    return sa.and_(model.event.in_(among) if among else sa.true(), sa.or_(*either))


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
        # whoever may read the log may read who acted
        found = db.session.execute(EVERYWHERE.trusting(statement, User)).all()
        folded = _folded(model, {row.id: row for row in found if row.event == MARKED})
        facts_of = {row.id: folded.get(row.id, (row.facts, 1)) for row in found}
        known = things.names((row.event, facts_of[row.id][0]) for row in found)
        rows = []
        for key, at, event, who_id, given, family, _ in found:
            facts, times = facts_of[key]
            who = f"{given} {family}" if given else ""
            rows.append(LogRow(key, at, event, who_id, who, things.details(event, facts, known), times))
        return in_order(keys, rows, lambda row: row.id)

    return load


def _folded(model: Any, shown: Mapping[int, Any]) -> dict[int, tuple[dict[str, Any], int]]:
    """Of the last mark of each line: its facts with the enrolments of all of them, and how many they are. There may be
    hundreds in an hour: the database brings them together.
    """
    if not shown:
        return {}
    hours = [row.at.replace(minute=0, second=0, microsecond=0) for row in shown.values()]
    near = sa.and_(model.at >= min(hours), model.at < max(hours) + timedelta(hours=1))
    last = model.id.in_(shown)
    enrolments = sa.func.aggregate_strings(sa.cast(model.facts["enrolment_ids"], sa.String), " ")
    marks = (
        sa.select(sa.func.max(sa.case((last, model.id))), sa.func.count(), enrolments)
        .where(
            model.event == MARKED, near, _together(model).in_(sa.select(_together(model)).where(last).correlate(None))
        )
        .group_by(_together(model))
    )
    return {
        key: (shown[key].facts | {"enrolment_ids": sorted({int(one) for one in re.findall("[0-9]+", ids)})}, times)
        for key, times, ids in db.session.execute(marks)
    }


SORTS = {"at": ("id",)}


def log(query: ListQuery) -> Rows[LogRow]:
    """The audit (or access) log. Filters: kind, event, who (user id), about (thing), first, last (ISO dates)."""
    model = _kind(query)
    ids, counted = _lines(query)
    return Rows(ids, (model.id,), query, _load(model), counted=counted)


def events(query: ListQuery) -> Sequence[str]:
    """The names of events the log knows, for the filter."""
    model = _kind(query)
    return db.session.scalars(sa.select(model.event).distinct().order_by(model.event)).all()


def name_of(user_id: int | None) -> str:
    """Whose entries the log is narrowed to; "" for nobody in particular, the number where nobody has it."""
    if user_id is None:
        return ""
    name = sa.select(User.given_name + " " + User.family_name).where(User.id == user_id)
    # whoever may read the log may read who acted
    return db.session.scalar(EVERYWHERE.trusting(name, User)) or str(user_id)


# --- search -----------------------------------------------------------------------------------------------


def first_of(asked: Sequence[tuple[sa.Select[Any], tuple[Any, ...]]], most: int) -> Mapping[int, Sequence[Any]]:
    """The first rows of each of these scoped selects in its order, by its place among them: with `id` and the others of
    its columns as `name_0`, `name_1` and so on. One statement.
    """
    parts, covered = [], frozenset[Any]()
    for place, (statement, by) in enumerate(asked):
        covered |= statement.get_execution_options().get("scoped", frozenset())
        at = sa.func.row_number().over(order_by=by).label("at")
        key, *names, number = statement.add_columns(at).order_by(*by).limit(most).subquery().c
        labels = [name.label(f"name_{nth}") for nth, name in enumerate(names)]
        parts.append(sa.select(sa.literal(place).label("place"), number.label("at"), key.label("id"), *labels))
    rows: dict[int, list[Any]] = defaultdict(list)
    if parts:
        # each is restricted by its own scope
        whole = sa.union_all(*parts).order_by("place", "at").execution_options(scoped=covered)
        for row in db.session.execute(whole):
            rows[row.place].append(row)
    return rows
