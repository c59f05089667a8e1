from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.access.models import User
from app.access.scope import EVERYWHERE, Scope
from app.audit.journal import Event, kinds
from app.audit.models import AuditEntry
from app.catalogue.models import CapacityArea, Competency, Theme
from app.core.db import Base, db
from app.core.errors import Missing
from app.core.paging import ListQuery, Rows, in_order
from app.core.tables.written import written_once
from app.language import gettext
from app.language.turkish import search_key, search_words, sort_key
from app.people.models import Title, TitleLevel
from app.people.terms import Term, families, names_of
from app.reference.models import KINDS, Kind


@dataclass(frozen=True)
class TermRow:
    """A line of a list: the thing, and how many things that the reader sees use it."""

    term: Any
    used: int


@dataclass(frozen=True)
class Step:
    """One thing that happened, as `ui.history` shows it."""

    at: datetime
    text: str
    by: str
    icon: str = ""


def kind(name: str) -> Kind:
    if name not in KINDS:
        raise Missing
    return KINDS[name]


def term(kind: Kind, term_id: int) -> Any:
    """One of its things, whether it is still offered or not, with what its page shows; or Missing."""
    found = db.session.scalar(_whole(kind).where(kind.model.id == term_id))
    if found is None:
        raise Missing
    return found


def _whole(kind: Kind) -> Any:
    beside = (Competency.theme, Competency.capacity_area) if kind.model is Competency else ()
    return sa.select(kind.model).options(*(joinedload(each) for each in beside))


# --- the list ------------------------------------------------------------------------------------------


def terms(kind: Kind, scope: Scope, query: ListQuery) -> Rows[TermRow]:
    """Filters: active ("no": no longer offered, "all"), level of titles, theme of competencies."""

    def load(keys: Sequence[int]) -> Sequence[TermRow]:
        found = db.session.scalars(_whole(kind).where(kind.model.id.in_(keys))).all()
        numbers = used(kind, scope, keys)
        return [TermRow(one, numbers.get(one.id, 0)) for one in in_order(keys, found, lambda one: one.id)]

    return Rows(_ids(kind, query), kind.sorts[query.sort], query, load)


def _ids(kind: Kind, query: ListQuery) -> sa.Select[Any]:
    model, active = kind.model, query.filter("active")
    ids = sa.select(model.id)
    if active != "all":
        ids = ids.where(model.active == (sa.false() if active == "no" else sa.true()))
    if model is Title and query.filter("level"):
        ids = ids.where(Title.level.in_([level for level in TitleLevel if level == query.filter("level")]))
    if model is Competency and query.filter("theme"):
        ids = ids.where(Competency.theme_id == query.filter_id("theme"))
    if query.q:
        ids = ids.where(model.id.in_([row.id for row in found(query.q, kind)]))
    return ids.join(Theme, Theme.id == Competency.theme_id) if query.sort == "theme" else ids


def found(typed: str, *kinds: Kind) -> list[Any]:
    """What of these kinds a typed text finds, by any name it or what became part of it ever had: rows with `kind` (its
    name), `id`, today's names. One statement: there are dozens, not thousands.
    """
    words = search_words(typed)
    by_kind: dict[str, list[Any]] = defaultdict(list)
    for row in db.session.execute(_all_named(*(kind.name for kind in kinds))) if words else ():
        by_kind[row.kind].append(row)
    rows = []
    for members in (family for each in by_kind.values() for family in families(each).values()):
        texts = [_folded(" ".join(names_of(member))) for member in members]
        whole = " ".join(texts)
        # the last is what the others became part of, and goes by their names too
        for member, text in zip(members, [*texts[:-1], whole], strict=True):
            rows += [member] if all(word in text for word in words) else []
    return sorted(rows, key=lambda row: (not row.active, sort_key(row.name_tr), row.id))


_folded = lru_cache(1_024)(search_key)
"""Names of terms are few, and the same in each search."""


@written_once
def _all_named(*names: str) -> sa.CompoundSelect[Any]:
    return sa.union_all(*(sa.select(sa.literal(name).label("kind"), *_named(KINDS[name].model)) for name in names))


def _named(model: Any) -> tuple[Any, ...]:
    return model.id, model.merged_into_id, model.active, model.name_tr, model.name_en, model.former


def used(kind: Kind, scope: Scope, keys: Collection[int]) -> dict[int, int]:
    """How many things of those the scope sees use each."""
    column = kind.counted
    numbers = sa.select(column, sa.func.count()).where(column.in_(keys), kind.live).group_by(column)
    rows: Any = db.session.execute(scope.restrict(numbers, column.class_))
    return dict(rows.all())


# --- one of them ---------------------------------------------------------------------------------------


def others(kind: Kind, term: Term) -> Sequence[Any]:
    """What it can become part of: all others in use, by name or place."""
    model = kind.model
    order = kind.sorts["place" if model is Theme else "name"]
    return db.session.scalars(
        sa.select(model).where(model.active.is_(True), model.id != model_id(term)).order_by(*order)
    ).all()


def model_id(term: Any) -> int:
    """The id of a thing of any kind."""
    return int(term.id)


def parts(kind: Kind, term: Term) -> Sequence[Any]:
    """What became part of it."""
    model = kind.model
    return db.session.scalars(
        sa.select(model).where(model.merged_into_id == model_id(term)).order_by(model.name_tr, model.id)
    ).all()


def holder(kind: Kind, names: Collection[str], besides: int | None) -> Any:
    """Whatever else goes or went by one of these names, however it is written; None where they are free."""
    wanted = {search_key(name) for name in names if name}
    for key, members in families(db.session.scalars(sa.select(kind.model).order_by(kind.model.id))).items():
        for member in members if key != besides else ():
            if wanted & {search_key(name) for name in member.names}:
                return member
    return None


def prefix_taken(prefix: str, besides: int | None) -> bool:
    same = sa.select(Theme.id).where(Theme.prefix == prefix, Theme.id != (besides or 0))
    return db.session.scalar(same) is not None


def slug_taken(kind: Kind, slug: str) -> bool:
    return db.session.scalar(sa.select(kind.model.id).where(kind.model.slug == slug)) is not None


def last_position() -> int:
    return db.session.scalar(sa.select(sa.func.max(Theme.position))) or 0


def capacity_areas() -> Sequence[CapacityArea]:
    return db.session.scalars(sa.select(CapacityArea).order_by(CapacityArea.id)).all()


# --- what points at it ---------------------------------------------------------------------------------


def pointers(model: Any) -> Iterator[tuple[Any, Any]]:
    """Every model and column of any room that points at things of this kind: found, not listed."""
    for mapper in Base.registry.mappers:
        for column in mapper.local_table.columns:
            if any(key.column.table is model.__table__ for key in column.foreign_keys):
                yield mapper.class_, column


def is_used(term: Any) -> bool:
    """Whether any row anywhere points at it."""
    columns = list(pointers(type(term)))
    anywhere = sa.select(sa.or_(*(sa.exists().where(column == term.id) for _, column in columns)))
    # only whether, not whose
    return bool(db.session.scalar(EVERYWHERE.trusting(anywhere, *(model for model, _ in columns))))


# --- what happened to it -------------------------------------------------------------------------------


def history(kind: Kind, term: Any) -> list[Step]:
    """Newest first. A thing of this id that is gone has nothing to do with it."""
    names = {event.name: event for event in kind.events}
    keys = (f"{kind.thing}_id", "kept_id", "merged_id")
    about = sa.or_(*(AuditEntry.facts[key].as_integer() == term.id for key in keys))
    entries = (
        sa.select(AuditEntry.at, AuditEntry.event, AuditEntry.facts, User.given_name, User.family_name)
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .where(AuditEntry.event.in_(names), about)
        .order_by((AuditEntry.id + 0).desc())  # by the bare id SQLite reads the whole log in its order
    )
    steps = []
    for at, event, facts, *name in db.session.execute(EVERYWHERE.trusting(entries, User)):  # who acted
        if event == kind.removed.name:
            break
        steps.append(Step(at, _told(names[event], facts), " ".join(part for part in name if part), _icon(kind, event)))
    return steps


def _told(event: type[Event], facts: dict[str, Any]) -> str:
    if facts.get("active") is not None:
        return gettext("Reinstated") if facts["active"] else gettext("Retired")
    fields = ", ".join(_field(name) for name in facts.get("fields", ()))
    return f"{event.said}: {fields}" if fields else str(event.said)


def _field(name: str) -> str:
    return next((str(each.words[name]) for each in kinds().values() if name in each.words), name)


def _icon(kind: Kind, event: str) -> str:
    icons = {kind.added: "circle-plus", kind.changed: "pencil", kind.merged: "merge", kind.activated: "archive"}
    return next((icon for each, icon in icons.items() if each.name == event), "")
