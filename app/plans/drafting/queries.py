from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from app.access.models import Province
from app.access.queries import organisations, provinces
from app.access.scope import Scope
from app.catalogue.models import Course
from app.core.clock import today
from app.core.db import db
from app.core.errors import Missing
from app.language import gettext, in_language
from app.plans.drafting.models import Draft, DraftRow, Place
from app.plans.models import PlanStatus, TrainingPlan
from app.plans.queries import plan_with_rows


def draft(scope: Scope, plan_id: int) -> Draft:
    """A plan this scope runs as it is drafted, or Missing; of an approved one what is in force. One statement."""
    plan, items = plan_with_rows(scope, plan_id)
    return Draft(plan, [DraftRow.of(item) for item in items])


def row_of(drafted: Draft, item_id: int) -> DraftRow:
    found = next((row for row in drafted.rows if row.item.id == item_id), None)
    if found is None:
        raise Missing
    return found


def open_plans(scope: Scope) -> list[TrainingPlan]:
    """Plans of this scope whose rows can be changed now, latest first."""
    return _plans(scope, TrainingPlan.status.in_((PlanStatus.DRAFT, PlanStatus.RETURNED)))


def in_force(scope: Scope) -> list[TrainingPlan]:
    """Those of this year and later ones whose next version can be drafted."""
    return _plans(scope, TrainingPlan.status == PlanStatus.APPROVED, TrainingPlan.year >= today().year)


def _plans(scope: Scope, *which: Any) -> list[TrainingPlan]:
    statement = (
        sa.select(TrainingPlan)
        .outerjoin(TrainingPlan.province)
        .options(contains_eager(TrainingPlan.province))
        .where(*which)
        .order_by(TrainingPlan.year.desc(), sa.nulls_first(Province.name_sort))
    )
    return [plan for plan in db.session.scalars(statement) if scope.covers_province(plan.province_id)]


def courses() -> Sequence[Course]:
    """Those that can be given, by code."""
    return db.session.scalars(sa.select(Course).where(Course.active.is_(True)).order_by(Course.code)).all()


def places(scope: Scope, plan: TrainingPlan) -> dict[str, tuple[str, Place]]:
    """By the key a form says it with, name and place of all a row of this plan may be for: its province and the
    institutions there; of the programme's plan the whole programme, each province, every institution.
    """
    found = [] if plan.province_id else [(gettext("Whole programme"), Place())]
    theirs = provinces() if plan.province is None else [plan.province]
    found += [(in_language(one, "name"), Place(one.id)) for one in theirs]
    for home in organisations(scope, province_id=plan.province_id):
        found.append((in_language(home, "name"), Place(home.province_id, home.id)))
    return {key_of(place): (name, place) for name, place in found}


def key_of(place: Place) -> str:
    if place.organisation_id is not None:
        return f"o{place.organisation_id}"
    return f"p{place.province_id}" if place.province_id is not None else "all"
