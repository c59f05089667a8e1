"""A finished needs analysis with its ratings, a second one that waits for answers, and the plan that followed."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from random import Random

from app.core.clock import at
from app.demo.world import COURSES, Person, World
from app.needs import rules, services
from app.needs.models import AssessmentRound, Need, Rating, RatingSource, RoundStatus
from app.needs.rounds.models import FEWEST, MOST
from app.needs.rounds.respondents import keep_respondents
from app.needs.rounds.rules import COMMON
from app.needs.rules import Combined, Rated, RatingPair
from app.plans import rules as plans_rules
from app.plans.models import Origin, PlanItem, PlanStatus, TrainingPlan
from app.refdata import load

# Larger staffs answer as a sample, each answer standing for several people.
MOST_RESPONDENTS = 300
ITEMS_PER_PROVINCE = 10
FEWEST_ELIGIBLE = 4
UNIT_THEMES = {row["slug"]: row["themes"] for row in load("units")}
ELIGIBLE = {code: frozenset(row["target_titles"]) for code, row in COURSES.items()}

Tally = Counter[tuple[Fraction, Fraction, int | None, int | None]]


def add_needs(world: World) -> None:
    """The two rounds, the ratings of the first, the plan."""
    first = _round(world, RoundStatus.PUBLISHED)
    world.ledger.flush()
    tallies: dict[tuple[str, str], Tally] = defaultdict(Counter)
    groups: dict[int, list[Person]] = defaultdict(list)
    for person in world.people:
        groups[person.organisation].append(person)
    lacking = _lacking(world)
    luck = world.chance("provinces")
    around = {code: {slug: luck.gauss(0, 0.3) for slug in lacking} for code in world.reference.provinces}
    for organisation, staff in groups.items():
        chance = world.chance(f"ratings/{organisation}")
        near = around[staff[0].province]
        asked = staff if len(staff) <= MOST_RESPONDENTS else chance.sample(staff, MOST_RESPONDENTS)
        keep_respondents(first, [person.id for person in asked])
        weight = Decimal(len(staff)) / len(asked)
        here = {slug: near[slug] + chance.gauss(0, 0.38) for slug in lacking}
        for person in asked:
            _rate(world, first, person, weight, lacking, here, chance, tallies)
        world.ledger.flush()
    services.recompute_sums()
    _round(world, RoundStatus.OPEN)
    _plan(world, first, tallies)
    world.ledger.flush()


def _round(world: World, status: RoundStatus) -> int:
    """The finished one before the history begins; the open one, named as the workbook Haliliye fills, around today."""
    finished = status is RoundStatus.PUBLISHED
    starts = world.history_starts - timedelta(days=36) if finished else world.today - timedelta(days=12)
    part, part_en = ("başlangıç analizi", "baseline") if finished else ("1. dönem", "1st period")
    return world.ledger.add(
        AssessmentRound,
        name_tr=f"Eğitim ihtiyaç analizi {world.year}, {part}",
        name_en=f"Training needs analysis {world.year}, {part_en}",
        year=world.year,
        starts_on=starts,
        ends_on=starts + timedelta(days=31),
        status=status,
        readers=["administrator", "coordinator", "focal_point"],
    )


def _lacking(world: World) -> dict[str, float]:
    """How much of each competency the programme lacks on average: some much, some nothing."""
    chance = world.chance("lacking")
    slugs = sorted(world.reference.competencies)
    chance.shuffle(slugs)
    steps = len(slugs) - 1
    return {slug: -0.55 + 2.95 * place / steps for place, slug in enumerate(slugs)}


def _questions(unit: str, chance: Random) -> list[str]:
    """Competencies of the unit's themes and the common ones, 6 to 18."""
    themes = UNIT_THEMES[unit]
    own = [row["slug"] for row in load("competencies") if row["theme"] in themes and row["slug"] not in COMMON]
    if len(own) + len(COMMON) > MOST:
        own = own[: MOST - len(COMMON)]
    asked = [*own, *COMMON]
    spare = len(asked) - FEWEST
    skipped = set(chance.sample(own, min(spare, chance.choice((0, 0, 0, 1))))) if spare > 0 else set()
    return [slug for slug in asked if slug not in skipped]


def _rate(
    world: World,
    round_id: int,
    person: Person,
    weight: Decimal,
    lacking: dict[str, float],
    here: dict[str, float],
    chance: Random,
    tallies: dict[tuple[str, str], Tally],
) -> None:
    ledger, ids = world.ledger, world.reference.competencies
    able, alone = chance.gauss(0, 0.45), person.supervisor is None or chance.random() < 0.03
    for slug in _questions(person.unit, chance):
        wanted = chance.gauss(4.0, 0.5)
        level = wanted - lacking[slug] - here[slug] + able
        own = (_step(wanted + chance.gauss(0, 0.4)), _step(level + 0.15 + chance.gauss(0, 0.45)))
        other = None if alone else (_step(wanted + chance.gauss(0, 0.4)), _step(level - 0.15 + chance.gauss(0, 0.45)))
        about = {"round_id": round_id, "employee_id": person.id, "competency_id": ids[slug]}
        for source, pair in ((RatingSource.SELF, own), (RatingSource.SUPERVISOR, other)):
            if pair is not None:
                ledger.add(Rating, **about, source=source, importance=pair[0], level=pair[1])
        combined, high = _combined(own, other)
        gap = _decimal(combined.gap)
        ledger.add(
            Need,
            **about,
            importance=_decimal(combined.importance),
            level=_decimal(combined.level),
            gap=gap,
            need=combined.need,
            single_source=combined.single_source,
            self_level=own[1],
            supervisor_level=other[1] if other else None,
            weight=weight,
        )
        tallies[person.province, slug][combined.importance, combined.level, own[1], other[1] if other else None] += 1
        if combined.need:
            person.gaps[slug] = gap
            if high:
                person.high.add(slug)


@cache
def _combined(own: tuple[int, int], other: tuple[int, int] | None) -> tuple[Combined, bool]:
    """The combined rating, and whether it is of class high by itself. There are few different ones."""
    combined = RatingPair(*own, *(other or (None, None))).combined()
    if combined is None:
        raise ValueError("the person's own rating is always there")
    return combined, rules.priority(combined.importance * combined.gap) >= rules.HIGH_FROM


def _step(value: float) -> int:
    return max(1, min(5, round(value)))


@cache
def _decimal(value: Fraction) -> Decimal:
    """Combined ratings are whole or halves."""
    return Decimal(value.numerator) / value.denominator


# --- the plan -------------------------------------------------------------------------------------------

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


def _plan(world: World, round_id: int, tallies: dict[tuple[str, str], Tally]) -> None:
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
            value = plans_rules.plan_score([scores.get((province, slug)) for slug in course["competencies"]])
            if value is None:
                continue
            world.course_scores[province, code] = float(value)
            if len(_eligible(world, province, code)) >= FEWEST_ELIGIBLE:
                items.append((value, code))
        for value, code in sorted(items, reverse=True)[:ITEMS_PER_PROVINCE]:
            place += 1
            _item(world, plan, round_id, province, code, value, place, chance)


def _eligible(world: World, province: str, code: str) -> list[Person]:
    """Staff of the province with a title the course is meant for and a need in what it builds."""
    slugs = COURSES[code]["competencies"]
    titles = ELIGIBLE[code]
    return [p for p in world.by_province[province] if p.title in titles and any(slug in p.gaps for slug in slugs)]


def _item(
    world: World, plan: int, round_id: int, province: str, code: str, score: Fraction, place: int, chance: Random
) -> None:
    course, staff = COURSES[code], _eligible(world, province, code)
    slugs = course["competencies"]
    points = sum((person.gaps[slug] for person in staff for slug in slugs if slug in person.gaps), Decimal(0))
    other = ORIGINS[place % len(ORIGINS)] if place % 5 == 0 else None
    world.plan_items[province, code] = world.ledger.add(
        PlanItem,
        plan_id=plan,
        course_id=world.reference.courses[code],
        province_id=world.reference.provinces[province],
        groups=max(1, min(3, plans_rules.groups(len(staff), course["max_participants"]))),
        quarter=chance.randint(1, 4),
        origin=other[0] if other else Origin.NEEDS,
        origin_text=other[1] if other else "",
        round_id=round_id,
        score=Decimal(score.numerator) / score.denominator,
        eligible=len(staff),
        gap_points=points,
        reason=REASONS[place % len(REASONS)],
    )
