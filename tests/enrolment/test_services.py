"""Who gets a seat, who waits, and who is told no."""

from __future__ import annotations

import threading
from datetime import time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.access.models import Grant
from app.access.scope import EVERYWHERE
from app.catalogue.models import CoursePrerequisite
from app.completion.models import Result
from app.core.clock import now, today
from app.core.db import db, set_writing
from app.core.errors import Refused
from app.enrolment import candidates, conflicts, obstacles, queries, services, waiting
from app.enrolment.models import Answer, Enrolment, EnrolmentChange, EnrolmentStatus
from app.enrolment.obstacles import Kind
from app.needs import queries as needs
from app.needs.models import AssessmentRound, RoundStatus
from app.people.merging import services as people_services
from app.training import services as training
from app.training.conflicts.models import ConflictKind, Planned
from app.training.models import Acceptance, CourseSession, SessionStatus
from tests.cast import Cast, employee
from tests.enrolment.stage import (
    By,
    course,
    course_session,
    enrolled,
    finalised,
    need,
    person,
    round_like,
    statuses,
    trainer,
)

S = EnrolmentStatus


@pytest.fixture
def elif_(cast: Cast) -> int:
    return cast.employees["elif"]


def test_a_nomination_takes_a_seat_at_once_and_every_step_is_remembered(cast: Cast, elif_: int) -> None:
    session = course_session()
    made = services.nominate(session, person(elif_), by=By(cast.users["focal_point"]))
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
    made = services.nominate(session, person(elif_), by=By())
    assert made.status is S.NOMINATED
    services.accept(made, by=By())
    assert made.status is S.ENROLLED


def test_an_application_waits_for_the_focal_point(elif_: int) -> None:
    session = course_session()
    made = services.apply(session, person(elif_), by=By())
    assert made.status is S.APPLIED
    assert queries.seats_taken(session) == 0
    services.support(made, by=By())
    assert made.status is S.ENROLLED


def test_an_application_nobody_could_approve_is_refused(cast: Cast, elif_: int) -> None:
    session = course_session()
    db.session.execute(EVERYWHERE.trusting(sa.delete(Grant).where(Grant.user_id == cast.users["focal_point"]), Grant))
    with pytest.raises(Refused, match="eğitim sorumlusu"):
        services.apply(session, person(elif_), by=By())


def test_a_full_session_puts_people_on_the_waiting_list(cast: Cast, elif_: int) -> None:
    session = course_session(capacity=1)
    enrolled(session, elif_)
    assert services.nominate(session, person(cast.employees["isik"]), by=By()).status is S.WAITLISTED


def test_nobody_bypasses_the_waiting_list(cast: Cast, elif_: int) -> None:
    session = course_session(capacity=1)
    first = enrolled(session, elif_, cast.employees["isik"])
    session.capacity = 3
    third = services.enrol(session, person(cast.employees["sukru"]), by=By())
    assert third.status is S.WAITLISTED, "a seat is free, but somebody waits for it"
    with pytest.raises(Refused, match="Işık Çınar"):
        services.accept(third, by=By())
    services.accept(first[1], by=By())
    services.accept(third, by=By())
    assert third.status is S.ENROLLED


def test_a_freed_seat_goes_to_the_most_urgent_then_to_whoever_waited_longest(cast: Cast, elif_: int) -> None:
    isik, sukru = cast.employees["isik"], cast.employees["sukru"]
    urgent = employee("Ali", "Uzun", "N-003", 1).id
    session = course_session(capacity=1)
    need(urgent, "5", "2")
    need(sukru, "3", "1")
    seat = enrolled(session, elif_, isik, sukru, urgent)[0]
    assert [row.employee_id for row in waiting.line(session)] == [urgent, sukru, isik]
    assert [row.priority for row in waiting.line(session)] == [1, 2, 3]
    services.remove(seat, by=By(), reason="Görev yeri değişti")
    assert statuses(session.id) == {elif_: S.REMOVED, urgent: S.ENROLLED, sukru: S.WAITLISTED, isik: S.WAITLISTED}


def test_a_freed_seat_passes_over_whoever_has_a_clash_then(cast: Cast, elif_: int) -> None:
    isik, sukru = cast.employees["isik"], cast.employees["sukru"]
    session = course_session(capacity=1)
    seat = enrolled(session, elif_, isik, sukru)[0]
    enrolled(course_session(course("BK-03", "Mülteci hukuku")), isik)
    services.withdraw(seat, by=By(), reason="Görev")
    assert statuses(session.id) == {elif_: S.DECLINED, isik: S.WAITLISTED, sukru: S.ENROLLED}


def test_shortly_before_the_start_a_freed_seat_is_given_by_hand_only(cast: Cast, elif_: int) -> None:
    session = course_session(capacity=1, day=today() + timedelta(days=4))
    seat, behind = enrolled(session, elif_, cast.employees["isik"])
    services.withdraw(seat, by=By(), reason="Görev")
    assert behind.status is S.WAITLISTED
    services.accept(behind, by=By())
    assert behind.status is S.ENROLLED


def test_a_seat_freed_while_postponed_is_given_when_there_are_new_dates(cast: Cast, elif_: int) -> None:
    session = course_session(capacity=1)
    seat, behind = enrolled(session, elif_, cast.employees["isik"])
    training.move(session, SessionStatus.POSTPONED, by=By(), reason="Kar yağışı")
    services.withdraw(seat, by=By(), reason="Görev")
    assert behind.status is S.WAITLISTED, "nobody knows yet when it takes place"
    training.move(session, SessionStatus.OPEN, by=By())
    assert behind.status is S.ENROLLED


def test_a_lowered_capacity_takes_nobodys_seat_and_gives_none(cast: Cast, elif_: int) -> None:
    isik, sukru = cast.employees["isik"], cast.employees["sukru"]
    session = course_session(capacity=2)
    seats = enrolled(session, elif_, isik, sukru)
    session.capacity = 1
    db.session.flush()
    assert waiting.free_seats(session) == 0
    services.withdraw(seats[0], by=By(), reason="Görev")
    assert statuses(session.id) == {elif_: S.DECLINED, isik: S.ENROLLED, sukru: S.WAITLISTED}


def test_a_clash_blocks_unless_the_coordinator_says_why(elif_: int) -> None:
    enrolled(course_session(course("BK-03", "Mülteci hukuku"), starts=time(8)), elif_)
    session = course_session()
    with pytest.raises(Refused, match="BK-03/1"):
        services.enrol(session, person(elif_), by=By())
    made = services.enrol(session, person(elif_), by=By(), override="Oturumun yarısına katılacak")
    assert made.status is S.ENROLLED
    assert queries.history(made)[0].reason == "Oturumun yarısına katılacak"


def test_sittings_that_touch_do_not_clash(elif_: int) -> None:
    enrolled(course_session(course("BK-03", "Mülteci hukuku"), starts=time(12, 15)), elif_)
    assert services.enrol(course_session(), person(elif_), by=By()).status is S.ENROLLED


def test_a_nominated_person_with_a_clash_waits(elif_: int) -> None:
    enrolled(course_session(course("BK-03", "Mülteci hukuku")), elif_)
    session = course_session()
    assert services.nominate(session, person(elif_), by=By()).status is S.WAITLISTED


def test_a_trainer_of_the_session_cannot_take_part(cast: Cast, elif_: int) -> None:
    session = course_session()
    trainer(session, employee_id=elif_)
    with pytest.raises(Refused, match="eğitmen"):
        services.enrol(session, person(elif_), by=By(), override="Yine de")
    with pytest.raises(Refused, match="eğitmen"):
        services.nominate(session, person(elif_), by=By())
    linked = course_session(course("BK-03", "Mülteci hukuku"), ordinal=2)
    trainer(linked, user_id=cast.users["staff"])
    with pytest.raises(Refused, match="eğitmen"):
        services.enrol(linked, person(elif_), by=By())


def test_one_seat_in_one_course(elif_: int) -> None:
    this = course()
    enrolled(course_session(this), elif_)
    other = course_session(this, ordinal=2, day=today() + timedelta(days=60))
    with pytest.raises(Refused, match="BK-02/1"):
        services.enrol(other, person(elif_), by=By())


def test_a_prerequisite_asks_for_the_other_course(cast: Cast, elif_: int) -> None:
    required = course("BK-01", "Temel ilkeler")
    before, session = course_session(required, day=today() - timedelta(days=30)), course_session()
    db.session.add(CoursePrerequisite(course_id=session.course_id, required_id=required.id))
    db.session.commit()
    with pytest.raises(Refused, match="BK-01 Temel ilkeler"):
        services.enrol(session, person(elif_), by=By())
    seats = enrolled(before, elif_, cast.employees["isik"])
    finalised(before, dict(zip(seats, (Result.COMPLETED_ATTENDANCE, Result.FAILED_ATTENDANCE), strict=True)))
    assert services.enrol(session, person(elif_), by=By()).status is S.ENROLLED
    with pytest.raises(Refused, match="BK-01 Temel ilkeler"):
        services.enrol(session, person(cast.employees["isik"]), by=By())


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


def test_suggestions_come_from_the_round_everybody_else_uses(cast: Cast, elif_: int) -> None:
    course()
    need(elif_, "5", "2")
    statement = sa.select(candidates.current_round_id())
    found = db.session.query(AssessmentRound).one()
    for year, status in ((2024, RoundStatus.PUBLISHED), (2030, RoundStatus.OPEN), (2031, RoundStatus.DRAFT)):
        db.session.add(round_like(found, year, status))
        db.session.flush()
        current = needs.current_round()
        assert current is not None
        assert db.session.scalar(statement) == current.id, (year, status)


def test_whoever_a_merge_kept_is_suggested_for_the_needs_of_both(cast: Cast, elif_: int) -> None:
    """The published round stays as it was; whom it met is another record today."""
    this, isik = course(), cast.employees["isik"]
    need(isik, "5", "2")
    people_services.merge(person(elif_), person(isik), by=By())
    db.session.commit()
    suggested = candidates.suggested_people(EVERYWHERE, course_session(this))
    assert [one.employee_id for one in suggested] == [elif_]


def test_who_completed_the_course_is_not_suggested_for_it(cast: Cast, elif_: int) -> None:
    this, isik = course(), cast.employees["isik"]
    need(elif_, "5", "2")
    need(isik, "5", "1")
    before = course_session(this, ordinal=2, day=today() - timedelta(days=30))
    seats = enrolled(before, elif_, isik)
    finalised(before, dict(zip(seats, (Result.COMPLETED_SUCCESS, Result.NO_SHOW), strict=True)))
    suggested = candidates.suggested_people(EVERYWHERE, course_session(this))
    assert [one.employee_id for one in suggested] == [isik]


def test_nominations_close_for_institutions_and_staff_not_for_the_coordinator(elif_: int) -> None:
    session = course_session(day=today() + timedelta(days=3))
    for ask in (services.nominate, services.apply):
        with pytest.raises(Refused, match="Aday gösterme"):
            ask(session, person(elif_), by=By())
    assert services.enrol(session, person(elif_), by=By()).status is S.ENROLLED


def test_only_the_audience_is_nominated(cast: Cast) -> None:
    session = course_session(audience=(cast.sahinbey,))
    with pytest.raises(Refused):
        services.nominate(session, person(cast.employees["elif"]), by=By())
    assert services.nominate(session, person(cast.employees["sukru"]), by=By()).status is S.ENROLLED


@pytest.mark.parametrize(
    "status", [SessionStatus.DRAFT, SessionStatus.POSTPONED, SessionStatus.CANCELLED, SessionStatus.FINALISED]
)
def test_a_session_that_is_not_open_takes_nobody(elif_: int, status: SessionStatus) -> None:
    session = course_session(status=status)
    for ask in (services.nominate, services.apply, services.enrol):
        with pytest.raises(Refused):
            ask(session, person(elif_), by=By())


def test_twice_is_refused_and_after_an_end_one_may_ask_anew(elif_: int) -> None:
    session = course_session()
    (made,) = enrolled(session, elif_)
    with pytest.raises(Refused, match="listede"):
        services.enrol(session, person(elif_), by=By())
    services.withdraw(made, by=By(), reason="Görev")
    again = services.nominate(session, person(elif_), by=By())
    assert again.id == made.id
    assert (again.status, again.answer) == (S.ENROLLED, Answer.NONE)
    assert len(queries.history(again)) == 5


def test_an_answer_no_gives_the_seat_up(cast: Cast, elif_: int) -> None:
    session = course_session(capacity=1, status=SessionStatus.CONFIRMED)
    seat, behind = enrolled(session, elif_, cast.employees["isik"])
    services.answer(seat, Answer.YES, by=By())
    assert (seat.status, seat.answer) == (S.ENROLLED, Answer.YES)
    services.answer(seat, Answer.NO, by=By(), reason="Görev")
    assert (seat.status, seat.answer, behind.status) == (S.DECLINED, Answer.NO, S.ENROLLED)
    with pytest.raises(Refused):
        services.answer(seat, Answer.YES, by=By())


def test_after_the_start_one_leaves(elif_: int) -> None:
    session = course_session(status=SessionStatus.CONFIRMED)
    (seat,) = enrolled(session, elif_)
    session.starts_on = today()
    services.withdraw(seat, by=By(), reason="Görev")
    assert seat.status is S.WITHDRAWN


def test_no_and_out_want_a_reason(elif_: int) -> None:
    (seat,) = enrolled(course_session(), elif_)
    with pytest.raises(Refused):
        services.remove(seat, by=By(), reason="  ")
    services.reject(seat, by=By(), reason="Koşulları sağlamıyor")
    assert seat.status is S.REJECTED


def test_too_few_to_confirm_unless_somebody_says_why(elif_: int) -> None:
    session = course_session(minimum=2)
    enrolled(session, elif_)
    with pytest.raises(Refused, match="2"):
        services.confirm(session, by=By())
    services.confirm(session, by=By(), override="Valilik istedi")
    assert session.status is SessionStatus.CONFIRMED
    with pytest.raises(Refused):
        services.confirm(session, by=By())


def test_several_people_at_once_each_by_the_rules(cast: Cast, elif_: int) -> None:
    session = course_session(capacity=1)
    trainer(session, employee_id=cast.employees["sukru"])
    need(cast.employees["isik"], "5", "2")
    people = [person(cast.employees[name]) for name in ("elif", "isik", "sukru")]
    tally = services.enrol_all(session, people, by=By())
    assert [one.id for one in tally.seated] == [cast.employees["isik"]], "the more urgent need comes first"
    assert [one.id for one in tally.waiting] == [elif_]
    assert [one.id for one, _ in tally.refused] == [cast.employees["sukru"]]


def test_24_racers_for_5_seats(app: Flask, cast: Cast) -> None:
    session_id = course_session(capacity=5).id
    racers = [employee("Yarışan", f"Kişi{number}", f"R-{number:03}", 1).id for number in range(24)]
    db.session.commit()
    start = threading.Barrier(24)
    errors: list[BaseException] = []

    def race(employee_id: int) -> None:
        with app.app_context():
            set_writing(True)
            start.wait()
            try:
                session = EVERYWHERE.get(CourseSession, session_id, sa.orm.joinedload(CourseSession.course))
                services.nominate(session, person(employee_id), by=By())
                db.session.commit()
            except BaseException as error:
                db.session.rollback()
                errors.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=race, args=(key,)) for key in racers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    found = list(statuses(session_id).values())
    assert (found.count(S.ENROLLED), found.count(S.WAITLISTED)) == (5, 19)


def test_the_history_is_only_written_to(elif_: int) -> None:
    (seat,) = enrolled(course_session(), elif_)
    before = [step.at for step in queries.history(seat)]
    services.withdraw(seat, by=By(), reason="Görev")
    assert [step.at for step in queries.history(seat)][1:] == before
    assert EVERYWHERE.get(Enrolment, seat.id).created_at <= now()


def test_a_plan_hears_of_participants_elsewhere_and_of_a_trainer_with_a_seat(cast: Cast, elif_: int) -> None:
    other = course_session(course("BK-03", "Mülteci hukuku"), starts=time(14))
    enrolled(other, elif_)
    session = course_session()
    enrolled(session, elif_)
    giver = trainer(other, employee_id=elif_)
    day = today() + timedelta(days=40)
    plan = [
        Planned(day, time(9), time(10, 30), trainer_ids=(giver.id,)),
        Planned(day, time(15), time(16)),
        Planned(day, time(17, 15), time(18)),
    ]
    found = list(conflicts.conflicts(None, (session, plan)))  # type: ignore[arg-type]  # whoever asks
    assert [(c.kind, c.blocking, c.index) for c in found] == [
        (ConflictKind.TRAINER_PARTICIPANT, True, 0),
        (ConflictKind.PARTICIPANT_TAKEN, False, 1),
    ]
    assert "Ağaoğlu" not in found[1].sentence
