"""A session of 40 people and 10 marked sittings, made once in the data being measured."""

from __future__ import annotations

from datetime import date, time, timedelta

import sqlalchemy as sa
from flask import Flask

from app.access.models import Province
from app.access.scope import EVERYWHERE
from app.attendance.models import AttendanceMark, Presence
from app.catalogue.models import Course
from app.core.clock import today
from app.core.db import db
from app.people.models import Employee
from app.training.models import CourseSession, SessionStatus, Sitting
from tests import factories

ORDINAL = 9_000


def forty_by_ten(app: Flask) -> int:
    """The id of the session, in Gaziantep, confirmed, sittings of the last ten days."""
    with app.app_context():
        found = db.session.scalar(EVERYWHERE.select(CourseSession).where(CourseSession.ordinal == ORDINAL))
        if found is not None:
            return found.id
        province = db.session.scalars(sa.select(Province).where(Province.code == "27")).one()
        course = db.session.scalars(sa.select(Course).limit(1)).one()
        first = date(2026, 11, 9)
        made = CourseSession(
            course_id=course.id,
            province_id=province.id,
            year=2026,
            ordinal=ORDINAL,
            status=SessionStatus.CONFIRMED,
            capacity=40,
            minimum=10,
            threshold=80,
            starts_on=first,
            ends_on=first + timedelta(days=9),
        )
        db.session.add(made)
        db.session.flush()
        sittings = [
            Sitting(
                course_session_id=made.id, date=first + timedelta(days=n), starts=time(9), ends=time(10, 30), minutes=90
            )
            for n in range(10)
        ]
        people = list(db.session.scalars(EVERYWHERE.restrict(sa.select(Employee.id), Employee).limit(40)))
        enrolments = [factories.enrolment(made.id, key) for key in people]
        db.session.add_all(sittings)
        db.session.flush()
        for i, enrolment in enumerate(enrolments):
            for j, sitting in enumerate(sittings):
                kind = Presence.ABSENT if (i + j) % 9 == 0 else Presence.LATE if (i + j) % 7 == 0 else Presence.PRESENT
                db.session.add(
                    AttendanceMark(
                        sitting_id=sitting.id,
                        enrolment_id=enrolment.id,
                        kind=kind,
                        minutes=20 if kind is Presence.LATE else None,
                    )
                )
        db.session.commit()
        return made.id


def open_sitting(app: Flask) -> int:
    """A sitting of that session that may be marked now: its last one, moved to today."""
    with app.app_context():
        session = db.session.scalar(EVERYWHERE.select(CourseSession).where(CourseSession.ordinal == ORDINAL))
        assert session is not None
        sitting = db.session.scalars(
            EVERYWHERE.select(Sitting).where(Sitting.course_session_id == session.id).order_by(Sitting.id.desc())
        ).first()
        assert sitting is not None
        sitting.date, sitting.starts, sitting.ends, sitting.minutes = today(), time(0, 1), time(23, 59), 1438
        db.session.commit()
        return sitting.id
