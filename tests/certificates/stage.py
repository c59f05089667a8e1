"""A finalised course session in Gaziantep with people who are due a document, and some who are not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.audit.journal import SYSTEM
from app.certificates.issuing import queries, services
from app.certificates.models import Certificate
from app.certificates.queries import session_to_certify
from app.completion.models import DocumentKind, Result
from app.core.db import db
from app.people.models import Employee
from app.training.models import CourseSession, SessionStatus, Sitting, SittingState
from tests import factories
from tests.cast import Cast
from tests.conftest import Stage

FINALISED_AT = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
DOCUMENTS = {
    Result.COMPLETED_SUCCESS: DocumentKind.SUCCESS,
    Result.COMPLETED_ATTENDANCE: DocumentKind.ATTENDANCE,
}


@dataclass
class Given:
    """Ids. `enrolments` by the name of the cast member."""

    course: int
    session: int
    elsewhere: int
    trainer: int
    enrolments: dict[str, int] = field(default_factory=dict)


def arrange(cast: Cast) -> Given:
    """Elif succeeded, Işık attended, Şükrü failed the attendance requirement (committed)."""
    course = factories.course(
        "BK-02",
        "Kişisel verilerin korunması",
        name_en="Protection of personal data",
        hours=12,
        days=2,
        max_participants=25,
        has_test=True,
        pass_mark=70,
    )
    factories.signatory()
    here = held(cast.gaziantep, 3, "Gaziantep Eğitim Merkezi")
    elsewhere = held(cast.erzurum, 1, "Yakutiye Kültür Merkezi")
    given = Given(course.id, here, elsewhere, _trainer(cast, here))
    for name, session_id, result in (
        ("elif", here, Result.COMPLETED_SUCCESS),
        ("isik", here, Result.COMPLETED_ATTENDANCE),
        ("sukru", here, Result.FAILED_ATTENDANCE),
        ("zeynep", elsewhere, Result.COMPLETED_ATTENDANCE),
    ):
        given.enrolments[name] = took_part(session_id, cast.employees[name], result)
    db.session.commit()
    return given


def many(given: Given, count: int, organisation_id: int = 1) -> list[int]:
    """More people who are due a document; their enrolments, by name."""
    people = [factories.employee(f"Kişi{n:03d}", "Çokçalışkan", f"K-{n:03d}", organisation_id).id for n in range(count)]
    made = [took_part(given.session, key) for key in people]
    db.session.commit()
    return made


def held(province_id: int, ordinal: int, place: str) -> int:
    """A session of two days of two blocks of 90 minutes; the last block was not held."""
    room = factories.room(venue_id=factories.venue(place, name_en=place, province_id=province_id).id, capacity=60)
    made = factories.course_session(
        province_id=province_id,
        ordinal=ordinal,
        status=SessionStatus.FINALISED,
        capacity=60,
        threshold=80,
        pass_mark=70,
        test_required=True,
        attendance_document_on_fail=True,
        sheet_required=True,
        starts_on=date(2026, 3, 9),
        ends_on=date(2026, 3, 10),
        finalised_at=FINALISED_AT,
    )
    morning, later = (time(9), time(10, 30)), (time(10, 45), time(12, 15))
    for day, block, state in (
        (9, morning, SittingState.HELD),
        (9, later, SittingState.HELD),
        (10, morning, SittingState.HELD),
        (11, morning, SittingState.NOT_HELD),
    ):
        factories.sitting(made.id, date(2026, 3, day), *block, room_id=room.id, state=state)
    return made.id


def _trainer(cast: Cast, session_id: int) -> int:
    """Ümit gives the first day."""
    made = factories.trainer(user_id=cast.users["trainer"], academic_title="Dr.", institution="Örnek Üniversitesi")
    sittings = EVERYWHERE.restrict(sa.select(Sitting.id), Sitting).where(Sitting.course_session_id == session_id)
    for key in db.session.scalars(sittings.where(Sitting.date == date(2026, 3, 9))).all():
        factories.assignment(key, made.id)
    return made.id


def took_part(session_id: int, employee_id: int, result: Result = Result.COMPLETED_ATTENDANCE) -> int:
    """With this result, and due its document; the enrolment."""
    made = factories.enrolment(session_id, employee_id)
    minutes = {"credit_minutes": 270, "base_minutes": 270}
    factories.outcome(made.id, result, document=DOCUMENTS.get(result), at=FINALISED_AT, **minutes)
    return made.id


def session_of(given: Given, elsewhere: bool = False) -> CourseSession:
    return session_to_certify(EVERYWHERE, given.elsewhere if elsewhere else given.session)


def issued(given: Given, name: str, **options: object) -> Certificate:
    """The certificate of one of the cast, issued by the programme (committed)."""
    return _issued(session_of(given, elsewhere=name == "zeynep"), given.enrolments[name], options)


def issued_to(given: Given, enrolment_id: int, *, elsewhere: bool = False) -> Certificate:
    """That of somebody else, who is not told (committed)."""
    return _issued(session_of(given, elsewhere), enrolment_id, {"tell": False})


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
