"""Scores, the checklist, and what finalising does and refuses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app.access.scope import EVERYWHERE
from app.attendance.marks import services as attendance
from app.attendance.marks.services import Typed
from app.attendance.models import AttendanceMark, Presence
from app.audit.journal import SYSTEM
from app.audit.models import AuditEntry
from app.completion import queries, services
from app.completion.models import DocumentKind, Outcome, Result, TestKind, TestScore
from app.completion.services import TypedScore
from app.core.db import db
from app.core.errors import Missing, Refused
from app.enrolment import completed
from app.enrolment.models import Enrolment, EnrolmentStatus
from app.people.models import Employee
from app.training.models import CourseSession, SessionStatus, Sitting, SittingState
from tests.cast import EVENING, MONDAY, Cast, Group, group, mark, mark_all


@pytest.fixture(autouse=True)
def evening() -> Iterator[None]:
    with time_machine.travel(EVENING, tick=False):
        yield


def session(stands: Group) -> CourseSession:
    from app.training.queries import course_session

    return course_session(EVERYWHERE, stands.session)


def typed(stands: Group, name: str, score: int | None, was: int | None = None, kind: str = "post") -> TypedScore:
    """Whole points."""
    return TypedScore(stands.enrolments[name], TestKind(kind), was and was * 10, score and score * 10)


def outcomes(stands: Group) -> dict[str, tuple[str, str | None]]:
    by_id = {key: name for name, key in stands.enrolments.items()}
    rows = db.session.scalars(EVERYWHERE.select(Outcome))
    return {by_id[row.enrolment_id]: (row.result.value, row.document and row.document.value) for row in rows}


# --- scores ----------------------------------------------------------------------------------------------


def test_scores_are_entered_corrected_and_cleared(cast: Cast) -> None:
    stands = group(cast, test_required=True)
    told = services.save_scores(session(stands), [typed(stands, "elif", 0), typed(stands, "isik", 100)], by=SYSTEM)
    assert (told.count, told.stale) == (2, frozenset())
    services.save_scores(session(stands), [typed(stands, "elif", 71, was=0)], by=SYSTEM)
    services.save_scores(session(stands), [typed(stands, "isik", None, was=100)], by=SYSTEM)
    db.session.flush()
    row = db.session.scalars(EVERYWHERE.select(TestScore)).one()
    assert (row.tenths, row.version) == (710, 2)
    facts = db.session.scalars(sa.select(AuditEntry.facts)).all()
    assert all("71" not in str(fact) for fact in facts), "the audit holds no scores"


def test_a_score_changed_meanwhile_is_told(cast: Cast) -> None:
    stands = group(cast)
    services.save_scores(session(stands), [typed(stands, "elif", 50)], by=SYSTEM)
    told = services.save_scores(session(stands), [typed(stands, "elif", 60), typed(stands, "isik", 80)], by=SYSTEM)
    assert told.stale == {(stands.enrolments["elif"], TestKind.POST)}
    assert told.count == 1, "it holds up no other"
    assert services.save_scores(session(stands), [typed(stands, "elif", 50)], by=SYSTEM).count == 0


@pytest.mark.parametrize("score", [-1, 101])
def test_a_score_is_from_0_to_100(cast: Cast, score: int) -> None:
    stands = group(cast)
    with pytest.raises(Refused):
        services.save_scores(session(stands), [typed(stands, "elif", score)], by=SYSTEM)


def test_nobody_of_another_session_is_scored(cast: Cast) -> None:
    stands, other = group(cast), group(cast, ordinal=4)
    with pytest.raises(Missing):
        services.save_scores(session(stands), [typed(other, "elif", 50)], by=SYSTEM)


# --- the checklist ---------------------------------------------------------------------------------------


def test_the_checklist_names_what_is_missing(cast: Cast) -> None:
    stands = group(cast, test_required=True, pass_mark=70, sheet_required=True)
    mark_all(stands, but=((1, "elif"), (1, "isik")))
    found = queries.review(session(stands))
    assert found.over
    assert [(row.id, count) for row, count in found.unmarked] == [(stands.sittings[1], 2)]
    assert found.untested == 1, "a test decides only for whoever met the attendance requirement"
    assert found.unsigned == [MONDAY]
    assert not found.ready


def test_a_sitting_ahead_or_without_a_date_is_in_the_way_one_not_held_is_not(cast: Cast) -> None:
    stands = group(cast, days=2)
    assert [row.id for row in queries.review(session(stands)).ahead] == stands.sittings[4:]
    for sitting_id in stands.sittings[4:]:
        EVERYWHERE.get(Sitting, sitting_id).state = SittingState.NOT_HELD
    EVERYWHERE.get(Sitting, stands.sittings[0]).date = None
    db.session.flush()
    assert [row.id for row in queries.review(session(stands)).ahead] == [stands.sittings[0]]


# --- finalising ------------------------------------------------------------------------------------------


def test_outcomes_follow_the_rules_and_lock_everything(cast: Cast) -> None:
    stands = group(cast, test_required=True, pass_mark=70)
    mark_all(stands, but=tuple((position, "sukru") for position in range(4)))
    for position in range(4):
        mark(stands, position, "sukru", "absent")
    services.save_scores(session(stands), [typed(stands, "elif", 70), typed(stands, "isik", 69)], by=SYSTEM)
    services.finalise(session(stands), by=SYSTEM)
    assert outcomes(stands) == {
        "elif": ("completed_success", "success"),
        "isik": ("failed_assessment", "attendance"),
        "sukru": ("no_show", None),
    }
    assert session(stands).status is SessionStatus.FINALISED
    assert session(stands).finalised_at == EVENING
    events = list(db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id)))
    assert events[-2:] == ["session.moved", "session.finalised"]
    absent = Typed(stands.sittings[0], stands.enrolments["elif"], "present", None)
    with pytest.raises(Refused):
        attendance.mark(stands.session, [absent], by=SYSTEM, may_correct=True, reason="x")
    with pytest.raises(Refused):
        services.save_scores(session(stands), [typed(stands, "elif", 100, was=70)], by=SYSTEM)


@pytest.mark.parametrize(
    "status", [s for s in SessionStatus if s is not SessionStatus.CONFIRMED], ids=lambda status: status.value
)
def test_only_a_confirmed_session_is_finalised(cast: Cast, status: SessionStatus) -> None:
    stands = group(cast, status=status)
    mark_all(stands)
    with pytest.raises(Refused):
        services.finalise(session(stands), by=SYSTEM, override="x", may_override=True)


def test_not_before_the_last_sitting_is_over_not_even_with_an_override(cast: Cast) -> None:
    stands = group(cast)
    mark_all(stands)
    with time_machine.travel(EVENING - timedelta(hours=2), tick=False), pytest.raises(Refused):
        services.finalise(session(stands), by=SYSTEM, override="x", may_override=True)
    services.finalise(session(stands), by=SYSTEM)


def test_a_gap_in_the_checklist_refuses_and_an_administrator_gives_a_reason(cast: Cast) -> None:
    stands = group(cast)
    mark_all(stands, but=((0, "elif"),))
    with pytest.raises(Refused):
        services.finalise(session(stands), by=SYSTEM, override="Kâğıdı kayboldu")
    with pytest.raises(Refused) as refusal:
        services.finalise(session(stands), by=SYSTEM, may_override=True)
    assert refusal.value.field == "reason"
    services.finalise(session(stands), by=SYSTEM, override="Kâğıdı kayboldu", may_override=True)
    assert outcomes(stands)["elif"] == ("failed_attendance", None)
    assert session(stands).status_reason == "Kâğıdı kayboldu"


def test_percent_is_cut_off_and_minutes_are_whole(cast: Cast) -> None:
    stands = group(cast, people=("elif",))
    mark_all(stands, but=((0, "elif"),))
    mark(stands, 0, "elif", "late", 20)
    services.finalise(session(stands), by=SYSTEM)
    row = db.session.scalars(EVERYWHERE.select(Outcome)).one()
    assert (row.credit_minutes, row.base_minutes, row.percent_tenths) == (340, 360, 944)


def test_the_threshold_is_the_sessions_own_whatever_the_course_says_today(cast: Cast) -> None:
    stands = group(cast, people=("elif",), threshold=75)
    mark_all(stands, but=((0, "elif"),))
    mark(stands, 0, "elif", "absent")
    session(stands).course.threshold = 100
    services.finalise(session(stands), by=SYSTEM)
    assert outcomes(stands)["elif"] == ("completed_attendance", "attendance")


def test_whoever_left_has_no_outcome_and_finalising_again_computes_anew(cast: Cast) -> None:
    stands = group(cast)
    mark_all(stands)
    services.finalise(session(stands), by=SYSTEM)
    ids = set(db.session.scalars(EVERYWHERE.restrict(sa.select(Outcome.id), Outcome)))
    session(stands).status = SessionStatus.CONFIRMED
    EVERYWHERE.get(Enrolment, stands.enrolments["sukru"]).status = EnrolmentStatus.WITHDRAWN
    row = db.session.scalars(
        EVERYWHERE.select(AttendanceMark).where(AttendanceMark.enrolment_id == stands.enrolments["elif"]).limit(1)
    ).one()
    row.kind = Presence.ABSENT
    services.finalise(session(stands), by=SYSTEM)
    assert outcomes(stands) == {"elif": ("failed_attendance", None), "isik": ("completed_attendance", "attendance")}
    assert set(db.session.scalars(EVERYWHERE.restrict(sa.select(Outcome.id), Outcome))) <= ids
    for row in db.session.scalars(EVERYWHERE.select(Outcome)):
        assert row.due_since == (row.at if row.document else None), "only what is due waits to be issued"


# --- what it came to -------------------------------------------------------------------------------------


def test_what_was_completed_counts_for_prerequisites_and_hours(cast: Cast) -> None:
    stands = group(cast)
    mark_all(stands, but=tuple((position, "isik") for position in range(4)))
    for position in range(4):
        mark(stands, position, "isik", "absent")
    EVERYWHERE.get(Sitting, stands.sittings[0]).state = SittingState.NOT_HELD
    course_id = session(stands).course_id
    people = [cast.employees["elif"], cast.employees["isik"]]
    assert completed.days(people, course_id) == {}
    services.finalise(session(stands), by=SYSTEM)
    db.session.flush()
    assert list(completed.days(people, course_id)) == [cast.employees["elif"]]
    one, other = (EVERYWHERE.get(Employee, key) for key in people)
    (line,) = queries.training_record(EVERYWHERE, one)
    assert (line.document, line.minutes) == (DocumentKind.ATTENDANCE, 270)
    (line,) = queries.training_record(EVERYWHERE, other)
    assert (line.code, line.result, line.document, line.minutes) == ("BK-02/3", Result.NO_SHOW, None, 0)


def test_ended_sessions_wait_until_they_are_finalised(cast: Cast) -> None:
    stands, running = group(cast), group(cast, days=2, ordinal=4)
    assert [each.id for each in queries.ended_sessions(EVERYWHERE)] == [stands.session]
    mark_all(stands)
    services.finalise(session(stands), by=SYSTEM)
    assert queries.ended_sessions(EVERYWHERE) == []
    assert running.session
