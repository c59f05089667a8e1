from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from app.access.models import Organisation, Province, User
from app.access.scope import EVERYWHERE, Scope, within
from app.catalogue.models import Theme
from app.core.clock import today
from app.core.db import db
from app.core.errors import Missing
from app.core.paging import ListQuery, Rows, in_order, narrowed
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


@dataclass(frozen=True)
class Held:
    """Interviews planned, and held so far."""

    planned: int = 0
    held: int = 0

    @property
    def tenths(self) -> int | None:
        """In tenths of a percent."""
        return self.held * 1000 // self.planned if self.planned else None


@dataclass(frozen=True)
class StudyRow:
    study: FieldStudy
    interviews: Held
    findings: int


def planned_of(study_id: Any) -> sa.ScalarSelect[int]:
    """How many interviews are planned, beside a `FieldStudy`."""
    number = sa.func.coalesce(sa.func.sum(StudyDistrict.planned_women + StudyDistrict.planned_men), 0)
    return sa.select(number).where(StudyDistrict.study_id == study_id).scalar_subquery()


def held_of(study_id: Any) -> sa.ScalarSelect[int]:
    """The same of those held."""
    number = sa.func.coalesce(sa.func.sum(StudyInterviews.women + StudyInterviews.men), 0)
    return (
        sa.select(number)
        .select_from(StudyInterviews)
        .join(StudyDistrict, StudyDistrict.id == StudyInterviews.district_id)
        .where(StudyDistrict.study_id == study_id)
        .scalar_subquery()
    )


def interviews(scope: Scope) -> Held:
    """In all studies this scope reads. One statement."""
    sums = sa.select(sa.func.sum(planned_of(FieldStudy.id)), sa.func.sum(held_of(FieldStudy.id)))
    statement = scope.restrict(sums.select_from(FieldStudy), FieldStudy)
    planned, held = db.session.execute(scope.trusting(statement, StudyDistrict, StudyInterviews)).one()
    return Held(planned or 0, held or 0)


class Stand(NamedTuple):
    """What a study has come to: its interviews, findings that are verified, and drafts."""

    interviews: Held
    verified: int
    drafts: int


def stand(study: FieldStudy) -> Stand:
    """One statement."""

    def number(status: FindingStatus) -> Any:
        found = sa.select(sa.func.count(Finding.id)).where(Finding.study_id == study.id, Finding.status == status)
        return found.scalar_subquery()

    numbers = number(FindingStatus.VERIFIED), number(FindingStatus.DRAFT)
    statement: Any = sa.select(planned_of(study.id), held_of(study.id), *numbers)
    hanging = (StudyDistrict, StudyInterviews, Finding)
    planned, held, verified, drafts = db.session.execute(within(study).trusting(statement, *hanging)).one()
    return Stand(Held(planned, held), verified, drafts)


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
    done = sa.func.sum(sa.case((surveyed(year), 1), else_=0))
    columns: tuple[Any, ...] = (FieldStudy.province_id, done, sa.func.count(FieldStudy.id), sa.literal(0))
    later = sa.and_(FieldStudy.design_on > date(year, 12, 31), ~surveyed(year))
    # the picture shows each reader theirs
    statement = EVERYWHERE.restrict(sa.select(*columns), FieldStudy).where(~sa.func.coalesce(later, sa.false()))
    return statement.group_by(FieldStudy.province_id)


def studies(scope: Scope, query: ListQuery) -> Rows[StudyRow]:
    """Filters: province, method, stage, late ("yes"), surveyed (by the end of that year)."""
    ids = scope.restrict(sa.select(FieldStudy.id), FieldStudy)
    ids = ids.join(Province, Province.id == FieldStudy.province_id)
    columns = {"province": FieldStudy.province_id, "method": FieldStudy.method, "stage": FieldStudy.stage}
    ids = narrowed(ids, query, columns)
    if query.filter("late") == "yes":
        ids = ids.where(late())
    if (year := query.filter_id("surveyed")) is not None:
        ids = ids.where(surveyed(year))
    return Rows(ids, STUDY_SORTS[query.sort], query, _rows)


def _rows(keys: Sequence[int]) -> Sequence[StudyRow]:
    """Of ids that a scope has restricted. One statement."""
    number = sa.select(sa.func.count(Finding.id)).where(
        Finding.study_id == FieldStudy.id, Finding.status == FindingStatus.VERIFIED
    )
    statement = (
        sa.select(FieldStudy, planned_of(FieldStudy.id), held_of(FieldStudy.id), number.scalar_subquery())
        .join(FieldStudy.province)
        .options(contains_eager(FieldStudy.province))
        .where(FieldStudy.id.in_(keys))
    )
    hanging = (FieldStudy, StudyDistrict, StudyInterviews, Finding)
    found = db.session.execute(within(FieldStudy).trusting(statement, *hanging)).all()
    rows = [StudyRow(study, Held(planned, held), findings) for study, planned, held, findings in found]
    return in_order(keys, rows, lambda row: row.study.id)


def study(scope: Scope, study_id: int) -> FieldStudy:
    return scope.get(FieldStudy, study_id, joinedload(FieldStudy.province))


def study_run(scope: Scope, study_id: int) -> FieldStudy:
    """One that this scope writes, or Missing."""
    found = study(scope, study_id)
    if not scope.covers_province(found.province_id):
        raise Missing
    return found


# --- interviews ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DistrictRow:
    """Of one day, or (without one) of all days."""

    district: StudyDistrict
    women: int
    men: int

    @property
    def held(self) -> Held:
        return Held(self.district.planned_women + self.district.planned_men, self.women + self.men)


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


def history(study: FieldStudy, finding: Finding | None = None) -> Sequence[tuple[StudyChange, str | None]]:
    """What became of a study itself, or of one of its findings, latest first, with the name of whoever did it."""
    name = User.given_name + " " + User.family_name
    statement = (
        sa.select(StudyChange, name)
        .outerjoin(User, User.id == StudyChange.changed_by)
        .where(StudyChange.study_id == study.id)
        .order_by(StudyChange.id.desc())
        .limit(30)
    )
    of_finding = StudyChange.finding_id.is_(None) if finding is None else StudyChange.finding_id == finding.id
    statement = statement.where(of_finding)
    found = db.session.execute(within(study).trusting(statement, StudyChange, User))
    return [(change, by) for change, by in found]
