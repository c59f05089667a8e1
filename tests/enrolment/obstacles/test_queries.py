"""What keeps whom from a seat."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from app.catalogue.models import CoursePrerequisite
from app.completion.models import Result
from app.core.clock import today
from app.core.db import db
from app.core.errors import Refused
from app.enrolment.models import EnrolmentStatus
from app.enrolment.nominations import services as nominations
from app.enrolment.obstacles import queries as obstacles
from app.enrolment.obstacles.rules import Kind
from app.enrolment.seats import services as seats_services
from app.training.models import CourseSession
from tests import factories
from tests.cast import By, Cast
from tests.enrolment.stage import course, course_session, enrolled, finalised, person, trainer

S = EnrolmentStatus


def test_sittings_that_touch_do_not_clash(elif_: int) -> None:
    enrolled(course_session(course("BK-03", "Mülteci hukuku"), starts=time(12, 15)), elif_)
    assert seats_services.enrol(course_session(), person(elif_), by=By()).status is S.ENROLLED


def test_a_trainer_of_the_session_cannot_take_part(cast: Cast, elif_: int) -> None:
    session = course_session()
    trainer(session, employee_id=elif_)
    with pytest.raises(Refused, match="eğitmen"):
        seats_services.enrol(session, person(elif_), by=By(), override="Yine de")
    with pytest.raises(Refused, match="eğitmen"):
        nominations.nominate(session, person(elif_), by=By())
    linked = course_session(course("BK-03", "Mülteci hukuku"), ordinal=2)
    trainer(linked, user_id=cast.users["staff"])
    with pytest.raises(Refused, match="eğitmen"):
        seats_services.enrol(linked, person(elif_), by=By())


def test_one_seat_in_one_course(elif_: int) -> None:
    this = course()
    enrolled(course_session(this), elif_)
    other = course_session(this, ordinal=2, day=today() + timedelta(days=60))
    with pytest.raises(Refused, match="BK-02/1"):
        seats_services.enrol(other, person(elif_), by=By())


def test_a_prerequisite_asks_for_the_other_course(cast: Cast, elif_: int) -> None:
    required = course("BK-01", "Temel ilkeler")
    before, session = course_session(required, day=today() - timedelta(days=30)), course_session()
    db.session.add(CoursePrerequisite(course_id=session.course_id, required_id=required.id))
    db.session.commit()
    with pytest.raises(Refused, match="BK-01 Temel ilkeler"):
        seats_services.enrol(session, person(elif_), by=By())
    seats = enrolled(before, elif_, cast.employees["isik"])
    finalised(before, dict(zip(seats, (Result.COMPLETED_ATTENDANCE, Result.FAILED_ATTENDANCE), strict=True)))
    assert seats_services.enrol(session, person(elif_), by=By()).status is S.ENROLLED
    with pytest.raises(Refused, match="BK-01 Temel ilkeler"):
        seats_services.enrol(session, person(cast.employees["isik"]), by=By())


def test_several_things_in_the_way_are_all_told_the_lasting_ones_first(cast: Cast, elif_: int) -> None:
    this = course()
    other = course_session(course("BK-03", "Mülteci hukuku"), starts=time(8))
    enrolled(other, elif_)
    enrolled(course_session(this, ordinal=2, day=today() + timedelta(days=60)), elif_)
    session = course_session(this)
    trainer(session, employee_id=elif_)
    found = obstacles.obstacles(session, [elif_, cast.employees["isik"]])
    assert [one.kind for one in found[elif_]] == [Kind.TRAINER, Kind.SAME_COURSE, Kind.CLASH]
    assert f"{other.starts_on:%d.%m.%Y} 08:00–09:30" in str(found[elif_][-1].sentence), "the first of two that clash"
    assert cast.employees["isik"] not in found


def left(session: CourseSession, key: int, *ticked: int) -> int | None:
    return obstacles.survey(session, [key], ticked=ticked).left.get(key)


def test_a_unit_that_would_be_left_with_fewer_than_two_is_told(cast: Cast, elif_: int) -> None:
    """Elif and Işık with two more; who learns on another day, or has left, changes nothing or all."""
    isik = cast.employees["isik"]
    third, fourth = (factories.employee(name, "Çam", f"N-{name}", 1).id for name in ("Gül", "Can"))
    session = course_session()
    assert left(session, elif_) is None, "three stay"
    enrolled(session, isik)
    assert left(session, elif_) is None, "two stay"
    assert left(session, elif_, third) == 1, "two are ticked at once"
    enrolled(course_session(course("SH-01", "Başka konu"), day=today() + timedelta(days=60)), third)
    assert left(session, elif_) is None, "that is another day"
    (seat,) = enrolled(course_session(course("SH-02", "Konu"), starts=time(14)), fourth)
    assert left(session, elif_) == 1, "the same day elsewhere"
    seats_services.withdraw(seat, by=By(), reason="Görev")
    db.session.commit()
    assert left(session, elif_) is None
    person(fourth).active = person(third).active = False
    db.session.commit()
    assert left(session, elif_) == 0
    assert obstacles.survey(session, [elif_]).left == {}, "nobody asked for it"
