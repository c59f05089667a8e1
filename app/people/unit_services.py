"""Units of an institution: adding one, calling it by another name, saying who heads it."""

from __future__ import annotations

import sqlalchemy as sa

from app import refdata
from app.access.models import Organisation
from app.audit import journal
from app.audit.journal import Actor
from app.core.db import db
from app.core.errors import Refused
from app.language import lazy_gettext
from app.language.turkish import search_key, sort_key
from app.people.events import UnitAdded, UnitChanged
from app.people.models import Employee, Unit


def add_unit(organisation: Organisation, *, function: str, name_tr: str, name_en: str, by: Actor) -> Unit:
    """A unit with one of the known functions, or ("") with one of its own, made of its name.

    The function carries the thematic areas, which the needs questionnaire is made of.
    """
    key = function or "-".join(search_key(name_tr).split())[:64]
    taken = sa.select(Unit.id).where(Unit.organisation_id == organisation.id, Unit.function == key)
    if db.session.scalar(taken) is not None:
        raise Refused(lazy_gettext("The institution has this unit already."), field="name_tr")
    unit = Unit(organisation_id=organisation.id, function=key, themes=_themes(key))
    _name(unit, name_tr, name_en)
    db.session.add(unit)
    db.session.flush()
    journal.record(UnitAdded(unit.id, organisation.id), by=by)
    return unit


def change_unit(unit: Unit, *, name_tr: str, name_en: str, head: Employee | None, by: Actor) -> None:
    """Another name, another head (somebody active of the same institution, or nobody)."""
    if head is not None and (head.organisation_id != unit.organisation_id or not head.active):
        raise Refused(lazy_gettext("The head of a unit must work at the same institution."), field="head")
    head_id = head.id if head else None
    wanted = (("name_tr", name_tr), ("name_en", name_en), ("head_id", head_id))
    changed = tuple(name for name, value in wanted if getattr(unit, name) != value)
    if changed:
        _name(unit, name_tr, name_en)
        unit.head_id = head_id
        journal.record(UnitChanged(unit.id, changed), by=by)


def _name(unit: Unit, name_tr: str, name_en: str) -> None:
    unit.name_tr, unit.name_en, unit.name_sort = name_tr, name_en, sort_key(name_tr)[:800]


def _themes(function: str) -> list[str]:
    return next((list(row["themes"]) for row in refdata.load("units") if row["slug"] == function), [])
