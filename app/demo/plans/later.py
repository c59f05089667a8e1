"""Plans in every state: the programme's with a second version, next year's of three provinces on their way."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.core.clock import at
from app.core.db import db
from app.demo.plans.first import eligible
from app.demo.world import COURSES, World
from app.needs.suppression import MINIMUM
from app.plans import rules
from app.plans.models import Origin, PlanChange, PlanItem, PlanStatus, PlanVersion, TrainingPlan
from app.plans.snapshot import FrozenRow

S = PlanStatus
ROWS = 6
REVISION = "Kayıtlar beklenenden fazla; ilk satırın grup sayısı artırıldı."
REMARKS = "Mayıs ayında saha çalışması var; ikinci çeyrekteki grupları üçüncü çeyreğe alın."
DRAFTED: tuple[tuple[str, PlanStatus], ...] = (("25", S.DRAFT), ("27", S.SUBMITTED), ("63", S.RETURNED))
"""Provinces by code, and how far their plans are."""


def add_plans(world: World) -> None:
    _second_version(world)
    for province, status in DRAFTED:
        _draft(world, province, status)
    world.ledger.flush()


def _second_version(world: World) -> None:
    """The programme's plan as it was approved at first, and since its revision with one group more in its first row."""
    (plan,) = db.session.scalars(sa.select(TrainingPlan))
    loaded = (joinedload(PlanItem.course), joinedload(PlanItem.province), joinedload(PlanItem.organisation))
    items = db.session.scalars(sa.select(PlanItem).order_by(PlanItem.position).options(*loaded)).all()
    first = [FrozenRow.of(item).written() for item in items]
    second = [{**first[0], "groups": first[0]["groups"] + 1}, *first[1:]]
    begun = plan.approved_at or world.now
    revised = at(world.today - timedelta(days=20), time(10))
    admin = world.users["admin"]
    for edition, rows, moment, reason in ((1, first, begun, ""), (2, second, revised, REVISION)):
        world.ledger.add(
            PlanVersion,
            plan_id=plan.id,
            edition=edition,
            approved_at=moment,
            approved_by=admin,
            reason=reason,
            rows=rows,
        )
        _step(world, plan.id, edition, S.APPROVED, moment, admin, reason)
    world.ledger.change(PlanItem, items[0].id, groups=items[0].groups + 1)
    world.ledger.change(TrainingPlan, plan.id, edition=2, approved_at=revised, reason=REVISION)


def _draft(world: World, province: str, status: PlanStatus) -> None:
    reference, coordinator = world.reference, world.coordinator(province)
    year = world.today.year + 1
    submitted = at(world.today - timedelta(days=3), time(15)) if status is not S.DRAFT else None
    plan = world.ledger.add(
        TrainingPlan,
        year=year,
        province_id=reference.provinces[province],
        name_tr=f"{year} yılı eğitim planı",
        name_en=f"Training plan {year}",
        status=status,
        limit_hours=240,
        limit_cost=600_000,
        submitted_by=coordinator if submitted else None,
        submitted_at=submitted,
    )
    _step(world, plan, 1, S.DRAFT, at(world.today - timedelta(days=9), time(11)), coordinator)
    if submitted is not None:
        _step(world, plan, 1, S.SUBMITTED, submitted, coordinator)
        if status is S.RETURNED:
            _step(world, plan, 1, status, submitted + timedelta(hours=1), world.users["admin"], REMARKS)
    scored = sorted(
        (score, code)
        for (there, code), score in world.course_scores.items()
        if there == province and len(eligible(world, province, code)) >= MINIMUM
    )
    for position, (score, code) in enumerate(reversed(scored[-ROWS:]), 1):
        _row(world, plan, province, code, score, position)


def _row(world: World, plan: int, province: str, code: str, score: float, position: int) -> None:
    course = COURSES[code]
    staff = eligible(world, province, code)
    gaps = [person.gaps[slug] for person in staff for slug in course["competencies"] if slug in person.gaps]
    by_law = position == ROWS
    world.ledger.add(
        PlanItem,
        plan_id=plan,
        course_id=world.reference.courses[code],
        province_id=world.reference.provinces[province],
        position=position,
        groups=max(1, min(2, rules.groups(len(staff), course["max_participants"]))),
        quarter=1 + position % 4,
        hours=course["hours"],
        cost=(18 + 3 * position) * 1000,
        origin=Origin.LAW if by_law else Origin.NEEDS,
        origin_text="6698 sayılı Kanun kapsamındaki yükümlülük" if by_law else "",
        round_id=1,
        score=Decimal(str(round(score, 4))),
        eligible=len(staff),
        gap_points=sum(gaps, Decimal(0)),
        reason="Puanı ve uygun personel sayısı ilde en yüksek olanlar arasında.",
        pending={},
    )


def _step(world: World, plan: int, edition: int, status: PlanStatus, moment: datetime, by: int, said: str = "") -> None:
    values: dict[str, Any] = {"plan_id": plan, "edition": edition, "status": status, "at": moment, "changed_by": by}
    world.ledger.add(PlanChange, reason=said, **values)
