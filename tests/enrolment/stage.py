"""What enrolment is tried out on: a course, sessions of it in Gaziantep and elsewhere, a round with needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from decimal import Decimal

from app.access.scope import EVERYWHERE
from app.catalogue.models import CapacityArea, Competency, Course, CourseCompetency, CourseLevel, DeliveryMode, Theme
from app.completion.models import Outcome, Result
from app.core.clock import today
from app.core.db import db
from app.enrolment import queries
from app.enrolment.models import Enrolment, EnrolmentStatus
from app.enrolment.seats import services as seats
from app.language.turkish import search_key, sort_key
from app.needs.models import AssessmentRound, Need, RoundStatus
from app.needs.rounds.respondents import keep_respondents
from app.people.models import Employee
from app.trainers.models import Trainer, TrainerKind
from app.training.models import (
    Acceptance,
    AssignmentAnswer,
    CourseSession,
    SessionAudience,
    SessionStatus,
    Sitting,
    TrainerAssignment,
)
from app.venues.models import Room, Venue
from tests import factories
from tests.cast import By


def course(code: str = "BK-02", name: str = "Vaka yönetimi") -> Course:
    theme = db.session.get(Theme, 1)
    if theme is None:
        db.session.add_all(
            [
                Theme(
                    id=1,
                    slug="sosyal-hizmetler",
                    prefix="BK",
                    position=1,
                    name_tr="Sosyal hizmetler",
                    name_en="Social services",
                    description_tr="",
                    description_en="",
                ),
                CapacityArea(id=1, slug="uygulama", name_tr="Uygulama", name_en="Practice"),
            ]
        )
        db.session.flush()
        db.session.add(
            Competency(
                id=1,
                slug="vaka-yonetimi",
                theme_id=1,
                capacity_area_id=1,
                name_tr="Vaka yönetimi",
                name_en="Case management",
                name_key="vaka yonetimi",
                name_sort=sort_key("Vaka yönetimi"),
            )
        )
        db.session.add(
            Venue(
                id=1,
                province_id=1,
                name_tr="Nizip Kültür Merkezi",
                name_en="Nizip Culture Centre",
                name_sort=sort_key("Nizip"),
            )
        )
        db.session.flush()
        db.session.add(Room(id=1, venue_id=1, name_tr="Salon 1", name_en="Room 1", capacity=40, equipment=[]))
        db.session.flush()
    made = Course(
        code=code,
        theme_id=1,
        name_tr=name,
        name_en="Case management",
        name_sort=sort_key(name),
        search_text=search_key(f"{code} {name}"),
        hours=6,
        days=1,
        level=CourseLevel.BASIC,
        delivery_mode=DeliveryMode.IN_PERSON,
        min_participants=2,
        max_participants=20,
        has_test=False,
        objectives_tr="",
        objectives_en="",
        target_units=[],
    )
    db.session.add(made)
    db.session.flush()
    db.session.add(CourseCompetency(course_id=made.id, competency_id=1))
    db.session.flush()
    return made


def course_session(
    of: Course | None = None,
    *,
    capacity: int = 5,
    minimum: int = 1,
    status: SessionStatus = SessionStatus.OPEN,
    day: date | None = None,
    starts: time = time(9),
    province_id: int = 1,
    ordinal: int = 1,
    acceptance: Acceptance = Acceptance.AUTOMATIC,
    audience: tuple[int, ...] = (),
) -> CourseSession:
    """A session of two sittings (09:00–10:30, 10:45–12:15) on one day, 40 days from now, for its province."""
    of = of or course()
    day = day or today() + timedelta(days=40)
    made = CourseSession(
        course_id=of.id,
        province_id=province_id,
        year=day.year,
        ordinal=ordinal,
        status=status,
        capacity=capacity,
        minimum=minimum,
        acceptance=acceptance,
        starts_on=day,
        ends_on=day,
        threshold=80,
    )
    made.course = of
    db.session.add(made)
    db.session.flush()
    if audience:
        db.session.add_all([SessionAudience(course_session_id=made.id, organisation_id=key) for key in audience])
    else:
        db.session.add(SessionAudience(course_session_id=made.id, province_id=province_id))
    later = time(starts.hour + 1, 45)
    for begin, end in ((starts, time(starts.hour + 1, 30)), (later, time(starts.hour + 3, 15))):
        db.session.add(Sitting(course_session_id=made.id, date=day, starts=begin, ends=end, minutes=90, room_id=1))
    db.session.commit()
    return made


def trainer(course_session: CourseSession, user_id: int | None = None, employee_id: int | None = None) -> Trainer:
    """Somebody who gives the first sitting of a session."""
    made = Trainer(kind=TrainerKind.EXTERNAL, user_id=user_id, employee_id=employee_id)
    made.set_identity("Ümit", "Güneş", "umit@ornek.example")
    db.session.add(made)
    db.session.flush()
    first = db.session.scalars(
        EVERYWHERE.select(Sitting).where(Sitting.course_session_id == course_session.id).order_by(Sitting.id)
    ).first()
    assert first is not None
    db.session.add(TrainerAssignment(sitting_id=first.id, trainer_id=made.id, answer=AssignmentAnswer.ACCEPTED))
    db.session.commit()
    return made


def need(employee_id: int, importance: str, gap: str) -> None:
    """A need of somebody in the course's competency, in the published round of this year."""
    if db.session.get(AssessmentRound, 1) is None:
        now = today()
        db.session.add(
            AssessmentRound(
                id=1,
                name_tr="2026",
                name_en="2026",
                year=now.year,
                starts_on=now,
                ends_on=now,
                status=RoundStatus.PUBLISHED,
            )
        )
        db.session.flush()
    keep_respondents(1, [employee_id])
    db.session.add(
        Need(
            round_id=1,
            employee_id=employee_id,
            competency_id=1,
            importance=Decimal(importance),
            gap=Decimal(gap),
            level=Decimal(importance) - Decimal(gap),
            need=True,
            single_source=True,
        )
    )
    db.session.commit()


def person(key: int) -> Employee:
    return EVERYWHERE.get(Employee, key)


def enrolled(course_session: CourseSession, *keys: int) -> list[Enrolment]:
    """These people with a seat (or a place on the waiting list), by the coordinator's hand."""
    made = [seats.enrol(course_session, person(key), by=By()).id for key in keys]
    db.session.commit()
    return [queries.enrolment(EVERYWHERE, key) for key in made]


def statuses(course_session_id: int) -> dict[int, EnrolmentStatus]:
    """Employee id → status."""
    db.session.expire_all()
    found = db.session.scalars(EVERYWHERE.select(Enrolment).where(Enrolment.course_session_id == course_session_id))
    return {row.employee_id: row.status for row in found}


def finalised(course_session: CourseSession, results: Mapping[Enrolment, Result]) -> None:
    """A session that is over, and what it came to for these enrolments."""
    for enrolment, result in results.items():
        db.session.add(
            Outcome(enrolment_id=enrolment.id, result=result, document=None, credit_minutes=180, base_minutes=180)
        )
    course_session.status = SessionStatus.FINALISED
    db.session.commit()


def round_like(course_round: AssessmentRound, year: int, status: RoundStatus) -> AssessmentRound:
    """Another round, of another year."""
    name, day = str(year), course_round.starts_on.replace(year=year)
    return AssessmentRound(name_tr=name, name_en=name, year=year, starts_on=day, ends_on=day, status=status)


def by_hand(status: EnrolmentStatus, session_id: int, employee_id: int) -> int:
    """An enrolment put there without its rules; its id."""
    made = factories.enrolment(session_id, employee_id, status)
    db.session.commit()
    return made.id
