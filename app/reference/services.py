from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.access.scope import EVERYWHERE
from app.audit import journal
from app.audit.journal import Actor
from app.catalogue.models import Theme
from app.core.clock import today
from app.core.db import Base, db, set_changed
from app.core.errors import Refused, Text
from app.core.hooks import Hook
from app.language import in_language, lazy_gettext
from app.language.turkish import search_key, search_words, sort_key
from app.people.models import Unit
from app.reference import queries
from app.reference.models import Kind

HELD: Hook[list[Callable[[Any], Text | None]]] = Hook("reference.held", list)
"""Why a thing can neither be renamed nor go now, or None: upper rooms hang it here."""
NAMES = ("name_tr", "name_en")
ASKED = {*NAMES, "theme_id"}
"""What whoever answers a questionnaire sees of it."""


def why_held(term: Any) -> Text | None:
    return next((why for each in HELD.here if (why := each(term)) is not None), None)


def _must_be_free(*terms: Any) -> None:
    for term in terms:
        if term.merged_into_id is not None:
            raise Refused(lazy_gettext("This was merged into another one and can no longer be changed."))
        if (why := why_held(term)) is not None:
            raise Refused(why)


def add(kind: Kind, values: dict[str, Any], *, by: Actor) -> Any:
    """A new one, of the values its form gave."""
    _check(kind, values, None)
    term = kind.model(slug=_slug(kind, values["name_tr"]), former=[], **values)
    if kind.model is Theme:
        term.position = queries.last_position() + 1
    _set_keys(term)
    db.session.add(term)
    db.session.flush()
    journal.record(kind.added(term.id), by=by)
    return term


def change(kind: Kind, term: Any, values: dict[str, Any], *, by: Actor) -> None:
    """Give it these values. A name it loses is kept as a former one, and goes on finding it."""
    different = {name for name, value in values.items() if getattr(term, name) != value}
    if different & ASKED or term.merged_into_id is not None:
        _must_be_free(term)
    _check(kind, values, term.id)
    lost = [getattr(term, name) for name in NAMES if name in different and getattr(term, name)]
    if lost:
        until = {"tr": term.name_tr, "en": term.name_en, "until": today().isoformat()}
        term.former = [*term.former, until]
    changed = set_changed(term, values)
    if changed:
        _set_keys(term)
        journal.record(kind.changed(term.id, changed), by=by)


def set_active(kind: Kind, term: Any, active: bool, *, by: Actor) -> None:
    """Offer it again, or no longer. Asking twice does nothing."""
    if term.active is not active:
        _must_be_free(term)
        term.active = active
        journal.record(kind.activated(term.id, active), by=by)


def remove(kind: Kind, term: Any, *, by: Actor) -> None:
    """Only what nothing uses, and nothing that is kept ever did."""
    _must_be_free(term)
    if queries.is_used(term):
        raise Refused(lazy_gettext("This is used and cannot be deleted. Retire it instead."))
    if kind.model is Theme:
        _rename_in_units(term.slug, None)
    journal.record(kind.removed(term.id), by=by)
    db.session.delete(term)


# --- two that are one ----------------------------------------------------------------------------------


def merge(kind: Kind, kept: Any, merged: Any, *, by: Actor) -> None:
    """Make two one: all that points at `merged` points at `kept`, but for what says how things were (`points_to`).

    `merged` stays, no longer offered, under its name and with its successor.
    """
    if kept.id == merged.id or not kept.active:
        raise Refused(lazy_gettext("Choose another one that is in use."), field="into")
    for term in sorted((kept, merged), key=queries.model_id):
        db.session.refresh(term, with_for_update={"of": kind.model})
    _must_be_free(kept, merged)
    for _, column in list(queries.pointers(kind.model)):
        if not column.info.get("stays"):
            _hand_over(column, kept.id, merged.id)
    if kind.model is Theme:
        _rename_in_units(merged.slug, kept.slug)
    db.session.expire_all()
    merged.active, merged.merged_into_id = False, kept.id
    journal.record(kind.merged(kept.id, merged.id), by=by)


def _hand_over(column: sa.Column[Any], kept_id: int, merged_id: int) -> None:
    """Rows that point at the merged one point at the kept one; what would stand there twice goes, and what it led to
    stays. Whoever edits such a row at the same time, or what it belongs to, is told: its version counts on.
    """
    table: Any = column.table
    theirs = column == merged_id
    for key in table.foreign_keys if "version" not in table.c else ():
        if key.parent is not column and "version" in key.column.table.c:
            owner = key.column.table
            of_those = owner.c.id.in_(sa.select(key.parent).where(theirs))
            _run(sa.update(owner).where(of_those).values(version=owner.c.version + 1), owner, table)
    for rule in table.constraints:
        if isinstance(rule, sa.UniqueConstraint) and column in rule.columns.values():
            other = table.alias()
            for led in (each for each in table.c if each.nullable and each.foreign_keys and each is not column):
                there: Any = sa.select(other.c[led.name]).where(_twin(rule, column, other, merged_id))
                there = there.where(other.c[led.name].is_not(None)).correlate(table).limit(1).scalar_subquery()
                lacks = sa.update(table).where(column == kept_id, led.is_(None), there.is_not(None))
                _run(lacks.values({led.name: there}), table, other)
            doubled = sa.exists().where(_twin(rule, column, other, kept_id)).correlate(table)
            _run(sa.delete(table).where(theirs, doubled), table, other)
    version = {"version": table.c.version + 1} if "version" in table.c else {}
    _run(sa.update(table).where(theirs).values({column.name: kept_id, **version}), table)


def _twin(rule: sa.UniqueConstraint, column: sa.Column[Any], other: Any, key: int) -> sa.ColumnElement[bool]:
    """Whether a row of `other`, an alias of the same table, is alike but for pointing at `key`."""
    alike = [other.c[each.name] == each for each in rule.columns if each is not column]
    return sa.and_(other.c[column.name] == key, *alike)


def _run(statement: Any, *tables: Any) -> None:
    models = [
        mapper.class_ if table is mapper.local_table else aliased(mapper.class_, table)
        for mapper in Base.registry.mappers
        for table in tables
        if mapper.local_table in (table, getattr(table, "element", None))
    ]
    # whoever's they are: it is one thing for all of them
    db.session.execute(EVERYWHERE.trusting(statement, *models), execution_options={"synchronize_session": False})


def _rename_in_units(slug: str, instead: str | None) -> None:
    """Units name the themes of their work by slugs."""
    for unit in db.session.scalars(sa.select(Unit).where(sa.cast(Unit.themes, sa.String).contains(f'"{slug}"'))):
        renamed = [instead if each == slug else each for each in unit.themes]
        unit.themes = [each for each in dict.fromkeys(renamed) if each is not None]
    db.session.flush()


# --- what is asked of the values -----------------------------------------------------------------------


def _check(kind: Kind, values: dict[str, Any], besides: int | None) -> None:
    for field in NAMES:
        other = queries.holder(kind, [values[field]], besides)
        if other is not None:
            raise Refused(_taken(other, values[field]), field=field)
    if "prefix" in values and queries.prefix_taken(values["prefix"], besides):
        raise Refused(lazy_gettext("Another thematic area has these letters."), field="prefix")


def _taken(other: Any, name: str) -> Text:
    words = {"name": in_language(other, "name")}
    if search_key(name) in {search_key(getattr(other, each)) for each in NAMES}:
        return lazy_gettext("This name is already in use: %(name)s.", **words)
    return lazy_gettext("This is a former name of another one: %(name)s.", **words)


def _set_keys(term: Any) -> None:
    if hasattr(term, "name_sort"):
        term.name_sort = sort_key(term.name_tr)
    if hasattr(term, "name_key"):
        term.name_key = search_key(term.name_tr)


def _slug(kind: Kind, name: str) -> str:
    """A data key of its own, for good."""
    base = "-".join(search_words(name))[:56] or kind.thing
    return next(
        slug
        for slug in (base, *(f"{base}-{number}" for number in range(2, 10_000)))
        if not queries.slug_taken(kind, slug)
    )
