from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.access.scope import EVERYWHERE, within
from app.audit import journal
from app.audit.journal import Actor
from app.catalogue.models import Competency
from app.core.db import Base, db
from app.core.errors import Refused
from app.language import lazy_gettext
from app.plans.events import PlanRowAdded, PlanRowRemoved
from app.programme.asks import queries
from app.programme.asks.events import AskLinked, AskMade, AskWithdrawn
from app.programme.asks.models import ASKERS, Asker, Asks


def ask(kind: str, thing: Any, competency: Competency, reason: str, *, by: Actor) -> Asks:
    """A thing of this kind, already loaded through a scope, asks for a competency; once."""
    asker = ASKERS.here[kind]
    if not reason.strip():
        raise Refused(lazy_gettext("Please give a reason."), field="reason")
    twice = sa.select(asker.model.id).where(queries.same(asker.model, asker.pointer, thing.id, competency.id))
    if db.session.scalar(within(thing).trusting(twice, asker.model)) is not None:
        raise Refused(lazy_gettext("This competency is asked for already."), field="competency")
    pointer = {asker.pointer.key: thing.id}
    made: Asks = asker.model(competency_id=competency.id, reason=reason.strip(), **pointer)
    db.session.add(made)
    db.session.flush()
    journal.record(AskMade(f"{kind}-{made.id}", competency.id), by=by)
    return made


def withdraw(kind: str, ask: Base, *, by: Actor) -> None:
    """An ask nothing rests on is gone; else the row of the plan goes first, or goes on saying where it comes from."""
    model: Any = ask
    db.session.refresh(model, ["plan_item_id"], with_for_update=True)
    if model.plan_item_id is not None:
        raise Refused(lazy_gettext("A row of a training plan rests on this. Take that row out of the plan first."))
    journal.record(AskWithdrawn(f"{kind}-{model.id}", model.competency_id), by=by)
    db.session.delete(model)


def on_row_added(event: PlanRowAdded, by: Actor) -> None:
    """What asked for a row leads to it from now on."""
    if not event.asked:
        return
    asker, ask_id = queries.named(event.asked)
    # whoever added the row was shown the ask under a scope of theirs
    statement = EVERYWHERE.restrict(sa.select(asker.model), asker.model).where(asker.model.id == ask_id)
    made = db.session.scalar(statement.with_for_update(of=asker.model))
    if made is None or made.plan_item_id is not None:
        raise Refused(lazy_gettext("A row of a training plan rests on this already, or it was withdrawn meanwhile."))
    made.plan_item_id = event.plan_item_id
    journal.record(AskLinked(event.asked, event.plan_item_id), by=by)


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
