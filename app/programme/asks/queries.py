from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from app.access.models import Organisation
from app.access.scope import Scope, within
from app.catalogue.models import Competency, Course, CourseCompetency
from app.core.db import db, typed_id
from app.core.errors import Missing
from app.core.tables.written import written_once
from app.plans.models import PlanItem, TrainingPlan
from app.programme.asks.models import ASKERS, Asker, Line, Wanted


@written_once
def lines(scope: Scope, *, kinds: tuple[str, ...] = (), only: tuple[str, ...] = ()) -> sa.CompoundSelect[Any]:
    """All asks this scope sees, of these kinds or of every one, as one UNION with the columns of `Line`, or with these
    of them: what they are called is long.
    """
    parts = _lines(scope, kinds)
    if only:
        parts = [part.with_only_columns(*(part.selected_columns[name] for name in only)) for part in parts]
    return _together(parts)


def resting(scope: Scope) -> sa.CompoundSelect[Any]:
    """How many (`asks`) of those rest on which row of a plan (None: on none yet), by province."""
    counted = []
    for part in _lines(scope):
        of_it = part.selected_columns
        where = of_it.province_id, of_it.plan_item_id
        counted.append(part.with_only_columns(*where, sa.func.count().label("asks")).group_by(*where))
    return _together(counted)


def _lines(scope: Scope, kinds: Iterable[str] = ()) -> list[sa.Select[Any]]:
    return [_line(scope, asker) for asker in ASKERS.here.values() if not kinds or asker.key in kinds]


def _together(parts: Sequence[sa.Select[Any]]) -> sa.CompoundSelect[Any]:
    covered = frozenset[Any]().union(*(part.get_execution_options()["scoped"] for part in parts))
    return sa.union_all(*parts).execution_options(scoped=covered)


def _line(scope: Scope, asker: Asker) -> sa.Select[Any]:
    model = asker.model
    statement = (
        sa.select(
            sa.literal(asker.key).label("kind"),
            model.id.label("id"),
            asker.pointer.label("thing_id"),
            asker.title("tr").label("title_tr"),
            asker.title("en").label("title_en"),
            asker.owned.province_id.label("province_id"),
            model.competency_id.label("competency_id"),
            model.reason.label("reason"),
            model.plan_item_id.label("plan_item_id"),
            (sa.false() if asker.withdrawn is None else asker.withdrawn).label("withdrawn"),
        )
        .select_from(model)
        .join(asker.thing, asker.thing.id == asker.pointer)
        .where(sa.true() if asker.shown is None else asker.shown)
    )
    joined = [other for other, _ in asker.joins]
    for other, on in asker.joins:
        statement = statement.join(other, on)
    # the ask and what asks hang on the row that is owned
    others = [each for each in (model, asker.thing, *joined) if each is not asker.owned]
    trusted: sa.Select[Any] = scope.trusting(scope.restrict(statement, asker.owned), *others)
    return trusted


@written_once
def _chosen(scope: Scope, by: str, *kinds: str) -> sa.Select[Any]:
    """The lines of `lines` of which this column is one of the `keys` it is told."""
    statement = lines(scope, kinds=kinds)
    every = statement.subquery()
    keys: sa.BindParameter[Sequence[int]] = sa.bindparam("keys", expanding=True)
    chosen = sa.select(every).where(every.c[by].in_(keys)).order_by(every.c.kind, every.c.id)
    return chosen.execution_options(scoped=statement.get_execution_options()["scoped"])


def _found(statement: sa.Select[Any], keys: Iterable[int]) -> list[Line]:
    return [Line.of(row) for row in db.session.execute(statement, {"keys": sorted(keys)})]


def named(key: str) -> tuple[Asker, int]:
    """The kind and the id that a key ("finding-7") names, or Missing."""
    kind, _, number = key.partition("-")
    asker, ask_id = ASKERS.here.get(kind), typed_id(number)
    if asker is None or ask_id is None:
        raise Missing
    return asker, ask_id


def line(scope: Scope, key: str) -> Line:
    """The ask with this key as this scope sees it, or Missing."""
    asker, ask_id = named(key)
    whole = _found(_chosen(scope, "id", asker.key), [ask_id])
    if not whole:
        raise Missing
    return whole[0]


def of_rows(scope: Scope, item_ids: Sequence[int]) -> list[Line]:
    """What asked for these rows of plans, as far as this scope sees it."""
    return _found(_chosen(scope, "plan_item_id"), item_ids)


# --- for those who write ----------------------------------------------------------------------------------


def asking(scope: Scope, kind: str, thing_id: int) -> tuple[Asker, Any]:
    """What asks, as this scope writes it; or Missing."""
    asker = ASKERS.here.get(kind)
    if asker is None:
        raise Missing
    return asker, asker.written(scope, thing_id)


def wanted(scope: Scope, key: str) -> Wanted:
    """The ask with this key as this scope writes it, or Missing."""
    asker, ask_id = named(key)
    ask = scope.get(asker.model, ask_id, joinedload(asker.model.competency))
    return Wanted(asker, asker.written(scope, getattr(ask, asker.pointer.key)), ask)


def asks_of(kind: str, thing: Any) -> Sequence[Any]:
    """What a loaded thing asks for, by the competency, each with its theme and the row of a plan that rests on it."""
    model = ASKERS.here[kind].model
    wanted, row = contains_eager(model.competency), joinedload(model.plan_item)
    statement = within(thing).select(model).join(model.competency)
    statement = statement.options(
        wanted.joinedload(Competency.theme), row.joinedload(PlanItem.course), row.joinedload(PlanItem.plan)
    )
    return db.session.scalars(statement.order_by(Competency.name_sort, model.id)).all()


def asked_already(asker: Asker, thing: Any, competency: Competency) -> bool:
    statement = within(thing).select(asker.model).where(asker.model.competency_id == competency.id)
    return db.session.scalar(statement) is not None


def rows_for(line: Line) -> Mapping[int, PlanItem]:
    """Rows of plans for its province, or for the whole programme, that give the competency: by their ids, the latest
    year first.
    """
    gives = sa.select(CourseCompetency.course_id).where(CourseCompetency.competency_id == line.competency_id)
    there = sa.select(Organisation.id).where(Organisation.province_id == line.province_id)
    everywhere = sa.and_(PlanItem.province_id.is_(None), PlanItem.organisation_id.is_(None))
    here = sa.or_(PlanItem.province_id == line.province_id, PlanItem.organisation_id.in_(there), everywhere)
    whole = joinedload(PlanItem.province), joinedload(PlanItem.organisation)
    statement = (
        sa.select(PlanItem)
        .join(PlanItem.plan)
        .join(PlanItem.course)
        .options(contains_eager(PlanItem.plan), contains_eager(PlanItem.course), *whole)
        .where(PlanItem.course_id.in_(gives), PlanItem.dropped.is_(False), here)
        .order_by(TrainingPlan.year.desc(), Course.code, PlanItem.quarter, PlanItem.id)
    )
    return {item.id: item for item in db.session.scalars(statement)}
