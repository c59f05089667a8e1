"""Pages of completion: scores, checklist, finalising."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import time_machine

from app.access.scope import EVERYWHERE
from app.completion.models import Outcome, TestKind, TestScore
from app.core.db import db
from app.people.models import Employee
from app.trainers.models import Trainer
from app.training.models import CourseSession, SessionStatus
from tests.cast import EVENING, Group, crowd, group, join, mark_all
from tests.conftest import Stage
from tests.counting import statements


@pytest.fixture
def stands(stage: Stage) -> Iterator[Group]:
    with time_machine.travel(EVENING, tick=False):
        yield group(stage.cast, test_required=True, pass_mark=70)


def scores(stands: Group) -> dict[str, float]:
    rows = db.session.scalars(EVERYWHERE.select(TestScore).where(TestScore.kind == TestKind.POST))
    found = {row.enrolment_id: row.tenths / 10 for row in rows}
    return {name: found[key] for name, key in stands.enrolments.items() if key in found}


def status(stands: Group) -> SessionStatus:
    db.session.expire_all()
    return EVERYWHERE.get(CourseSession, stands.session).status


@pytest.mark.parametrize("who", ["viewer", "staff", "focal_point", "nobody_special"])
def test_others_may_not(stage: Stage, stands: Group, who: str) -> None:
    for page in ("scores", "checklist"):
        assert getattr(stage, who).get(f"/sessions/{stands.session}/{page}").status_code == 403
    assert getattr(stage, who).post(f"/sessions/{stands.session}/finalise").status_code == 403


def test_an_officer_elsewhere_finds_nothing(stage: Stage, stands: Group) -> None:
    for page in ("scores", "checklist"):
        assert stage.coordinator_elsewhere.get(f"/sessions/{stands.session}/{page}").status_code == 404
    for verb in ("scores", "finalise"):
        assert stage.coordinator_elsewhere.post(f"/sessions/{stands.session}/{verb}").status_code == 404
    assert status(stands) is SessionStatus.CONFIRMED


def test_a_trainer_enters_scores_but_does_not_finalise(stage: Stage, stands: Group) -> None:
    base = f"/sessions/{stands.session}"
    one = stands.enrolments["elif"]
    answer = stage.trainer.post(f"{base}/scores", data={f"post-{one}": "88", f"was-post-{one}": ""})
    assert (answer.status_code, answer.location) == (303, f"{base}/scores")
    assert scores(stands) == {"elif": 88}
    assert stage.trainer.get(f"{base}/checklist").status_code == 403
    assert stage.trainer.post(f"{base}/finalise").status_code == 403


def test_a_trainer_of_another_session_finds_nothing(stage: Stage, stands: Group) -> None:
    other = group(stage.cast, ordinal=4, trainer_gives=())
    assert stage.trainer.get(f"/sessions/{other.session}/scores").status_code == 404
    assert stage.trainer.post(f"/sessions/{other.session}/scores").status_code == 404


def test_good_scores_are_saved_and_all_wrong_ones_are_told_at_once(stage: Stage, stands: Group) -> None:
    one, two, three = stands.enrolments.values()
    sent = {f"post-{one}": "101", f"post-{two}": "yüz", f"post-{three}": "88,5"}
    answer = stage.coordinator.post(f"/sessions/{stands.session}/scores", data=sent)
    assert answer.status_code == 200
    assert answer.text.count('aria-invalid="true"') == 2
    for value in ("101", "yüz", "88,5"):
        assert f'value="{value}"' in answer.text
    assert "1 puan kaydedildi" in answer.text
    assert scores(stands) == {"sukru": 88.5}
    answer = stage.coordinator.post(f"/sessions/{stands.session}/scores", data={f"post-{one}": "88,55"})
    assert answer.status_code == 422


def test_means_and_the_gain_of_those_who_took_both_tests(stage: Stage, stands: Group) -> None:
    one, two, three = stands.enrolments.values()
    sent = {f"pre-{one}": "40", f"post-{one}": "88.5", f"pre-{two}": "60", f"post-{three}": "70"}
    assert stage.coordinator.post(f"/sessions/{stands.session}/scores", data=sent).status_code == 303
    text = stage.coordinator.page(f"/sessions/{stands.session}/scores").text
    assert "50,0 (2 kişi)" in text
    assert "79,2 (2 kişi)" in text
    assert "%80,8" in text, "(88.5 - 40) / (100 - 40), cut off"


def test_a_stale_score_shows_both_values(stage: Stage, stands: Group) -> None:
    one = stands.enrolments["elif"]
    stage.coordinator.post(f"/sessions/{stands.session}/scores", data={f"post-{one}": "50", f"was-post-{one}": ""})
    answer = stage.trainer.post(f"/sessions/{stands.session}/scores", data={f"post-{one}": "60", f"was-post-{one}": ""})
    assert answer.status_code == 409
    assert "Bu arada girilen: 50. Sizin yazdığınız: 60." in answer.text
    assert scores(stands) == {"elif": 50}
    sent = {f"post-{one}": "60", f"was-post-{one}": "50"}
    assert stage.trainer.post(f"/sessions/{stands.session}/scores", data=sent).status_code == 303
    assert scores(stands) == {"elif": 60}


def test_the_checklist_leads_to_where_each_thing_is_mended(stage: Stage, stands: Group) -> None:
    mark_all(stands, but=((1, "elif"),))
    page = stage.coordinator.page(f"/sessions/{stands.session}/checklist")
    assert f"/sittings/{stands.sittings[1]}" in page.links
    assert f"/sessions/{stands.session}/scores" in page.links
    assert "2 kişinin son test puanı yok" in page.text
    assert not any(form["action"] == f"/sessions/{stands.session}/finalise" for form in page.forms)
    answer = stage.coordinator.post(f"/sessions/{stands.session}/finalise")
    assert answer.status_code == 422
    assert "Hâlâ eksik var." in answer.text


def test_what_is_not_entered_yet_is_no_failure(stage: Stage, stands: Group) -> None:
    address = f"/sessions/{stands.session}/checklist"
    text = stage.coordinator.page(address).text
    assert "Yoklama bekleniyor: 3" in text
    assert "Hiç katılmadı" not in text and "%0" not in text
    mark_all(stands)
    text = stage.coordinator.page(address).text
    assert "Puan bekleniyor: 3" in text
    assert "Testi geçemedi" not in text and "Katılım belgesi" not in text
    db.session.add(TestScore(enrolment_id=stands.enrolments["elif"], kind=TestKind.POST, tenths=0, by_id=None))
    db.session.commit()
    text = stage.coordinator.page(address).text
    assert "Testi geçemedi: 1 · Puan bekleniyor: 2" in text


def test_what_is_waited_for_is_not_ticked_off(stage: Stage, stands: Group) -> None:
    """Nobody is marked: nobody knows yet who needs a post-test. The same where everybody was enrolled afterwards."""

    def states(session: int) -> list[str]:
        return re.findall(r'<li class="is-(\w+)">', stage.coordinator.get(f"/sessions/{session}/checklist").text)

    assert states(stands.session) == ["done", "blocked", "open", "done"]
    late = group(stage.cast, ordinal=4, people=(), trainer_gives=(), test_required=True, pass_mark=70)
    join(late, stage.cast, "elif", EVENING)
    assert states(late.session) == ["done", "open", "blocked", "open", "done"]


def test_names_no_certificate_can_print_are_told_before_finalising(stage: Stage) -> None:
    with time_machine.travel(EVENING, tick=False):
        stands = group(stage.cast)
        mark_all(stands)
        address = f"/sessions/{stands.session}/checklist"
        assert "basılamaz" not in stage.coordinator.page(address).text
        person = EVERYWHERE.get(Employee, stage.cast.employees["isik"])
        person.set_identity("Işık عائشة", person.family_name, person.registry_no, person.email)
        EVERYWHERE.get(Trainer, stands.trainer).set_identity("Ümit", "李", "umit@ornek.example")
        db.session.commit()
        page = stage.coordinator.page(address)
        assert "Bu adlar belgelere basılamaz" in page.text
        assert f"{person.name} (" in page.text
        assert "Ümit 李 (李)" in page.text
        assert any(form["action"] == f"/sessions/{stands.session}/finalise" for form in page.forms), "it stops nothing"


def test_a_coordinator_finalises_what_is_complete(stage: Stage) -> None:
    with time_machine.travel(EVENING, tick=False):
        stands = group(stage.cast)
        mark_all(stands)
        address = f"/sessions/{stands.session}/checklist"
        page = stage.coordinator.page(address)
        assert any(form["action"] == f"/sessions/{stands.session}/finalise" for form in page.forms)
        answer = stage.coordinator.post(f"/sessions/{stands.session}/finalise")
        assert (answer.status_code, answer.location) == (303, address)
        assert status(stands) is SessionStatus.FINALISED
        assert len(db.session.scalars(EVERYWHERE.select(Outcome)).all()) == 3
        page = stage.coordinator.page(address)
        assert "Verilecek belge: 3" in page.text
        assert "Devam koşulunu sağladı: 3" in page.text
        assert stage.coordinator.post(f"/sessions/{stands.session}/finalise").status_code == 422


def test_an_administrator_overrides_with_a_reason(stage: Stage, stands: Group) -> None:
    mark_all(stands)
    address = f"/sessions/{stands.session}/finalise"
    assert stage.coordinator.post(address, data={"reason": "Yeter"}).status_code == 422
    assert stage.admin.post(address).status_code == 422
    assert stage.admin.post(address, data={"reason": "Testler kayboldu"}).status_code == 303
    assert status(stands) is SessionStatus.FINALISED


def test_the_checklist_costs_the_same_for_three_and_for_forty(stage: Stage, stands: Group) -> None:
    address = f"/sessions/{stands.session}/checklist"
    stage.coordinator.get(address)
    with statements() as few:
        stage.coordinator.get(address)
    crowd(stands, 37)
    with statements() as many:
        stage.coordinator.get(address)
    assert len(many) == len(few) <= 8, many


def test_what_waits_and_the_record_are_shown_where_they_belong(stage: Stage) -> None:
    with time_machine.travel(EVENING, tick=False):
        stands = group(stage.cast)
        mark_all(stands)
        address = f"/sessions/{stands.session}/checklist"
        assert address in stage.coordinator.page("/").links
        assert address not in stage.coordinator_elsewhere.page("/").links
        stage.coordinator.post(f"/sessions/{stands.session}/finalise")
        assert address not in stage.coordinator.page("/").links
        assert "Alınan eğitim saati: 6" in stage.focal_point.page(f"/people/{stage.cast.employees['elif']}").text
