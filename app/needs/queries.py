from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, defer, joinedload

from app.access.models import Organisation
from app.access.scope import EVERYWHERE, Scope
from app.catalogue.models import Competency, Course, CourseCompetency
from app.core.db import db
from app.core.errors import Missing
from app.core.paging import ListQuery, Page, in_order
from app.language import in_language
from app.needs.formulas import HIGH_FROM, HIGHEST_MWDS
from app.needs.models import AssessmentRound, ImportStatus, Need, Rating, RatingsImport, Respondent, RoundStatus
from app.people.models import Employee, Title, Unit

SCALE = 10_000
"""Ratings, gaps and weights carry four decimals; multiplied by this they are added as whole numbers."""


TOLD = (RoundStatus.OPEN, RoundStatus.PUBLISHED)
"""Rounds everybody may know of who reads needs; a closed one is looked through before it is published."""
_LATEST = (AssessmentRound.year.desc(), AssessmentRound.starts_on.desc(), AssessmentRound.id.desc())


def current_round() -> AssessmentRound | None:
    """The round suggestions come from: the latest that is published; before any is, the latest that has begun."""
    return default_round(rounds())


def default_round(begun: Sequence[AssessmentRound]) -> AssessmentRound | None:
    """Of rounds, latest first, the latest published one: an open one fills slowly and would leave most people out."""
    published = (found for found in begun if found.status is RoundStatus.PUBLISHED)
    return next(published, begun[0] if begun else None)


def current_round_id() -> sa.ScalarSelect[int]:
    """The id of `current_round`, asked within another statement."""
    published = AssessmentRound.status == RoundStatus.PUBLISHED
    begun = sa.select(AssessmentRound.id).where(AssessmentRound.status.in_(TOLD))
    return begun.order_by(published.desc(), *_LATEST).limit(1).scalar_subquery()


def rounds(*, unpublished: bool = False) -> Sequence[AssessmentRound]:
    """Every round that has begun, latest first; those that are closed and still `unpublished` only if asked for."""
    told = (*TOLD, RoundStatus.CLOSED) if unpublished else TOLD
    return db.session.scalars(
        sa.select(AssessmentRound).where(AssessmentRound.status.in_(told)).order_by(*_LATEST)
    ).all()


def open_rounds() -> Sequence[AssessmentRound]:
    """Rounds that still take ratings."""
    return [found for found in rounds() if found.status is RoundStatus.OPEN]


def scaled(column: Any) -> sa.ColumnElement[int]:
    """A four-decimal column as a whole number of ten-thousandths, so that SQL adds without rounding."""
    return sa.cast(sa.func.round(column * SCALE), sa.BigInteger)


def is_high() -> sa.ColumnElement[bool]:
    """Whether one person's need is of class High: 100·I·D/20 ≥ 35."""
    least = HIGH_FROM * HIGHEST_MWDS * SCALE * SCALE // 100
    return sa.and_(Need.need.is_(True), scaled(Need.importance) * scaled(Need.gap) >= least)


def with_person(statement: Any) -> Any:
    """`statement` about needs, joined with their respondents and the `Employee` each of these is today."""
    return statement.join(Need.respondent).join(Employee, Employee.id == Respondent.person_id)


# --- suggestions -----------------------------------------------------------------------------------------


def priority_classes(employee_ids: Collection[int], competency_ids: Collection[int]) -> dict[int, int]:
    """For each of these people (loaded through a scope) the priority class for a course with these competencies.

    1: a need of class High in one of them, 2: any need, 3: none. From the current round.
    """
    classes = dict.fromkeys(employee_ids, 3)
    current = current_round()
    if current is None or not employee_ids or not competency_ids:
        return classes
    found = db.session.execute(
        EVERYWHERE.restrict(
            sa.select(Respondent.person_id, sa.func.max(sa.case((is_high(), 1), else_=0))),
            Need,
            Respondent,
        )
        .join(Need.respondent)
        .where(
            Need.round_id == current.id,
            Need.competency_id.in_(sorted(competency_ids)),
            Need.need.is_(True),
            Respondent.person_id.in_(sorted(employee_ids)),
        )
        .group_by(Respondent.person_id)
    )
    for employee_id, high in found:
        classes[employee_id] = 1 if high else 2
    return classes


# --- one competency --------------------------------------------------------------------------------------


def competencies() -> Sequence[Competency]:
    return db.session.scalars(sa.select(Competency).order_by(Competency.name_sort)).all()


def _breadth() -> sa.ScalarSelect[int]:
    """How many competencies a course builds: the fewer, the more specific it is."""
    other = aliased(CourseCompetency)
    return sa.select(sa.func.count()).where(other.course_id == Course.id).correlate(Course).scalar_subquery()


def most_specific_course() -> sa.ScalarSelect[int]:
    """The id of the active course beside a `Competency` that builds the fewest others; NULL without one."""
    return (
        sa.select(Course.id)
        .join(CourseCompetency, CourseCompetency.course_id == Course.id)
        .where(CourseCompetency.competency_id == Competency.id, Course.active.is_(True))
        .order_by(_breadth(), Course.code)
        .limit(1)
        .correlate(Competency)
        .scalar_subquery()
    )


def competency_with_courses(competency_id: int) -> tuple[Competency, list[Course]]:
    """The competency with this id, or Missing; and the active courses that build it, the most specific first."""
    found = db.session.execute(
        sa.select(Competency, Course)
        .outerjoin(CourseCompetency, CourseCompetency.competency_id == Competency.id)
        .outerjoin(Course, sa.and_(Course.id == CourseCompetency.course_id, Course.active.is_(True)))
        .where(Competency.id == competency_id)
        .order_by(_breadth(), Course.code)
    ).all()
    if not found:
        raise Missing
    return found[0][0], [course for _, course in found if course is not None]


@dataclass(frozen=True)
class PersonNeed:
    """One respondent's combined rating of one competency, with where the round met the person.

    `employee_id` leads to the person; None where the person has gone where the reader sees nobody. `guessed`: the place
    was worked out afterwards.
    """

    need_id: int
    employee_id: int | None
    name: str
    organisation: str
    unit: str
    title: str
    importance: Decimal
    level: Decimal
    gap: Decimal
    single_source: bool
    guessed: bool


PEOPLE_SORTS = {
    "gap": (Need.gap, Need.importance, Need.id),
    "name": (Employee.name_sort, Need.id),
    "organisation": (Organisation.name_sort, Need.id),
}


def _people(scope: Scope, round_id: int, competency_id: int, query: ListQuery) -> sa.Select[Any]:
    """Ids of the needs of a competency in the group the filters name (province, organisation, unit, title)."""
    ids: sa.Select[Any] = (
        scope.restrict(EVERYWHERE.trusting(with_person(sa.select(Need.id)), Need, Employee), Respondent)
        .join(Organisation, Organisation.id == Respondent.organisation_id)
        .where(Need.round_id == round_id, Need.competency_id == competency_id, Need.need.is_(True))
    )
    if query.filter("province"):
        ids = ids.where(sa.func.coalesce(Organisation.province_id, 0) == query.filter_id("province"))
    if query.filter("organisation"):
        ids = ids.where(Respondent.organisation_id == query.filter_id("organisation"))
    if query.filter("unit"):
        ids = ids.where(Respondent.unit_id == query.filter_id("unit"))
    if query.filter("title"):
        ids = ids.where(Respondent.title_level == query.filter("title"))
    return ids


_NAMED = (Employee.id, Employee.given_name, Employee.family_name, Employee.organisation_id)


def _rows() -> sa.Select[Any]:
    columns: list[Any] = [Need, *_NAMED, Organisation, Unit, Title, Respondent.guessed]
    rows: sa.Select[Any] = (
        EVERYWHERE.restrict(with_person(sa.select(*columns)), Need, Employee)
        .join(Organisation, Organisation.id == Respondent.organisation_id)
        .join(Unit, Unit.id == Respondent.unit_id)
        .join(Title, Title.id == Respondent.title_id)
    )
    return rows


def _person(scope: Scope) -> Callable[[Any], PersonNeed]:
    def make(row: Any) -> PersonNeed:
        need, key, given, family, home, organisation, unit, title, guessed = row
        return PersonNeed(
            need.id,
            key if scope.everything or home in scope.organisations else None,
            f"{given} {family}",
            in_language(organisation, "name"),
            in_language(unit, "name"),
            in_language(title, "name"),
            need.importance,
            need.level,
            need.gap,
            need.single_source,
            guessed,
        )

    return make


def people_in_need(
    scope: Scope, round_id: int, competency_id: int, query: ListQuery, *, total: int
) -> Page[PersonNeed]:
    """People this scope sees with a need in a competency. Filters: province, organisation, unit, title (level).

    `total`: how many they are, which the figures of that very group say.
    """
    ids = _people(scope, round_id, competency_id, query)
    return Page.at_once(ids, PEOPLE_SORTS[query.sort], query, _rows(), _person(scope), total=total)


def all_people_in_need(scope: Scope, round_id: int, competency_id: int, query: ListQuery) -> Sequence[PersonNeed]:
    def load(keys: Sequence[int]) -> Sequence[PersonNeed]:
        rows = map(_person(scope), db.session.execute(_rows().where(Need.id.in_(keys))))
        return in_order(keys, list(rows), lambda row: row.need_id)

    return Page.everything(_people(scope, round_id, competency_id, query), PEOPLE_SORTS[query.sort], query, load)


def needs_of(employee: Employee) -> Sequence[tuple[Need, bool]]:
    """Every rated competency of one person (loaded through a scope) in the current round, largest gap first; with
    whether it is High. Of two records that were one person, the kept one's own answer counts.
    """
    rows = db.session.execute(
        EVERYWHERE.restrict(sa.select(Need, is_high()), Need)
        .join(Need.respondent)
        .join(Need.competency)
        .options(contains_eager(Need.competency))
        .where(Need.round_id == current_round_id(), Respondent.person_id == employee.id)
        .order_by(Need.gap.desc(), Need.importance.desc(), Competency.name_sort)
    ).all()
    own = {need.competency_id for need, _ in rows if need.employee_id == employee.id}
    return [
        (need, bool(high)) for need, high in rows if need.employee_id == employee.id or need.competency_id not in own
    ]


# --- imports ---------------------------------------------------------------------------------------------


def ratings_import(scope: Scope, import_id: int) -> RatingsImport:
    return scope.get(
        RatingsImport,
        import_id,
        joinedload(RatingsImport.round),
        joinedload(RatingsImport.organisation),
    )


def imports(scope: Scope, limit: int = 10) -> Sequence[RatingsImport]:
    """The latest imports this scope sees."""
    return db.session.scalars(
        scope.select(RatingsImport)
        .options(
            joinedload(RatingsImport.organisation),
            defer(RatingsImport.rows),
            defer(RatingsImport.errors),
        )
        .where(RatingsImport.status != ImportStatus.DISCARDED)
        .order_by(RatingsImport.id.desc())
        .limit(limit)
    ).all()


def same_file(scope: Scope, round_id: int, organisation_id: int, sha256: str) -> RatingsImport | None:
    """The latest import of these very bytes into this round for this institution that was not thrown away."""
    return db.session.scalar(
        scope.select(RatingsImport)
        .where(
            RatingsImport.round_id == round_id,
            RatingsImport.organisation_id == organisation_id,
            RatingsImport.sha256 == sha256,
            RatingsImport.status != ImportStatus.DISCARDED,
        )
        .order_by(RatingsImport.id.desc())
        .limit(1)
    )


def earlier_import(found: RatingsImport) -> RatingsImport | None:
    """The latest import of the same bytes that was carried out (`found` was loaded through a scope)."""
    return db.session.scalar(
        EVERYWHERE.select(RatingsImport)
        .where(
            RatingsImport.id != found.id,
            RatingsImport.round_id == found.round_id,
            RatingsImport.organisation_id == found.organisation_id,
            RatingsImport.sha256 == found.sha256,
            RatingsImport.status == ImportStatus.COMMITTED,
        )
        .order_by(RatingsImport.id.desc())
        .limit(1)
    )


Rated = TypeVar("Rated", Rating, Need)
AT_ONCE = 10_000
"""Ids named in one statement; databases take at least 32,000."""


def ratings(round_id: int, employee_ids: Collection[int]) -> Sequence[Rating]:
    """What these people (loaded through a scope) and their supervisors said in a round."""
    return _of_people(Rating, round_id, employee_ids)


def needs(round_id: int, employee_ids: Collection[int]) -> Sequence[Need]:
    """The combined ratings of these people (loaded through a scope) in a round."""
    return _of_people(Need, round_id, employee_ids)


def _of_people(model: type[Rated], round_id: int, employee_ids: Collection[int]) -> Sequence[Rated]:
    keys = sorted(employee_ids)
    found: list[Rated] = []
    for start in range(0, len(keys), AT_ONCE):
        theirs = model.employee_id.in_(keys[start : start + AT_ONCE])
        found += db.session.scalars(EVERYWHERE.select(model).where(model.round_id == round_id, theirs))
    return found


def staff(organisation_ids: Collection[int]) -> Sequence[Employee]:
    """Everybody on the staff of institutions the caller may import for, merged records left out."""
    return db.session.scalars(
        EVERYWHERE.select(Employee).where(
            Employee.organisation_id.in_(sorted(organisation_ids)), Employee.merged_into_id.is_(None)
        )
    ).all()
