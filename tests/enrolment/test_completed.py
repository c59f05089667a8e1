"""Who completed the course is shown as such, needs a reason for a seat, and comes after everybody who did not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.attendance.walk_ins import services as walk_ins
from app.completion.models import Result
from app.core.clock import today
from app.core.db import db
from app.core.errors import Refused
from app.enrolment.models import EnrolmentStatus
from app.enrolment.nominations import services as nominations
from app.enrolment.seats import queries as seats
from app.enrolment.seats import services as seats_services
from app.enrolment.waiting import queries as waiting
from app.enrolment.waiting.services import fill
from app.language import format_date
from app.training import queries as training
from app.training.models import CourseSession
from tests.cast import By, Cast
from tests.conftest import Stage
from tests.enrolment.stage import course, course_session, enrolled, finalised, need, person, statuses

S = EnrolmentStatus
WORDS = "Bu eğitimi tamamladı"


@pytest.fixture
def again(cast: Cast) -> CourseSession:
    """Another session, of one seat, of the course Elif completed four weeks ago; their need is the most urgent."""
    what = course()
    first = course_session(what, day=today() - timedelta(days=28))
    finalised(first, {enrolled(first, cast.employees["elif"])[0]: Result.COMPLETED_SUCCESS})
    need(cast.employees["elif"], "5", "2")
    return course_session(what, ordinal=2, capacity=2)


def test_a_seat_needs_a_reason_on_every_path(cast: Cast, again: CourseSession) -> None:
    elif_ = person(cast.employees["elif"])
    with pytest.raises(Refused, match=WORDS):
        seats_services.enrol(again, elif_, by=By())
    nominated = nominations.nominate(again, elif_, by=By())
    assert (nominated.status, nominated.priority) == (S.WAITLISTED, 4), "a nomination alone gives no seat"
    with pytest.raises(Refused, match=WORDS):
        seats_services.accept(nominated, by=By())
    fill(again, by=By())
    assert nominated.status is S.WAITLISTED, "nor does a free one"
    seats_services.accept(nominated, by=By(), override="Eğitmen olacak")
    assert nominated.status is S.ENROLLED
    assert seats.history(nominated)[0].reason == "Eğitmen olacak"


def test_support_and_walking_in_give_no_seat_either(cast: Cast, again: CourseSession) -> None:
    elif_ = person(cast.employees["elif"])
    sitting = training.sittings(again)[0]
    with pytest.raises(Refused, match=WORDS):
        walk_ins.add(again, sitting, elif_, by=By(), runs=False)
    applied = nominations.apply(again, elif_, by=By())
    nominations.support(applied, by=By())
    assert applied.status is S.WAITLISTED


def test_she_comes_last_and_keeps_nobody_from_a_seat(cast: Cast, again: CourseSession) -> None:
    elif_, isik, sukru = (cast.employees[name] for name in ("elif", "isik", "sukru"))
    nominations.nominate(again, person(elif_), by=By())
    assert nominations.nominate(again, person(isik), by=By()).status is S.ENROLLED, "a seat is free and nobody may come"
    again.capacity = 1
    nominations.nominate(again, person(sukru), by=By())
    assert [row.employee_id for row in waiting.line(again)] == [sukru, elif_]
    again.capacity = 2
    late = waiting.line(again)[1]
    with pytest.raises(Refused, match="Şükrü İğneci"):
        seats_services.accept(late, by=By(), override="Eğitmen olacak")


def test_of_several_she_is_enrolled_last(cast: Cast, again: CourseSession) -> None:
    elif_, isik, sukru = (cast.employees[name] for name in ("elif", "isik", "sukru"))
    tally = nominations.enrol_all(
        again, [person(key) for key in (elif_, isik, sukru)], by=By(), override="Eğitmen olacak"
    )
    assert [one.id for one in tally.seated] == [isik, sukru] and [one.id for one in tally.waiting] == [elif_]


def test_it_is_shown_where_people_are_chosen_and_listed(stage: Stage, again: CourseSession) -> None:
    elif_ = stage.cast.employees["elif"]
    words = f"{WORDS}, {format_date(today() - timedelta(days=28))}."
    path = f"/sessions/{again.id}/enrolments"
    assert words in stage.coordinator.page(f"{path}/add?q=elif").text
    pasted = stage.coordinator.post(f"{path}/paste", data={"lines": "N-001", "organisation_id": "1"})
    assert words in pasted.text
    assert "Elif" not in stage.coordinator.page(f"{path}/add").text, "nor is she suggested"
    refused = stage.coordinator.post(f"{path}/add", data={"employee_ids": str(elif_)})
    assert refused.status_code == 422 and words in refused.text
    assert f"{words} Yine de kaydetmek için gerekçe yazınız ya da" in refused.text and statuses(again.id) == {}
    seats_services.enrol(again, person(elif_), by=By(), override="Eğitmen olacak")
    db.session.commit()
    assert words in stage.coordinator.page(path).text
    assert statuses(again.id) == {elif_: S.ENROLLED}
