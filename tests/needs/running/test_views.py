"""A round from its form to its publication, as the coordinator's pages do it; and who may do none of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.access.models import Organisation
from app.access.scope import EVERYWHERE
from app.core.clock import today
from app.core.db import db
from app.jobs import worker
from app.needs.models import AssessmentRound, Questionnaire, Respondent, RoundItem, RoundPlace, RoundStatus
from app.needs.rounds.models import Place, Stratum
from app.people.models import Unit
from tests.conftest import Stage
from tests.needs.running.stage import designed, move, opened
from tests.needs.stage import CASE_MANAGEMENT, CORRESPONDENCE, NIZIP, PLAIN_LANGUAGE, SAHINBEY, YAKUTIYE, scenery

FORM = {
    "name_tr": "Güz analizi",
    "name_en": "Autumn analysis",
    "starts_on": today().isoformat(),
    "ends_on": (today() + timedelta(days=10)).isoformat(),
    "organisations": [NIZIP, SAHINBEY],
    "asking": "everyone",
    "own_weight": "50",
    "readers": ["coordinator"],
    "notice": "Kimseye not verilmez.",
}


@pytest.fixture
def ready(stage: Stage) -> Stage:
    scenery()
    db.session.commit()
    return stage


def newest() -> AssessmentRound:
    db.session.expire_all()
    return db.session.scalars(sa.select(AssessmentRound).order_by(AssessmentRound.id.desc())).first()  # type: ignore[return-value]  # there is one


def count(model: type[object], made: AssessmentRound) -> int:
    number = sa.select(sa.func.count()).select_from(model).where(model.round_id == made.id)  # type: ignore[attr-defined]  # all of them have one
    return db.session.scalar(EVERYWHERE.trusting(number, Questionnaire, Respondent, RoundPlace)) or 0


def test_a_round_is_designed_opened_closed_and_published(ready: Stage) -> None:
    answer = ready.coordinator.post("/needs/rounds/new", data=FORM)
    made = newest()
    made_until = made.ends_on
    assert answer.location.endswith(f"/needs/rounds/{made.id}")
    assert count(RoundPlace, made) == 4 and made.status is RoundStatus.DRAFT
    page = ready.coordinator.page(f"/needs/rounds/{made.id}")
    assert "Nizip Belediyesi" in page.text and "3 kişiden 3 kişiye" not in page.text
    assert ready.coordinator.page(f"/needs/rounds/{made.id}/open")
    answer = ready.coordinator.post(f"/needs/rounds/{made.id}/open", data={})
    assert answer.status_code == 303 and "/jobs/" in answer.location
    worker.take_up()
    made = newest()
    assert made.status is RoundStatus.OPEN and count(Questionnaire, made) == 3 == count(Respondent, made)
    assert "Nizip Belediyesi" in ready.coordinator.page(f"/needs/rounds/{made.id}").text
    assert ready.coordinator.post(f"/needs/rounds/{made.id}/close", data={}).status_code == 303
    worker.take_up()
    assert newest().status is RoundStatus.CLOSED
    assert newest().ends_on == today() < made_until, "what is given from tomorrow on comes after it"
    assert ready.coordinator.post(f"/needs/rounds/{made.id}/publish", data={}).status_code == 303
    assert newest().status is RoundStatus.PUBLISHED
    assert (
        ready.coordinator.post(
            f"/needs/rounds/{made.id}/reopen", data={"ends_on": FORM["ends_on"], "reason": "x"}
        ).status_code
        == 422
    )


def test_a_questionnaire_follows_from_what_the_unit_does(ready: Stage) -> None:
    made = designed(ready.cast)
    asked = db.session.scalars(
        sa.select(RoundItem.competency_id)
        .where(RoundItem.round_id == made.id, RoundItem.unit_id == NIZIP)
        .order_by(RoundItem.position)
    ).all()
    assert asked == [PLAIN_LANGUAGE, CASE_MANAGEMENT, CORRESPONDENCE]


def test_a_questionnaire_is_changed_for_all_units_of_a_kind(ready: Stage) -> None:
    made = designed(ready.cast)
    path = f"/needs/rounds/{made.id}/units/{NIZIP}"
    assert ready.coordinator.post(path, data={"competencies": [CORRESPONDENCE], "alike": "y"}).status_code == 303
    asked = db.session.execute(
        sa.select(RoundItem.unit_id, RoundItem.competency_id)
        .where(RoundItem.round_id == made.id)
        .order_by(RoundItem.unit_id)
    ).all()
    assert [tuple(row) for row in asked if row[0] in (NIZIP, SAHINBEY)] == [
        (NIZIP, CORRESPONDENCE),
        (SAHINBEY, CORRESPONDENCE),
    ]


def test_a_questionnaire_is_looked_at_before_anybody_is_asked(ready: Stage) -> None:
    path = f"/needs/rounds/{designed(ready.cast).id}/units/{NIZIP}/preview"
    assert "1 / 3" in ready.coordinator.page(path).text and "3 / 3" in ready.coordinator.page(f"{path}?step=3").text
    assert ready.coordinator.get(f"{path}?step=4").status_code == 404
    assert ready.focal_point.get(path).status_code == 403
    assert ready.coordinator_elsewhere.get(path).status_code == 404


def test_units_and_institutions_are_left_out(ready: Stage) -> None:
    made = designed(ready.cast)
    path = f"/needs/rounds/{made.id}/institutions/{NIZIP}"
    assert ready.coordinator.post(path, data={"units": [11]}).status_code == 303
    assert (
        ready.coordinator.post(
            f"/needs/rounds/{made.id}/edit", data=FORM | {"organisations": [NIZIP], "version": newest().version}
        ).status_code
        == 303
    )
    left = db.session.scalars(EVERYWHERE.select(RoundPlace).where(RoundPlace.round_id == made.id)).all()
    assert [place.unit_id for place in left] == [11]


@pytest.mark.parametrize(
    "who", ["focal_point", "coordinator_elsewhere", "staff", "viewer", "trainer", "nobody_special"]
)
def test_nobody_else_designs_or_sees_a_draft(ready: Stage, who: str) -> None:
    made = designed(ready.cast)
    browser = getattr(ready, who)
    for path in ("", "/edit", "/open", "/drawn.xlsx", f"/units/{NIZIP}", f"/institutions/{NIZIP}"):
        assert browser.get(f"/needs/rounds/{made.id}{path}").status_code in (403, 404), path
    for path in ("/redraw", "/copy", "/follow-up", "/delete", "/open"):
        assert browser.post(f"/needs/rounds/{made.id}{path}", data={}).status_code in (403, 404), path
    assert newest().id == made.id and newest().status is RoundStatus.DRAFT


def test_a_coordinator_chooses_no_institution_elsewhere(ready: Stage) -> None:
    answer = ready.coordinator.post("/needs/rounds/new", data=FORM | {"organisations": [NIZIP, YAKUTIYE]})
    assert answer.status_code == 422
    assert newest().name_tr != "Güz analizi"


def test_a_focal_point_sees_how_far_her_own_institution_is(ready: Stage) -> None:
    made = opened(ready.cast)
    page = ready.focal_point.page(f"/needs/rounds/{made.id}")
    assert "Sosyal Yardım" in page.text and "Şahinbey" not in page.text
    assert ready.focal_point_elsewhere.get(f"/needs/rounds/{made.id}").status_code == 404


def test_of_several_institutions_each_is_looked_into(ready: Stage) -> None:
    """Its units, each with its questionnaire, stand on the same page, narrowed."""
    made = opened(ready.cast)
    path = f"/needs/rounds/{made.id}?organisation={NIZIP}"
    assert f'href="{path}"' in ready.coordinator.get(f"/needs/rounds/{made.id}").text
    page = ready.coordinator.get(path).text
    assert "Sosyal Yardım" in page and "Şahinbey" not in page
    assert f"/needs/rounds/{made.id}/units/{NIZIP}/preview" in page
    assert "preview" not in ready.focal_point.get(path).text
    assert ready.focal_point.get(f"/needs/rounds/{made.id}?organisation={SAHINBEY}").status_code == 404
    assert ready.coordinator.get(f"/needs/rounds/{made.id}?organisation={YAKUTIYE}").status_code == 404


def test_a_designer_finds_competencies_under_their_theme(ready: Stage) -> None:
    path = f"/needs/rounds/{designed(ready.cast).id}/units/{NIZIP}"
    page = ready.coordinator.get(path).text
    assert (
        page.index("Belediye kapasitesi</summary>") < page.index("Resmî yazışma")
        and '<details class="more" open>' in page
    )


def test_who_is_asked_stays_who_they_were(ready: Stage) -> None:
    made = opened(ready.cast)
    before = count(Respondent, made)
    assert (
        ready.coordinator.post(f"/needs/rounds/{made.id}/edit", data=FORM | {"version": newest().version}).status_code
        == 422
    )
    move(ready.cast, made, "close")
    assert count(Respondent, made) == before


def test_a_round_whose_last_day_is_over_waits_for_whoever_runs_it(ready: Stage) -> None:
    made = opened(ready.cast)
    assert "kapatılacak" not in ready.coordinator.page("/").text
    made.ends_on = today() - timedelta(days=1)
    db.session.commit()
    assert "1 ihtiyaç analizi kapatılacak" in ready.coordinator.page("/").text
    assert "1 ihtiyaç analizi kapatılacak" in ready.admin.page("/").text
    for who in ("focal_point", "coordinator_elsewhere"):
        assert "kapatılacak" not in getattr(ready, who).page("/").text


def test_copies_ask_the_same(ready: Stage) -> None:
    made = opened(ready.cast)
    assert ready.coordinator.post(f"/needs/rounds/{made.id}/follow-up", data={}).status_code == 422
    move(ready.cast, made, "close")
    move(ready.cast, made, "publish")
    assert ready.coordinator.post(f"/needs/rounds/{made.id}/follow-up", data={}).status_code == 303
    again = newest()
    assert again.follows_id == made.id and count(RoundItem, again) == count(RoundItem, made)
    assert ready.coordinator.post(f"/needs/rounds/{again.id}/delete", data={}).status_code == 303
    assert newest().id == made.id


def test_a_copy_is_named_in_the_language_of_its_name_and_english_may_be_missing(ready: Stage) -> None:
    made = opened(ready.cast)
    assert ready.coordinator.post(f"/needs/rounds/{made.id}/copy", data={}).status_code == 303
    assert (newest().name_tr, newest().name_en) == ("Güz analizi, kopya", "Autumn analysis, copy")
    ready.coordinator.post("/needs/rounds/new", data=FORM | {"name_en": ""})
    made = newest()
    assert (made.name_tr, made.name_en) == ("Güz analizi", "")
    assert "Güz analizi" in ready.coordinator.page(f"/needs/rounds/{made.id}?lang=en").text
    ready.coordinator.post(f"/needs/rounds/{made.id}/open", data={})
    worker.take_up()
    ready.coordinator.post(f"/needs/rounds/{made.id}/copy", data={})
    assert newest().name_en == ""


def test_units_with_people_stand_first() -> None:
    stratum = Stratum(Organisation(), [Place(1, Unit(), 0, 6), Place(2, Unit(), 3, 6)])
    assert [place.id for place in stratum.ordered] == [2, 1]


def test_from_its_page_one_comes_to_the_results(ready: Stage) -> None:
    made = opened(ready.cast)
    address, results = f"/needs/rounds/{made.id}", f'href="/needs?round={made.id}"'
    assert results not in ready.coordinator.page(address).html
    move(ready.cast, made, "close")
    assert results in ready.coordinator.page(address).html
    assert results not in ready.focal_point.page(address).html
    move(ready.cast, made, "publish")
    assert results in ready.focal_point.page(address).html
