"""A finalised course session in Gaziantep with people who are due a document, and some who are not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from app.access.scope import EVERYWHERE
from app.audit.journal import SYSTEM
from app.catalogue.models import Course, CourseLevel, DeliveryMode, Theme
from app.certificates.issuing import queries, services
from app.certificates.models import Certificate
from app.certificates.queries import session_to_certify
from app.completion.models import DocumentKind, Outcome, Result
from app.core.db import db
from app.language.turkish import search_key, sort_key
from app.people.models import Employee
from app.settings.models import Signatory
from app.trainers.models import Trainer, TrainerKind
from app.training.models import (
    AssignmentAnswer,
    CourseSession,
    SessionStatus,
    Sitting,
    SittingState,
    TrainerAssignment,
)
from app.venues.models import Room, Venue
from tests import factories
from tests.cast import Cast
from tests.conftest import Stage
from tests.factories import employee

FINALISED_AT = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)


@dataclass
class Given:
    """Ids. `enrolments` by the name of the cast member; `crowd` those of `many`."""

    course: int = 0
    session: int = 0
    elsewhere: int = 0
    trainer: int = 0
    enrolments: dict[str, int] = field(default_factory=dict)
    crowd: list[int] = field(default_factory=list)


def arrange(cast: Cast) -> Given:
    """Elif succeeded, Işık attended, Şükrü failed the attendance requirement (committed)."""
    given = Given()
    db.session.add(
        Theme(
            id=1,
            slug="sosyal-hizmetler",
            prefix="SH",
            position=1,
            name_tr="Sosyal hizmetler",
            name_en="Social services",
            description_tr="",
            description_en="",
        )
    )
    db.session.flush()
    given.course = _course().id
    db.session.add(Signatory(name="Yavuz Aytaç", title_tr="Program yöneticisi", title_en="Programme manager"))
    given.session = _session(given, cast.gaziantep, 3, "Gaziantep Eğitim Merkezi")
    given.elsewhere = _session(given, cast.erzurum, 1, "Yakutiye Kültür Merkezi")
    given.trainer = _trainer(cast, given.session)
    given.enrolments["elif"] = _enrol(
        given.session, cast.employees["elif"], Result.COMPLETED_SUCCESS, DocumentKind.SUCCESS
    )
    given.enrolments["isik"] = _enrol(
        given.session, cast.employees["isik"], Result.COMPLETED_ATTENDANCE, DocumentKind.ATTENDANCE
    )
    given.enrolments["sukru"] = _enrol(given.session, cast.employees["sukru"], Result.FAILED_ATTENDANCE, None)
    given.enrolments["zeynep"] = _enrol(
        given.elsewhere, cast.employees["zeynep"], Result.COMPLETED_ATTENDANCE, DocumentKind.ATTENDANCE
    )
    db.session.commit()
    return given


def many(given: Given, count: int, organisation_id: int = 1) -> list[int]:
    """More people who are due a document; their enrolments, by name."""
    made = []
    for n in range(count):
        person = employee(f"Kişi{n:03d}", "Çokçalışkan", f"K-{n:03d}", organisation_id)
        made.append(_enrol(given.session, person.id, Result.COMPLETED_ATTENDANCE, DocumentKind.ATTENDANCE))
    given.crowd = made
    db.session.commit()
    return made


def _course() -> Course:
    made = Course(
        code="BK-02",
        theme_id=1,
        name_tr="Kişisel verilerin korunması",
        name_en="Protection of personal data",
        name_sort=sort_key("Kişisel verilerin korunması"),
        search_text=search_key("BK-02 Kişisel verilerin korunması"),
        hours=12,
        days=2,
        level=CourseLevel.BASIC,
        delivery_mode=DeliveryMode.IN_PERSON,
        min_participants=5,
        max_participants=25,
        has_test=True,
        pass_mark=70,
        objectives_tr="",
        objectives_en="",
        target_units=[],
    )
    db.session.add(made)
    db.session.flush()
    return made


def _session(given: Given, province_id: int, ordinal: int, place: str) -> int:
    """Two days of two blocks of 90 minutes; the last block was not held."""
    venue = Venue(province_id=province_id, name_tr=place, name_en=place, name_sort=sort_key(place))
    db.session.add(venue)
    db.session.flush()
    room = Room(venue_id=venue.id, name_tr="Salon 1", name_en="Room 1", capacity=60, equipment=[])
    made = CourseSession(
        course_id=given.course,
        province_id=province_id,
        year=2026,
        ordinal=ordinal,
        status=SessionStatus.FINALISED,
        capacity=60,
        minimum=5,
        threshold=80,
        pass_mark=70,
        test_required=True,
        attendance_document_on_fail=True,
        sheet_required=True,
        starts_on=date(2026, 3, 9),
        ends_on=date(2026, 3, 10),
        finalised_at=FINALISED_AT,
    )
    db.session.add_all([room, made])
    db.session.flush()
    for day, starts, ends, state in (
        (9, time(9), time(10, 30), SittingState.HELD),
        (9, time(10, 45), time(12, 15), SittingState.HELD),
        (10, time(9), time(10, 30), SittingState.HELD),
        (11, time(9), time(10, 30), SittingState.NOT_HELD),
    ):
        db.session.add(
            Sitting(
                course_session_id=made.id,
                date=date(2026, 3, day),
                starts=starts,
                ends=ends,
                minutes=90,
                room_id=room.id,
                state=state,
            )
        )
    db.session.flush()
    return made.id


def _trainer(cast: Cast, session_id: int) -> int:
    """Ümit gives the first day."""
    made = Trainer(
        kind=TrainerKind.EXTERNAL, user_id=cast.users["trainer"], academic_title="Dr.", institution="Örnek Üniversitesi"
    )
    made.set_identity("Ümit", "Güneş", "umit@ornek.example")
    db.session.add(made)
    db.session.flush()
    first_day = EVERYWHERE.select(Sitting).where(
        Sitting.course_session_id == session_id, Sitting.date == date(2026, 3, 9)
    )
    for sitting in db.session.scalars(first_day).all():
        db.session.add(TrainerAssignment(sitting_id=sitting.id, trainer_id=made.id, answer=AssignmentAnswer.ACCEPTED))
    db.session.flush()
    return made.id


def _enrol(session_id: int, employee_id: int, result: Result, document: DocumentKind | None) -> int:
    made = factories.enrolment(session_id, employee_id)
    db.session.add(
        Outcome(
            enrolment_id=made.id,
            result=result,
            document=document,
            credit_minutes=270,
            base_minutes=270,
            percent_tenths=1000,
            at=FINALISED_AT,
        )
    )
    db.session.flush()
    return made.id


def session_of(given: Given, elsewhere: bool = False) -> CourseSession:
    return session_to_certify(EVERYWHERE, given.elsewhere if elsewhere else given.session)


def issued(given: Given, name: str, **options: object) -> Certificate:
    """The certificate of one of the cast, issued by the programme (committed)."""
    return _issued(session_of(given, elsewhere=name == "zeynep"), given.enrolments[name], options)


def issued_to(given: Given, enrolment_id: int) -> Certificate:
    """That of somebody else, who is not told (committed)."""
    return _issued(session_of(given), enrolment_id, {"tell": False})


def _issued(course_session: CourseSession, enrolment_id: int, options: dict[str, object]) -> Certificate:
    outcome = queries.outcomes_to_certify(course_session, [enrolment_id])[0]
    made = services.issue(course_session, outcome, by=SYSTEM, **options)  # type: ignore[arg-type]  # keywords of issue
    db.session.commit()
    return made


def statuses(stage: Stage, path: str, names: str) -> dict[str, int]:
    """What each of these (a word each) is answered at this address."""
    return {name: getattr(stage, name).get(path).status_code for name in names.split()}


def person(cast: Cast, name: str) -> Employee:
    return EVERYWHERE.get(Employee, cast.employees[name])
