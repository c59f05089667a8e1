from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, date, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from app.access.models import Province
from app.access.scope import EVERYWHERE, Scope, within
from app.catalogue.models import Course, CourseCompetency
from app.certificates.models import Certificate, CertificateStatus
from app.core.clock import at, today
from app.core.db import db
from app.core.errors import Missing
from app.core.paging import ListQuery, Rows, in_order
from app.enrolment.models import Enrolment
from app.files.models import Document
from app.language.turkish import search_key, search_words
from app.people.models import Employee
from app.programme import uploads
from app.programme.documents.models import ProgrammeDocument, ProgrammeDocumentStatus, ProgrammeDocumentVersion
from app.programme.pilots.models import (
    MEN,
    WOMEN,
    ManagementPlanStatus,
    Pilot,
    PilotAsk,
    PilotMonth,
    PilotSection,
    PilotService,
    PilotStaff,
    SectionKey,
    SectionState,
    TrackingStatus,
)
from app.programme.pilots.rules import before, month_of, months, plan_status
from app.training.models import CourseSession

SORTS: dict[str, tuple[Any, ...]] = {
    "code": (Pilot.code, Pilot.id),
    "name": (Pilot.name_sort, Pilot.id),
    "province": (Province.name_sort, Pilot.code, Pilot.id),
    "starts": (Pilot.starts_on, Pilot.id),
}
BELOW = (PilotSection, PilotService, PilotMonth, ProgrammeDocument, ProgrammeDocumentVersion)
"""What hangs on pilots that were themselves restricted."""


def new_users(columns: Sequence[str] = (*WOMEN, *MEN)) -> sa.ColumnElement[int]:
    found: sa.ColumnElement[int] = sum(
        (getattr(PilotMonth, name) for name in columns[1:]), getattr(PilotMonth, columns[0])
    )
    return found


@dataclass(frozen=True)
class PilotRow:
    """A pilot with how its plan stands: `complete` and `written` of its eight sections."""

    pilot: Pilot
    complete: int
    written: int

    @property
    def plan(self) -> ManagementPlanStatus:
        return plan_status(self.pilot.document, self.written)


def _number(*states: SectionState) -> sa.ScalarSelect[int]:
    counted = sa.select(sa.func.count(PilotSection.id)).where(PilotSection.pilot_id == Pilot.id)
    return counted.where(PilotSection.state.in_(states)).correlate(Pilot).scalar_subquery()


COMPLETE, WRITTEN = _number(SectionState.COMPLETE), _number(SectionState.COMPLETE, SectionState.DRAFT)


def _lines(scope: Scope) -> sa.Select[Any]:
    statement = (
        sa.select(Pilot, COMPLETE, WRITTEN)
        .join(Pilot.province)
        .join(Pilot.theme)
        .join(Pilot.document)
        .outerjoin(Pilot.organisation)
        .options(*(contains_eager(one) for one in (Pilot.province, Pilot.theme, Pilot.document, Pilot.organisation)))
    )
    lines: sa.Select[Any] = scope.trusting(scope.restrict(statement, Pilot), *BELOW)
    return lines


def row(scope: Scope, pilot_id: int) -> PilotRow:
    """One with its plan, province, theme and institution, or Missing."""
    found = db.session.execute(_lines(scope).where(Pilot.id == pilot_id)).one_or_none()
    if found is None:
        raise Missing
    return PilotRow(*found)


def pilots(scope: Scope, query: ListQuery) -> Rows[PilotRow]:
    """Filters: province, theme, plan, tracking, state ("closed"), approved (by the end of that year), overdue, missing
    ("yes").
    """

    def load(keys: Sequence[int]) -> Sequence[PilotRow]:
        found = [PilotRow(*one) for one in db.session.execute(_lines(scope).where(Pilot.id.in_(keys)))]
        return in_order(keys, found, lambda one: one.pilot.id)

    ids = sa.select(Pilot.id).join(Pilot.document).join(Pilot.province)
    ids = scope.trusting(scope.restrict(ids, Pilot), *BELOW).where(*_wanted(scope, query))
    return Rows(ids, SORTS[query.sort], query, load)


def _wanted(scope: Scope, query: ListQuery) -> list[sa.ColumnElement[bool]]:
    asked: list[sa.ColumnElement[bool]] = []
    for name, column in (("province", Pilot.province_id), ("theme", Pilot.theme_id)):
        if query.filter(name):
            asked.append(column == query.filter_id(name))
    if query.filter("plan"):
        asked.append(_plan_is(query.filter("plan")))
    if query.filter("tracking"):
        asked.append(Pilot.tracking.in_([one for one in TrackingStatus if one.value == query.filter("tracking")]))
    if query.filter("state"):
        asked.append(Pilot.closed_on.is_not(None) if query.filter("state") == "closed" else Pilot.closed_on.is_(None))
    if query.filter("approved"):
        asked.append(approved_by(query.filter_id("approved") or 0))
    flags = {"overdue": overdue(), "missing": missing()}
    asked += [flag for name, flag in flags.items() if query.filter(name) == "yes"]
    if query.q:
        asked.append(Pilot.id.in_(_named(scope, query.q)))
    return asked


def _plan_is(value: str) -> sa.ColumnElement[bool]:
    if value not in set(ManagementPlanStatus):
        raise Missing
    drafted = ProgrammeDocument.status == ProgrammeDocumentStatus.DRAFT
    if value in (ManagementPlanStatus.DRAFT, ManagementPlanStatus.DRAFT_COMPLETED):
        whole: sa.ColumnElement[bool] = sa.literal(len(SectionKey)) == WRITTEN
        return sa.and_(drafted, whole if value == ManagementPlanStatus.DRAFT_COMPLETED else sa.not_(whole))
    return ProgrammeDocument.status == ProgrammeDocumentStatus(value)


def _named(scope: Scope, typed: str) -> list[int]:
    """Those whose code, name or district hold every typed word, folded: there are dozens, not thousands."""
    text = Pilot.code + " " + Pilot.name_tr + " " + Pilot.name_en + " " + Pilot.district
    texts = db.session.execute(scope.restrict(sa.select(Pilot.id, text), Pilot)).all()
    return [key for key, said in texts if all(word in search_key(said) for word in search_words(typed))]


def overdue() -> sa.ColumnElement[bool]:
    """Pilots with a section that should be complete by now, and can be written."""
    late = sa.select(PilotSection.pilot_id).where(
        PilotSection.due_on < today(), PilotSection.state != SectionState.COMPLETE
    )
    written = ProgrammeDocument.status.in_([ProgrammeDocumentStatus.DRAFT, ProgrammeDocumentStatus.RETURNED])
    return sa.and_(Pilot.closed_on.is_(None), written, Pilot.id.in_(late))


def _whole(month: Any) -> sa.ColumnElement[int]:
    number: sa.ColumnElement[int] = sa.extract("year", month) * 12 + sa.extract("month", month)
    return number


def missing() -> sa.ColumnElement[bool]:
    """Pilots that count their users and have a service with a month that is over, not closed and not entered."""
    last = before(month_of(today()))
    ends = sa.case((PilotService.last_month < last, PilotService.last_month), else_=last)
    since = sa.case(
        (Pilot.closed_through >= PilotService.first_month, _whole(Pilot.closed_through) + 1),
        else_=_whole(PilotService.first_month),
    )
    open_month = sa.or_(Pilot.closed_through.is_(None), PilotMonth.month > Pilot.closed_through)
    counted = sa.select(sa.func.count(PilotMonth.id)).where(
        PilotMonth.service_id == PilotService.id, PilotMonth.month.between(PilotService.first_month, ends), open_month
    )
    entered = counted.correlate(Pilot, PilotService).scalar_subquery()
    lacking = sa.select(PilotService.id).where(PilotService.pilot_id == Pilot.id, _whole(ends) - since + 1 > entered)
    counts = Pilot.tracking != TrackingStatus.PREPARING
    return sa.and_(Pilot.closed_on.is_(None), counts, lacking.correlate(Pilot).exists())


def lacking_months(pilot: Pilot) -> int:
    """How many months of its services are over or under way, not closed and not entered."""
    last = month_of(today())
    services = db.session.scalars(within(pilot).select(PilotService)).all()
    since = before(pilot.closed_through, -1) if pilot.closed_through else None
    spans = {
        one.id: (max(one.first_month, since or one.first_month), min(one.last_month or last, last)) for one in services
    }
    entered = sa.select(PilotMonth.service_id, PilotMonth.month).where(PilotMonth.service_id.in_(sorted(spans)))
    kept = {tuple(pair) for pair in db.session.execute(within(PilotService).trusting(entered, PilotMonth))}
    return sum((key, month) not in kept for key, (first, end) in spans.items() for month in months(first, end))


def counted(scope: Scope, *which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """How many pilots of a scope are so."""
    statement = scope.restrict(sa.select(sa.func.count(Pilot.id)).join(Pilot.document).where(*which), Pilot)
    number: sa.Select[Any] = scope.trusting(statement, *BELOW)
    return number


def approved_by(year: int) -> sa.ColumnElement[bool]:
    """Pilots of whose management plan a version was approved before that year was over."""
    if not 1 <= year < MAXYEAR:
        return sa.false()
    end = at(date(year + 1, 1, 1), time.min)
    approved = ProgrammeDocumentVersion.approved_at < end
    return Pilot.document_id.in_(sa.select(ProgrammeDocumentVersion.document_id).where(approved))


def approved_by_province(year: int) -> sa.Select[Any]:
    """Of the pilots there are today. None of it is provisional: what was approved is kept."""
    done = sa.func.sum(sa.case((approved_by(year), 1), else_=0))
    columns = (Pilot.province_id, done, sa.func.count(Pilot.id), sa.literal(0))
    # the picture shows each reader theirs
    statement: sa.Select[Any] = EVERYWHERE.trusting(sa.select(*columns), Pilot, ProgrammeDocumentVersion)
    return statement.group_by(Pilot.province_id)


def users_by_province(year: int) -> sa.Select[Any]:
    still_open = sa.or_(Pilot.closed_through.is_(None), PilotMonth.month > Pilot.closed_through)
    provisional = sa.func.sum(sa.case((still_open, new_users()), else_=0))
    columns = (Pilot.province_id, sa.func.sum(new_users()), sa.null(), provisional)
    statement = (
        sa.select(*columns)
        .select_from(PilotMonth)
        .join(PilotService, PilotService.id == PilotMonth.service_id)
        .join(Pilot, Pilot.id == PilotService.pilot_id)
        .where(PilotMonth.month.between(date(year, 1, 1), date(year, 12, 31)))
        .group_by(Pilot.province_id)
    )
    # the picture shows each reader theirs
    covered: sa.Select[Any] = EVERYWHERE.trusting(statement, Pilot, PilotService, PilotMonth)
    return covered


def users_by_month(pilot_ids: Collection[int], since: date) -> Mapping[int, Mapping[date, tuple[int, int]]]:
    """New users of pilots loaded through a scope, by month: women and men."""
    statement = (
        sa.select(PilotService.pilot_id, PilotMonth.month, sa.func.sum(new_users(WOMEN)), sa.func.sum(new_users(MEN)))
        .join(PilotService, PilotService.id == PilotMonth.service_id)
        .where(PilotService.pilot_id.in_(sorted(pilot_ids)), PilotMonth.month >= since)
        .group_by(PilotService.pilot_id, PilotMonth.month)
        .order_by(PilotMonth.month)
    )
    found: dict[int, dict[date, tuple[int, int]]] = defaultdict(dict)
    for pilot_id, month, women, men in db.session.execute(within(Pilot).trusting(statement, PilotMonth, PilotService)):
        found[pilot_id][month] = (women, men)
    return found


# --- the management plan --------------------------------------------------------------------------------------


def sections(pilot: Pilot) -> list[PilotSection]:
    """The eight, in their order."""
    found = db.session.scalars(within(pilot).select(PilotSection)).all()
    return sorted(found, key=lambda one: list(SectionKey).index(one.key))


def section(pilot: Pilot, key: str) -> PilotSection:
    return db.session.scalars(within(pilot).select(PilotSection).where(PilotSection.key == SectionKey(key))).one()


def attachment(section: PilotSection) -> Document:
    return uploads.kept(section.attachment_id)


def pilot_of(document: ProgrammeDocument) -> Pilot | None:
    return db.session.scalar(within(document).select(Pilot))


# --- staff, and what they need to have learned -------------------------------------------------------------------


def staff(scope: Scope, pilot: Pilot) -> Sequence[PilotStaff]:
    """Whoever works in a pilot, of those this scope sees, by name."""
    statement = within(pilot).select(PilotStaff).join(PilotStaff.employee).join(Employee.organisation)
    known = contains_eager(PilotStaff.employee)
    statement = statement.options(known.contains_eager(Employee.organisation), known.joinedload(Employee.title))
    return db.session.scalars(scope.restrict(statement, Employee).order_by(Employee.name_sort, Employee.id)).all()


def certified(pilot: Pilot) -> tuple[int, Mapping[int, set[int]]]:
    """How many work there today, and by competency that is needed who of them holds a certificate in it."""
    works = (PilotStaff.pilot_id == pilot.id, Employee.active.is_(True))
    held = (
        sa.select(PilotAsk.competency_id, PilotStaff.employee_id)
        .select_from(PilotStaff)
        .join(Employee, Employee.id == PilotStaff.employee_id)
        .join(Enrolment, Enrolment.employee_id == Employee.id)
        .join(Certificate, Certificate.enrolment_id == Enrolment.id)
        .join(CourseSession, CourseSession.id == Enrolment.course_session_id)
        .join(CourseCompetency, CourseCompetency.course_id == CourseSession.course_id)
        .join(PilotAsk, PilotAsk.competency_id == CourseCompetency.competency_id)
        .where(*works, PilotAsk.pilot_id == pilot.id, Certificate.status == CertificateStatus.VALID)
        .distinct()
    )
    covered = (PilotStaff, PilotAsk, Employee, Enrolment, Certificate, CourseSession)
    found: dict[int, set[int]] = defaultdict(set)
    for competency_id, employee_id in db.session.execute(within(pilot).trusting(held, *covered)):
        found[competency_id].add(employee_id)
    everybody = (
        sa.select(sa.func.count(PilotStaff.id)).join(Employee, Employee.id == PilotStaff.employee_id).where(*works)
    )
    return db.session.scalar(within(pilot).trusting(everybody, PilotStaff, Employee)) or 0, found


def courses(competency_ids: Collection[int]) -> Mapping[int, Sequence[Course]]:
    """What builds these competencies today."""
    statement = (
        sa.select(CourseCompetency.competency_id, Course)
        .join(Course, Course.id == CourseCompetency.course_id)
        .where(CourseCompetency.competency_id.in_(sorted(competency_ids)), Course.active.is_(True))
        .order_by(Course.code)
    )
    found: dict[int, list[Course]] = defaultdict(list)
    for competency_id, course in db.session.execute(statement):
        found[competency_id].append(course)
    return found


def staff_row(pilot: Pilot, staff_id: int) -> PilotStaff:
    found = db.session.scalar(within(pilot).select(PilotStaff).where(PilotStaff.id == staff_id))
    if found is None:
        raise Missing
    return found


def works_there(pilot: Pilot, employee: Employee) -> bool:
    there = within(pilot).select(PilotStaff).where(PilotStaff.employee_id == employee.id)
    return db.session.scalar(there) is not None


def code_taken(code: str, besides: int | None) -> bool:
    statement = sa.select(Pilot.id).where(Pilot.code == code, Pilot.id != (besides or 0))
    return db.session.scalar(EVERYWHERE.restrict(statement, Pilot)) is not None  # a code is used once in the programme


def jobs_of(user_id: int) -> Sequence[PilotStaff]:
    """Where whoever signs in with this account works."""
    own = Employee.user_id == user_id
    statement = sa.select(PilotStaff).join(PilotStaff.employee).where(own).options(joinedload(PilotStaff.pilot))
    # their own rows
    return db.session.scalars(within(Employee).trusting(statement, PilotStaff, Employee, Pilot)).all()
