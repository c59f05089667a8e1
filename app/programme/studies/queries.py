from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import MAXYEAR, date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, with_expression

from app.access.models import Organisation, Province
from app.access.scope import Scope, within
from app.catalogue.models import Theme
from app.core.clock import today
from app.core.db import db, typed_id
from app.core.errors import Missing
from app.core.paging import ListQuery, Rows, narrowed, rows_of
from app.programme.parts import shares
from app.programme.studies.models import (
    FieldStudy,
    Finding,
    FindingStatus,
    FindingStrength,
    StudyChange,
    StudyDistrict,
    StudyInterviews,
    StudyStage,
)

BY_STAGE = sa.case({each.value: place for place, each in enumerate(StudyStage)}, value=FieldStudy.stage)
STUDY_SORTS: dict[str, tuple[Any, ...]] = {
    "province": (Province.name_sort, FieldStudy.title_tr, FieldStudy.id),
    "stage": (BY_STAGE, Province.name_sort, FieldStudy.id),
}
BY_STRENGTH = sa.case({each.value: place for place, each in enumerate(FindingStrength)}, value=Finding.strength)


Numbers = Mapping[int, tuple[int, int]]
"""Of women and men, by the id of a district or an institution."""


BELOW = (StudyDistrict, StudyInterviews, Finding)
"""What hangs on studies that were themselves restricted."""


def _of_study(number: Any, *where: Any) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.coalesce(number, 0)).where(*where).correlate(FieldStudy).scalar_subquery()


def _findings(status: FindingStatus) -> sa.ScalarSelect[int]:
    return _of_study(sa.func.count(Finding.id), Finding.study_id == FieldStudy.id, Finding.status == status)


_PLACES = StudyDistrict.study_id == FieldStudy.id
PLANNED = _of_study(sa.func.sum(StudyDistrict.planned_women + StudyDistrict.planned_men), _PLACES)
HELD = _of_study(
    sa.func.sum(StudyInterviews.women + StudyInterviews.men), StudyInterviews.district_id == StudyDistrict.id, _PLACES
)
VERIFIED, DRAFTS = _findings(FindingStatus.VERIFIED), _findings(FindingStatus.DRAFT)
WHOLE = (
    joinedload(FieldStudy.province),
    with_expression(FieldStudy.planned, PLANNED),
    with_expression(FieldStudy.held, HELD),
    with_expression(FieldStudy.verified, VERIFIED),
)


def interviews(scope: Scope) -> tuple[int, int]:
    """Planned and held in all studies this scope reads. One statement."""
    sums = sa.select(sa.func.sum(PLANNED), sa.func.sum(HELD)).select_from(FieldStudy)
    planned, held = db.session.execute(scope.trusting(scope.restrict(sums, FieldStudy), *BELOW)).one()
    return planned or 0, held or 0


class Stand(NamedTuple):
    """What a study has come to: interviews planned and held, findings that are verified, and drafts."""

    planned: int
    held: int
    verified: int
    drafts: int


def stand(study: FieldStudy) -> Stand:
    """As it is now, whatever was loaded before. One statement."""
    statement = sa.select(PLANNED, HELD, VERIFIED, DRAFTS).where(FieldStudy.id == study.id)
    return Stand(*db.session.execute(within(study).trusting(statement, FieldStudy, *BELOW)).one())


def late() -> sa.ColumnElement[bool]:
    """Whether the stage a `FieldStudy` is in should have ended."""
    due = sa.case(
        *((FieldStudy.stage == stage, getattr(FieldStudy, f"{stage.value}_on")) for stage in list(StudyStage)[:-1])
    )
    return due < today()


def surveyed(year: int) -> sa.ColumnElement[bool]:
    """Whether the fieldwork of a `FieldStudy` was done before that year was over."""
    if not 1 <= year <= MAXYEAR:
        return sa.false()
    over = FieldStudy.stage.in_((StudyStage.ANALYSIS, StudyStage.DONE))
    return sa.and_(over, FieldStudy.fieldwork_on <= date(year, 12, 31))


def surveyed_by_province(year: int) -> sa.Select[Any]:
    """Of the studies there are today, but those that are designed after that year."""
    later = sa.and_(FieldStudy.design_on > date(year, 12, 31), ~surveyed(year))
    return shares(FieldStudy.province_id, surveyed(year), FieldStudy).where(~sa.func.coalesce(later, sa.false()))


STUDY_FILTERS: Mapping[str, Any] = {
    "province": FieldStudy.province_id,
    "method": FieldStudy.method,
    "stage": FieldStudy.stage,
    "late": lambda _: late(),
    "surveyed": lambda year: surveyed(typed_id(year) or 0),
}


def studies(scope: Scope, query: ListQuery) -> Rows[FieldStudy]:
    ids = scope.restrict(sa.select(FieldStudy.id), FieldStudy)
    ids = narrowed(ids.join(Province, Province.id == FieldStudy.province_id), query, STUDY_FILTERS)
    return Rows(ids, STUDY_SORTS[query.sort], query, rows_of(scope.select(FieldStudy).options(*WHOLE), FieldStudy.id))


def study(scope: Scope, study_id: int) -> FieldStudy:
    return scope.get(FieldStudy, study_id, *WHOLE)


def study_run(scope: Scope, study_id: int) -> FieldStudy:
    """One that this scope writes, or Missing."""
    found = study(scope, study_id)
    if not scope.covers_province(found.province_id):
        raise Missing
    return found


# --- interviews ---------------------------------------------------------------------------------------


class DistrictRow(NamedTuple):
    """What was held in a district on one day, or (without one) on all days."""

    district: StudyDistrict
    women: int
    men: int


def districts(study: FieldStudy, day: date | None = None) -> list[DistrictRow]:
    """The districts of a study with what was held there, on that day or on all; by name."""
    on = StudyInterviews.district_id == StudyDistrict.id
    statement = (
        sa.select(
            StudyDistrict,
            sa.func.coalesce(sa.func.sum(StudyInterviews.women), 0),
            sa.func.coalesce(sa.func.sum(StudyInterviews.men), 0),
        )
        .join(StudyDistrict.organisation)
        .outerjoin(StudyInterviews, on if day is None else sa.and_(on, StudyInterviews.day == day))
        .options(contains_eager(StudyDistrict.organisation))
        .where(StudyDistrict.study_id == study.id)
        .group_by(StudyDistrict.id, Organisation.id)
        .order_by(Organisation.name_sort)
    )
    found = db.session.execute(within(study).trusting(statement, StudyDistrict, StudyInterviews))
    return [DistrictRow(*row) for row in found]


def days(study: FieldStudy) -> Sequence[tuple[date, int]]:
    """The days on which interviews were held, latest first, with how many."""
    statement = (
        sa.select(StudyInterviews.day, sa.func.sum(StudyInterviews.women + StudyInterviews.men))
        .join(StudyInterviews.district)
        .where(StudyDistrict.study_id == study.id)
        .group_by(StudyInterviews.day)
        .order_by(StudyInterviews.day.desc())
    )
    found = db.session.execute(within(study).trusting(statement, StudyDistrict, StudyInterviews))
    return [(day, number) for day, number in found if number]


# --- findings -----------------------------------------------------------------------------------------


def readable(scope: Scope) -> sa.ColumnElement[bool]:
    """Whether a `Finding` beside its `FieldStudy` is for the eyes of this scope: drafts are for those who write."""
    if scope.everything:
        return sa.true()
    return sa.or_(Finding.status != FindingStatus.DRAFT, FieldStudy.province_id.in_(sorted(scope.provinces)))


def findings_of(scope: Scope, study: FieldStudy) -> Sequence[Finding]:
    """Findings of a study, by theme, the strongest first."""
    statement = (
        sa.select(Finding)
        .join(Finding.study)
        .join(Finding.theme)
        .options(contains_eager(Finding.theme))
        .where(Finding.study_id == study.id, readable(scope))
        .order_by(Theme.position, BY_STRENGTH, Finding.id)
    )
    return db.session.scalars(within(study).trusting(statement, Finding, FieldStudy)).all()


def history(study: FieldStudy, finding: Finding | None = None) -> Sequence[StudyChange]:
    """What became of a study itself, or of one of its findings, latest first, with whoever did it."""
    statement = within(study).select(StudyChange).where(StudyChange.finding_id == (finding.id if finding else None))
    latest = statement.options(joinedload(StudyChange.changer)).order_by(StudyChange.id.desc()).limit(30)
    return db.session.scalars(latest).all()
