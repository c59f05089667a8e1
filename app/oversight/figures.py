"""The programme's figures: persons and participations side by side, by sex; small cells hidden where they must be.

A participation is an enrolment with credited minutes; a person is counted once however often she took part.
Indicators G01, G02, G04, G05, G06 and G11 of the programme's list. Everything is counted anew from the rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.access.models import Organisation, OrganisationKind, Province
from app.access.scope import EVERYWHERE, Scope
from app.attendance.models import AttendanceMark, Presence
from app.catalogue.models import Course, Theme
from app.certificates.models import Certificate, CertificateStatus
from app.completion.models import Outcome
from app.core.db import db
from app.enrolment.models import Enrolment
from app.language import in_language, lazy_gettext
from app.needs.suppression import hidden, suppress_table
from app.people.models import Employee, Sex
from app.plans.models import PlanItem, TrainingPlan
from app.training.models import CourseSession, SessionStatus, Sitting, SittingState

SEXES = (Sex.WOMAN, Sex.MAN, Sex.NOT_STATED)


@dataclass(frozen=True)
class Period:
    """Sessions that ended within; None is open on that side."""

    first: date | None = None
    last: date | None = None

    def holds(self, column: Any) -> list[sa.ColumnElement[bool]]:
        found = []
        if self.first:
            found.append(column >= self.first)
        if self.last:
            found.append(column <= self.last)
        return found


@dataclass(frozen=True)
class Line:
    """One row of a table. `persons`/`participations` by sex and in all ("total"); None is a hidden cell."""

    label: str
    persons: Mapping[str, int | None]
    participations: Mapping[str, int | None]


@dataclass(frozen=True)
class Breakdown:
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Figures:
    """What /reports shows. Rates in tenths of a percent; None where nothing can be said or it is hidden."""

    total: Line
    women_tenths: int | None
    attendance_tenths: int | None
    certified: int | None
    sessions_finalised: int
    sittings_held: int
    hours_held_minutes: int
    planned_groups: int
    delivered_groups: int
    breakdowns: tuple[Breakdown, ...]

    @property
    def delivery_tenths(self) -> int | None:
        return self.delivered_groups * 1000 // self.planned_groups if self.planned_groups else None


def participations(scope: Scope, period: Period, province_id: int | None = None) -> sa.Subquery:
    """One row per participation: employee, sex, province and kind of the institution, theme, minutes."""
    marked = (
        sa.select(AttendanceMark.enrolment_id)
        .join(Sitting, Sitting.id == AttendanceMark.sitting_id)
        .where(
            sa.or_(
                AttendanceMark.kind == Presence.PRESENT,
                sa.and_(AttendanceMark.minutes.is_not(None), AttendanceMark.minutes < Sitting.minutes),
            ),
            Sitting.state != SittingState.NOT_HELD,
        )
    )
    statement = (
        sa.select(
            Enrolment.id.label("enrolment_id"),
            Employee.id.label("employee_id"),
            Employee.sex.label("sex"),
            Organisation.province_id.label("province_id"),
            Organisation.kind.label("kind"),
            Course.theme_id.label("theme_id"),
            Outcome.credit_minutes.label("credit"),
            Outcome.base_minutes.label("base"),
        )
        .select_from(Enrolment)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .join(Organisation, Organisation.id == Employee.organisation_id)
        .join(CourseSession, CourseSession.id == Enrolment.course_session_id)
        .join(Course, Course.id == CourseSession.course_id)
        .outerjoin(Outcome, Outcome.enrolment_id == Enrolment.id)
        .where(
            Enrolment.merged_into_id.is_(None),
            CourseSession.status != SessionStatus.CANCELLED,
            sa.case(
                (CourseSession.status == SessionStatus.FINALISED, Outcome.credit_minutes > 0),
                else_=Enrolment.id.in_(marked),
            ),
            *period.holds(CourseSession.ends_on),
        )
    )
    if not scope.everything:
        statement = statement.where(Employee.organisation_id.in_(sorted(scope.organisations)))
    if province_id is not None:
        statement = statement.where(Organisation.province_id == province_id)
    return statement.subquery()


TABLES = (Enrolment, Employee, CourseSession, Outcome, AttendanceMark, Sitting)


def _counts(rows: sa.Subquery, column: Any) -> dict[tuple[Any, str], tuple[int, int]]:
    """(group, sex) → (persons, participations); the group is None without a column."""
    group = sa.literal(None) if column is None else column
    statement = sa.select(group, rows.c.sex, sa.func.count(sa.distinct(rows.c.employee_id)), sa.func.count()).group_by(
        group, rows.c.sex
    )
    found = db.session.execute(EVERYWHERE.trusting(statement, *TABLES))
    return {(key, Sex(sex).value): (persons, times) for key, sex, persons, times in found}


def _lines(
    counts: Mapping[tuple[Any, str], tuple[int, int]], labels: Mapping[Any, str], hide: bool
) -> tuple[Line, ...]:
    """Rows in the order of `labels`. Hidden: every cell of fewer than five persons and what would reveal it."""
    keys = [key for key in labels if any((key, sex.value) in counts for sex in SEXES)]
    persons = {(key, sex.value): counts.get((key, sex.value), (0, 0))[0] for key in keys for sex in SEXES}
    # an empty cell reveals nobody; only people are hidden
    covered = suppress_table({k: n for k, n in persons.items() if n}) if hide else set()
    lines = []
    for key in keys:
        cells: dict[str, dict[str, int | None]] = {"persons": {}, "participations": {}}
        for sex in SEXES:
            number, times = counts.get((key, sex.value), (0, 0))
            secret = (key, sex.value) in covered
            cells["persons"][sex.value] = None if secret else number
            cells["participations"][sex.value] = None if secret else times
        everyone = sum(counts.get((key, sex.value), (0, 0))[0] for sex in SEXES)
        times = sum(counts.get((key, sex.value), (0, 0))[1] for sex in SEXES)
        secret = hide and everyone > 0 and hidden(everyone)
        cells["persons"]["total"] = None if secret else everyone
        cells["participations"]["total"] = None if secret else times
        lines.append(Line(labels[key], cells["persons"], cells["participations"]))
    return tuple(lines)


def figures(scope: Scope, period: Period, *, province_id: int | None = None, hide: bool) -> Figures:
    """The figures of a period over what this scope sees. `hide`: the rule of five holds for this reader."""
    rows = participations(scope, period, province_id)
    provinces = {
        p.id: in_language(p, "name") for p in db.session.scalars(sa.select(Province).order_by(Province.name_sort))
    }
    kinds: dict[Any, str] = {kind: kind.label for kind in OrganisationKind}
    themes = {t.id: in_language(t, "name") for t in db.session.scalars(sa.select(Theme).order_by(Theme.position))}
    everything: dict[Any, str] = {None: str(lazy_gettext("Total"))}
    whole = _lines(_counts(rows, None), everything, hide)
    total = whole[0] if whole else Line(everything[None], _zero(), _zero())
    breakdowns = (
        Breakdown(str(lazy_gettext("By province")), _lines(_counts(rows, rows.c.province_id), provinces, hide)),
        Breakdown(str(lazy_gettext("By kind of institution")), _lines(_counts(rows, rows.c.kind), kinds, hide)),
        Breakdown(str(lazy_gettext("By thematic area")), _lines(_counts(rows, rows.c.theme_id), themes, hide)),
    )
    credit, base = db.session.execute(
        EVERYWHERE.trusting(sa.select(sa.func.sum(rows.c.credit), sa.func.sum(rows.c.base)), *TABLES)
    ).one()
    sessions, sittings, minutes = _held(scope, period, province_id)
    planned, delivered = _delivery(scope, period, province_id)
    certified = _certified(rows)
    women, everyone = total.persons[Sex.WOMAN.value], total.persons["total"]
    return Figures(
        total=total,
        women_tenths=women * 1000 // everyone if women is not None and everyone else None,
        attendance_tenths=credit * 1000 // base if base else None,
        certified=None if hide and 0 < certified < 5 else certified,
        sessions_finalised=sessions,
        sittings_held=sittings,
        hours_held_minutes=minutes,
        planned_groups=planned,
        delivered_groups=delivered,
        breakdowns=breakdowns,
    )


def _zero() -> dict[str, int | None]:
    return {**{sex.value: 0 for sex in SEXES}, "total": 0}


def _run(scope: Scope, province_id: int | None) -> list[sa.ColumnElement[bool]]:
    """Sessions of the provinces a scope covers: the programme's own for everything, else those it runs."""
    found: list[sa.ColumnElement[bool]] = []
    if not scope.everything:
        found.append(CourseSession.province_id.in_(sorted(scope.provinces)))
    if province_id is not None:
        found.append(CourseSession.province_id == province_id)
    return found


def _held(scope: Scope, period: Period, province_id: int | None) -> tuple[int, int, int]:
    """Finalised sessions, their sittings that took place, and the minutes of those."""
    minutes = sa.func.coalesce(Sitting.effective_minutes, Sitting.minutes)
    row = db.session.execute(
        EVERYWHERE.trusting(
            sa.select(sa.func.count(sa.distinct(CourseSession.id)), sa.func.count(Sitting.id), sa.func.sum(minutes))
            .select_from(CourseSession)
            .join(Sitting, Sitting.course_session_id == CourseSession.id)
            .where(
                CourseSession.status == SessionStatus.FINALISED,
                Sitting.state != SittingState.NOT_HELD,
                *_run(scope, province_id),
                *period.holds(CourseSession.ends_on),
            ),
            CourseSession,
            Sitting,
        )
    ).one()
    return row[0], row[1], row[2] or 0


def _delivery(scope: Scope, period: Period, province_id: int | None) -> tuple[int, int]:
    """Groups the plans of the period's years foresee, and those of them that were finalised (G11)."""
    years = range((period.first or date(2000, 1, 1)).year, (period.last or date(2100, 1, 1)).year + 1)
    planned = sa.select(sa.func.sum(PlanItem.groups)).join(TrainingPlan, TrainingPlan.id == PlanItem.plan_id)
    planned = planned.where(TrainingPlan.year.between(years.start, years.stop - 1))
    finished = (
        sa.select(sa.func.count(CourseSession.id))
        .join(PlanItem, PlanItem.id == CourseSession.plan_item_id)
        .where(
            CourseSession.status == SessionStatus.FINALISED,
            *_run(scope, province_id),
            *period.holds(CourseSession.ends_on),
        )
    )
    places = [province_id] if province_id is not None else sorted(scope.provinces)
    if province_id is not None or not scope.everything:
        planned = planned.where(PlanItem.province_id.in_(places))
    foreseen = db.session.scalar(planned) or 0
    done = db.session.scalar(EVERYWHERE.trusting(finished, CourseSession)) or 0
    return foreseen, done


def _certified(rows: sa.Subquery) -> int:
    """Persons among the participants who hold a valid certificate of theirs (G06)."""
    statement = (
        sa.select(sa.func.count(sa.distinct(rows.c.employee_id)))
        .join(Certificate, Certificate.enrolment_id == rows.c.enrolment_id)
        .where(Certificate.status == CertificateStatus.VALID)
    )
    return db.session.scalar(EVERYWHERE.trusting(statement, *TABLES, Certificate)) or 0


def years() -> list[int]:
    """Years in which sessions ended, latest first: what the period filter offers."""
    found = db.session.scalars(
        EVERYWHERE.trusting(
            sa.select(sa.func.distinct(sa.extract("year", CourseSession.ends_on))).where(
                CourseSession.ends_on.is_not(None), CourseSession.status == SessionStatus.FINALISED
            ),
            CourseSession,
        )
    )
    return sorted((int(year) for year in found), reverse=True)
