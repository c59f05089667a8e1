"""What changes a session or refuses."""

from __future__ import annotations

import threading
from datetime import date, time
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from app.access.scope import EVERYWHERE
from app.audit.models import AuditEntry
from app.catalogue.models import Course
from app.core.clock import at as moment
from app.core.db import db, set_writing
from app.settings.queries import calendar
from app.training import queries, seats
from app.training.conflicts import queries as conflicts
from app.training.conflicts.models import Conflict, ConflictKind
from app.training.models import (
    AssignmentAnswer,
    CourseSession,
    SessionAudience,
    SessionStatus,
    SittingState,
)
from app.training.sessions import services as sessions
from app.training.sessions.services import Details
from app.training.sittings import services as sittings_services
from tests.cast import By, Cast
from tests.training.stage import FRIDAY, MONDAY, Props, at, make, recorded, refusal

Status = SessionStatus
ME = By(2)


pytestmark = pytest.mark.usefixtures("props")


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
    assert recorded() == ["session.created", "session.sittings_changed", "session.trainers_changed"]


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
    assert refusal(sessions.create, course, 1, details, by=ME)[1] == field


def test_a_copy_is_a_draft_with_the_courses_numbers_and_no_dates(cast: Cast, props: Props) -> None:
    source = make(
        cast,
        at(MONDAY, "09:00-10:30", props.hall),
        step_free_needed=True,
        note="Rampa",
        organisations=(1,),
        provinces=(),
    )
    made = sessions.copy(source, 1, by=ME)
    assert (made.ordinal, made.status, made.capacity, made.minimum) == (2, Status.DRAFT, 25, 10)
    assert (made.step_free_needed, made.note, made.starts_on, made.threshold) == (True, "Rampa", None, None)
    assert [row.organisation_id for row in queries.audience(made)] == [1]
    far = sessions.copy(source, 2, by=ME)
    assert [row.province_id for row in queries.audience(far)] == [2], "elsewhere it is offered to its own province"


# --- changing ----------------------------------------------------------------------------------------------


def test_the_capacity_is_not_lowered_below_the_seats_taken(
    cast: Cast, props: Props, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(current_app.extensions, "seats", seats.Counted(lambda column: sa.literal(7)))
    made = make(cast)
    message, field = refusal(sessions.change, made, Details(6, 5, provinces=(1,)), by=ME)
    assert field == "capacity"
    assert "7" in message
    sessions.change(made, Details(7, 5, provinces=(1,)), by=ME)


def test_a_room_that_no_longer_fits_asks_for_a_reason(cast: Cast, props: Props) -> None:
    made = make(cast, at(MONDAY, "09:00-10:30", props.class_room), capacity=20)
    message, field = refusal(sessions.change, made, Details(25, 5, provinces=(1,)), by=ME)
    assert field == "override_reason"
    assert "Derslik 2" in message
    db.session.rollback()


def test_a_reason_keeps_a_room_that_no_longer_fits(cast: Cast, props: Props) -> None:
    made = make(cast, at(MONDAY, "09:00-10:30", props.class_room), capacity=20)
    wanted = Details(25, 5, step_free_needed=True, provinces=(1,))
    sessions.change(made, wanted, by=ME, reason="Sandalye eklenecek")
    assert {kind for kind, _ in conflicts.overridden(made)} == {"room_small", "room_steps"}
    sessions.change(made, Details(18, 5, step_free_needed=True, provinces=(1,)), by=ME)


def test_a_draft_postponed_before_it_opened_takes_the_courses_rules_when_it_does(cast: Cast, props: Props) -> None:
    made = make(cast, at(MONDAY, "09:00-10:30", props.hall))
    sessions.postpone(made, reason="Kar", kept=(), by=ME)
    sittings_services.redate(made, FRIDAY, range(5), by=ME)
    sessions.open_(made, by=ME, reason="Eğitmen aranıyor")
    assert (made.threshold, made.pass_mark) == (80, 70)


def test_a_change_says_which_fields_and_counts_the_version(cast: Cast, props: Props) -> None:
    made = make(cast)
    version = made.version
    sessions.change(made, Details(20, 5, provinces=(1, 2)), by=ME)
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
    refusal(sessions.change, made, Details(20, 5, provinces=(1,)), by=ME)
    refusal(sittings_services.add, made, wish, by=ME)
    refusal(sittings_services.change, made, [sitting], wish, by=ME)
    refusal(sittings_services.remove, made, sitting, by=ME)
    refusal(sittings_services.set_state, queries.sitting(EVERYWHERE, sitting.id), SittingState.HELD, None, "", by=ME)


# --- opening, postponing, cancelling ----------------------------------------------------------------------


def test_opening_copies_the_courses_rules_once(cast: Cast, props: Props) -> None:
    made = make(cast, at(MONDAY, "09:00-10:30", props.hall))
    sessions.open_(made, by=ME, reason="Eğitmen aranıyor")
    assert (
        made.threshold,
        made.pass_mark,
        made.test_required,
        made.attendance_document_on_fail,
        made.sheet_required,
    ) == (80, 70, True, True, True)
    course = db.session.get_one(Course, props.course)
    course.threshold = 90
    sessions.postpone(made, reason="Kar", kept=(), by=ME)
    sittings_services.redate(made, date(2026, 12, 14), range(5), by=ME)
    sessions.open_(made, by=ME)
    assert made.threshold == 80, "nothing is copied again"


def test_opening_asks_for_sittings_dates_and_a_free_room(cast: Cast, props: Props) -> None:
    empty = make(cast)
    assert "Henüz oturum yok" in refusal(sessions.open_, empty, by=ME)[0]
    first, second = (
        make(cast, at(MONDAY, "09:00-10:30", props.hall)),
        make(cast, at(MONDAY, "09:00-10:30", props.hall), reason="Biri düşer"),
    )
    assert refusal(sessions.open_, first, by=ME)[1] == "override_reason", "a draft holds the room, too"
    sessions.open_(first, by=ME, reason="Öbür taslak düşecek")
    message, _ = refusal(sessions.open_, second, by=ME)
    assert "Salon 07.12.2026 günü dolu: BK-02/2" in message
    assert second.status is Status.DRAFT


def test_what_upper_rooms_know_blocks_an_opening(cast: Cast, props: Props) -> None:
    made = make(cast, at(MONDAY, "09:00-10:30", props.hall, props.trainers["umit"]))
    known = Conflict(ConflictKind.TRAINER_PARTICIPANT, True, 0, "Eğitmen aynı grupta katılımcı.")
    assert refusal(sessions.open_, made, by=ME, also=[known])[0] == "Eğitmen aynı grupta katılımcı."


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
    assert "yapılamaz" in refusal(getattr(sessions, act), made, by=ME, **more)[0]


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
    assert refusal(sessions.postpone, made, reason=" ", kept=(), by=ME)[1] == "reason"
    sessions.postpone(made, reason="Kar", kept={marked.id}, by=ME)
    assert (marked.date, later.date, later.sequence) == (MONDAY, None, 1)
    assert (made.starts_on, made.ends_on, made.status_reason) == (MONDAY, MONDAY, "Kar")
    answers = {each.sitting_id: each.answer for each in queries.assignments(made)}
    assert answers == {marked.id: AssignmentAnswer.ACCEPTED, later.id: AssignmentAnswer.PENDING}


def test_a_cancelled_session_frees_its_room(cast: Cast, props: Props) -> None:
    made = make(cast, at(MONDAY, "09:00-10:30", props.hall), status=Status.OPEN)
    assert refusal(sessions.cancel, made, reason="", by=ME)[1] == "reason"
    sessions.cancel(made, reason="Bütçe", by=ME)
    make(cast, at(MONDAY, "09:00-10:30", props.hall))


# --- sittings ----------------------------------------------------------------------------------------------


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


# --- two at once --------------------------------------------------------------------------------------------


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
            sessions.create(course, 1, Details(20, 5, provinces=(1,)), by=ME)
            db.session.commit()
            db.session.remove()

    threads = [threading.Thread(target=draft) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = db.session.scalars(EVERYWHERE.select(CourseSession).order_by(CourseSession.ordinal))
    assert [each.ordinal for each in found] == [1, 2]
