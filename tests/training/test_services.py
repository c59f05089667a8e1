"""What changes a session or refuses."""

from __future__ import annotations

import threading
from datetime import date, time
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.access.scope import EVERYWHERE
from app.audit import journal
from app.audit.models import AuditEntry
from app.catalogue.models import Course
from app.core.clock import at as moment
from app.core.db import db, set_writing
from app.core.errors import Refused
from app.settings.queries import calendar
from app.training import pattern, queries, seats, services, sitting_services
from app.training.circumstances import Circumstance, circumstances
from app.training.conflicts import Conflict, ConflictKind
from app.training.events import SittingRemoved
from app.training.models import (
    AssignmentAnswer,
    CourseSession,
    SessionAudience,
    SessionStatus,
    Sitting,
    SittingState,
)
from app.training.services import Details
from tests.cast import Cast
from tests.training.stage import FRIDAY, MONDAY, NOW, Props, at, by, make

Status = SessionStatus
ME = by(2)


pytestmark = pytest.mark.usefixtures("props")


def refusal(act: Any, *args: Any, **kwargs: Any) -> tuple[str, str | None]:
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)
    return str(caught.value.message), caught.value.field


def events() -> list[str]:
    return list(db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id)))


# --- making ----------------------------------------------------------------------------------------------


def test_the_ordinal_counts_within_course_province_and_year(cast: Cast, props: Props) -> None:
    first, second = make(cast), make(cast)
    far = make(cast, province=2)
    other = make(cast, course_id=props.other_course)
    assert [each.ordinal for each in (first, second, far, other)] == [1, 2, 1, 1]
    assert second.code == "BK-02/2"


def test_a_new_session_offers_itself_and_its_dates_follow_its_sittings(cast: Cast, props: Props) -> None:
    made = make(
        cast, at(MONDAY, "09:00-10:30", props.hall, props.trainers["umit"]), at(FRIDAY, "09:00-10:30", props.hall)
    )
    assert (made.starts_on, made.ends_on, made.year) == (MONDAY, FRIDAY, 2026)
    assert [row.province_id for row in queries.audience(made)] == [1]
    assert [each.answer for each in queries.assignments(made)] == [AssignmentAnswer.PENDING]
    assert events() == ["session.created", "session.sittings_changed", "session.trainers_changed"]


@pytest.mark.parametrize(
    ("details", "field"),
    [
        (Details(0, 0, provinces=(1,)), "capacity"),
        (Details(10, 11, provinces=(1,)), "minimum"),
        (Details(10, 5), "provinces"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(props: Props, details: Details, field: str) -> None:
    course = queries.course(props.course)
    assert course is not None
    assert refusal(services.create, course, 1, details, by=ME)[1] == field


def test_a_copy_is_a_draft_with_the_courses_numbers_and_no_dates(cast: Cast, props: Props) -> None:
    source = make(
        cast,
        at(MONDAY, "09:00-10:30", props.hall),
        step_free_needed=True,
        note="Rampa",
        organisations=(1,),
        provinces=(),
    )
    made = services.copy(source, 1, by=ME)
    assert (made.ordinal, made.status, made.capacity, made.minimum) == (2, Status.DRAFT, 25, 10)
    assert (made.step_free_needed, made.note, made.starts_on, made.threshold) == (True, "Rampa", None, None)
    assert [row.organisation_id for row in queries.audience(made)] == [1]
    far = services.copy(source, 2, by=ME)
    assert [row.province_id for row in queries.audience(far)] == [2], "elsewhere it is offered to its own province"


# --- changing ----------------------------------------------------------------------------------------------


def test_the_capacity_is_not_lowered_below_the_seats_taken(
    cast: Cast, props: Props, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seats, "_count", lambda column: sa.literal(7))
    made = make(cast)
    message, field = refusal(services.change, made, Details(6, 5, provinces=(1,)), by=ME)
    assert field == "capacity"
    assert "7" in message
    services.change(made, Details(7, 5, provinces=(1,)), by=ME)


def test_a_room_that_no_longer_fits_asks_for_a_reason(cast: Cast, props: Props) -> None:
    made = make(cast, at(MONDAY, "09:00-10:30", props.class_room), capacity=20)
    message, field = refusal(services.change, made, Details(25, 5, provinces=(1,)), by=ME)
    assert field == "override_reason"
    assert "Derslik 2" in message
    db.session.rollback()


def test_a_reason_keeps_a_room_that_no_longer_fits(cast: Cast, props: Props) -> None:
    made = make(cast, at(MONDAY, "09:00-10:30", props.class_room), capacity=20)
    wanted = Details(25, 5, step_free_needed=True, provinces=(1,))
    services.change(made, wanted, by=ME, reason="Sandalye eklenecek")
    assert {kind for kind, _ in queries.overridden(made)} == {"room_small", "room_steps"}
    services.change(made, Details(18, 5, step_free_needed=True, provinces=(1,)), by=ME)


def test_a_draft_postponed_before_it_opened_takes_the_courses_rules_when_it_does(cast: Cast, props: Props) -> None:
    made = make(cast, at(MONDAY, "09:00-10:30", props.hall))
    services.postpone(made, reason="Kar", kept=(), by=ME)
    sitting_services.redate(made, FRIDAY, range(5), by=ME)
    services.open_(made, by=ME, reason="Eğitmen aranıyor")
    assert (made.threshold, made.pass_mark) == (80, 70)


def test_new_dates_leave_every_sitting_its_room_and_its_place_in_the_day(cast: Cast, props: Props) -> None:
    hours = ("09:00-10:30", "10:45-12:15")
    days = ((MONDAY, props.hall), (date(2026, 12, 8), props.class_room))
    plan = [at(day, span, room) for day, room in days for span in hours]
    made = make(cast, *plan)
    before = [(each.id, each.room_id) for each in queries.sittings(made)]
    services.postpone(made, reason="Kar", kept=(), by=ME)
    sitting_services.redate(made, date(2026, 12, 14), range(5), by=ME)
    assert [(each.id, each.room_id) for each in queries.sittings(made)] == before


def test_a_change_says_which_fields_and_counts_the_version(cast: Cast, props: Props) -> None:
    made = make(cast)
    version = made.version
    services.change(made, Details(20, 5, provinces=(1, 2)), by=ME)
    db.session.flush()
    assert made.version == version + 1
    facts = db.session.scalars(sa.select(AuditEntry.facts).where(AuditEntry.event == "session.changed")).one()
    assert list(facts["fields"]) == ["audience"]
    count = db.session.scalar(
        EVERYWHERE.restrict(sa.select(sa.func.count()).select_from(SessionAudience), SessionAudience)
    )
    assert count == 2


@pytest.mark.parametrize("status", [Status.FINALISED, Status.CANCELLED])
def test_what_is_over_changes_no_more(cast: Cast, props: Props, status: SessionStatus) -> None:
    made = make(cast, at(MONDAY, "09:00-10:30", props.hall))
    sitting = queries.sittings(made)[0]
    made.status = status
    wish = [at(MONDAY, "11:00-12:00")]
    refusal(services.change, made, Details(20, 5, provinces=(1,)), by=ME)
    refusal(sitting_services.add, made, wish, by=ME)
    refusal(sitting_services.change, made, [sitting], wish, by=ME)
    refusal(sitting_services.remove, made, sitting, by=ME)
    refusal(
        sitting_services.set_sitting_state, queries.sitting(EVERYWHERE, sitting.id), SittingState.HELD, None, "", by=ME
    )


# --- opening, postponing, cancelling ----------------------------------------------------------------------


def test_opening_copies_the_courses_rules_once(cast: Cast, props: Props) -> None:
    made = make(cast, at(MONDAY, "09:00-10:30", props.hall))
    services.open_(made, by=ME, reason="Eğitmen aranıyor")
    assert (
        made.threshold,
        made.pass_mark,
        made.test_required,
        made.attendance_document_on_fail,
        made.sheet_required,
    ) == (80, 70, True, True, True)
    course = db.session.get_one(Course, props.course)
    course.threshold = 90
    services.postpone(made, reason="Kar", kept=(), by=ME)
    sitting_services.redate(made, date(2026, 12, 14), range(5), by=ME)
    services.open_(made, by=ME)
    assert made.threshold == 80, "nothing is copied again"


def test_opening_asks_for_sittings_dates_and_a_free_room(cast: Cast, props: Props) -> None:
    empty = make(cast)
    assert "Henüz oturum yok" in refusal(services.open_, empty, by=ME)[0]
    first, second = (
        make(cast, at(MONDAY, "09:00-10:30", props.hall)),
        make(cast, at(MONDAY, "09:00-10:30", props.hall), reason="Biri düşer"),
    )
    assert refusal(services.open_, first, by=ME)[1] == "override_reason", "a draft holds the room, too"
    services.open_(first, by=ME, reason="Öbür taslak düşecek")
    message, _ = refusal(services.open_, second, by=ME)
    assert "Salon 07.12.2026 günü dolu: BK-02/2" in message
    assert second.status is Status.DRAFT


def test_what_upper_rooms_know_blocks_an_opening(cast: Cast, props: Props) -> None:
    made = make(cast, at(MONDAY, "09:00-10:30", props.hall, props.trainers["umit"]))
    known = Conflict(ConflictKind.TRAINER_PARTICIPANT, True, 0, "Eğitmen aynı grupta katılımcı.")
    assert refusal(services.open_, made, by=ME, also=[known])[0] == "Eğitmen aynı grupta katılımcı."


@pytest.mark.parametrize(
    ("status", "act"),
    [
        (Status.OPEN, "open_"),
        (Status.CONFIRMED, "open_"),
        (Status.CANCELLED, "open_"),
        (Status.FINALISED, "cancel"),
        (Status.CANCELLED, "cancel"),
        (Status.FINALISED, "postpone"),
        (Status.POSTPONED, "postpone"),
    ],
)
def test_moves_the_table_does_not_know_are_refused(cast: Cast, props: Props, status: SessionStatus, act: str) -> None:
    made = make(cast, at(MONDAY, "09:00-10:30", props.hall), status=status)
    more: dict[str, Any] = {} if act == "open_" else {"reason": "Kar"} | ({"kept": ()} if act == "postpone" else {})
    assert "yapılamaz" in refusal(getattr(services, act), made, by=ME, **more)[0]


def test_a_postponement_needs_a_reason_and_keeps_the_dates_of_marked_sittings(cast: Cast, props: Props) -> None:
    umit = props.trainers["umit"]
    made = make(
        cast,
        at(MONDAY, "09:00-10:30", props.hall, umit),
        at(FRIDAY, "09:00-10:30", props.hall, umit),
        status=Status.CONFIRMED,
    )
    marked, later = queries.sittings(made)
    for assignment in queries.assignments(made):
        assignment.answer = AssignmentAnswer.ACCEPTED
    assert refusal(services.postpone, made, reason=" ", kept=(), by=ME)[1] == "reason"
    services.postpone(made, reason="Kar", kept={marked.id}, by=ME)
    assert (marked.date, later.date, later.sequence) == (MONDAY, None, 1)
    assert (made.starts_on, made.ends_on, made.status_reason) == (MONDAY, MONDAY, "Kar")
    answers = {each.sitting_id: each.answer for each in queries.assignments(made)}
    assert answers == {marked.id: AssignmentAnswer.ACCEPTED, later.id: AssignmentAnswer.PENDING}


def test_new_dates_keep_order_rooms_and_trainers_and_follow_the_weekday(cast: Cast, props: Props) -> None:
    umit = props.trainers["umit"]
    planned = pattern.proposed(MONDAY, 2, range(5), calendar(), room_id=props.hall, trainer_ids=[umit])
    made = make(cast, *planned)
    services.postpone(made, reason="Kar", kept=(), by=ME)
    sitting_services.redate(made, date(2026, 12, 18), range(5), by=ME)
    again = queries.sittings(made)
    assert [(each.date, each.starts) for each in again[:4]] == [
        (date(2026, 12, 18), wall) for wall in (time(8, 30), time(10, 15), time(14), time(15, 45))
    ], "a Friday leaves noon free"
    assert {each.date for each in again[4:]} == {date(2026, 12, 21)}
    assert {each.room_id for each in again} == {props.hall}
    assert len(queries.assignments(made)) == 8
    assert (made.starts_on, made.ends_on) == (date(2026, 12, 18), date(2026, 12, 21))


def test_a_cancelled_session_frees_its_room(cast: Cast, props: Props) -> None:
    made = make(cast, at(MONDAY, "09:00-10:30", props.hall), status=Status.OPEN)
    assert refusal(services.cancel, made, reason="", by=ME)[1] == "reason"
    services.cancel(made, reason="Bütçe", by=ME)
    make(cast, at(MONDAY, "09:00-10:30", props.hall))


# --- sittings ----------------------------------------------------------------------------------------------


def test_one_reason_answers_a_warning_for_good(cast: Cast, props: Props) -> None:
    made = make(cast, at(date(2026, 12, 12), "09:00-10:30", props.hall), reason="Cumartesi istendi")
    (sitting,) = queries.sittings(made)
    sitting_services.change(made, [sitting], [at(date(2026, 12, 12), "11:00-12:00", props.hall)], by=ME)
    assert (
        refusal(sitting_services.change, made, [sitting], [at(date(2026, 12, 13), "11:00-12:00")], by=ME)[1]
        == "override_reason"
    )
    assert len(queries.overridden(made)) == 1
    assert refusal(
        sitting_services.change, made, [sitting], [at(date(2026, 12, 13), "11:00-12:00")], by=journal.SYSTEM, reason="x"
    )[1]


def test_who_is_moved_is_asked_anew_and_who_is_taken_off_is_gone(cast: Cast, props: Props) -> None:
    umit, ayla = props.trainers["umit"], props.trainers["ayla"]
    made = make(cast, at(MONDAY, "09:00-10:30", props.hall, umit))
    (sitting,) = queries.sittings(made)
    (assignment,) = queries.assignments(made)
    assignment.answer = AssignmentAnswer.ACCEPTED
    sitting_services.change(made, [sitting], [at(MONDAY, "11:00-12:00", props.hall, umit)], by=ME)
    assert (assignment.answer, sitting.minutes, sitting.sequence) == (AssignmentAnswer.PENDING, 60, 1)
    sitting_services.change(made, [sitting], [at(MONDAY, "11:00-12:00", props.hall, ayla)], by=ME)
    assert [each.trainer_id for each in queries.assignments(made)] == [ayla]
    assert sitting.sequence == 1, "another trainer is no change for the participants' calendars"


def test_a_listener_may_refuse_that_a_sitting_goes(cast: Cast, props: Props) -> None:
    made = make(cast, at(MONDAY, "09:00-10:30", props.hall, props.trainers["umit"]), at(FRIDAY, "09:00-10:30"))
    first, last = queries.sittings(made)
    seen: list[int] = []

    def listener(event: SittingRemoved, _: object) -> None:
        seen.append(event.sitting_id)
        if event.sitting_id == last.id:
            raise Refused("Bu oturumda yoklama alındı.")

    journal.on(SittingRemoved, listener)
    try:
        sitting_services.remove(made, first, by=ME)
        assert made.starts_on == FRIDAY
        assert refusal(sitting_services.remove, made, last, by=ME)[0] == "Bu oturumda yoklama alındı."
        assert len(seen) == 2
    finally:
        journal._listeners[SittingRemoved].remove(listener)


def test_how_a_sitting_went(cast: Cast, props: Props) -> None:
    made = make(cast, at(MONDAY, "09:00-10:30", props.hall), status=Status.CONFIRMED)
    sitting = queries.sitting(EVERYWHERE, queries.sittings(made)[0].id)
    state = sitting_services.set_sitting_state
    assert refusal(state, sitting, SittingState.NOT_HELD, None, "", by=ME)[1] == "reason"
    for minutes in (None, 0, 90):
        assert refusal(state, sitting, SittingState.SHORTENED, minutes, "Elektrik", by=ME)[1] == "effective_minutes"
    state(sitting, SittingState.SHORTENED, 60, "Elektrik", by=ME)
    assert (sitting.state, sitting.effective_minutes) == (SittingState.SHORTENED, 60)
    state(sitting, SittingState.HELD, 60, "", by=ME)
    assert (sitting.state, sitting.effective_minutes, sitting.state_reason) == (SittingState.HELD, None, "")
    assert events()[-1] == "sitting.state_set"


def test_accepting_after_all_looks_for_a_clash(cast: Cast, props: Props) -> None:
    umit = props.trainers["umit"]
    made = make(cast, at(MONDAY, "09:00-10:30", props.hall, umit), status=Status.OPEN)
    db.session.commit()
    (assignment,) = queries.own_assignments(cast.users["trainer"])
    sitting_services.answer(assignment, AssignmentAnswer.DECLINED, by=by(cast.users["trainer"]), reason="Rapor")
    assert queries.trainers_of(made) == []
    make(cast, at(MONDAY, "10:00-11:00", props.spare, umit), status=Status.OPEN)
    message, _ = refusal(sitting_services.answer, assignment, AssignmentAnswer.ACCEPTED, by=ME)
    assert "BK-02/2" in message


# --- what is derived ----------------------------------------------------------------------------------------


def test_nominations_close_five_working_days_before_unless_chosen(cast: Cast, props: Props) -> None:
    made = make(cast)
    assert queries.nominations_close(made, calendar()) is None
    made = make(cast, at(date(2026, 12, 14), "09:00-10:30"))
    # 9 December is a holiday, 10 December only half: 11, 10, 8, 7, 4
    assert queries.nominations_close(made, calendar()) == moment(date(2026, 12, 4), time(17))
    chosen = moment(date(2026, 12, 1), time(17))
    made.nominations_close_at = chosen
    assert queries.nominations_close(made, calendar()) == chosen


def test_circumstances_follow_facts_and_clock() -> None:
    early, late = moment(date(2026, 11, 2), time(8)), moment(date(2026, 11, 3), time(17))
    past = moment(date(2026, 10, 30), time(17))
    assert moment(date(2026, 11, 2), time(9)) == NOW
    say = circumstances
    assert say(Status.DRAFT, begins=early, ends=late, full=True) == ()
    assert say(Status.OPEN, begins=late, ends=late, full=True) == (Circumstance.FULL,)
    assert say(Status.OPEN, begins=late, ends=late, closed=True) == (Circumstance.NOMINATIONS_CLOSED,)
    assert say(Status.CONFIRMED, begins=early, ends=late) == (Circumstance.IN_PROGRESS,)
    assert say(Status.CONFIRMED, begins=past, ends=early, full=True) == (Circumstance.ENDED,)


# --- two at once --------------------------------------------------------------------------------------------


def test_of_two_who_want_the_same_room_at_once_exactly_one_gets_it(app: Flask, cast: Cast, props: Props) -> None:
    made = [make(cast, status=Status.OPEN).id for _ in range(2)]
    db.session.commit()
    db.session.remove()
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def plan(course_session_id: int) -> None:
        with app.app_context():
            set_writing(True)
            start.wait()
            try:
                course_session = queries.course_session(EVERYWHERE, course_session_id)
                sitting_services.add(course_session, [at(MONDAY, "09:00-10:30", props.hall)], by=ME)
                db.session.commit()
                outcomes.append("saved")
            except Refused as refused:
                db.session.rollback()
                outcomes.append(str(refused.field))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=plan, args=(key,)) for key in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["room_id", "saved"]
    assert len(db.session.scalars(EVERYWHERE.select(Sitting)).all()) == 1


def test_of_two_drafts_made_at_once_each_gets_its_own_ordinal(app: Flask, cast: Cast, props: Props) -> None:
    db.session.commit()
    db.session.remove()
    start = threading.Barrier(2)

    def draft() -> None:
        with app.app_context():
            set_writing(True)
            start.wait()
            course = queries.course(props.course)
            assert course is not None
            services.create(course, 1, Details(20, 5, provinces=(1,)), by=ME)
            db.session.commit()
            db.session.remove()

    threads = [threading.Thread(target=draft) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = db.session.scalars(EVERYWHERE.select(CourseSession).order_by(CourseSession.ordinal))
    assert [each.ordinal for each in found] == [1, 2]
