"""Who is put forward, who asks, and who is told no."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.access.models import Grant
from app.access.scope import EVERYWHERE
from app.core.clock import today
from app.core.db import db
from app.core.errors import Refused
from app.enrolment import queries
from app.enrolment.models import EnrolmentChange, EnrolmentStatus
from app.enrolment.nominations import services as nominations
from app.enrolment.seats import services as seats
from app.training.models import Acceptance
from tests.cast import By, Cast
from tests.enrolment.stage import course, course_session, enrolled, need, person, trainer

S = EnrolmentStatus


def test_a_nomination_takes_a_seat_at_once_and_every_step_is_remembered(cast: Cast, elif_: int) -> None:
    session = course_session()
    made = nominations.nominate(session, person(elif_), by=By(cast.users["focal_point"]))
    assert made.status is S.ENROLLED
    steps = db.session.execute(
        EVERYWHERE.restrict(
            sa.select(EnrolmentChange.old, EnrolmentChange.new, EnrolmentChange.by_id), EnrolmentChange
        ).order_by(EnrolmentChange.id)
    ).all()
    assert [tuple(row) for row in steps] == [
        ("", "nominated", cast.users["focal_point"]),
        ("nominated", "enrolled", cast.users["focal_point"]),
    ]


def test_by_hand_a_nomination_waits_for_the_coordinator(elif_: int) -> None:
    session = course_session(acceptance=Acceptance.BY_HAND)
    made = nominations.nominate(session, person(elif_), by=By())
    assert made.status is S.NOMINATED
    seats.accept(made, by=By())
    assert made.status is S.ENROLLED


def test_an_application_waits_for_the_focal_point(elif_: int) -> None:
    session = course_session()
    made = nominations.apply(session, person(elif_), by=By())
    assert made.status is S.APPLIED
    assert queries.seats_taken(session) == 0
    nominations.support(made, by=By())
    assert made.status is S.ENROLLED


def test_an_application_nobody_could_approve_is_refused(cast: Cast, elif_: int) -> None:
    session = course_session()
    db.session.execute(EVERYWHERE.trusting(sa.delete(Grant).where(Grant.user_id == cast.users["focal_point"]), Grant))
    with pytest.raises(Refused, match="eğitim sorumlusu"):
        nominations.apply(session, person(elif_), by=By())


def test_a_nominated_person_with_a_clash_waits(elif_: int) -> None:
    enrolled(course_session(course("BK-03", "Mülteci hukuku")), elif_)
    session = course_session()
    assert nominations.nominate(session, person(elif_), by=By()).status is S.WAITLISTED


def test_nominations_close_for_institutions_and_staff_not_for_the_coordinator(elif_: int) -> None:
    session = course_session(day=today() + timedelta(days=3))
    for ask in (nominations.nominate, nominations.apply):
        with pytest.raises(Refused, match="Aday gösterme"):
            ask(session, person(elif_), by=By())
    assert seats.enrol(session, person(elif_), by=By()).status is S.ENROLLED


def test_only_the_audience_is_nominated(cast: Cast) -> None:
    session = course_session(audience=(cast.sahinbey,))
    with pytest.raises(Refused):
        nominations.nominate(session, person(cast.employees["elif"]), by=By())
    assert nominations.nominate(session, person(cast.employees["sukru"]), by=By()).status is S.ENROLLED


def test_several_people_at_once_each_by_the_rules(cast: Cast, elif_: int) -> None:
    session = course_session(capacity=1)
    trainer(session, employee_id=cast.employees["sukru"])
    need(cast.employees["isik"], "5", "2")
    people = [person(cast.employees[name]) for name in ("elif", "isik", "sukru")]
    tally = nominations.enrol_all(session, people, by=By())
    assert [one.id for one in tally.seated] == [cast.employees["isik"]], "the more urgent need comes first"
    assert [one.id for one in tally.waiting] == [elif_]
    assert [one.id for one, _ in tally.refused] == [cast.employees["sukru"]]
