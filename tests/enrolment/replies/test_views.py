"""What a focal point sees of answers, what a staff member sees of applications and the days of a training."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from icalendar import Calendar

from app.access.models import Grant
from app.access.permissions import Role
from app.access.scope import EVERYWHERE
from app.core.clock import now, today
from app.core.db import db
from app.enrolment import queries
from app.enrolment.models import Answer, Enrolment
from app.enrolment.nominations import services as nominations
from app.enrolment.seats import services as seats
from app.training.models import Acceptance, CourseSession, SessionStatus
from tests import factories
from tests.cast import By
from tests.conftest import Stage
from tests.counting import as_if_full, plans_of, statements
from tests.enrolment.stage import course, course_session, enrolled, person

PATH = "/nominations/answers"


def invited(stage: Stage, *names: str, **values: object) -> tuple[CourseSession, list[Enrolment]]:
    session = course_session(**values)
    made = enrolled(session, *(stage.cast.employees[name] for name in names))
    seats.confirm(session, by=By())
    db.session.commit()
    return session, made


def test_a_focal_point_sees_her_people_by_training_yes_no_with_why_and_not_yet(stage: Stage) -> None:
    """And nobody of another institution, whatever they said."""
    third = factories.employee("Gül", "Çam", "N-003", 1).id
    stage.cast.employees["gul"] = third
    _, (elif_, isik, _, sukru) = invited(stage, "elif", "isik", "gul", "sukru")
    seats.answer(elif_, Answer.YES, by=By())
    seats.withdraw(isik, by=By(), reason="İzinli: düğün")
    seats.answer(sukru, Answer.YES, by=By())
    db.session.commit()
    page = stage.focal_point.page(PATH).text
    for words in (
        "Katılacak: 1",
        "Katılamayacak: 1",
        "Yanıt vermeyen: 1",
        "İzinli: düğün",
        "Gül Çam",
        "Henüz yanıtlamadı",
    ):
        assert words in page, words
    assert "Şükrü" not in page
    assert "Gül Çam" not in stage.focal_point.page(f"{PATH}?answer=no").text
    assert "Işık Çınar" in stage.focal_point.page(f"{PATH}?answer=no").text
    assert "Gül Çam" not in stage.focal_point_elsewhere.page(PATH).text


@pytest.mark.parametrize(
    ("who", "status"),
    [("focal_point", 200), ("coordinator", 403), ("trainer", 403), ("staff", 403), ("viewer", 403), ("nobody", 302)],
)
def test_who_may_look(stage: Stage, who: str, status: int) -> None:
    assert getattr(stage, who).get(PATH).status_code == status


def test_since_when_it_is_asked(stage: Stage) -> None:
    """Since it became certain, not since the seat was given."""
    with time_machine.travel(now() - timedelta(days=3), tick=False):
        session = course_session(day=today() + timedelta(days=40))
        enrolled(session, stage.cast.employees["isik"])
    assert "Henüz davet edilmedi" in stage.focal_point.page(PATH).text
    assert f"{today() - timedelta(days=3):%d.%m.%Y}" in stage.focal_point.page(PATH).text
    with time_machine.travel(now() - timedelta(days=2), tick=False):
        seats.confirm(session, by=By())
        db.session.commit()
    page = stage.focal_point.page(f"{PATH}?answer=none").text
    assert f"{today() - timedelta(days=2):%d.%m.%Y}" in page


def test_what_is_over_cancelled_or_put_off_is_not_asked(stage: Stage) -> None:
    session, _ = invited(stage, "isik")
    for status in (SessionStatus.CANCELLED, SessionStatus.POSTPONED):
        session.status = status
        db.session.commit()
        assert "Işık" not in stage.focal_point.page(PATH).text
    session.status, session.ends_on = SessionStatus.CONFIRMED, today() - timedelta(days=1)
    db.session.commit()
    assert "Işık" not in stage.focal_point.page(PATH).text


def test_whoever_works_elsewhere_today_is_asked_about_there(stage: Stage) -> None:
    """Where they took the seat from still sees the training, and has nobody to ask."""
    invited(stage, "isik")
    moved = person(stage.cast.employees["isik"])
    moved.organisation_id, moved.unit_id = 2, 2
    db.session.commit()
    assert "Işık" not in stage.focal_point.page(PATH).text
    assert "davete yanıt vermedi" not in stage.focal_point.page("/").text


def test_an_answer_is_recorded_from_the_list(stage: Stage) -> None:
    _, (isik,) = invited(stage, "isik")
    answer = stage.focal_point.post(f"/enrolments/{isik.id}/answer", data={"answer": "yes", "back": "replies"})
    assert answer.location.endswith(PATH)
    db.session.expire_all()
    row = EVERYWHERE.get(Enrolment, isik.id)
    assert (row.answer, row.answered_by_id) == (Answer.YES, stage.cast.users["focal_point"])


def test_her_first_page_counts_who_has_not_answered(stage: Stage) -> None:
    _, (isik, elif_) = invited(stage, "isik", "elif")
    assert "2 kişi davete yanıt vermedi" in stage.focal_point.page("/").text
    seats.answer(isik, Answer.YES, by=By())
    seats.answer(elif_, Answer.YES, by=By())
    db.session.commit()
    assert "davete yanıt vermedi" not in stage.focal_point.page("/").text
    assert "davete yanıt vermedi" not in stage.coordinator.page("/").text


def test_the_list_costs_a_fixed_number_of_statements(stage: Stage) -> None:
    invited(stage, "isik")
    stage.focal_point.get(PATH)
    with statements() as few:
        stage.focal_point.get(PATH)
    keys = [factories.employee("Çok", f"Kişi{number}", f"K-{number}", 1).id for number in range(12)]
    enrolled(course_session(course("SH-01", "Başka konu"), capacity=20), *keys)
    with statements() as many:
        stage.focal_point.get(PATH)
    assert len(few) == len(many) <= 8, "\n".join(many)


# --- one's own page -------------------------------------------------------------------------------------


def test_a_search_is_led_by_the_sessions_that_go_on_not_by_everybody_so_called(stage: Stage) -> None:
    invited(stage, "isik")
    as_if_full()
    asked = plans_of(stage.focal_point, f"{PATH}?q=is", "enrolments")
    (steps,) = (steps for statement, steps in asked.items() if "MATCH" in statement)
    assert steps[0].startswith("SEARCH course_sessions"), steps


def test_my_next_training_shows_all_its_days_and_the_answer(stage: Stage) -> None:
    session, (elif_,) = invited(stage, "elif")
    second = today() + timedelta(days=41)
    factories.sitting(session.id, second, room_id=1)
    session.ends_on = second
    db.session.commit()
    page = stage.staff.page("/me")
    assert page.text.count("Salon 1") == 2 and "09:00–12:15" in page.text and "09:00–10:30" in page.text
    assert f"/enrolments/{elif_.id}/calendar.ics" in stage.staff.get("/me").text
    assert "Katılacağım" in page.text


def test_the_file_holds_every_day_and_is_mine_alone(stage: Stage) -> None:
    session, (elif_, isik) = invited(stage, "elif", "isik")
    answer = stage.staff.get(f"/enrolments/{elif_.id}/calendar.ics")
    assert answer.mimetype == "text/calendar"
    assert len(Calendar.from_ical(answer.get_data()).walk("VEVENT")) == 1
    assert stage.staff.get(f"/enrolments/{isik.id}/calendar.ics").status_code == 404
    assert stage.nobody.get(f"/enrolments/{elif_.id}/calendar.ics").status_code == 302
    session.status = SessionStatus.OPEN
    db.session.commit()
    assert stage.staff.get(f"/enrolments/{elif_.id}/calendar.ics").status_code == 404
    assert "kesinleşmedi" in stage.staff.page("/me").text


def test_a_no_is_taken_back_from_my_own_page(stage: Stage) -> None:
    session, (elif_,) = invited(stage, "elif", capacity=1)
    stage.staff.post(f"/enrolments/{elif_.id}/withdraw", data={"why": "leave", "back": "me"})
    assert "Vazgeçtim" in stage.staff.page("/me").text
    enrolled(session, stage.cast.employees["isik"])
    assert "Vazgeçtim" not in stage.staff.page("/me").text, "somebody else has it"


def test_what_i_applied_for_says_who_decides_and_since_when(stage: Stage) -> None:
    session = course_session(acceptance=Acceptance.BY_HAND)
    with time_machine.travel(now() - timedelta(days=3), tick=False):
        nominations.apply(session, person(stage.cast.employees["elif"]), by=By())
        db.session.commit()
    page = stage.staff.page("/me").text
    assert "Hasan Öz" in page and "3 gündür bekliyor" in page
    assert "İnci Uçar" not in page, "she decides on nobody here"
    nominations.support(queries.enrolment(EVERYWHERE, 1), by=By())
    db.session.commit()
    page = stage.staff.page("/me").text
    assert "il koordinatörü" in page and "Hasan Öz" not in page and "Bugünden beri" in page


def test_where_nobody_there_can_decide_any_more_the_coordinator_does(stage: Stage) -> None:
    session = course_session(acceptance=Acceptance.BY_HAND)
    nominations.apply(session, person(stage.cast.employees["elif"]), by=By())
    grant = EVERYWHERE.select(Grant).where(Grant.role == Role.FOCAL_POINT, Grant.organisation_id == 1)
    db.session.delete(db.session.scalars(grant).one())
    db.session.commit()
    assert "il koordinatörü" in stage.staff.page("/me").text


def test_my_place_on_the_waiting_list(stage: Stage) -> None:
    session = course_session(capacity=1)
    enrolled(session, *(stage.cast.employees[name] for name in ("sukru", "isik", "elif")))
    assert "2. sıradasınız" in stage.staff.page("/me").text


def test_whoever_may_not_ask_for_places_has_no_way_back_offered(stage: Stage) -> None:
    """Somebody on the staff whose account holds another role: the page stands all the same."""
    grant = EVERYWHERE.select(Grant).where(Grant.user_id == stage.cast.users["staff"])
    db.session.scalars(grant).one().role = Role.VIEWER
    _, (elif_,) = invited(stage, "elif")
    seats.withdraw(elif_, by=By(), reason="Görev")
    db.session.commit()
    assert "Vazgeçtim" not in stage.staff.page("/me").text
