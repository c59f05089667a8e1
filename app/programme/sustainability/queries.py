from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import MAXYEAR, date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.access.models import Organisation, OrganisationKind, Province
from app.access.scope import EVERYWHERE, Scope, within
from app.catalogue.models import Course
from app.certificates.models import Certificate, CertificateStatus
from app.core.clock import today
from app.core.db import db
from app.core.errors import Missing
from app.core.paging import ListQuery, Rows, in_order, narrowed, rows_of
from app.core.search import holds
from app.enrolment.models import Enrolment
from app.people.models import Employee
from app.plans.models import PlanItem
from app.programme.parts import shares
from app.programme.pilots.models import Pilot
from app.programme.sustainability.models import SETTLED, Measure, MeasureLevel, MeasureScope, MeasureStatus, MeasureStep
from app.training.models import CourseSession

S = MeasureStatus
FILTERS = ("status", "level", "scope", "kind", "province", "late", "in_place")
TRAINING_OF_TRAINERS = "EG-02"
SORTS: Mapping[str, tuple[Any, ...]] = {
    "due": (sa.nulls_first(Measure.due), Measure.id),
    "level": (Measure.level, Measure.scope, Measure.id),
    "province": (sa.nulls_first(Province.name_sort), Measure.id),
}


def measures(scope: Scope, query: ListQuery) -> Rows[Measure]:
    """Measures this scope sees; without a status asked for, all but those dropped. `in_place`: by the end of a year,
    whatever became of them since.
    """
    columns = {name: getattr(Measure, name) for name in ("status", "level", "scope", "kind")}
    ids = scope.restrict(sa.select(Measure.id), Measure).outerjoin(Measure.province)
    ids = narrowed(ids, query, columns | {"province": Measure.province_id})
    if (year := query.filter_id("in_place")) is not None:
        there = sa.select(MeasureStep.measure_id).where(_stood(year), MeasureStep.status == S.IN_PLACE)
        ids = scope.trusting(ids.where(Measure.id.in_(there)), MeasureStep)
    elif not query.filter("status"):
        ids = ids.where(Measure.status != S.DROPPED)
    if query.filter("late"):
        ids = ids.where(late())
    ids = ids.where(holds(Measure.search_text, query.q)) if query.q else ids
    return Rows(ids, SORTS[query.sort], query, rows_of(scope.select(Measure).options(*_whole()), Measure.id))


def late() -> sa.ColumnElement[bool]:
    """`Measure.late` in SQL."""
    return sa.and_(Measure.due < today(), Measure.status.not_in(SETTLED))


def _whole() -> tuple[Any, ...]:
    return joinedload(Measure.province), joinedload(Measure.organisation)


def measure(scope: Scope, measure_id: int) -> Measure:
    return scope.get(Measure, measure_id, *_whole())


def of_pilot(scope: Scope, pilot: Pilot) -> Sequence[Measure]:
    """Those this scope sees, what is in place and what was dropped last."""
    statement = scope.select(Measure).where(Measure.pilot_id == pilot.id)
    return db.session.scalars(
        statement.order_by(Measure.status.in_(SETTLED), sa.nulls_first(Measure.due), Measure.id)
    ).all()


def writes(scope: Scope, measure: Measure) -> bool:
    """Whether a scope (of the permission to write) changes it: those of the whole programme are an administrator's."""
    return scope.covers_province(measure.province_id)


def writable(scope: Scope, measure_id: int) -> Measure:
    found = measure(scope, measure_id)
    if not writes(scope, found):
        raise Missing
    return found


def steps(measure: Measure) -> Sequence[MeasureStep]:
    """What became of a measure, latest first, with whoever wrote it down."""
    every = within(measure).select(MeasureStep).options(joinedload(MeasureStep.by))
    return db.session.scalars(every.order_by(MeasureStep.id.desc())).all()


# --- the matrix --------------------------------------------------------------------------------------------


class Tally(Counter[MeasureStatus]):
    """How many measures there are in each status; those dropped do not count."""

    @property
    def in_place(self) -> int:
        return self[S.IN_PLACE]

    @property
    def defined(self) -> int:
        return self.total() - self[S.DROPPED]


def matrix(scope: Scope, query: ListQuery) -> Mapping[tuple[MeasureLevel | None, MeasureScope | None], Tally]:
    """Each level × scope, and the sums of both (None): of the list these filters leave, dropped ones beside it."""
    counted = (Measure.level, Measure.scope, Measure.status, sa.func.count())
    statement = scope.restrict(sa.select(*counted), Measure).group_by(*counted[:3])
    cells = {(level, kind): Tally() for level in (*MeasureLevel, None) for kind in (*MeasureScope, None)}
    for level, kind, status, number in db.session.execute(
        narrowed(statement, query, {"province": Measure.province_id})
    ):
        for cell in ((level, kind), (level, None), (None, kind), (None, None)):
            cells[cell][status] += number
    return cells


def _stood(year: int) -> sa.ColumnElement[bool]:
    """Whether a step is, of each measure the last step up to the end of that year."""
    over = MeasureStep.day <= date(min(max(year, 1), MAXYEAR), 12, 31)
    last = sa.select(sa.func.max(MeasureStep.id)).where(over).group_by(MeasureStep.measure_id)
    return MeasureStep.id.in_(last)


def by_province(year: int) -> sa.Select[Any]:
    """G16 of `programme.parts.Read`: of each measure the last step up to the end of that year."""
    counted = shares(Measure.province_id, MeasureStep.status == S.IN_PLACE, Measure, MeasureStep)
    steps = counted.join(MeasureStep, MeasureStep.measure_id == Measure.id)
    return steps.where(_stood(year), MeasureStep.status != S.DROPPED)


def count_late(scope: Scope) -> sa.Select[Any]:
    """How many of those a scope changes are past their day."""
    statement = scope.restrict(sa.select(sa.func.count(Measure.id)), Measure).where(late())
    return statement if scope.everything else statement.where(Measure.province_id.in_(sorted(scope.provinces)))


# --- computed of the training: what each municipality can go on with ------------------------------------------

MUNICIPALITIES = (OrganisationKind.METROPOLITAN, OrganisationKind.DISTRICT)
MUNICIPALITY_SORTS: Mapping[str, tuple[Any, ...]] = {
    "province": (Province.name_sort, Organisation.name_sort, Organisation.id),
    "name": (Organisation.name_sort, Organisation.id),
}


def municipalities(scope: Scope, query: ListQuery) -> Rows[Any]:
    """Municipalities of a scope: how many of their staff can train others (a valid certificate of the training of
    trainers), and the rows of approved plans that are their own. `has`: "trainers" or "rows", those that have some.
    """
    ids = sa.select(Organisation.id).join(Organisation.province).where(Organisation.kind.in_(MUNICIPALITIES))
    if not scope.everything:
        ids = ids.where(Organisation.id.in_(sorted(scope.organisations)))
    ids = narrowed(ids, query, {"province": Organisation.province_id})
    if query.filter("has") in ("trainers", "rows"):
        having = _trained() if query.filter("has") == "trainers" else _own_rows()
        ids = ids.where(Organisation.id.in_(having.with_only_columns(having.selected_columns[0])))
    ids = ids.where(holds(Organisation.search_text, query.q)) if query.q else ids
    return Rows(_reading(ids), MUNICIPALITY_SORTS[query.sort], query, _capacities)


def _reading(statement: Any) -> Any:
    """Certificates of colleagues are counted, whoever asks; no name comes along."""
    return EVERYWHERE.trusting(statement, Certificate, Enrolment, Employee, CourseSession)  # as said above


def _trained() -> Any:
    """(municipality, how many of its active staff have that certificate)."""
    number = sa.func.count(sa.distinct(Employee.id))
    return (
        sa.select(Employee.organisation_id.label("organisation_id"), number.label("number"))
        .select_from(Certificate)
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .join(CourseSession, CourseSession.id == Certificate.course_session_id)
        .join(Course, Course.id == CourseSession.course_id)
        .where(
            Employee.active.is_(True),
            Course.code == TRAINING_OF_TRAINERS,
            Certificate.status == CertificateStatus.VALID,
        )
        .group_by(Employee.organisation_id)
    )


def _own_rows() -> Any:
    """(municipality, how many rows of approved plans are its own)."""
    return (
        sa.select(PlanItem.organisation_id.label("organisation_id"), sa.func.count().label("number"))
        .where(PlanItem.organisation_id.is_not(None), PlanItem.approved.is_(True), PlanItem.dropped.is_(False))
        .group_by(PlanItem.organisation_id)
    )


def _capacities(keys: Sequence[int]) -> Sequence[Any]:
    trained, rows = _trained().subquery(), _own_rows().subquery()
    columns: tuple[Any, ...] = (
        *(Organisation.id, Organisation.name_tr, Organisation.name_en),
        Province.name_tr.label("province_tr"),
        Province.name_en.label("province_en"),
        sa.func.coalesce(trained.c.number, 0).label("trainers"),
        sa.func.coalesce(rows.c.number, 0).label("rows"),
    )
    statement = (
        sa.select(*columns)
        .join(Organisation.province)
        .outerjoin(trained, trained.c.organisation_id == Organisation.id)
        .outerjoin(rows, rows.c.organisation_id == Organisation.id)
        .where(Organisation.id.in_(keys))
    )
    return in_order(keys, db.session.execute(_reading(statement)).all(), lambda row: row.id)


def capacity(scope: Scope, query: ListQuery) -> tuple[int, int, int]:
    """How many municipalities there are, with a certified internal trainer, with rows of their own: each the length of
    that list.
    """
    province = {"province": query.filter("province")}
    asked = (ListQuery(sort="name", filters={**province, "has": has}) for has in ("", "trainers", "rows"))
    lists = [municipalities(scope, each).ids.subquery() for each in asked]
    numbers = [sa.select(sa.func.count()).select_from(ids).scalar_subquery() for ids in lists]
    every, trainers, rows = db.session.execute(_reading(sa.select(*numbers))).one()
    return every, trainers, rows
