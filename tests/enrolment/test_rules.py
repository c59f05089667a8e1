from __future__ import annotations

from datetime import date

from app.enrolment.rules import begun
from app.training.models import CourseSession

DAY = date(2026, 3, 2)


def test_a_session_has_begun_on_its_first_day_and_never_without_one() -> None:
    assert [begun(CourseSession(starts_on=DAY), DAY.replace(day=day)) for day in (1, 2, 3)] == [False, True, True]
    assert not begun(CourseSession(starts_on=None), DAY)
