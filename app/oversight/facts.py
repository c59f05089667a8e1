"""What the figures are made of, gathered once from the rows and kept until something changes.

A participation is an enrolment with credited minutes, a person is counted once however often they took part.
Every figure is read from one lattice: year × province × category × sex, each of them also "all"; a category is
a thematic area, a kind of institution, or whether a valid certificate was issued. So figures of different
filters agree with each other, and what a viewer may see of them is decided in one place (`publication`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import product
from threading import Lock
from typing import Any, Final, NamedTuple
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from app.access.models import OrganisationKind, Province
from app.access.scope import EVERYWHERE
from app.attendance.models import AttendanceMark, MarkChange, Presence
from app.audit.models import AuditEntry
from app.catalogue.models import Course, Theme
from app.certificates.models import Certificate, CertificateStatus
from app.completion.models import Outcome
from app.core.db import db
from app.enrolment.models import Enrolment
from app.people.models import Employee, Sex
from app.plans.models import PlanItem, PlanStatus, TrainingPlan
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


class Took(NamedTuple):
    """One participation of a person, with province and kind of the institution it was for."""

    year: int | None
    province: int | None
    kind: OrganisationKind
    theme: int
    certified: bool


class Group(NamedTuple):
    """Persons who are alike in all that the figures ask for."""

    sex: Sex
    took: tuple[Took, ...]
    persons: int


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
    """`given` by (year, province); `years` with a finalised session, latest first."""

    groups: tuple[Group, ...]
    given: Mapping[tuple[int | None, int | None], Given]
    provinces: tuple[Named, ...]
    themes: tuple[Named, ...]
    years: tuple[int, ...]

    @cached_property
    def cells(self) -> dict[Cell, Count]:
        """Every cell with somebody in it."""
        return counted(self.groups)


def counted(groups: Sequence[Group]) -> dict[Cell, Count]:
    """Persons and participations of every cell that is not empty."""
    persons: Counter[Cell] = Counter()
    times: Counter[Cell] = Counter()
    for group in groups:
        for (year, province, category), often in shares(group).items():
            for sex in (ALL, group.sex):
                cell = Cell(year, province, category, sex)
                persons[cell] += group.persons
                times[cell] += often * group.persons
    return {cell: Count(number, times[cell]) for cell, number in persons.items()}


@lru_cache(maxsize=8)
def within(facts: Facts, provinces: frozenset[int]) -> Facts:
    """The facts of some provinces together."""
    groups = (
        Group(sex, tuple(took for took in ways if took.province in provinces), persons)
        for sex, ways, persons in facts.groups
    )
    return replace(facts, groups=tuple(group for group in groups if group.took))


def shares(group: Group) -> Counter[tuple[Any, Any, Any]]:
    """How often each person of a group took part, by (year, province, category), each of them ALL as well."""
    found: Counter[tuple[Any, Any, Any]] = Counter()
    for year, province, kind, theme, certified in group.took:
        categories = (ALL, ("kind", kind), ("theme", theme), ("certified", certified))
        found.update(product((ALL, year), (ALL, province), categories))
    return found


# --- gathering ----------------------------------------------------------------------------------------------

_CHANGING = (AuditEntry, MarkChange, AttendanceMark, Enrolment, Outcome, Certificate, Employee, CourseSession)
_LATEST = EVERYWHERE.trusting(  # numbers of the whole programme
    sa.select(*(sa.select(sa.func.max(model.id)).scalar_subquery() for model in _CHANGING)),
    *_CHANGING,
)
# by the pool of connections, which is made anew with every other database
_memory: WeakKeyDictionary[Any, tuple[tuple[Any, ...], Facts]] = WeakKeyDictionary()
_lock = Lock()


def facts() -> Facts:
    """The facts as they stand. Every change leaves an entry in the log, so an unchanged log is an unchanged report."""
    state = tuple(db.session.execute(_LATEST).one())
    pool = db.engine.pool
    with _lock:
        kept = _memory.get(pool)
        if kept is None or kept[0] != state:
            kept = _memory[pool] = (state, _gathered())
        return kept[1]


def _gathered() -> Facts:
    # the stored words, not the members: a hundred thousand look-ups fewer
    kinds, sexes = {kind.value: kind for kind in OrganisationKind}, {sex.value: sex for sex in Sex}
    known: dict[Took, int] = {}  # many persons, few ways of taking part: numbers sort and compare faster
    took: dict[tuple[int, str], list[int]] = defaultdict(list)
    minutes: dict[tuple[int | None, int | None], list[int]] = defaultdict(lambda: [0, 0])
    for employee_id, sex, province, kind, year, theme, certified, credit, base in _participations():
        way = Took(year, province, kinds[kind], theme, bool(certified))
        took[employee_id, sex].append(known.setdefault(way, len(known)))
        if base:
            sums = minutes[year, province]
            sums[0] += credit
            sums[1] += base
    alike = Counter((sex, tuple(sorted(ways))) for (_, sex), ways in took.items())
    ways = list(known)
    given: dict[tuple[int | None, int | None], Given] = defaultdict(Given)
    for key, (credit, base) in minutes.items():
        given[key] = given[key].plus(Given(credit=credit, base=base))
    for year, province, sessions, sittings, held, planned, delivered in _given():
        row = Given(sessions, sittings, held, *progress([(planned, delivered)]))
        given[year, province] = given[year, province].plus(row)
    finalised = {year for (year, _), each in given.items() if year and each.sessions}
    provinces, themes = _names()
    return Facts(
        groups=tuple(
            Group(sexes[sex], tuple(ways[number] for number in numbers), persons)
            for (sex, numbers), persons in alike.items()
        ),
        given=dict(given),
        provinces=provinces,
        themes=themes,
        years=tuple(sorted(finalised, reverse=True)),
    )


_YEAR = sa.extract("year", CourseSession.ends_on)


def _participations() -> Iterable[Any]:
    """(employee, sex, province, kind, year, theme, certified, credit, base) of each: credited minutes, or a credited
    mark while it runs. Province and kind are those of the institution at the time of the training.
    """
    valid = sa.and_(Certificate.enrolment_id == Enrolment.id, Certificate.status == CertificateStatus.VALID)
    kept = (Enrolment.merged_into_id.is_(None), CourseSession.status != SessionStatus.CANCELLED)
    place = (Enrolment.province_id, sa.cast(Enrolment.organisation_kind, sa.String))
    person = (Enrolment.employee_id, sa.cast(Employee.sex, sa.String))
    columns = (*person, *place, _YEAR, Course.theme_id, Certificate.id.is_not(None))
    finalised = (
        sa.select(*columns, Outcome.credit_minutes, Outcome.base_minutes)
        .select_from(Outcome)
        .join(Enrolment, Enrolment.id == Outcome.enrolment_id)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .join(CourseSession, CourseSession.id == Enrolment.course_session_id)
        .join(Course, Course.id == CourseSession.course_id)
        .outerjoin(Certificate, valid)
        .where(CourseSession.status == SessionStatus.FINALISED, Outcome.credit_minutes > 0, *kept)
    )
    running = (
        sa.select(*columns, sa.literal(0), sa.literal(0))
        .select_from(CourseSession)
        .join(Enrolment, Enrolment.course_session_id == CourseSession.id)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .join(Course, Course.id == CourseSession.course_id)
        .outerjoin(Certificate, valid)
        .where(CourseSession.status != SessionStatus.FINALISED, _credited(), *kept)
    )
    owned = (Enrolment, Employee, CourseSession, Outcome, AttendanceMark, Sitting, Certificate)
    # numbers of the whole programme
    return db.session.execute(EVERYWHERE.trusting(sa.union_all(finalised, running), *owned))


def _credited() -> sa.ColumnElement[bool]:
    """Somebody was there for some of a sitting that was held: present, or away for less than the whole of it."""
    held = sa.func.coalesce(Sitting.effective_minutes, Sitting.minutes)
    return (
        sa.select(AttendanceMark.id)
        .join(Sitting, Sitting.id == AttendanceMark.sitting_id)
        .where(
            AttendanceMark.enrolment_id == Enrolment.id,
            Sitting.state != SittingState.NOT_HELD,
            sa.or_(
                AttendanceMark.kind == Presence.PRESENT,
                sa.and_(AttendanceMark.minutes.is_not(None), AttendanceMark.minutes < held),
            ),
        )
        .exists()
    )


def _given() -> Iterable[Any]:
    """(year, province, the first fields of Given, groups planned and delivered): finalised sessions, sittings held, and
    each row of an approved plan.
    """
    place, none = (_YEAR, CourseSession.province_id), sa.literal(0)
    minutes = sa.func.sum(sa.func.coalesce(Sitting.effective_minutes, Sitting.minutes))
    finalised = CourseSession.status == SessionStatus.FINALISED
    sessions = sa.select(*place, sa.func.count(), none, none, none, none).where(finalised).group_by(*place)
    held = (
        sa.select(*place, none, sa.func.count(), minutes, none, none)
        .join(CourseSession, CourseSession.id == Sitting.course_session_id)
        .where(finalised, Sitting.state != SittingState.NOT_HELD)
        .group_by(*place)
    )
    row = (PlanItem.id, TrainingPlan.year, PlanItem.province_id, PlanItem.groups)
    delivered = sa.and_(CourseSession.plan_item_id == PlanItem.id, fills_a_group(SessionStatus.FINALISED))
    planned = (
        sa.select(*row[1:3], none, none, none, PlanItem.groups, sa.func.count(CourseSession.id))
        .select_from(PlanItem)
        .join(PlanItem.plan)
        .outerjoin(CourseSession, delivered)
        .where(TrainingPlan.status == PlanStatus.APPROVED)
        .group_by(*row)
    )
    # numbers of the whole programme
    return db.session.execute(EVERYWHERE.trusting(sa.union_all(sessions, held, planned), CourseSession, Sitting))


def _names() -> tuple[tuple[Named, ...], tuple[Named, ...]]:
    """Provinces by name, themes by position."""
    none, empty = sa.literal(0), sa.literal("")
    provinces = sa.select(none, none, Province.name_sort, Province.id, Province.name_tr, Province.name_en)
    themes = sa.select(sa.literal(1), Theme.position, empty, Theme.id, Theme.name_tr, Theme.name_en)
    rows = sorted(db.session.execute(sa.union_all(provinces, themes)).all(), key=lambda row: row[:3])
    found = [(kind, Named(key, in_turkish, in_english)) for kind, _, _, key, in_turkish, in_english in rows]
    return tuple(row for kind, row in found if kind == 0), tuple(row for kind, row in found if kind == 1)
