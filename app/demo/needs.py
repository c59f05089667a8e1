"""A finished needs analysis with its ratings, a second one that waits for answers, and the plan that followed."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from random import Random

import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.core.clock import at
from app.core.db import db
from app.demo.people import FOCAL_POINT
from app.demo.plans.first import Tally, plan
from app.demo.world import Person, World
from app.needs import rules, services
from app.needs.models import (
    AssessmentRound,
    Need,
    Questionnaire,
    Rating,
    RatingSource,
    Respondent,
    RoundChange,
    RoundItem,
    RoundPlace,
    RoundStatus,
    Told,
)
from app.needs.rounds import queries as rounds
from app.needs.rounds.models import FEWEST, MOST
from app.needs.rounds.respondents import keep_respondents
from app.needs.rounds.rules import COMMON, questions
from app.needs.rules import Combined, RatingPair
from app.people.models import Employee
from app.refdata import load

# Larger staffs answer as a sample, each answer standing for several people.
MOST_RESPONDENTS = 300
UNIT_THEMES = {row["slug"]: row["themes"] for row in load("units")}


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
    _own_analyses(world, groups)
    services.recompute_sums()
    _round(world, RoundStatus.OPEN)
    plan(world, first, tallies)
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
        readers=["administrator", "coordinator", "focal_point", "supervisor"],
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
    ids = world.reference.competencies
    able, alone = chance.gauss(0, 0.45), person.supervisor is None or chance.random() < 0.03
    for slug in _questions(person.unit, chance):
        wanted = chance.gauss(4.0, 0.5)
        level = wanted - lacking[slug] - here[slug] + able
        own = (_step(wanted + chance.gauss(0, 0.4)), _step(level + 0.15 + chance.gauss(0, 0.45)))
        other = None if alone else (_step(wanted + chance.gauss(0, 0.4)), _step(level - 0.15 + chance.gauss(0, 0.45)))
        about = {"round_id": round_id, "employee_id": person.id, "competency_id": ids[slug]}
        _answer(world, about, own, other)
        combined, high = _combined(own, other)
        gap = _decimal(combined.gap)
        _need(world, about, own, other, weight)
        tallies[person.province, slug][combined.importance, combined.level, own[1], other[1] if other else None] += 1
        if combined.need:
            person.gaps[slug] = gap
            if high:
                person.high.add(slug)


def _answer(world: World, about: dict[str, int], own: tuple[int, int] | None, other: tuple[int, int] | None) -> None:
    for source, pair in ((RatingSource.SELF, own), (RatingSource.SUPERVISOR, other)):
        if pair is not None:
            world.ledger.add(Rating, **about, source=source, importance=pair[0], level=pair[1])


def _need(
    world: World, about: dict[str, int], own: tuple[int, int], other: tuple[int, int] | None, weight: Decimal
) -> None:
    combined, _ = _combined(own, other)
    world.ledger.add(
        Need,
        **about,
        importance=_decimal(combined.importance),
        level=_decimal(combined.level),
        gap=_decimal(combined.gap),
        need=combined.need,
        single_source=combined.single_source,
        self_level=own[1],
        supervisor_level=other[1] if other else None,
        weight=weight,
    )


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


# --- two analyses that were designed here ---------------------------------------------------------------

NOTICE = "Bu analiz eğitim planı için yapılır. Sorularınızı kurum eğitim sorumlunuza iletebilirsiniz."
SMALL = 30
"""People each of the two asks, about."""


def _own_analyses(world: World, groups: dict[int, list[Person]]) -> None:
    """A small municipality's from before the programme's own, published; and one that Haliliye's staff answer now."""
    smallest = min((staff for staff in groups.values() if len(staff) >= SMALL), key=len)
    _designed(world, _of_some_units(smallest), RoundStatus.PUBLISHED)
    if world.member is not None:
        _designed(world, _of_some_units(groups[world.member.organisation], world.member.unit), RoundStatus.OPEN)


def _of_some_units(staff: list[Person], first: str = "") -> list[Person]:
    """Of whole units, beginning with one, until they are enough; in the order they came."""
    chosen: set[str] = set()
    for unit in sorted({person.unit for person in staff}, key=lambda unit: (unit != first, unit)):
        if sum(person.unit in chosen for person in staff) < SMALL:
            chosen.add(unit)
    return [person for person in staff if person.unit in chosen]


def _designed(world: World, asked: list[Person], status: RoundStatus) -> None:
    """A round with its places, questionnaires and what was answered so far."""
    over, home = status is RoundStatus.PUBLISHED, asked[0]
    starts = world.history_starts - timedelta(days=90) if over else world.today - timedelta(days=9)
    ledger, moment = world.ledger, world.office(at(starts, time(9, 40)))
    key = ledger.add(
        AssessmentRound,
        name_tr=f"{home.organisation_tr}, {starts.year} analizi",
        name_en=f"{home.organisation_en}, analysis of {starts.year}",
        year=starts.year,
        starts_on=starts,
        ends_on=starts + timedelta(days=21),
        status=status,
        readers=["administrator", "coordinator", "focal_point", "supervisor"],
        designed=True,
        paper=True,
        notice=NOTICE,
    )
    moves = (RoundStatus.OPEN, RoundStatus.CLOSED, RoundStatus.PUBLISHED) if over else (RoundStatus.OPEN,)
    for number, reached in enumerate(moves):
        when = world.office(moment + timedelta(days=23 * min(number, 1) + number))
        ledger.add(RoundChange, round_id=key, status=reached, changed_by=world.users["admin"], at=when)
    items = _places(world, key, asked)
    ledger.flush()
    keep_respondents(key, [person.id for person in asked])
    met = sa.select(Respondent.employee_id, Respondent.id).where(Respondent.round_id == key)
    # of everybody it asks
    respondents = dict(db.session.execute(EVERYWHERE.restrict(met, Respondent)).all())
    chance = world.chance(f"analysis/{key}")
    for person in asked:
        _questionnaire(world, key, person, respondents[person.id], items[person.unit], moment, chance, over=over)
    ledger.flush()


def _places(world: World, key: int, asked: list[Person]) -> dict[str, list[int]]:
    """The units of these people, each asked what its themes ask for: ids of the competencies by unit."""
    who = sa.select(Employee.id, Employee.unit_id).where(Employee.id.in_([person.id for person in asked]))
    # of everybody it asks
    unit_of = dict(db.session.execute(EVERYWHERE.restrict(who, Employee)).all())
    catalogue, items = list(rounds.catalogue()), dict[str, list[int]]()
    for unit, people in Counter(person.unit for person in asked).items():
        one = next(person for person in asked if person.unit == unit)
        place = {"round_id": key, "unit_id": unit_of[one.id]}
        world.ledger.add(RoundPlace, **place, organisation_id=one.organisation, staff=people)
        items[unit] = questions(UNIT_THEMES[unit], catalogue)
        for position, competency in enumerate(items[unit], 1):
            world.ledger.add(RoundItem, **place, competency_id=competency, position=position)
    return items


def _questionnaire(
    world: World,
    key: int,
    person: Person,
    respondent: int,
    items: list[int],
    opened: datetime,
    chance: Random,
    *,
    over: bool,
) -> None:
    """How far somebody is. Of those the demo lets sign in the member of staff has begun, the focal point finished."""
    luck, told = chance.random(), world.office(opened + timedelta(hours=2))
    over_already = over or luck < 0.5 or person.registry_no == FOCAL_POINT
    far = 0.4 if person is world.member else 1.0 if over_already else 0.4 if luck < 0.65 else 0.0
    answered = items[: round(len(items) * far)]
    began = world.office(told + timedelta(days=chance.randint(1, 6), minutes=chance.randint(0, 300)))
    world.ledger.add(
        Questionnaire,
        respondent_id=respondent,
        round_id=key,
        told_at=told if person.email or luck < 0.9 else None,
        told_by=Told.MAIL if person.email else Told.SLIP if luck < 0.9 else None,
        started_at=began if answered else None,
        finished_at=began + timedelta(minutes=6) if far == 1 else None,
        preferences=[chance.choice(("in_person", "online", "workshop"))] if far == 1 else [],
    )
    led = person.supervisor is not None and (over or chance.random() < 0.4)
    for competency in items:
        wanted = chance.gauss(4, 0.6)
        own = (_step(wanted), _step(wanted - 1 + chance.gauss(0, 0.9)))
        other = (_step(wanted + chance.gauss(0, 0.4)), _step(wanted - 1.2 + chance.gauss(0, 0.9))) if led else None
        about = {"round_id": key, "employee_id": person.id, "competency_id": competency}
        _answer(world, about, own if competency in answered else None, other)
        if over:
            _need(world, about, own, other, Decimal(1))
