"""What somebody without an account sees and does through a personal link."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app.access.models import Throttle
from app.access.scope import EVERYWHERE
from app.audit.models import AuditEntry
from app.core.clock import now, today
from app.core.db import Base, db
from app.enrolment.models import Answer, Enrolment, EnrolmentStatus
from app.paper import codes
from app.people.links import services as links
from app.people.links.models import TRAININGS
from app.people.merging import services as merging
from app.people.models import PersonalLink
from app.settings.models import Notice, NoticeReading
from app.settings.notice import queries as notices
from app.training.models import CourseSession, SessionStatus
from app.web.edge.logs import masked
from tests import factories
from tests.cast import By
from tests.conftest import HX, Browser, Stage
from tests.enrolment.stage import course, course_session, enrolled, person

S = EnrolmentStatus


def link(employee_id: int, *, about: int | None = None, typed: bool = False) -> str:
    token = links.make(employee_id, TRAININGS, by=By(), about=about, typed=typed)
    db.session.commit()
    return token


def invited(stage: Stage, who: str = "isik", **values: object) -> tuple[CourseSession, Enrolment, str]:
    """Somebody without an account with a seat in a confirmed session, and their link."""
    session = course_session(**values)
    enrolment = enrolled(session, stage.cast.employees[who])[0]
    session.status = SessionStatus.CONFIRMED
    db.session.commit()
    return session, enrolment, link(stage.cast.employees[who], about=session.id)


def fresh(enrolment: Enrolment) -> Enrolment:
    db.session.commit()
    db.session.expire_all()
    return EVERYWHERE.get(Enrolment, enrolment.id)


def closed(stage: Stage, token: str) -> bool:
    answer = stage.nobody.get(f"/k/{token}")
    assert ("Bu bağlantı artık geçerli değil" in answer.text) is (answer.status_code == 404)
    return answer.status_code == 404


def test_the_link_shows_what_is_theirs_and_nobody_elses(stage: Stage) -> None:
    _, _, token = invited(stage)
    enrolled(
        course_session(course("SH-01", "Başka konu"), day=today() + timedelta(days=50)), stage.cast.employees["sukru"]
    )
    page = stage.nobody.page(f"/k/{token}")
    for words in ("Işık Çınar", "BK-02/1", "Vaka yönetimi", "09:00", "Salon 1", "Katılacağım"):
        assert words in page.text, words
    for hidden in ("N-002", "Şükrü", "0342", "@"):
        assert hidden not in page.text, hidden
    assert "Will you" not in page.text and "I will attend" in stage.nobody.page(f"/k/{token}?lang=en").text


def test_looking_leaves_no_sign_in_and_tells_no_other_site(stage: Stage) -> None:
    _, enrolment, token = invited(stage)
    for method in ("get", "head", "get"):
        answer = getattr(stage.nobody, method)(f"/k/{token}")
        assert answer.status_code == 200
        assert answer.headers["Referrer-Policy"] == "strict-origin" and answer.headers["Cache-Control"] == "no-store"
        assert "noindex" in answer.headers["X-Robots-Tag"] and "Content-Encoding" not in answer.headers
    with stage.nobody.session_transaction() as cookie:
        assert "_user_id" not in cookie
    assert stage.nobody.get("/me").status_code == 302
    assert fresh(enrolment).answer is Answer.NONE, "looking at it answered nothing"
    assert stage.nobody.get(f"/k/{token}/trainings/{enrolment.id}/attend").status_code == 405


def test_a_mail_scanner_that_opens_it_leaves_nothing(stage: Stage) -> None:
    """Each of its pages is opened, again and again: no row of the database is another."""
    _, enrolment, token = invited(stage)
    stage.nobody.get(f"/k/{token}")  # the anonymous cookie
    db.session.commit()
    before = everything()
    for _ in range(3):
        for path in ("", f"/trainings/{enrolment.id}/leave"):
            assert stage.nobody.get(f"/k/{token}{path}").status_code == 200
            assert stage.nobody.head(f"/k/{token}{path}").status_code == 200
    db.session.commit()
    assert everything() == before


def everything() -> list[str]:
    """Every row there is, seen past the lens."""
    tables, plainly = Base.metadata.sorted_tables, sa.create_engine(db.engine.url, poolclass=sa.NullPool)
    with plainly.connect() as plain:
        return [f"{table}: {row}" for table in tables for row in plain.execute(sa.select(table).order_by(table.c.id))]


def test_an_answer_notes_its_day_and_that_the_notice_was_there(stage: Stage) -> None:
    notice = Notice(text_tr="Aydınlatma sözleri", text_en="Words of the notice")
    db.session.add(notice)
    _, enrolment, token = invited(stage)
    assert "Aydınlatma sözleri" in stage.nobody.page(f"/k/{token}").text
    used, readings = (
        EVERYWHERE.restrict(sa.select(column), column.class_) for column in (PersonalLink.used_on, NoticeReading.reader)
    )
    assert db.session.scalar(used) is None and db.session.scalar(readings) is None
    for _ in range(2):
        stage.nobody.post(f"/k/{token}/trainings/{enrolment.id}/attend")
    db.session.commit()
    assert db.session.scalar(used) == today()
    isik = stage.cast.employees["isik"]
    assert db.session.scalars(readings).all() == [f"employee:{isik}"]
    twin = factories.employee("Işık", "Çınar", "N-777", 1)
    merging.merge(twin, person(isik), by=By())
    db.session.commit()
    assert [one.notice_id for one in notices.readings(f"employee:{twin.id}")] == [notice.id]
    assert len(notices.readings(f"employee:{isik}")) == 1, "only ever added to"


def test_a_forwarded_link_goes_on_until_it_is_revoked(stage: Stage) -> None:
    """Whoever holds it is taken for its owner: the page says whose it is, and taking it back ends it everywhere."""
    _, enrolment, token = invited(stage)
    forwarded = Browser(stage.nobody.application)
    assert "Işık Çınar" in forwarded.page(f"/k/{token}").text
    links.revoke(stage.cast.employees["isik"], by=By())
    db.session.commit()
    at = f"/k/{token}/trainings/{enrolment.id}"
    for browser in (forwarded, stage.nobody):
        assert closed(stage, token)
        for step in ("attend", "leave", "take-back"):
            assert browser.post(f"{at}/{step}", data={"why": "leave"}).status_code == 404
    assert fresh(enrolment).answer is Answer.NONE and enrolment.status is S.ENROLLED


@pytest.mark.parametrize("headers", [{}, HX])
def test_they_answer_yes_and_no_and_take_it_back(stage: Stage, headers: dict[str, str]) -> None:
    _, enrolment, token = invited(stage)
    at = f"/k/{token}/trainings/{enrolment.id}"
    assert stage.nobody.post(f"{at}/attend", headers=headers).status_code in (200, 303)
    assert fresh(enrolment).answer is Answer.YES
    said = stage.nobody.page(f"/k/{token}").text
    assert "Sizi bekliyoruz" in said and "Yanıtınız: Katılacağım." in said
    assert f"{at}/attend" not in stage.nobody.get(f"/k/{token}").text, "what was answered is not asked again"
    refused = stage.nobody.post(f"{at}/leave", data={"reason": " "}, headers=headers)
    assert refused.status_code == 422 and fresh(enrolment).status is S.ENROLLED
    assert stage.nobody.post(f"{at}/leave", data={"why": "leave"}, headers=headers).status_code in (200, 303)
    assert (fresh(enrolment).status, enrolment.answer) == (S.DECLINED, Answer.NO)
    assert stage.nobody.post(f"{at}/take-back", headers=headers).status_code in (200, 303)
    assert (fresh(enrolment).status, enrolment.answer) == (S.ENROLLED, Answer.YES)
    acted = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.event == "person.link_acted").order_by(AuditEntry.id)
    ).all()
    assert [entry.actor_id for entry in acted] == [None] * 3


def test_the_form_of_the_page_carries_a_token(stage: Stage) -> None:
    _, _, token = invited(stage)
    assert 'name="csrf_token"' in stage.nobody.get(f"/k/{token}").text


def test_two_answers_one_after_the_other_are_one(stage: Stage) -> None:
    _, enrolment, token = invited(stage)
    at = f"/k/{token}/trainings/{enrolment.id}"
    key = re.findall(r'name="request_key" value="([^"]+)"', stage.nobody.get(f"/k/{token}").text)[0]
    for _ in range(2):
        assert stage.nobody.post(f"{at}/attend", data={"request_key": key}).status_code == 303
    stage.nobody.post(f"{at}/leave", data={"why": "leave"})
    late = stage.nobody.post(f"{at}/attend")
    assert late.status_code == 422, "the seat is given up: take it back instead"
    assert fresh(enrolment).status is S.DECLINED


def test_somebody_elses_place_and_certificate_are_not_there(stage: Stage) -> None:
    session, mine, token = invited(stage)
    other = enrolled(course_session(course("SH-01", "Başka konu")), stage.cast.employees["sukru"])[0]
    theirs = factories.certificate(session.id, 1, enrolment_id=other.id)
    snapshot = {"course_tr": "Vaka yönetimi", "course_en": "Case management", "hours_minutes": 360}
    own = factories.certificate(session.id, 2, enrolment_id=mine.id, snapshot=snapshot)
    db.session.commit()
    for step in ("attend", "leave", "take-back"):
        assert stage.nobody.post(f"/k/{token}/trainings/{other.id}/{step}").status_code == 404
    assert stage.nobody.get(f"/k/{token}/certificates/{theirs.id}.pdf").status_code == 404
    assert f"certificates/{own.id}.pdf" in stage.nobody.get(f"/k/{token}").text
    answer = stage.nobody.get(f"/k/{token}/certificates/{own.id}.pdf")
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"


def test_it_is_typed_as_people_type(stage: Stage) -> None:
    _, _, _ = invited(stage)
    token = link(stage.cast.employees["isik"], typed=True)
    for typed in (token, codes.printed(token), codes.printed(token).lower()):
        assert "Işık Çınar" in stage.nobody.page(f"/k/{typed}").text, typed


def test_it_lives_until_thirty_days_after_the_last_day_and_moves_with_it(stage: Stage) -> None:
    session, _, token = invited(stage)
    end = session.ends_on
    assert end is not None
    with time_machine.travel(now() + (end - today()) + timedelta(days=30), tick=False):
        assert not closed(stage, token)
    with time_machine.travel(now() + (end - today()) + timedelta(days=31), tick=False):
        assert closed(stage, token)
        session.ends_on = end + timedelta(days=5)
        db.session.commit()
        assert not closed(stage, token), "the training was put off"


def test_several_live_at_once_and_all_are_taken_back_together(stage: Stage) -> None:
    session, _, mailed = invited(stage)
    printed, again = (link(stage.cast.employees["isik"], about=session.id, typed=True) for _ in range(2))
    other = link(stage.cast.employees["sukru"])
    for token in (mailed, printed, again):
        assert not closed(stage, token)
    listed = stage.focal_point.get(f"/people/{stage.cast.employees['isik']}/links").text
    assert listed.count("<tr>") == 1 + 3 and mailed not in listed
    path = f"/people/{stage.cast.employees['isik']}/links/revoke"
    assert stage.focal_point_elsewhere.get(path.removesuffix("/revoke")).status_code == 404
    assert stage.focal_point_elsewhere.post(path).status_code == 404
    assert stage.trainer.post(path).status_code == 403
    assert stage.focal_point.post(path).status_code == 303
    for token in (mailed, printed, again):
        assert closed(stage, token)
    assert not closed(stage, other)


def test_revoked_expired_and_unknown_look_alike(stage: Stage) -> None:
    _, enrolment, token = invited(stage)
    links.revoke(stage.cast.employees["isik"], by=By())
    db.session.commit()

    def words(address: str, method: str = "get") -> str:
        answer = getattr(stage.nobody, method)(address)
        assert answer.status_code == 404
        return re.sub(r'value="[^"]*"|/k/[^"?]+', "", answer.text)

    assert words(f"/k/{token}") == words("/k/nothing-of-the-kind")
    assert words(f"/k/{token}/trainings/{enrolment.id}/attend", "post") == words("/k/nothing-of-the-kind")


def test_whoever_leaves_has_no_link_any_more(stage: Stage) -> None:
    _, _, token = invited(stage)
    stage.focal_point.post(f"/people/{stage.cast.employees['isik']}/deactivate")
    assert closed(stage, token)


def test_of_two_records_that_were_one_person_the_links_go_on(stage: Stage) -> None:
    _, _, token = invited(stage)
    twin = factories.employee("Işık", "Çınar", "N-777", 1)
    merging.merge(twin, person(stage.cast.employees["isik"]), by=By())
    db.session.commit()
    assert "BK-02/1" in stage.nobody.page(f"/k/{token}").text


def test_guessing_is_stopped_and_right_ones_still_work_from_there(stage: Stage) -> None:
    _, _, token = invited(stage)
    seen = {stage.nobody.get(f"/k/{codes.new()}").status_code for _ in range(1000)}
    assert seen == {404, 429}
    assert db.session.scalar(sa.select(sa.func.count(Throttle.id))) == 1
    assert not closed(stage, token)


def test_no_token_stands_in_the_log() -> None:
    for path in ("/k/abc", "/k/abc/trainings/7/leave"):
        assert masked(path) == path.replace("abc", "***")
