from __future__ import annotations

from datetime import date

import pytest

from app.enrolment.leaving.rules import after
from app.enrolment.models import Enrolment, EnrolmentStatus
from app.training.models import CourseSession

S = EnrolmentStatus
DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("status", "today", "becomes"),
    [
        (S.ENROLLED, date(2026, 3, 1), S.REMOVED),
        (S.ENROLLED, DAY, S.WITHDRAWN),
        (S.WAITLISTED, date(2026, 3, 1), S.WITHDRAWN),
        (S.OFFERED, date(2026, 3, 1), S.WITHDRAWN),
    ],
)
def test_a_seat_is_taken_away_before_the_start_and_left_after_it(
    status: EnrolmentStatus, today: date, becomes: EnrolmentStatus
) -> None:
    assert after(Enrolment(status=status, course_session=CourseSession(starts_on=DAY)), today) is becomes
