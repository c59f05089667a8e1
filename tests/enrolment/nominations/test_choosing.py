"""Whom one looks for on the page where people are added, who is ticked at once, and what is said before saving."""

from __future__ import annotations

import re

import pytest
from werkzeug.test import TestResponse

from app.access.scope import EVERYWHERE
from app.core.clock import now
from app.core.db import db
from app.enrolment.models import EnrolmentStatus
from app.enrolment.quotas import services as quotas
from app.people.models import Employee, Sex
from app.training.models import CourseSession
from tests import factories
from tests.cast import By
from tests.conftest import Stage
from tests.enrolment.stage import course, course_session, enrolled, need, statuses

S = EnrolmentStatus


@pytest.fixture
def session(stage: Stage) -> CourseSession:
    """Six people of two institutions need it, those with odd numbers most; the first has a clash."""
    other = factories.unit(1, "Zabıta Müdürlüğü", name_en="Municipal Police", function="zabita")
    people = []
    for number in range(6):
        sex = Sex.WOMAN if number % 3 else Sex.MAN
        more = {"sex": sex} | ({"unit_id": other.id} if number == 2 else {})
        people.append(factories.employee("Kişi", f"{number}", f"K-{number}", 1 + number % 2, **more).id)
        need(people[-1], "5" if number % 2 else "3", "2.5" if number % 2 else "1")
    enrolled(course_session(course("BK-03", "Mülteci hukuku")), people[1])
    return course_session(capacity=3)


def address(session: CourseSession) -> str:
    return f"/sessions/{session.id}/enrolments/add"


def shown(text: str) -> list[str]:
    return re.findall(r'name="employee_ids"[^>]*>\s*<label[^>]*>Kişi (\d)', text)


def ticked(text: str) -> list[str]:
    return re.findall(r'name="employee_ids"[^>]* checked>\s*<label[^>]*>Kişi (\d)', text)


def pick(stage: Stage, session: CourseSession, **typed: str) -> TestResponse:
    answer = stage.coordinator.post(address(session), data=typed)
    assert answer.status_code == 200
    assert statuses(session.id) == {}, "ticking enrols nobody"
    return answer


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("", "012345"),
        ("organisation=2", "135"),
        ("sex=man", "03"),
        ("need=high", "135"),
        ("unit=Zabıta+Müdürlüğü", "2"),
        ("organisation=1&sex=woman", "24"),
        ("q=Kişi+4", "4"),
        ("need=trained", ""),
        ("organisation=x&sex=y&need=z", "012345"),
    ],
)
def test_one_looks_by_institution_unit_sex_and_need(
    stage: Stage, session: CourseSession, asked: str, expected: str
) -> None:
    text = stage.coordinator.get(f"{address(session)}?{asked}").text
    found = shown(text)[:1] if "q=" in asked else shown(text)
    assert "".join(sorted(found)) == expected


def test_all_staff_are_there_for_who_wants_them(stage: Stage, session: CourseSession) -> None:
    text = stage.coordinator.get(f"{address(session)}?need=anybody").text
    assert "Elif" in text and len(shown(text)) == 6


def test_the_first_ones_nothing_keeps_away_are_ticked(stage: Stage, session: CourseSession) -> None:
    text = pick(stage, session, find="first", number="3").text
    assert ticked(text) == ["3", "5", "0"], "the first of all has another training at that time"
    assert "3 kişi seçildi" in text and "1 kadın, 2 erkek" in text


def test_a_new_session_is_filled_from_its_needs_with_two_clicks(stage: Stage, session: CourseSession) -> None:
    (link,) = {
        link
        for link in re.findall(r'href="([^"]+)"', stage.coordinator.get(f"/sessions/{session.id}").text)
        if "/enrolments/add" in link
    }
    text = stage.coordinator.get(link).text
    assert ticked(text) == ["3", "5", "0"], "as many as there are seats"
    assert statuses(session.id) == {}


def test_all_shown_are_ticked_and_nobody_again(stage: Stage, session: CourseSession) -> None:
    assert len(ticked(pick(stage, session, find="all").text)) == 6
    assert ticked(pick(stage, session, find="none", employee_ids="1").text) == []


def test_by_quota_those_are_ticked_who_would_have_a_seat(stage: Stage, session: CourseSession) -> None:
    quotas.reserve(session, {1: 2}, release_at=None, by=By())
    db.session.commit()
    text = pick(stage, session, find="quota").text
    assert ticked(text) == ["3", "0", "2"], "one seat is anybody's, two are kept for Nizip"
    assert "Nizip 2/2" in text


def test_what_stands_against_some_is_said_before_anybody_is_enrolled(stage: Stage, session: CourseSession) -> None:
    keys = [one.id for one in db.session.scalars(EVERYWHERE.select(Employee).where(Employee.given_name == "Kişi"))]
    answer = stage.coordinator.post(address(session), data={"employee_ids": keys[:3]})
    assert answer.status_code == 422
    assert "Kişi 1: Aynı saatte" in answer.text and len(ticked(answer.text)) == 3
    assert statuses(session.id) == {}
    again = stage.coordinator.post(address(session), data={"employee_ids": keys[:3], "override": "Yarım gün"})
    assert again.status_code == 303
    assert list(statuses(session.id).values()) == [S.ENROLLED] * 3


def test_of_a_hundred_three_have_left_and_are_named(stage: Stage) -> None:
    session = course_session(capacity=100)
    keys = [factories.employee("Kişi", f"{one:03}", f"K-{one}", 1 + one % 2).id for one in range(100)]
    for key in keys[:3]:
        EVERYWHERE.get(Employee, key).active = False
    db.session.commit()
    answer = stage.coordinator.post(address(session), data={"employee_ids": keys}, follow_redirects=True)
    assert "97 kişi kaydedildi" in answer.text
    assert "Kişi 000, Kişi 001, Kişi 002: " in answer.text
    assert list(statuses(session.id).values()) == [S.ENROLLED] * 97


def test_a_released_quota_is_not_shown(stage: Stage, session: CourseSession) -> None:
    quotas.reserve(session, {1: 2}, release_at=now(), by=By())
    db.session.commit()
    assert "Nizip 0/2" not in stage.coordinator.page(address(session)).text
