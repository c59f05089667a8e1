"""A supervisor rates the people the round says they supervise, cell by cell; nobody else does, and nothing is lost."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.audit.models import AuditEntry
from app.core.db import db
from app.needs.answers.models import QUESTIONNAIRE
from app.needs.models import AssessmentRound, Rating, RatingSource, Respondent
from app.needs.team.models import TEAM
from app.people.events import LinkActed
from app.people.links import services as links
from app.people.models import Employee, Unit
from tests import factories
from tests.cast import By
from tests.conftest import HX, Stage
from tests.counting import as_if_full, plans_of
from tests.needs.running.stage import move, opened
from tests.needs.stage import CASE_MANAGEMENT, CORRESPONDENCE, NIZIP, PLAIN_LANGUAGE, SAHINBEY, scenery


@pytest.fixture
def led(stage: Stage) -> Stage:
    """Elif supervises Işık."""
    scenery()
    EVERYWHERE.get(Employee, stage.cast.employees["isik"]).supervisor_id = stage.cast.employees["elif"]
    opened(stage.cast)
    return stage


def made() -> AssessmentRound:
    db.session.commit()
    db.session.expire_all()
    return db.session.scalars(sa.select(AssessmentRound).order_by(AssessmentRound.id.desc())).all()[0]


def respondent(stage: Stage, who: str = "isik") -> int:
    theirs = EVERYWHERE.select(Respondent).where(Respondent.person_id == stage.cast.employees[who])
    return db.session.scalars(theirs).one().id


def said() -> dict[int, tuple[int | None, int | None, bool]]:
    db.session.commit()
    db.session.expire_all()
    found = db.session.scalars(EVERYWHERE.select(Rating).where(Rating.source == RatingSource.SUPERVISOR))
    return {one.competency_id: (one.importance, one.level, one.relevant) for one in found}


def cell(stage: Stage, kind: str, competency_id: int = CASE_MANAGEMENT) -> str:
    return f"{kind}-{respondent(stage)}-{competency_id}"


def was(text: str) -> str:
    found = re.search(r'name="was" value="([^"]*)"', text)
    assert found is not None
    return unescape(found[1])


def test_the_grid_is_saved_without_javascript(led: Stage) -> None:
    page = led.staff.get("/needs/team")
    assert "Işık" in page.text and "Elif Ağaoğlu," not in page.text
    data = json.loads(was(page.text)) | {
        cell(led, "importance"): "5",
        cell(led, "level"): "2",
        cell(led, "importance", CORRESPONDENCE): "-",
    }
    assert led.staff.post("/needs/team", data=data | {"was": was(page.text)}).status_code == 200
    assert said() == {CASE_MANAGEMENT: (5, 2, True), CORRESPONDENCE: (None, None, False)}


def test_two_at_once_lose_nothing(led: Stage) -> None:
    """Each sends a whole form; only what they changed is written."""
    before = was(led.staff.get("/needs/team").text)
    shown = json.loads(before)
    led.staff.post("/needs/team", data=shown | {cell(led, "importance"): "5", "was": before}, headers=HX)
    led.staff.post("/needs/team", data=shown | {cell(led, "level"): "2", "was": before}, headers=HX)
    led.staff.post("/needs/team", data=shown | {cell(led, "level", PLAIN_LANGUAGE): "3", "was": before}, headers=HX)
    assert said() == {CASE_MANAGEMENT: (5, 2, True), PLAIN_LANGUAGE: (None, 3, True)}


def test_a_cell_is_taken_back(led: Stage) -> None:
    before = was(led.staff.get("/needs/team").text)
    answer = led.staff.post("/needs/team", data={cell(led, "importance"): "5", "was": before}, headers=HX)
    led.staff.post("/needs/team", data={cell(led, "importance"): "", "was": was(answer.text)}, headers=HX)
    assert said() == {CASE_MANAGEMENT: (None, None, True)}


def test_one_after_another_on_a_phone(led: Stage) -> None:
    path = f"/needs/team/{respondent(led)}"
    before = was(led.staff.get(path).text)
    assert (
        led.staff.post(path, data={cell(led, "importance"): "4", cell(led, "level"): "1", "was": before}).status_code
        == 200
    )
    assert said() == {CASE_MANAGEMENT: (4, 1, True)}


def test_of_two_open_rounds_both_are_rated(led: Stage) -> None:
    """Also people of the earlier one, one after another."""
    earlier = made().id
    opened(led.cast, name_tr="Kış analizi")
    page = led.staff.page("/needs/team")
    assert "Kış analizi" in page.text and f'href="/needs/team?round={earlier}"' in page.html
    page = led.staff.page(f"/needs/team?round={earlier}")
    links = re.findall(r'href="(/needs/team/\d+\?round=\d+)"', page.html)
    assert links and led.staff.get(links[0]).status_code == 200


@pytest.mark.parametrize("value", ["6", "x", "0"])
def test_what_is_no_rating_is_refused(led: Stage, value: str) -> None:
    assert led.staff.post("/needs/team", data={cell(led, "importance"): value}).status_code == 422
    assert not said()


def test_nobody_rates_whom_they_do_not_supervise(led: Stage) -> None:
    mine, own, other = respondent(led), respondent(led, "elif"), respondent(led, "sukru")
    for who in ("coordinator", "focal_point", "admin", "trainer"):
        assert "Işık" not in getattr(led, who).page("/needs/team").text
        assert getattr(led, who).get(f"/needs/team/{mine}").status_code == 404
        getattr(led, who).post("/needs/team", data={f"importance-{mine}-{CASE_MANAGEMENT}": "5"})
    for key in (own, other):
        data = {f"importance-{key}-{CASE_MANAGEMENT}": "5"}
        assert led.staff.post("/needs/team", data=data).status_code == 404
        assert led.staff.get(f"/needs/team/{key}").status_code == 404
    assert led.staff.post("/needs/team", data={f"importance-{mine}-999": "5"}).status_code == 404
    assert not said() and SAHINBEY


def test_after_closing_nothing_changes(led: Stage) -> None:
    data = {cell(led, "importance"): "5", cell(led, "level"): "2"}
    led.staff.post("/needs/team", data=data)
    move(led.cast, made(), "close")
    for path in ("/needs/team", f"/needs/team?round={made().id}", f"/needs/team/{respondent(led)}?round={made().id}"):
        for htmx in ({}, {"HX-Request": "true"}):
            answer = led.staff.post(path, data={cell(led, "level"): "5"}, headers=htmx)
            assert answer.status_code == 422 and "artık yanıt almıyor" in answer.text, path
            assert "teşekkür" not in answer.text.lower()
    assert said() == {CASE_MANAGEMENT: (5, 2, True)}
    assert "değerlendireceğiniz kimse yok" in led.staff.page("/needs/team").text


def test_whoever_heads_the_unit_takes_over_from_a_supervisor_who_left(led: Stage) -> None:
    EVERYWHERE.get(Employee, led.cast.employees["elif"]).active = False
    head = factories.employee("Yeni", "Müdür", "N-800", NIZIP, user_id=led.cast.users["nobody_special"])
    db.session.get_one(Unit, NIZIP).head_id = head.id
    db.session.commit()
    assert "Işık" in led.nobody_special.page("/needs/team").text
    led.nobody_special.post("/needs/team", data={cell(led, "importance"): "5", cell(led, "level"): "2"})
    assert said() == {CASE_MANAGEMENT: (5, 2, True)}


def test_whoever_a_supervisor_was_merged_into_rates_on(led: Stage) -> None:
    kept = factories.employee("Elif", "Kaya", "N-801", NIZIP, user_id=led.cast.users["nobody_special"])
    other = EVERYWHERE.get(Employee, led.cast.employees["elif"])
    other.active, other.merged_into_id = False, kept.id
    db.session.commit()
    assert "Işık" in led.nobody_special.page("/needs/team").text


def test_ones_own_page_asks_nothing_of_everybody_a_round_met(led: Stage) -> None:
    led.staff.get("/devices")
    as_if_full()
    (steps,) = [steps for asked, steps in plans_of(led.staff, "/me", "respondents").items() if "supervisor" in asked]
    assert not [step for step in steps if "ANY(" in step or "respondents_1 (round_id=?)" in step], steps


def test_a_supervisor_who_left_rates_no_more_and_what_was_said_stays(led: Stage) -> None:
    led.staff.post("/needs/team", data={cell(led, "importance"): "5", cell(led, "level"): "2"})
    EVERYWHERE.get(Employee, led.cast.employees["elif"]).active = False
    db.session.commit()
    assert "değerlendireceğiniz kimse yok" in led.staff.page("/needs/team").text
    assert said() == {CASE_MANAGEMENT: (5, 2, True)}


def by_link(stage: Stage, who: str = "elif") -> str:
    token = links.make(stage.cast.employees[who], TEAM, by=By())
    db.session.commit()
    return f"/k/{token}"


def test_a_supervisor_without_an_account_rates_by_a_personal_link(led: Stage) -> None:
    guest, way = led.nobody, by_link(led)
    page = guest.page(way)
    assert "Işık" in page.text and "yalnızca Elif" in page.text
    data = {cell(led, "importance"): "5", cell(led, "level"): "2"}
    assert guest.post(f"{way}/team?round={made().id}", data=data).status_code == 200
    assert said() == {CASE_MANAGEMENT: (5, 2, True)}
    member = f"{way}/team/{respondent(led)}"
    assert guest.post(member, data={cell(led, "level"): "3", "was": was(guest.get(member).text)}).status_code == 200
    assert said() == {CASE_MANAGEMENT: (5, 3, True)}
    assert guest.get(f"{way}/team/{respondent(led, 'sukru')}").status_code == 404
    assert guest.post(f"{way}/team", data={f"importance-{respondent(led, 'sukru')}-2": "5"}).status_code == 404
    assert guest.get("/needs/team").status_code in (302, 303)
    acted = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.event == LinkActed.name)).all()
    assert len(acted) == 1, "once a day"


def test_a_link_of_another_purpose_rates_nobody(led: Stage) -> None:
    token = links.make(led.cast.employees["elif"], QUESTIONNAIRE, by=By(), about=made().id)
    db.session.commit()
    answer = led.nobody.post(f"/k/{token}/team", data={cell(led, "importance"): "5"})
    assert answer.status_code == 404 and not said()
    assert led.nobody.get(f"{by_link(led, 'isik')}/team/{respondent(led)}").status_code == 404


def test_a_link_says_when_it_is_too_late(led: Stage) -> None:
    way = by_link(led)
    move(led.cast, made(), "close")
    answer = led.nobody.post(f"{way}/team?round={made().id}", data={cell(led, "importance"): "5"})
    assert answer.status_code == 422 and "artık yanıt almıyor" in answer.text and not said()
    assert "değerlendireceğiniz kimse yok" in led.nobody.page(way).text
