"""What the figures are made of, counted by the database and kept until something changes.

A participation is an enrolment with credited minutes, a person is counted once however often they took part.
Every figure is read from one lattice: year × province × category × sex, each of them also "all"; a category is
a thematic area, a kind of institution, or whether a valid certificate was issued. So figures of different
filters agree with each other, and what a viewer may see of them is decided in one place (`publication`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache
from itertools import product
from threading import Lock
from typing import Any, Final, NamedTuple
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from app.access.models import OrganisationKind, Province
from app.access.scope import EVERYWHERE
from app.attendance.models import AttendanceMark, MarkChange
from app.audit import latest
from app.catalogue.models import Theme
from app.certificates.models import Certificate
from app.completion.models import Outcome
from app.core.db import db
from app.core.tables.written import written_once
from app.enrolment.models import Enrolment
from app.oversight.figures.models import SIDES
from app.oversight.figures.participations import YEAR, counted, few, programme
from app.oversight.figures.services import RECOUNTED
from app.people.models import Employee, Sex
from app.plans.models import PlanItem, TrainingPlan
from app.plans.rules import progress
from app.training.models import CourseSession, SessionStatus, Sitting, SittingState
from app.training.sessions.plan_rows import fills_a_group

ALL: Final = "all"


class Cell(NamedTuple):
    """A place in the lattice; each part is a value or ALL. No year: undated; no province: an institution without."""

    year: Any = ALL
    province: Any = ALL
    category: Any = ALL
    sex: Any = ALL


class Count(NamedTuple):
    persons: int
    participations: int


NONE = Count(0, 0)


class Given(NamedTuple):
    """What a province gave in a year: finalised sessions, sittings held, their minutes; and of the plan's rows for it
    the groups planned, those of them delivered, and those beyond."""

    sessions: int = 0
    sittings: int = 0
    minutes: int = 0
    planned: int = 0
    delivered: int = 0
    surplus: int = 0
    credit: int = 0
    base: int = 0

    def plus(self, other: Given) -> Given:
        return Given(*(a + b for a, b in zip(self, other, strict=True)))


class Named(NamedTuple):
    id: int
    name_tr: str
    name_en: str


@dataclass(frozen=True, eq=False)
class Facts:
    """`cells`: every one with somebody in it. `given` by (year, province); `years` with a finalised session, latest
    first. `ask` says who is in the cells with few persons, by anything that tells them apart.
    """

    cells: Mapping[Cell, Count]
    given: Mapping[tuple[int | None, int | None], Given]
    provinces: tuple[Named, ...] = ()
    themes: tuple[Named, ...] = ()
    years: tuple[int, ...] = ()
    ask: Callable[[], Mapping[Cell, Set[int]]] = field(default=dict)

    @cached_property
    def few(self) -> Mapping[Cell, Set[int]]:
        """The persons of the cells that have fewer than five: asked for where it matters."""
        return self.ask()


@lru_cache(maxsize=8)
def within(facts: Facts, provinces: frozenset[int]) -> Facts:
    """The facts of some provinces together: whoever took part from two of them is one person."""
    return replace(facts, cells=_cells(_added(counted(provinces)))[0])


# --- gathering ----------------------------------------------------------------------------------------------

_CHANGING = (MarkChange, AttendanceMark, Enrolment, Outcome, Certificate, Employee, CourseSession)
_STATE = sa.select(
    latest.settled().label("settled"),
    *latest.newest(*RECOUNTED),
    *latest.newest(),
    *(sa.select(sa.func.max(model.id)).scalar_subquery() for model in _CHANGING),
).subquery()


def _names() -> sa.Subquery:
    """Provinces by name and themes by position, as (kind, what they are ordered by, id and names)."""
    none, empty = sa.literal(0), sa.literal("")
    provinces = sa.select(none.label("kind"), none, Province.name_sort, Province.id, Province.name_tr, Province.name_en)
    themes = sa.select(sa.literal(1), Theme.position, empty, Theme.id, Theme.name_tr, Theme.name_en)
    return sa.union_all(provinces, themes.where(Theme.merged_into_id.is_(None))).subquery()


_NAMES = _names()
# numbers of the whole programme
_LATEST = EVERYWHERE.trusting(sa.select(_STATE, _NAMES).outerjoin_from(_STATE, _NAMES, sa.true()), *_CHANGING)


class _Kept(NamedTuple):
    recounted: tuple[Any, ...]
    base: Sums
    state: tuple[Any, ...]
    facts: Facts


# by the pool of connections, which is made anew with every other database
_memory: WeakKeyDictionary[Any, _Kept] = WeakKeyDictionary()
_lock = Lock()


def facts() -> Facts:
    """The facts as they stand. Every change leaves an entry in the log, so an unchanged log is an unchanged report;
    and where none of it has participations made anew, their sums are those of the last time.
    """
    rows = db.session.execute(_LATEST).all()
    settled, *numbers = rows[0][: len(_STATE.c)]
    pool, recounted, state = db.engine.pool, tuple(numbers[:2]), tuple(numbers[2:])
    with _lock:
        kept = _memory.get(pool)
        if kept is not None and (kept.recounted, kept.state) == (recounted, state):
            return kept.facts
        known = kept.base if kept is not None and kept.recounted == recounted else None
        standing, moved = programme(standing=known is None)
        base = known or _added(standing)
        found = _Kept(recounted, base, state, _gathered(_added(moved, base), [row[len(_STATE.c) :] for row in rows]))
        if settled:
            _memory[pool] = found
        return found.facts


def _gathered(sums: Sums, names: list[Any]) -> Facts:
    cells, minutes = _cells(sums)
    given: dict[tuple[int | None, int | None], Given] = defaultdict(Given)
    for key, (credit, base) in minutes.items():
        given[key] = given[key].plus(Given(credit=credit, base=base))
    for year, province, sessions, sittings, held, planned, delivered in db.session.execute(_given()):
        row = Given(sessions, sittings, held, *progress([(planned, delivered)]))
        given[year, province] = given[year, province].plus(row)
    finalised = {year for (year, _), each in given.items() if year and each.sessions}
    provinces, themes = (tuple(Named(*row[3:]) for row in sorted(names) if row[0] == kind) for kind in (0, 1))
    return Facts(cells, dict(given), provinces, themes, tuple(sorted(finalised, reverse=True)), _few)


@written_once
def _given() -> Any:
    """(year, province, the first fields of Given, groups planned and delivered): finalised sessions, sittings held, and
    each row of a plan that is in force.
    """
    place, none = (YEAR, CourseSession.province_id), sa.literal(0)
    minutes = sa.func.sum(sa.func.coalesce(Sitting.effective_minutes, Sitting.minutes))
    finalised = CourseSession.status == SessionStatus.FINALISED
    sessions = sa.select(*place, sa.func.count(), none, none, none, none).where(finalised).group_by(*place)
    of_each = (
        sa.select(Sitting.course_session_id, sa.func.count().label("sittings"), minutes.label("minutes"))
        .where(Sitting.state != SittingState.NOT_HELD)
        .group_by(Sitting.course_session_id)
        .subquery()
    )
    held = (
        sa.select(*place, none, sa.func.sum(of_each.c.sittings), sa.func.sum(of_each.c.minutes), none, none)
        .join(CourseSession, CourseSession.id == of_each.c.course_session_id)
        .where(finalised)
        .group_by(*place)
    )
    row = (PlanItem.id, TrainingPlan.year, PlanItem.province_id, PlanItem.groups)
    delivered = sa.and_(CourseSession.plan_item_id == PlanItem.id, fills_a_group(SessionStatus.FINALISED))
    planned = (
        sa.select(*row[1:3], none, none, none, PlanItem.groups, sa.func.count(CourseSession.id))
        .select_from(PlanItem)
        .join(PlanItem.plan)
        .outerjoin(CourseSession, delivered)
        .where(PlanItem.approved.is_(True))
        .group_by(*row)
    )
    # numbers of the whole programme
    return EVERYWHERE.trusting(sa.union_all(sessions, held, planned), CourseSession, Sitting)


# --- the lattice --------------------------------------------------------------------------------------------

Minutes = Mapping[tuple[int | None, int | None], tuple[int, int]]
_SEXES = {sex.value: sex for sex in Sex}
_KINDS = {kind.value: kind for kind in OrganisationKind}


class Sums(NamedTuple):
    """Participations added up. `sides`: by year, province, category and sex, all the numbers of a row at once, each in
    its own digits of one long number; `minutes`: credited and base, by year and province.
    """

    sides: Mapping[tuple[Any, ...], int]
    minutes: Minutes


def _added(rows: Iterable[Any], base: Sums | None = None) -> Sums:
    """Rows as `counted` reads them, and what was added up before. Thousands of rows meet in some hundred places."""
    alike: dict[tuple[Any, ...], int] = defaultdict(int)
    sides: dict[tuple[Any, ...], int] = defaultdict(int, base.sides if base else {})
    minutes: dict[tuple[int | None, int | None], tuple[int, int]]
    minutes = defaultdict(lambda: (0, 0), base.minutes if base else {})
    for year, province, kind, theme, certified, sex, firsts, times, credit, of_base in rows:
        alike[year, province, kind, theme, certified, sex] += _spread(firsts) * times
        before = minutes[year, province]
        minutes[year, province] = (before[0] + credit, before[1] + of_base)
    for (year, province, kind, theme, certified, sex), numbers in alike.items():
        for category in (ALL, *_categories(kind, theme, bool(certified))):
            sides[year, province, category, sex] += numbers
    return Sums(sides, minutes)


def _cells(sums: Sums) -> tuple[dict[Cell, Count], Minutes]:
    """Persons and participations of every cell that is not empty; credited and base minutes by (year, province)."""
    cells: dict[tuple[Cell, Cell], list[int]] = defaultdict(lambda: [0, 0])
    for place, numbers in sums.sides.items():
        if not numbers:  # what was there was taken off
            continue
        times = numbers >> _WIDTH * len(SIDES)
        for digits, both in _cells_of(*place):
            cell = cells[both]
            cell[0] += numbers >> digits & _MOST
            cell[1] += times
    found: dict[Cell, Count] = {}
    for (cell_of_sex, whole), (persons, times) in cells.items():
        found[cell_of_sex] = Count(persons, times)
        before_it = found.get(whole, NONE)
        found[whole] = Count(before_it.persons + persons, before_it.participations + times)
    return found, sums.minutes


@lru_cache(maxsize=8192)
def _cells_of(year: Any, province: Any, category: Any, sex: str) -> tuple[tuple[int, tuple[Cell, Cell]], ...]:
    """Where a participation counts, beside its digits in the sums: the cell of its sex and that of everybody."""
    places = zip(_sides_of(category), product((ALL, year), (ALL, province)), strict=True)
    return tuple(
        (_WIDTH * number, (Cell(*place, category, _SEXES[sex]), Cell(*place, category))) for number, place in places
    )


def _few() -> dict[Cell, set[int]]:
    """Whoever is in a cell that fewer than five are in; others are in it, too, where it has more."""
    found: dict[Cell, set[int]] = defaultdict(set)
    for *way, sex, firsts, employees in few():
        places = tuple(_places(*way))
        for number in _numbers(firsts):
            for which in (ALL, _SEXES[sex]):
                found[Cell._make((*places[number], which))].update(employees)
    return found


def _places(
    year: int | None, province: int | None, kind: str, theme: int, certified: bool
) -> Iterator[tuple[Any, ...]]:
    """What a participation is counted in, by the order of SIDES."""
    return product((ALL, year), (ALL, province), (ALL, *_categories(kind, theme, bool(certified))))


@cache
def _categories(kind: str, theme: int, certified: bool) -> tuple[tuple[str, Any], ...]:
    return ("kind", _KINDS[kind]), ("theme", theme), ("certified", certified)


_WIDTH = 40
_MOST = (1 << _WIDTH) - 1


@cache
def _spread(firsts: int) -> int:
    """One for each side of which it is the first, and one participation, each in its own digits."""
    return sum(1 << _WIDTH * number for number in (*_numbers(firsts), len(SIDES)))


@cache
def _sides_of(category: Any) -> tuple[int, ...]:
    """The numbers of the sides that say nothing of a category, or its kind; by year and province in turn."""
    of_it = () if category == ALL else (_SIDE[category[0]],)
    ways = product(("", "year"), ("", "province_id"))
    return tuple(SIDES.index(tuple(name for name in (*way, *of_it) if name)) for way in ways)


_SIDE = {"kind": "organisation_kind", "theme": "theme_id", "certified": "certified"}


@cache
def _numbers(firsts: int) -> tuple[int, ...]:
    return tuple(number for number in range(len(SIDES)) if firsts >> number & 1)
