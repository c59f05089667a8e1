"""A questionnaire is answered signed in and by a personal link, with and without JavaScript; what is saved is not lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app.access.scope import EVERYWHERE
from app.core.clock import now, today
from app.core.db import db
from app.needs.answers.models import QUESTIONNAIRE
from app.needs.models import AssessmentRound, Questionnaire, Rating, Respondent
from app.people.leaving import services as leaving
from app.people.links import services as links
from app.people.merging import services as merging
from app.people.models import Employee
from tests.cast import By
from tests.conftest import HX, Stage
from tests.needs.running.stage import designed, move, opened
from tests.needs.stage import CASE_MANAGEMENT, CORRESPONDENCE, PLAIN_LANGUAGE, scenery

STEPS = (PLAIN_LANGUAGE, CASE_MANAGEMENT, CORRESPONDENCE)
NEXT = {"importance": "4", "level": "2", "go": "next"}


@pytest.fixture
def asked(stage: Stage) -> Stage:
    scenery()
    opened(stage.cast)
    return stage


def made() -> AssessmentRound:
    db.session.commit()
    db.session.expire_all()
    return db.session.scalars(sa.select(AssessmentRound).order_by(AssessmentRound.id.desc())).all()[0]


def questionnaire(stage: Stage, who: str = "elif") -> Questionnaire:
    key = stage.cast.employees[who]
    statement = sa.select(Questionnaire).join(Questionnaire.respondent).where(Respondent.person_id == key)
    found = db.session.scalars(EVERYWHERE.trusting(statement, Questionnaire, Respondent)).all()
    return found[-1]


def said(stage: Stage, who: str = "elif") -> dict[int, tuple[int | None, int | None, bool]]:
    db.session.commit()
    db.session.expire_all()
    found = db.session.scalars(EVERYWHERE.select(Rating).where(Rating.employee_id == stage.cast.employees[who]))
    return {one.competency_id: (one.importance, one.level, one.relevant) for one in found}


def link(stage: Stage, who: str = "isik") -> str:
    token = links.make(stage.cast.employees[who], QUESTIONNAIRE, by=By(), about=made().id)
    db.session.commit()
    return token


@pytest.mark.parametrize("by_link", [False, True])
def test_it_is_answered_from_beginning_to_end_without_javascript(asked: Stage, by_link: bool) -> None:
    who = "isik" if by_link else "elif"
    browser = asked.nobody if by_link else asked.staff
    token = link(asked) if by_link else ""
    start = f"/k/{token}" if by_link else "/needs/answer"
    base = f"/k/{token}/answer" if by_link else f"/needs/answer/{made().id}"
    assert f'href="{base}/1"' in browser.get(start).text
    for step in (1, 2):
        assert browser.page(f"{base}/{step}")
        assert browser.post(f"{base}/{step}", data=NEXT).location.endswith(f"{base}/{step + 1}")
    assert "2 / 3" in browser.page(f"{base}/2").text
    assert browser.post(f"{base}/last", data={"go": "finish"}).status_code == 422
    assert browser.post(f"{base}/3", data={"irrelevant": "y", "go": "next"}).location.endswith(f"{base}/last")
    last = {"past": "Excel", "preferences": ["online", "morning"], "wish": "Arapça", "remark": "Yok", "go": "finish"}
    assert browser.page(f"{base}/last")
    assert browser.post(f"{base}/last", data=last).location.endswith(start)
    assert said(asked, who) == {
        PLAIN_LANGUAGE: (4, 2, True),
        CASE_MANAGEMENT: (4, 2, True),
        CORRESPONDENCE: (None, None, False),
    }
    done = questionnaire(asked, who)
    assert done.finished_at is not None and (done.past, done.preferences) == ("Excel", ["online", "morning"])
    assert "tamamladınız" in browser.page(start).text
    assert browser.post(f"{base}/1", data=NEXT | {"level": "5"}).status_code == 422
    assert said(asked, who)[PLAIN_LANGUAGE] == (4, 2, True)


def test_each_tap_is_saved_at_once(asked: Stage) -> None:
    path = f"/needs/answer/{made().id}/1"
    answer = asked.staff.post(path, data={"importance": "5"}, headers=HX)
    assert answer.status_code == 200 and "<html" not in answer.text
    assert said(asked) == {PLAIN_LANGUAGE: (5, None, True)}
    asked.staff.post(path, data={"level": "1"}, headers=HX)
    assert said(asked) == {PLAIN_LANGUAGE: (5, 1, True)}


def test_whoever_has_begun_goes_on_and_whoever_has_finished_is_thanked(asked: Stage) -> None:
    address = f"/needs/answer/{made().id}"
    assert "Anketi başlat" in asked.staff.page("/needs/answer").text
    asked.staff.post(f"{address}/1", data={"importance": "4"})
    page = asked.staff.page("/needs/answer").text
    assert "Sürdür" in page and "Anketi başlat" not in page
    questionnaire(asked).finished_at = now()
    db.session.commit()
    page = asked.staff.page("/needs/answer").text
    assert "Teşekkür ederiz" in page and "değiştirilmedi" not in page


def test_what_was_said_on_another_device_is_not_taken_back(asked: Stage) -> None:
    """A card that was opened before sends only what was chosen on it."""
    path = f"/needs/answer/{made().id}/1"
    asked.staff.post(path, data={"importance": "5", "level": "1"}, headers=HX)
    asked.staff.post(path, data={"importance": "4"}, headers=HX)
    assert said(asked) == {PLAIN_LANGUAGE: (4, 1, True)}


def test_a_tick_and_a_rating_exclude_each_other(asked: Stage) -> None:
    path = f"/needs/answer/{made().id}/1"
    asked.staff.post(path, data=NEXT)
    asked.staff.post(path, data=NEXT | {"irrelevant": "y"})
    assert said(asked)[PLAIN_LANGUAGE] == (None, None, False)
    asked.staff.post(path, data=NEXT | {"irrelevant": "y"})
    assert said(asked)[PLAIN_LANGUAGE] == (4, 2, True)


@pytest.mark.parametrize("data", [{"importance": "6"}, {"level": "0"}, {"importance": "x"}])
def test_what_is_no_rating_is_refused(asked: Stage, data: dict[str, str]) -> None:
    assert asked.staff.post(f"/needs/answer/{made().id}/1", data=data).status_code == 422
    assert not said(asked)


@pytest.mark.parametrize("step", ["0", "4", "99"])
def test_what_is_not_asked_is_not_there(asked: Stage, step: str) -> None:
    assert asked.staff.post(f"/needs/answer/{made().id}/{step}", data=NEXT).status_code == 404


def test_nobody_answers_for_somebody_else(asked: Stage) -> None:
    path = f"/needs/answer/{made().id}/1"
    for who in ("coordinator", "focal_point", "admin", "nobody_special"):
        assert getattr(asked, who).post(path, data=NEXT).status_code == 404, who
    assert asked.nobody.post(path, data=NEXT).status_code in (302, 303, 401)
    assert not said(asked)


def test_a_draft_asks_nobody(stage: Stage) -> None:
    scenery()
    designed(stage.cast)
    assert "anket yok" in stage.staff.page("/needs/answer").text


def test_after_closing_a_sentence_says_so_and_nothing_changes(asked: Stage) -> None:
    asked.staff.post(f"/needs/answer/{made().id}/1", data=NEXT)
    token = link(asked)
    move(asked.cast, made(), "close")
    answer = asked.staff.post(f"/needs/answer/{made().id}/1", data=NEXT | {"level": "5"})
    assert answer.status_code == 422 and "kapandı" in answer.text
    assert said(asked)[PLAIN_LANGUAGE] == (4, 2, True)
    assert "kapandı" in asked.nobody.page(f"/k/{token}").text


def test_after_the_last_day_nobody_answers(asked: Stage) -> None:
    path = f"/needs/answer/{made().id}/1"
    with time_machine.travel(now() + timedelta(days=11), tick=False):
        browser = asked.app.test_client().as_user(asked.cast.users["staff"])  # type: ignore[attr-defined]  # a Browser
        assert browser.post(path, data=NEXT).status_code == 422
    assert not said(asked)


def test_a_link_leads_to_its_own_questionnaire_only(asked: Stage) -> None:
    token = link(asked)
    links.revoke(asked.cast.employees["isik"], by=By())
    db.session.commit()
    assert asked.nobody.get(f"/k/{token}").status_code == 404
    assert asked.nobody.post(f"/k/{token}/answer/1", data=NEXT).status_code == 404
    other = links.make(asked.cast.employees["isik"], "trainings", by=By())
    db.session.commit()
    assert asked.nobody.post(f"/k/{other}/answer/1", data=NEXT).status_code == 404
    assert not said(asked, "isik")


def test_looking_changes_nothing(asked: Stage) -> None:
    """Programs that look at mails open links, too."""
    token = link(asked)
    for path in (f"/k/{token}", f"/k/{token}/answer/1", f"/k/{token}/answer/last"):
        assert asked.nobody.page(path)
    assert questionnaire(asked, "isik").started_at is None


def test_whoever_leaves_answers_no_more_and_what_was_said_stays(asked: Stage) -> None:
    token = link(asked)
    asked.nobody.post(f"/k/{token}/answer/1", data=NEXT)
    leaving.leave(EVERYWHERE.get(Employee, asked.cast.employees["isik"]), by=By(asked.cast.users["admin"]))
    db.session.commit()
    assert asked.nobody.post(f"/k/{token}/answer/2", data=NEXT).status_code == 404
    assert said(asked, "isik") == {PLAIN_LANGUAGE: (4, 2, True)}


def test_of_two_records_that_were_one_person_the_answers_are_kept(asked: Stage) -> None:
    token = link(asked)
    asked.nobody.post(f"/k/{token}/answer/1", data=NEXT)
    kept, merged = (EVERYWHERE.get(Employee, asked.cast.employees[name]) for name in ("elif", "isik"))
    merging.merge(kept, merged, by=By(asked.cast.users["admin"]))
    db.session.commit()
    assert said(asked)[PLAIN_LANGUAGE] == (4, 2, True)
    assert asked.staff.post(f"/needs/answer/{made().id}/2", data=NEXT).status_code == 303
    assert asked.staff.page("/needs/answer")
    assert today() <= made().ends_on
