"""What enrolment is tried out on: a course, sessions of it in Gaziantep and elsewhere, a round with needs."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from typing import Any

from flask import Flask

from app.access.scope import EVERYWHERE
from app.catalogue.models import Competency, Course
from app.completion.models import Result
from app.core.clock import today
from app.core.db import db, set_writing
from app.core.errors import Refused
from app.enrolment import queries
from app.enrolment.models import Enrolment, EnrolmentStatus
from app.enrolment.seats import services as seats
from app.needs.models import AssessmentRound, RoundStatus
from app.people.models import Employee
from app.trainers.models import Trainer
from app.training.models import CourseSession, SessionStatus, Sitting
from app.venues.models import Room
from tests import factories
from tests.cast import By
from tests.factories import shared


def course(code: str = "BK-02", name: str = "Vaka yönetimi") -> Course:
    """One that builds the one competency there is."""
    builds = [shared(Competency, factories.competency)]
    return factories.course(code, name, competency_ids=builds, min_participants=2)


def course_session(
    of: Course | None = None,
    *,
    day: date | None = None,
    starts: time = time(9),
    province_id: int = 1,
    audience: tuple[int, ...] = (),
    **values: Any,
) -> CourseSession:
    """An open one of two sittings (09:00–10:30, 10:45–12:15) on one day, 40 days from now, for its province or for
    these institutions.
    """
    of = of or course()
    day = day or today() + timedelta(days=40)
    plain = {"status": SessionStatus.OPEN, "capacity": 5, "minimum": 1, "threshold": 80} | values
    made = factories.course_session(course=of, course_id=of.id, province_id=province_id, starts_on=day, **plain)
    for key in audience:
        factories.audience(made.id, organisation_id=key)
    if not audience:
        factories.audience(made.id, province_id=province_id)
    room_id = shared(Room, factories.room)
    factories.sitting(made.id, day, starts, time(starts.hour + 1, 30), room_id=room_id)
    factories.sitting(made.id, day, time(starts.hour + 1, 45), time(starts.hour + 3, 15), room_id=room_id)
    db.session.commit()
    return made


def trainer(course_session: CourseSession, **values: Any) -> Trainer:
    """Somebody who gives the first sitting of a session."""
    made = factories.trainer(**values)
    first = db.session.scalars(
        EVERYWHERE.select(Sitting).where(Sitting.course_session_id == course_session.id).order_by(Sitting.id)
    ).first()
    assert first is not None
    factories.assignment(first.id, made.id)
    db.session.commit()
    return made


def need(employee_id: int, importance: str, gap: str) -> None:
    """A need of somebody in the course's competency, in the published round of this year."""
    round_id = shared(AssessmentRound, _published)
    factories.need(employee_id, importance, gap, round_id=round_id)
    db.session.commit()


def _published() -> AssessmentRound:
    day = today()
    return factories.assessment_round(day.year, starts_on=day, ends_on=day, status=RoundStatus.PUBLISHED)


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
        factories.outcome(enrolment.id, result)
    course_session.status = SessionStatus.FINALISED
    db.session.commit()


def race(app: Flask, *works: Callable[[], None]) -> list[BaseException]:
    """All at once, each in a transaction of its own; whatever the domain refuses is no fault. The faults."""
    db.session.commit()
    db.session.remove()
    start, faults = threading.Barrier(len(works)), list[BaseException]()

    def run(work: Callable[[], None]) -> None:
        with app.app_context():
            set_writing(True)
            start.wait()
            try:
                work()
                db.session.commit()
            except Refused:
                db.session.rollback()
            except BaseException as error:
                db.session.rollback()
                faults.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=contextvars.Context().run, args=(run, work)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return faults
