from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.audit import journal
from app.audit.journal import Actor
from app.catalogue.models import Competency
from app.core.db import db
from app.core.errors import Refused
from app.language import lazy_gettext
from app.plans.events import PlanRowAdded, PlanRowRemoved
from app.plans.models import PlanItem
from app.programme.asks import queries
from app.programme.asks.events import AskLinked, AskMade, AskWithdrawn
from app.programme.asks.models import ASKERS, Asker, AskMove, Wanted


def ask(asker: Asker, thing: Any, competency: Competency, reason: str, *, by: Actor) -> None:
    """A thing, already loaded through a scope, asks for a competency; once."""
    db.session.refresh(thing, ["version"], with_for_update=True)
    _tell(asker, thing, AskMove.ASKED, reason.strip(), by)
    if queries.asked_already(asker, thing, competency):
        raise Refused(lazy_gettext("This competency is asked for already."), field="competency")
    pointer = {asker.pointer.key: thing.id}
    made = asker.model(competency_id=competency.id, reason=reason.strip(), **pointer)
    db.session.add(made)
    db.session.flush()
    journal.record(AskMade(f"{asker.key}-{made.id}", competency.id), by=by)


def _tell(asker: Asker, thing: Any, move: AskMove, reason: str, by: Actor) -> None:
    if asker.heard is not None:
        asker.heard(thing, move, reason, by)


def withdraw(wanted: Wanted, *, by: Actor) -> None:
    """An ask nothing rests on is gone; else the row of the plan goes first, or goes on saying where it comes from."""
    _hold(wanted.ask)
    if wanted.ask.plan_item_id is not None:
        raise Refused(
            lazy_gettext("A row of a training plan rests on this. Take that row out of the plan, or untie it, first.")
        )
    _tell(wanted.asker, wanted.thing, AskMove.WITHDRAWN, "", by)
    journal.record(AskWithdrawn(wanted.key, wanted.ask.competency_id), by=by)
    db.session.delete(wanted.ask)


def _hold(ask: Any) -> None:
    db.session.refresh(ask, ["plan_item_id"], with_for_update=True)


def tie(wanted: Wanted, item: PlanItem, *, by: Actor) -> None:
    """A row of a plan that is there already gives what is asked for."""
    _hold(wanted.ask)
    _tell(wanted.asker, wanted.thing, AskMove.TIED, "", by)
    _link(wanted.key, wanted.ask, item.id, by)


def untie(wanted: Wanted, *, by: Actor) -> None:
    """The row stays in its plan, and what asked for it asks again."""
    _hold(wanted.ask)
    item_id = wanted.ask.plan_item_id
    if item_id is None:
        raise Refused(lazy_gettext("No row of a training plan rests on this."))
    _tell(wanted.asker, wanted.thing, AskMove.UNTIED, "", by)
    wanted.ask.plan_item_id = None
    journal.record(AskLinked(wanted.key, item_id, linked=False), by=by)


def _link(key: str, ask: Any | None, item_id: int, by: Actor) -> None:
    if ask is None or ask.plan_item_id is not None:
        raise Refused(lazy_gettext("A row of a training plan rests on this already, or it was withdrawn meanwhile."))
    ask.plan_item_id = item_id
    journal.record(AskLinked(key, item_id), by=by)


def on_row_added(event: PlanRowAdded, by: Actor) -> None:
    """What asked for a row leads to it from now on."""
    if not event.asked:
        return
    asker, ask_id = queries.named(event.asked)
    # whoever added the row was shown the ask under a scope of theirs
    statement = EVERYWHERE.restrict(sa.select(asker.model), asker.model).where(asker.model.id == ask_id)
    _link(event.asked, db.session.scalar(statement.with_for_update(of=asker.model)), event.plan_item_id, by)


def on_row_removed(event: PlanRowRemoved, by: Actor) -> None:
    """A row that no version ever had is gone: what asked for it asks again."""
    for asker in ASKERS.here.values():
        for ask_id in _let_go(asker, event.plan_item_id):
            journal.record(AskLinked(f"{asker.key}-{ask_id}", event.plan_item_id, linked=False), by=by)


def _let_go(asker: Asker, item_id: int) -> list[int]:
    model = asker.model
    # a row of a plan is asked for by things of whatever province
    resting = EVERYWHERE.restrict(sa.select(model), model).where(model.plan_item_id == item_id).order_by(model.id)
    found = list(db.session.scalars(resting.with_for_update(of=model)))
    for each in found:
        each.plan_item_id = None
    db.session.flush()
    return [each.id for each in found]
