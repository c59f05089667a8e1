"""The plan of the year, as it followed from the needs: in each province the courses that score highest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import time, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

from app.core.clock import at
from app.demo.world import COURSES, Person, World
from app.needs import rules
from app.needs.rules import Rated
from app.plans import rules as plan_rules
from app.plans.models import Origin, PlanItem, PlanStatus, TrainingPlan

ITEMS_PER_PROVINCE = 10
FEWEST_ELIGIBLE = 4
ELIGIBLE = {code: frozenset(row["target_titles"]) for code, row in COURSES.items()}
Tally = Counter[tuple[Fraction, Fraction, int | None, int | None]]
REASONS = (
    "Puanı ve uygun personel sayısı ilde en yüksek olanlar arasında.",
    "Yetkinlik açığı birden fazla belediyede görülüyor; gruplar ilçelerden karma kurulacak.",
    "Belediyeler bu eğitimi ilk çeyrek için öncelikli gördü.",
    "Yeni göreve başlayanların sayısı arttı.",
    "Önceki grupların değerlendirmesi olumlu; kalan personel için yinelenecek.",
)
ORIGINS: tuple[tuple[Origin, str], ...] = (
    (Origin.FIELD, "Başvuru sahipleri dil desteği istiyor."),
    (Origin.ACTION_PLAN, "Stratejik eylem planı grubunun 4. eylemi"),
    (Origin.MANAGER, "Birim müdürlerinin ortak talebi"),
    (Origin.LAW, "6698 sayılı Kanun kapsamındaki yükümlülük"),
)


def plan(world: World, round_id: int, tallies: Mapping[tuple[str, str], Tally]) -> None:
    """The approved plan of the year: in each province the courses that score highest."""
    chance = world.chance("plan")
    plan = world.ledger.add(
        TrainingPlan,
        year=world.year,
        name_tr=f"{world.year} yılı eğitim planı",
        name_en=f"Training plan {world.year}",
        status=PlanStatus.APPROVED,
        approved_at=at(world.history_starts - timedelta(days=5), time(14, 20)),
    )
    scores: dict[tuple[str, str], Fraction] = {}
    for (province, slug), tally in sorted(tallies.items()):
        rated = [Rated(*key, count=count) for key, count in tally.items()]
        score = rules.aggregate_rated(rated).priority
        if score is not None:
            scores[province, slug] = score
    place = 0
    for province in world.reference.provinces:
        items: list[tuple[Fraction, str]] = []
        for code, course in COURSES.items():
            value = plan_rules.plan_score([scores.get((province, slug)) for slug in course["competencies"]])
            if value is None:
                continue
            world.course_scores[province, code] = float(value)
            if len(eligible(world, province, code)) >= FEWEST_ELIGIBLE:
                items.append((value, code))
        for value, code in sorted(items, reverse=True)[:ITEMS_PER_PROVINCE]:
            place += 1
            _item(world, plan, round_id, province, code, value, place, chance)


def eligible(world: World, province: str, code: str) -> list[Person]:
    """Staff of the province with a title the course is meant for and a need in what it builds."""
    slugs = COURSES[code]["competencies"]
    titles = ELIGIBLE[code]
    return [p for p in world.by_province[province] if p.title in titles and any(slug in p.gaps for slug in slugs)]


def _item(
    world: World, plan: int, round_id: int, province: str, code: str, score: Fraction, place: int, chance: Random
) -> None:
    course, staff = COURSES[code], eligible(world, province, code)
    slugs = course["competencies"]
    points = sum((person.gaps[slug] for person in staff for slug in slugs if slug in person.gaps), Decimal(0))
    other = ORIGINS[place % len(ORIGINS)] if place % 5 == 0 else None
    world.plan_items[province, code] = world.ledger.add(
        PlanItem,
        plan_id=plan,
        course_id=world.reference.courses[code],
        province_id=world.reference.provinces[province],
        groups=max(1, min(3, plan_rules.groups(len(staff), course["max_participants"]))),
        quarter=chance.randint(1, 4),
        origin=other[0] if other else Origin.NEEDS,
        origin_text=other[1] if other else "",
        round_id=round_id,
        score=Decimal(score.numerator) / score.denominator,
        eligible=len(staff),
        gap_points=points,
        reason=REASONS[place % len(REASONS)],
        position=place,
        hours=course["hours"],
        approved=True,
        pending={},
    )
