from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.core.paging import ListQuery
from app.enrolment.models import Answer, Enrolment, EnrolmentStatus
from app.enrolment.seats.rules import Counts, Listed, Moves, Row, Waits, asked_for, moves, waits
from app.people.models import Sex
from app.training.models import CourseSession, SessionStatus

S = EnrolmentStatus
DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def row(key: int, status: EnrolmentStatus, sex: Sex = Sex.WOMAN, priority: int = 3) -> Row:
    plain: dict[str, Any] = dict.fromkeys(Row.__dataclass_fields__, "") | {"completed_on": None, "on_staff": True}
    known = {"id": key, "employee_id": key, "home_id": 1, "sex": sex, "status": status, "priority": priority}
    return Row(**(plain | known | {"answer": Answer.NONE, "queued_at": NOON}))


def offered(status: EnrolmentStatus, session: SessionStatus = SessionStatus.OPEN, **who: bool) -> set[str]:
    """Names of the moves."""
    enrolment = Enrolment(status=status, course_session=CourseSession(status=session, starts_on=DAY))
    asked = {"runs": False, "own": False, "hers": False, "supportable": False, "returnable": False} | who
    found = moves(enrolment, day=DAY.replace(day=1), **asked)
    return {name for name in Moves.__dataclass_fields__ if getattr(found, name)}


def test_a_list_counts_seats_and_who_waits_in_which_order() -> None:
    rows = [row(1, S.ENROLLED), row(2, S.ENROLLED, Sex.MAN), row(3, S.WAITLISTED), row(4, S.WAITLISTED, priority=1)]
    listed = Listed([*rows, row(5, S.WITHDRAWN)], rows, taken=2)
    counts = listed.counts
    assert (counts.current, counts.ended, counts.seated, counts.waiting) == (4, 1, 2, 2)
    assert [one.id for one in listed.line] == [4, 3]
    assert counts.share_of_women == 500
    assert counts.with_more([Sex.MAN, Sex.MAN]).share_of_women == 250
    assert Counts({}, {}).share_of_women is None


def test_a_page_past_the_end_is_the_last_one() -> None:
    rows = [row(key, S.ENROLLED) for key in range(30)]
    page = Listed(rows, rows, taken=30).page(ListQuery(sort="name", number=9, size=25))
    assert (page.number, len(page.rows)) == (2, 5)


def test_a_list_is_asked_for_what_is_current_what_ended_or_one_status() -> None:
    rows = [row(1, S.ENROLLED), row(2, S.WAITLISTED), row(3, S.DECLINED)]
    asked = {state: [one.id for one in rows if asked_for(one, state)] for state in ("", "ended", "waitlisted")}
    assert asked == {"": [1, 2], "ended": [3], "waitlisted": [2]}


def test_who_runs_the_session_decides_where_no_focal_point_can() -> None:
    assert offered(S.APPLIED, runs=True) == {"accept", "reject"}
    assert offered(S.APPLIED, runs=True, supportable=True) == {"reject"}
    assert offered(S.APPLIED, hers=True, supportable=True) == {"support", "reject"}
    assert offered(S.WAITLISTED, runs=True) == {"accept", "reject"}
    assert offered(S.ENROLLED, runs=True) == {"remove", "phone"}


def test_one_answers_for_oneself_and_a_focal_point_by_phone() -> None:
    assert offered(S.ENROLLED, own=True) == {"withdraw", "answer"}
    assert offered(S.ENROLLED, hers=True) == {"withdraw", "phone"}
    assert offered(S.DECLINED, own=True, returnable=True) == {"take_back"}
    assert offered(S.DECLINED, returnable=True) == set()


@pytest.mark.parametrize("closed", [SessionStatus.FINALISED, SessionStatus.CANCELLED])
def test_of_a_closed_session_nothing_is_offered(closed: SessionStatus) -> None:
    everybody = {"runs": True, "own": True, "hers": True, "supportable": True, "returnable": True}
    assert not any(offered(status, closed, **everybody) for status in S)


@pytest.mark.parametrize(
    ("status", "session", "expected"),
    [
        (S.APPLIED, SessionStatus.OPEN, Waits.INSTITUTION),
        (S.NOMINATED, SessionStatus.OPEN, Waits.DECISION),
        (S.WAITLISTED, SessionStatus.CONFIRMED, Waits.SEAT),
        (S.OFFERED, SessionStatus.CONFIRMED, Waits.OFFER),
        (S.ENROLLED, SessionStatus.OPEN, None),
        (S.ENROLLED, SessionStatus.CONFIRMED, Waits.ANSWER),
        (S.REJECTED, SessionStatus.OPEN, None),
        (S.ENROLLED, SessionStatus.FINALISED, None),
    ],
)
def test_each_waits_for_somebody(status: EnrolmentStatus, session: SessionStatus, expected: Waits | None) -> None:
    assert waits(row(1, status), session, closed=False) is expected


def test_an_application_waits_for_whoever_runs_it_once_nominations_have_closed() -> None:
    assert waits(row(1, S.APPLIED), SessionStatus.OPEN, closed=True) is Waits.DECISION


def test_an_offer_is_answered_by_whoever_has_it_and_for_them() -> None:
    assert offered(S.OFFERED, own=True) == {"withdraw", "answer"}
    assert offered(S.OFFERED, runs=True) == {"phone"}
