"""A round is designed: named, given institutions and units, questionnaires, a way to choose whom it asks."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.access.caller import Caller
from app.access.permissions import Permission
from app.access.scope import Scope, within
from app.audit import journal
from app.core.clock import today
from app.core.db import db, set_changed
from app.core.errors import Missing, Refused
from app.jobs import queries as job_queries
from app.jobs.models import Job
from app.language import force_locale, gettext, lazy_gettext
from app.needs.events import RoundChanged, RoundDeleted, RoundDesigned, RoundItemsChanged
from app.needs.models import Asking, AssessmentRound, RoundChange, RoundItem, RoundPlace, RoundStatus
from app.needs.rounds import queries
from app.needs.rounds.rules import questions
from app.people.models import Unit

LARGEST_SEED = 1_000_000
COPIED: dict[Any, tuple[str, ...]] = {
    RoundPlace: ("organisation_id", "unit_id"),
    RoundItem: ("unit_id", "competency_id", "position"),
}
USUAL_DAYS = 21


@dataclass(frozen=True)
class Details:
    """Everything of a round that its form sets; `organisations`: ids of the institutions it asks."""

    name_tr: str
    name_en: str
    starts_on: date
    ends_on: date
    alpha: Decimal
    asking: Asking
    notice: str
    readers: tuple[str, ...]
    paper: bool
    organisations: tuple[int, ...]

    @property
    def columns(self) -> dict[str, Any]:
        values = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "organisations"}
        return values | {"readers": list(self.readers), "year": self.starts_on.year}


def create_round(details: Details, *, scope: Scope, by: Caller) -> AssessmentRound:
    """A draft that asks every unit of these institutions about the competencies of its themes and the common block."""
    _check(details, scope)
    made = AssessmentRound(**details.columns, designed=True, seed=secrets.randbelow(LARGEST_SEED))
    db.session.add(made)
    db.session.flush()
    _place(made, queries.units(details.organisations))
    journal.record(RoundDesigned(made.id), by=by)
    return made


def change_round(found: AssessmentRound, details: Details, *, scope: Scope, by: Caller) -> None:
    """Institutions that are new in it come with all their units; those left out go with theirs."""
    must_be_draft(found)
    _check(details, scope)
    changed = set_changed(found, details.columns)
    before, wanted = queries.institutions(found), set(details.organisations)
    if found.follows_id is None and before != wanted:
        _leave(found, RoundPlace.organisation_id.in_(sorted(before - wanted)))
        _place(found, queries.units(wanted - before))
        changed = (*changed, "organisations")
    if changed:
        journal.record(RoundChanged(found.id, changed), by=by)


def _check(details: Details, scope: Scope) -> None:
    if details.ends_on < details.starts_on:
        raise Refused(lazy_gettext("The last day lies before the first."), field="ends_on")
    if not details.organisations:
        raise Refused(lazy_gettext("Choose at least one institution."), field="organisations")
    if not all(scope.covers_organisation(one) for one in details.organisations):
        raise Refused(lazy_gettext("This choice is not available."), field="organisations")


def must_be_draft(found: AssessmentRound) -> None:
    if found.status is not RoundStatus.DRAFT:
        raise Refused(lazy_gettext("This analysis was opened: whom it asks what is settled."))


def choose_units(found: AssessmentRound, organisation_id: int, unit_ids: Collection[int], *, by: Caller) -> None:
    """Ask these units of an institution (seen through a scope) and no others of it."""
    must_be_draft(found)
    theirs = queries.units([organisation_id])
    wanted = [unit for unit in theirs if unit.id in set(unit_ids)]
    if not wanted:
        raise Refused(lazy_gettext("Choose at least one unit."))
    before = set(queries.unit_ids(found))
    gone = {unit.id for unit in theirs} - {unit.id for unit in wanted}
    _leave(found, RoundPlace.unit_id.in_(sorted(gone)))
    _place(found, [unit for unit in wanted if unit.id not in before])
    found.version += 1
    journal.record(RoundChanged(found.id, ("units",)), by=by)


def choose_items(found: AssessmentRound, unit: Unit, competency_ids: Sequence[int], *, alike: bool, by: Caller) -> None:
    """Ask the staff of a unit about these competencies, in this order; `alike`: of every unit of its kind."""
    must_be_draft(found)
    if not competency_ids:
        raise Refused(lazy_gettext("Choose at least one competency."))
    units = queries.units_alike(found, unit) if alike else [unit.id]
    _run(sa.delete(RoundItem).where(RoundItem.round_id == found.id, RoundItem.unit_id.in_(units)))
    _ask(found, dict.fromkeys(units, competency_ids))
    journal.record(RoundItemsChanged(found.id, unit.id, len(units)), by=by)


def redraw(found: AssessmentRound, *, by: Caller) -> None:
    """Draw other people."""
    must_be_draft(found)
    found.seed = secrets.randbelow(LARGEST_SEED)
    journal.record(RoundChanged(found.id, ("seed",)), by=by)


def copy_round(found: AssessmentRound, *, follows: bool, by: Caller) -> AssessmentRound:
    """A draft that asks the same units the same. `follows`: the very same people, to see which gaps closed."""
    if follows and found.status is not RoundStatus.PUBLISHED:
        raise Refused(lazy_gettext("A follow-up asks again after an analysis that was published."))
    kept = {name: getattr(found, name) for name in ("alpha", "asking", "notice", "readers", "paper")}
    made = AssessmentRound(
        **kept,
        name_tr=_name_of_copy(found.name_tr, "tr", follows=follows),
        name_en=_name_of_copy(found.name_en, "en", follows=follows),
        year=today().year,
        starts_on=today(),
        ends_on=today() + timedelta(days=USUAL_DAYS),
        seed=secrets.randbelow(LARGEST_SEED),
        follows_id=found.id if follows else None,
        designed=True,
    )
    db.session.add(made)
    db.session.flush()
    for model, columns in COPIED.items():
        theirs: Any = [getattr(model, name) for name in columns]
        rows = sa.select(sa.literal(made.id), *theirs).where(model.round_id == found.id)
        _run(sa.insert(model).from_select(["round_id", *columns], within(found).trusting(rows, model)))
    journal.record(RoundDesigned(made.id), by=by)
    return made


def _name_of_copy(name: str, language: str, *, follows: bool) -> str:
    """In the language of that name, whoever copies; nothing where it has none."""
    with force_locale(language):
        said = gettext("%(name)s, follow-up", name=name) if follows else gettext("%(name)s, copy", name=name)
    return said[:160] if name else ""


def delete_round(found: AssessmentRound, *, by: Caller) -> None:
    """A draft, which nobody has seen yet."""
    must_be_draft(found)
    for model in (RoundItem, RoundPlace, RoundChange):
        _run(sa.delete(model).where(model.round_id == found.id))
    journal.record(RoundDeleted(found.id), by=by)
    db.session.delete(found)


def _place(found: AssessmentRound, units: Sequence[Unit]) -> None:
    """Ask these units, each about what its themes ask for."""
    if not units:
        return
    rows = [{"round_id": found.id, "organisation_id": unit.organisation_id, "unit_id": unit.id} for unit in units]
    db.session.execute(sa.insert(RoundPlace), rows)
    known = queries.catalogue()
    _ask(found, {unit.id: questions(unit.themes, known) for unit in units})


def _ask(found: AssessmentRound, wanted: dict[int, Sequence[int]]) -> None:
    rows = [
        {"round_id": found.id, "unit_id": unit_id, "competency_id": key, "position": position}
        for unit_id, keys in wanted.items()
        for position, key in enumerate(keys, 1)
    ]
    if rows:
        db.session.execute(sa.insert(RoundItem), rows)


def _leave(found: AssessmentRound, which: sa.ColumnElement[bool]) -> None:
    units = sa.select(RoundPlace.unit_id).where(RoundPlace.round_id == found.id, which)
    _run(sa.delete(RoundItem).where(RoundItem.round_id == found.id, RoundItem.unit_id.in_(units)))
    _run(sa.delete(RoundPlace).where(RoundPlace.round_id == found.id, which))


def _run(statement: Any) -> None:
    """On rows of a round that was loaded through a scope."""
    db.session.execute(
        within(AssessmentRound).trusting(statement, RoundPlace, RoundItem, RoundChange),
        execution_options={"synchronize_session": False},
    )


def round_of(job: Job) -> AssessmentRound:
    """The round a job is about, through what its owner may run now."""
    scope = job_queries.owner(job).scope_for(Permission.NEED_RUN)
    try:
        return queries.round_run(scope, int(job.arguments["round"]))
    except Missing as missing:
        raise Refused(lazy_gettext("You may no longer run this analysis: it was not carried on.")) from missing
