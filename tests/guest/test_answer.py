"""The answer to an invitation by the link of its letter: one training, and nothing else of whoever it is about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from icalendar import Calendar

from app.access.scope import EVERYWHERE
from app.core.clock import now, today
from app.core.db import db
from app.enrolment.models import Answer, Enrolment, EnrolmentStatus
from app.enrolment.notices import services as notices
from app.enrolment.seats import services as seats
from app.guest.rules import Standing, standing
from app.people.merging import services as merging
from app.post.models import Message
from app.training.conflicts.models import Planned
from app.training.models import CourseSession, SessionStatus
from app.training.queries import sittings
from app.training.sessions import services as sessions
from app.training.sittings import services as planning
from tests import factories
from tests.access.test_kept import expire
from tests.cast import By
from tests.conftest import HX, Browser, Stage
from tests.enrolment.stage import course, course_session, enrolled, person
from tests.guest.test_views import closed, everything, fresh

S = EnrolmentStatus


def invited(stage: Stage, who: str = "elif", **values: object) -> tuple[CourseSession, Enrolment, str]:
    """Somebody with an account and a seat in a confirmed session, and where the link of their letter leads."""
    session = course_session(**values)
    enrolment = enrolled(session, stage.cast.employees[who])[0]
    seats.confirm(session, by=By())
    db.session.commit()
    return session, enrolment, letter_to(enrolment)


def letter_to(enrolment: Enrolment) -> str:
    address = notices.answer_link(enrolment.id)
    db.session.commit()
    return "/k/" + address.rpartition("/")[2]


def test_it_shows_one_training_and_nothing_else_of_theirs(stage: Stage) -> None:
    session, mine, link = invited(stage)
    other = enrolled(course_session(course("SH-01", "Başka konu"), starts=time(14)), stage.cast.employees["elif"])[0]
    snapshot = {"course_tr": "Vaka yönetimi", "course_en": "Case management", "hours_minutes": 360}
    certificate = factories.certificate(session.id, 1, enrolment_id=mine.id, snapshot=snapshot)
    db.session.commit()
    page = stage.nobody.page(link)
    for words in ("Elif Ağaoğlu", "Vaka yönetimi", "09:00–10:30, 10:45–12:15", "Salon 1", "Katılacak mısınız?"):
        assert words in page.text, words
    for hidden in ("Başka konu", "N-001", "@", "Belgeler", "certificates/", "Nizip Belediyesi"):
        assert hidden not in page.text, hidden
    assert stage.nobody.get(f"{link}/certificates/{certificate.id}.pdf").status_code == 404
    for step in ("attend", "leave", "take-back"):
        assert stage.nobody.post(f"{link}/trainings/{other.id}/{step}", data={"why": "leave"}).status_code == 404
    assert stage.nobody.get(f"{link}/trainings/{other.id}/leave").status_code == 404
    assert fresh(other).status is S.ENROLLED


@pytest.mark.parametrize("headers", [{}, HX])
@pytest.mark.parametrize("who", ["elif", "isik"])
def test_with_or_without_an_account_one_answers_and_takes_it_back(
    stage: Stage, who: str, headers: dict[str, str]
) -> None:
    _, enrolment, link = invited(stage, who)
    at = f"{link}/trainings/{enrolment.id}"
    assert stage.nobody.post(f"{at}/attend", headers=headers).status_code in (200, 303)
    assert (fresh(enrolment).answer, enrolment.answered_by_id) == (Answer.YES, None)
    assert "Yanıtınız: Katılacağım." in stage.nobody.page(link).text
    assert f"{at}/attend" not in stage.nobody.get(link).text, "what was answered is not asked again"
    page = stage.nobody.page(f"{at}/leave").text
    assert "Vaka yönetimi" in page and "09:00–10:30" in page and "İzinli" in page
    assert stage.nobody.post(f"{at}/leave", data={"reason": " "}, headers=headers).status_code == 422
    assert fresh(enrolment).status is S.ENROLLED, "a “no” asks why"
    assert stage.nobody.post(f"{at}/leave", data={"why": "leave"}, headers=headers).status_code in (200, 303)
    assert (fresh(enrolment).status, enrolment.answer) == (S.DECLINED, Answer.NO)
    assert "Vazgeçtim" in stage.nobody.page(link).text
    assert stage.nobody.post(f"{at}/take-back", headers=headers).status_code in (200, 303)
    assert (fresh(enrolment).status, enrolment.answer) == (S.ENROLLED, Answer.YES)


@pytest.mark.parametrize("who", ["elif", "isik"])
def test_an_offered_seat_is_taken_by_the_link_of_its_letter(stage: Stage, who: str) -> None:
    with time_machine.travel("2026-03-13T07:00:00Z", tick=False):
        session = course_session(capacity=1, day=date(2026, 3, 16))
        seat, behind = enrolled(session, stage.cast.employees["sukru"], stage.cast.employees[who])
        seats.withdraw(seat, by=By(), reason="Görev")
        db.session.commit()
        assert fresh(behind).status is S.OFFERED
        letter = db.session.scalars(sa.select(Message).where(Message.occasion.startswith("offer:"))).one()
        assert letter.link_kind == notices.ANSWERS, "it leads there, also whoever has an account"
        link = letter_to(behind)
        assert "sizin için ayrıldı" in stage.nobody.page(link).text
        assert stage.nobody.post(f"{link}/trainings/{behind.id}/attend").status_code == 303
        assert (fresh(behind).status, behind.answer) == (S.ENROLLED, Answer.YES)


def test_a_scanner_that_opens_all_its_pages_leaves_nothing(stage: Stage) -> None:
    _, enrolment, link = invited(stage)
    stage.nobody.get(link)  # the anonymous cookie
    db.session.commit()
    before = everything()
    for _ in range(3):
        for path in ("", f"/trainings/{enrolment.id}/leave", f"/trainings/{enrolment.id}/calendar.ics"):
            assert stage.nobody.get(f"{link}{path}").status_code == 200, path
            assert stage.nobody.head(f"{link}{path}").status_code == 200, path
        for step in ("attend", "take-back"):
            for method in ("get", "head"):
                assert getattr(stage.nobody, method)(f"{link}/trainings/{enrolment.id}/{step}").status_code == 405
    db.session.commit()
    assert everything() == before


def test_opened_twice_and_passed_on_it_says_how_it_stands(stage: Stage) -> None:
    """Two browsers, one page each from before: the second answer is one to what the first has made of it."""
    _, enrolment, link = invited(stage)
    at, other = f"{link}/trainings/{enrolment.id}", Browser(stage.nobody.application)
    for browser in (stage.nobody, other):
        assert "Elif Ağaoğlu" in browser.page(link).text
    stage.nobody.post(f"{at}/leave", data={"why": "duty"})
    late = other.post(f"{at}/attend")
    assert late.status_code == 422 and "Vazgeçtim" in late.text, "the seat is given up: it is taken back instead"
    assert fresh(enrolment).status is S.DECLINED
    assert other.get(f"{at}/leave").status_code == 303, "nothing is left to give up"


def test_what_was_taken_by_somebody_else_cannot_be_taken_back(stage: Stage) -> None:
    session, enrolment, link = invited(stage, capacity=1)
    enrolled(session, stage.cast.employees["isik"])
    at = f"{link}/trainings/{enrolment.id}"
    stage.nobody.post(f"{at}/leave", data={"why": "duty"})
    page = stage.nobody.page(link).text
    assert "Vazgeçtim" not in page and "geri alınamaz" in page
    assert stage.nobody.post(f"{at}/take-back").status_code == 422
    assert fresh(enrolment).status is S.DECLINED


def moved(session: CourseSession) -> None:
    rows = sittings(session)
    day = today() + timedelta(days=50)
    planned = [Planned(day, row.starts, row.ends, row.room_id, ()) for row in rows]
    planning.change(session, rows, planned, by=By(1), reason="Böyle gerekti")


def test_a_training_that_was_moved_says_so_and_asks_again(stage: Stage) -> None:
    session, enrolment, link = invited(stage)
    stage.nobody.post(f"{link}/trainings/{enrolment.id}/attend")
    assert "değişti" not in stage.nobody.page(link).text
    with time_machine.travel(now() + timedelta(hours=1), tick=False):
        moved(session)
        db.session.commit()
        page = stage.nobody.page(link).text
        assert "değişti" in page and "Katılacak mısınız?" in page
        assert "değişti" not in stage.nobody.page(letter_to(enrolment)).text, "the next letter brings it as it is"


@pytest.mark.parametrize(
    ("happens", "says"),
    [
        (lambda session, seat: seats.remove(seat, by=By(), reason="Kurum kararı"), "yeriniz yok"),
        (lambda session, seat: sessions.cancel(session, reason="Bütçe", by=By()), "yapılmayacak"),
        (lambda session, seat: sessions.postpone(session, reason="Kar", kept=(), by=By()), "ertelendi"),
    ],
)
def test_what_became_of_it_is_said_and_nothing_is_asked(
    stage: Stage, happens: Callable[[CourseSession, Enrolment], None], says: str
) -> None:
    session, enrolment, link = invited(stage)
    happens(session, enrolment)
    db.session.commit()
    page = stage.nobody.page(link).text
    assert says in page and "/attend" not in page
    for reason in ("Kurum kararı", "Bütçe"):
        assert reason not in page, "why stands in the letter"
    assert stage.nobody.post(f"{link}/trainings/{enrolment.id}/attend").status_code == 422


def test_once_it_has_begun_nobody_answers(stage: Stage) -> None:
    session, enrolment, link = invited(stage)
    assert session.starts_on is not None
    with time_machine.travel(now() + (session.starts_on - today()), tick=False):
        page = stage.nobody.page(link).text
        assert "başladı" in page and "/attend" not in page
        assert stage.nobody.post(f"{link}/trainings/{enrolment.id}/attend").status_code == 422
    with time_machine.travel(now() + (session.starts_on - today()) + timedelta(days=1), tick=False):
        assert "sona erdi" in stage.nobody.page(link).text


def test_whoever_left_has_no_link_and_whoever_was_merged_keeps_it(stage: Stage) -> None:
    _, _, link = invited(stage, "isik")
    twin = factories.employee("Işık", "Çınar", "N-777", 1)
    merging.merge(twin, person(stage.cast.employees["isik"]), by=By())
    db.session.commit()
    assert "Vaka yönetimi" in stage.nobody.page(link).text
    stage.focal_point.post(f"/people/{twin.id}/deactivate")
    assert closed(stage, link.removeprefix("/k/"))


def test_an_expired_sign_in_is_not_needed(stage: Stage) -> None:
    """On the page behind it the answer waits for the next sign-in; by the link it counts at once."""
    _, enrolment, link = invited(stage)
    assert stage.staff.get("/me").status_code == 200
    expire(stage, "staff")
    page = stage.staff.post(f"/enrolments/{enrolment.id}/answer", data={"answer": "yes"})
    assert page.location == "/sign-in" and fresh(enrolment).answer is Answer.NONE
    assert stage.staff.post(f"{link}/trainings/{enrolment.id}/attend").status_code == 303
    assert fresh(enrolment).answer is Answer.YES


def test_its_days_go_into_a_calendar_under_the_uid_they_were_mailed_with(stage: Stage) -> None:
    session, enrolment, link = invited(stage)
    at = f"{link}/trainings/{enrolment.id}/calendar.ics"
    answer = stage.nobody.get(at)
    assert answer.mimetype == "text/calendar" and "BK-02-1.ics" in answer.headers["Content-Disposition"]
    (event,) = Calendar.from_ical(answer.get_data()).walk("VEVENT")
    kept = notices.series.of(f"enrolment:{enrolment.id}")
    assert kept is not None and str(event["uid"]) == kept.uid
    assert b"Elif" not in answer.get_data() and b"ATTENDEE" not in answer.get_data()
    db.session.delete(kept)
    db.session.execute(sa.delete(Message))
    db.session.commit()
    (event,) = Calendar.from_ical(stage.nobody.get(at).get_data()).walk("VEVENT")
    assert str(event["uid"]).startswith(f"enrolment-{enrolment.id}@"), "whom no letter reached gets it, too"
    session.status = SessionStatus.OPEN
    db.session.commit()
    assert stage.nobody.get(at).status_code == 404, "it is not certain any more"


DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("status", "session", "answer", "day", "stands"),
    [
        (S.ENROLLED, SessionStatus.CONFIRMED, Answer.NONE, -1, Standing.ASKED),
        (S.ENROLLED, SessionStatus.CONFIRMED, Answer.YES, -1, Standing.COMES),
        (S.ENROLLED, SessionStatus.OPEN, Answer.NONE, -1, Standing.UNCERTAIN),
        (S.ENROLLED, SessionStatus.CONFIRMED, Answer.NONE, 0, Standing.BEGUN),
        (S.ENROLLED, SessionStatus.CONFIRMED, Answer.YES, 1, Standing.OVER),
        (S.ENROLLED, SessionStatus.FINALISED, Answer.YES, 0, Standing.OVER),
        (S.ENROLLED, SessionStatus.POSTPONED, Answer.NONE, -1, Standing.POSTPONED),
        (S.CANCELLED, SessionStatus.CANCELLED, Answer.YES, -1, Standing.CANCELLED),
        (S.DECLINED, SessionStatus.CANCELLED, Answer.NO, -1, Standing.CANCELLED),
        (S.DECLINED, SessionStatus.CONFIRMED, Answer.NO, -1, Standing.GIVEN_UP),
        (S.WITHDRAWN, SessionStatus.CONFIRMED, Answer.NONE, 1, Standing.GIVEN_UP),
        (S.REMOVED, SessionStatus.CONFIRMED, Answer.NONE, -1, Standing.OUT),
        (S.WAITLISTED, SessionStatus.OPEN, Answer.NONE, -1, Standing.WAITING),
        (S.APPLIED, SessionStatus.OPEN, Answer.NONE, 1, Standing.OVER),
    ],
)
def test_how_it_stands(
    status: EnrolmentStatus, session: SessionStatus, answer: Answer, day: int, stands: Standing
) -> None:
    about = CourseSession(status=session, starts_on=DAY, ends_on=DAY)
    enrolment = Enrolment(status=status, answer=answer, course_session=about)
    assert standing(enrolment, DAY + timedelta(days=day)) is stands


def test_an_enrolment_elsewhere_has_no_page_by_it(stage: Stage) -> None:
    _, enrolment, link = invited(stage)
    db.session.execute(
        EVERYWHERE.restrict(sa.update(Enrolment), Enrolment).values(employee_id=stage.cast.employees["zeynep"])
    )
    db.session.commit()
    assert stage.nobody.get(link).status_code == 404
    assert stage.nobody.post(f"{link}/trainings/{enrolment.id}/attend").status_code == 404
