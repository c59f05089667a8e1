from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, date, time
from typing import Any, Literal, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, load_only, with_expression

from app.access.models import Province, User
from app.access.scope import EVERYWHERE, Scope, within
from app.audit.models import AuditEntry
from app.catalogue.models import Course, CourseCompetency
from app.certificates.models import Certificate, CertificateStatus
from app.core.clock import at, today
from app.core.db import Base, db, typed_id
from app.core.errors import Missing
from app.core.paging import ListQuery, Rows, narrowed, rows_of
from app.core.search import holds
from app.core.tables.written import written_once
from app.enrolment.models import Enrolment
from app.language import language
from app.language.turkish import search_key
from app.people.models import Employee
from app.programme.documents.models import (
    EDITABLE,
    ProgrammeDocument,
    ProgrammeDocumentStatus,
    ProgrammeDocumentVersion,
)
from app.programme.parts import shares
from app.programme.pilots.models import (
    ManagementPlanStatus,
    Pilot,
    PilotAsk,
    PilotMonth,
    PilotSection,
    PilotService,
    PilotSession,
    PilotStaff,
    SectionKey,
    SectionState,
    TrackingStatus,
)
from app.programme.pilots.rules import before, month_of
from app.training.models import CourseSession, SessionStatus

T = TypeVar("T", bound=Base)
SORTS: dict[str, tuple[Any, ...]] = {
    "code": (Pilot.code, Pilot.id),
    "name": (Pilot.name_sort, Pilot.id),
    "province": (Province.name_sort, Pilot.code, Pilot.id),
    "starts": (Pilot.starts_on, Pilot.id),
}
DRAFTED = ManagementPlanStatus.DRAFT_COMPLETED
BELOW = (PilotSection, PilotService, PilotMonth, ProgrammeDocument, ProgrammeDocumentVersion)
"""What hangs on pilots that were themselves restricted."""
OPEN = sa.or_(Pilot.closed_through.is_(None), PilotMonth.month > Pilot.closed_through)
"""`PilotMonth.provisional` in SQL."""


def _number(*states: SectionState) -> sa.ScalarSelect[int]:
    counted = sa.select(sa.func.count(PilotSection.id)).where(PilotSection.pilot_id == Pilot.id)
    return counted.where(PilotSection.state.in_(states)).correlate(Pilot).scalar_subquery()


COMPLETE, WRITTEN = _number(SectionState.COMPLETE), _number(SectionState.COMPLETE, SectionState.DRAFT)

SECTIONS = with_expression(Pilot.complete, COMPLETE), with_expression(Pilot.written, WRITTEN)
CARD = (*SECTIONS, joinedload(Pilot.province), joinedload(Pilot.document))
WHOLE = (*CARD, joinedload(Pilot.theme), joinedload(Pilot.organisation))


def pilot(scope: Scope, pilot_id: int) -> Pilot:
    """One with its plan, province, theme and institution, or Missing."""
    return scope.get(Pilot, pilot_id, *WHOLE)


def below(pilot: Pilot, model: type[T], key: int) -> T:
    """A row of the pilot by its id, or Missing."""
    found = db.session.scalar(within(pilot).select(model).where(cast(Any, model).id == key))
    if found is None:
        raise Missing
    return found


def code_taken(code: str, besides: int | None) -> bool:
    """Whatever its letters are: PP-27-01 and pp-27-01 are one."""
    others = sa.select(Pilot.code).where(Pilot.id != (besides or 0))
    every = db.session.scalars(EVERYWHERE.restrict(others, Pilot))  # a code is used once in the programme
    return search_key(code) in map(search_key, every)


def counted_since(pilot: Pilot) -> date | None:
    return db.session.scalar(within(pilot).restrict(sa.select(sa.func.min(PilotService.first_month)), PilotService))


def seen(scope: Scope, pilot_id: int | None) -> Pilot | None:
    """The pilot something points at, where this scope sees it."""
    return db.session.scalar(scope.select(Pilot).where(Pilot.id == pilot_id)) if pilot_id is not None else None


def choices(scope: Scope, province_id: int | None = None) -> list[tuple[int, str]]:
    """Pilots to choose one of: those of a province, or all this scope sees."""
    title: Any = Pilot.code + " " + getattr(Pilot, f"name_{language()}")
    statement = scope.restrict(sa.select(Pilot.id, title), Pilot).order_by(Pilot.code)
    if province_id is not None:
        statement = statement.where(Pilot.province_id == province_id)
    return [(key, text) for key, text in db.session.execute(statement)]


def pilots(scope: Scope, query: ListQuery) -> Rows[Pilot]:
    return Rows(_ids(scope, query), SORTS[query.sort], query, rows_of(scope.select(Pilot).options(*WHOLE), Pilot.id))


def _ids(scope: Scope, query: ListQuery) -> sa.Select[Any]:
    every = scope.restrict(sa.select(Pilot.id).join(Pilot.document).join(Pilot.province), Pilot)
    ids: sa.Select[Any] = narrowed(scope.trusting(every, *BELOW), query, FILTERS)
    return ids.where(holds(Pilot.search_text, query.q)) if query.q else ids


def sought(scope: Scope, typed: str) -> sa.Select[Any]:
    """Pilots a typed text finds, with their province, as `web.parts.Sought` asks for them."""
    places = (Province.name_tr, Province.name_en)
    return cast("sa.Select[Any]", _ids(scope, ListQuery(q=typed)).add_columns(Pilot.name_tr, Pilot.name_en, *places))


def _plan_is(value: str) -> sa.ColumnElement[bool]:
    """`Pilot.plan` in SQL."""
    drafted, whole = ProgrammeDocument.status == ProgrammeDocumentStatus.DRAFT, sa.literal(len(SectionKey)) == WRITTEN
    parts: dict[str, sa.ColumnElement[bool]] = {
        ManagementPlanStatus.DRAFT: sa.and_(drafted, sa.not_(whole)),
        DRAFTED: sa.and_(drafted, whole),
    }
    return parts.get(value, ProgrammeDocument.status == value)


@dataclass(frozen=True)
class Board:
    """`columns`: by how plans stand, how many pilots, and the first of them."""

    total: int
    approved: int
    columns: Sequence[tuple[ManagementPlanStatus, int, Sequence[Pilot]]]


def board(scope: Scope, most: int) -> Board:
    """All pilots by how their plans stand, so many of each, by code. Two statements, however many there are."""
    rows = db.session.execute(_ranked(scope, most)).all()
    loaded = scope.select(Pilot).where(Pilot.id.in_([row.id for row in rows])).options(*CARD)
    found = {one.id: one for one in db.session.scalars(loaded)} if rows else {}
    alike = {ManagementPlanStatus(row.plan): row.alike for row in rows}
    cards = {status: [found[row.id] for row in rows if row.plan == status.value] for status in alike}
    ordered = [(status, alike[status], cards[status]) for status in ManagementPlanStatus if status in alike]
    return Board(sum(alike.values()), max((row.approved for row in rows), default=0), ordered)


@written_once
def _ranked(scope: Scope, most: int) -> sa.Select[Any]:
    plan = sa.case((_plan_is(DRAFTED), DRAFTED.value), else_=sa.cast(ProgrammeDocument.status, sa.String))
    columns = (Pilot.id, Pilot.code, plan.label("plan"), ProgrammeDocument.approved_at)
    one = scope.restrict(sa.select(*columns).join(Pilot.document), Pilot).subquery().c
    ranked = sa.select(
        one.id,
        one.plan,
        sa.func.row_number().over(partition_by=one.plan, order_by=one.code).label("place"),
        sa.func.count().over(partition_by=one.plan).label("alike"),
        sa.func.count(one.approved_at).over().label("approved"),
    ).subquery()
    chosen = sa.select(ranked).where(ranked.c.place <= most).order_by(ranked.c.place)
    return cast("sa.Select[Any]", scope.trusting(chosen, Pilot, *BELOW))


def overdue() -> sa.ColumnElement[bool]:
    """Pilots with a section that should be complete by now, and can be written."""
    late = sa.select(PilotSection.pilot_id).where(
        PilotSection.due_on < today(), PilotSection.state != SectionState.COMPLETE
    )
    return sa.and_(Pilot.closed_on.is_(None), ProgrammeDocument.status.in_(EDITABLE), Pilot.id.in_(late))


def _whole(month: Any) -> sa.ColumnElement[int]:
    return sa.extract("year", month) * 12 + sa.extract("month", month)


def _lacking(last: date) -> Any:
    """Of a service: how many months up to `last` are open and not entered; below zero where more are closed. After the
    last day of its pilot none is, also where nobody has closed that.
    """
    until: Any = sa.case((Pilot.ends_on < last, Pilot.ends_on), else_=last)
    ends = sa.case((PilotService.last_month < until, PilotService.last_month), else_=until)
    since = sa.case(
        (Pilot.closed_through >= PilotService.first_month, _whole(Pilot.closed_through) + 1),
        else_=_whole(PilotService.first_month),
    )
    entered = sa.select(sa.func.count(PilotMonth.id)).where(
        PilotMonth.service_id == PilotService.id, PilotMonth.month.between(PilotService.first_month, ends), OPEN
    )
    return _whole(ends) - since + 1 - entered.correlate(Pilot, PilotService).scalar_subquery()


def missing() -> sa.ColumnElement[bool]:
    """Pilots that count their users and have a service with a month that is over, not closed and not entered."""
    lacking = _lacking(before(month_of(today()))) > 0
    services = sa.select(PilotService.id).where(PilotService.pilot_id == Pilot.id, lacking)
    counts = Pilot.tracking != TrackingStatus.PREPARING
    return sa.and_(Pilot.closed_on.is_(None), counts, services.correlate(Pilot).exists())


def lacking_months(pilot: Pilot, through: date | None = None) -> int:
    """How many months of its services are over or under way (or not after `through`), not closed and not entered."""
    number = _lacking(through or month_of(today()))
    every = sa.select(sa.func.sum(sa.case((number > 0, number), else_=0))).select_from(PilotService)
    of = every.join(PilotService.pilot).where(Pilot.id == pilot.id)
    return int(db.session.scalar(within(pilot).trusting(of, Pilot, PilotService, PilotMonth)) or 0)


def counted(scope: Scope, *which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """How many pilots of a scope are so."""
    statement = scope.restrict(sa.select(sa.func.count(Pilot.id)).join(Pilot.document).where(*which), Pilot)
    return cast("sa.Select[Any]", scope.trusting(statement, *BELOW))


def approved_by(year: int) -> sa.ColumnElement[bool]:
    """Pilots of whose management plan a version was approved before that year was over."""
    if not 1 <= year < MAXYEAR:
        return sa.false()
    end = at(date(year + 1, 1, 1), time.min)
    approved = ProgrammeDocumentVersion.approved_at < end
    return Pilot.document_id.in_(sa.select(ProgrammeDocumentVersion.document_id).where(approved))


FILTERS: Mapping[str, Any] = {
    "province": Pilot.province_id,
    "theme": Pilot.theme_id,
    "tracking": Pilot.tracking,
    "plan": _plan_is,
    "state": lambda said: Pilot.closed_on.is_not(None) if said == "closed" else Pilot.closed_on.is_(None),
    "approved": lambda year: approved_by(typed_id(year) or 0),
    "overdue": lambda _: overdue(),
    "missing": lambda _: missing(),
}


def approved_by_province(year: int) -> sa.Select[Any]:
    """Of the pilots there are today. None of it is provisional: what was approved is kept."""
    return shares(Pilot.province_id, approved_by(year), Pilot, ProgrammeDocumentVersion)


def users_by_province(year: int, sex: Literal["women", "men"] | None = None) -> sa.Select[Any]:
    users = PilotMonth.women + PilotMonth.men if sex is None else getattr(PilotMonth, sex)
    columns = (Pilot.province_id, sa.func.sum(users), sa.null(), sa.func.sum(sa.case((OPEN, users), else_=0)))
    of_year = PilotMonth.month.between(date(year, 1, 1), date(year, 12, 31))
    # joined so that SQLite begins with the pilots: from the months it looked a service and a pilot up for each
    statement = sa.select(*columns).outerjoin(PilotService, PilotService.pilot_id == Pilot.id)
    statement = statement.outerjoin(PilotMonth, sa.and_(PilotMonth.service_id == PilotService.id, of_year))
    statement = statement.group_by(Pilot.province_id).having(sa.func.count(PilotMonth.id) > 0)
    # the picture shows each reader theirs
    return cast("sa.Select[Any]", EVERYWHERE.trusting(statement, Pilot, PilotService, PilotMonth))


def users_by_month(pilot_ids: Collection[int], since: date) -> Mapping[int, Mapping[date, int]]:
    """New users of pilots loaded through a scope, by month."""
    statement = (
        sa.select(PilotService.pilot_id, PilotMonth.month, sa.func.sum(PilotMonth.women + PilotMonth.men))
        .join(PilotMonth.service)
        .where(PilotService.pilot_id.in_(sorted(pilot_ids)), PilotMonth.month >= since)
        .group_by(PilotService.pilot_id, PilotMonth.month)
    )
    found: dict[int, dict[date, int]] = defaultdict(dict)
    for pilot_id, month, number in db.session.execute(within(Pilot).trusting(statement, PilotMonth, PilotService)):
        found[pilot_id][month] = number
    return found


# --- the management plan --------------------------------------------------------------------------------------


def sections(pilot: Pilot) -> list[PilotSection]:
    """The eight, in their order."""
    found = db.session.scalars(within(pilot).select(PilotSection)).all()
    return sorted(found, key=lambda one: list(SectionKey).index(one.key))


def section(pilot: Pilot, key: str) -> PilotSection:
    return next(one for one in sections(pilot) if one.key == key)


def pilot_of(document: ProgrammeDocument) -> Pilot | None:
    return db.session.scalar(within(document).select(Pilot))


def happened(pilot: Pilot, names: Collection[str], most: int) -> Sequence[Any]:
    """What the journal knows of a pilot and of its document, latest first: at, event, facts, who."""
    ids = {"pilot_id": pilot.id, "programme_document_id": pilot.document_id}
    about = sa.or_(*(AuditEntry.facts[name].as_integer() == key for name, key in ids.items()))
    entries = (
        sa.select(AuditEntry.at, AuditEntry.event, AuditEntry.facts, User)
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .where(AuditEntry.event.in_(names), about)
        .order_by(AuditEntry.id.desc())
        .limit(most)
    )
    return db.session.execute(within(pilot).trusting(entries, User)).all()


# --- staff, and what they need to have learned -------------------------------------------------------------------


def staff(scope: Scope, pilot: Pilot) -> Sequence[PilotStaff]:
    """Whoever works in a pilot, of those this scope sees, by name."""
    statement = within(pilot).select(PilotStaff).join(PilotStaff.employee).join(Employee.organisation)
    known = contains_eager(PilotStaff.employee)
    statement = statement.options(known.contains_eager(Employee.organisation), known.joinedload(Employee.title))
    return db.session.scalars(scope.restrict(statement, Employee).order_by(Employee.name_sort, Employee.id)).all()


def works_there(pilot: Pilot, employee: Employee) -> bool:
    there = within(pilot).select(PilotStaff).where(PilotStaff.employee_id == employee.id)
    return db.session.scalar(there) is not None


def jobs_of(user_id: int) -> Sequence[PilotStaff]:
    """Where whoever signs in with this account works."""
    own = Employee.user_id == user_id
    statement = sa.select(PilotStaff).join(PilotStaff.employee).where(own).options(joinedload(PilotStaff.pilot))
    # their own rows
    return db.session.scalars(within(Employee).trusting(statement, PilotStaff, Employee, Pilot)).all()


def certified(pilot: Pilot) -> tuple[int, Mapping[int | None, set[int]]]:
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
    everybody = sa.select(sa.null(), PilotStaff.employee_id).join(Employee, Employee.id == PilotStaff.employee_id)
    covered = (PilotStaff, PilotAsk, Employee, Enrolment, Certificate, CourseSession)
    both: Any = within(pilot).trusting(sa.union_all(held, everybody.where(*works)), *covered)
    found: dict[int | None, set[int]] = defaultdict(set)
    for competency_id, employee_id in db.session.execute(both):
        found[competency_id].add(employee_id)
    return len(found.pop(None, ())), found


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


# --- course sessions that name it ---------------------------------------------------------------------------------


def sessions(scope: Scope, pilot: Pilot) -> tuple[list[CourseSession], list[CourseSession]]:
    """Those that name a pilot, and those of its province that could: none is named there, and they take place. Of those
    this scope sees, the latest first, as many as can be chosen from. One statement.
    """
    free = sa.and_(
        PilotSession.id.is_(None),
        CourseSession.province_id == pilot.province_id,
        CourseSession.status != SessionStatus.CANCELLED,
    )
    statement = (
        scope.restrict(sa.select(CourseSession, PilotSession.id), CourseSession)
        .outerjoin(PilotSession, PilotSession.course_session_id == CourseSession.id)
        .where(sa.or_(PilotSession.pilot_id == pilot.id, free))
        .options(
            load_only(CourseSession.ordinal, CourseSession.starts_on, CourseSession.status, raiseload=True),
            joinedload(CourseSession.course).load_only(Course.code, Course.name_tr, Course.name_en, raiseload=True),
        )  # whole ones, sorted before they are cut off, took three times as long
        .order_by(PilotSession.id.is_(None), CourseSession.starts_on.desc().nulls_last(), CourseSession.id.desc())
        .limit(300)
    )
    found: Any = db.session.execute(within(pilot).trusting(statement, PilotSession)).all()
    return [one for one, link in found if link], [one for one, link in found if not link]


def session_link(course_session: CourseSession) -> PilotSession | None:
    """How a session names its pilot, if it names one."""
    return db.session.scalar(within(course_session).select(PilotSession))
