"""The one picture of the programme: who sees what of it, targets and trends, on paper."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.access.models import Province
from app.access.scope import EVERYWHERE
from app.audit import journal
from app.core import slots
from app.core.clock import today
from app.core.db import db
from app.language import force_locale
from app.oversight.figures import facts
from app.programme.parts import Figure, Indicator
from app.programme.picture import contents, queries
from app.programme.picture.models import ProgrammeTarget
from app.programme.picture.rules import Cell, together, veiled
from app.programme.studies.models import StudyStage
from app.programme.sustainability.events import MeasureMoved
from app.programme.sustainability.models import MeasureStatus, MeasureStep
from tests import databases, factories
from tests.conftest import Browser, Stage
from tests.counting import statements
from tests.paper.reading import text_of

NOW = today().year


@pytest.mark.parametrize("who", ["admin", "coordinator", "focal_point", "viewer"])
def test_those_who_run_it_or_look_on_find_the_programme(stage: Stage, who: str) -> None:
    assert "/programme" in getattr(stage, who).get("/", follow_redirects=True).text
    assert getattr(stage, who).get("/programme").status_code == 200


@pytest.mark.parametrize("who", ["trainer", "staff"])
def test_others_do_not(stage: Stage, who: str) -> None:
    assert "/programme" not in getattr(stage, who).get("/").text
    assert getattr(stage, who).get("/programme").status_code == 403


@pytest.mark.parametrize(
    "path", ["pilots", "pilots/list", "groups", "action-plans", "sustainability", "sustainability/measures"]
)
def test_an_empty_part_asks_only_whoever_can_to_begin(stage: Stage, path: str) -> None:
    asked = "İlinizde programı yürütenler girince burada görünür"
    assert asked in stage.focal_point.page(f"/programme/{path}").text
    assert asked not in stage.coordinator.page(f"/programme/{path}").text


# --- rules --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "before", "target", "reached", "trend"),
    [
        (Figure(3, 4), Figure(1, 4), 75, True, 500),
        (Figure(2, 3), Figure(2, 3), 67, False, 0),
        (Figure(12), Figure(15), 10, True, -3),
        (Figure(None), Figure(15), 10, None, None),
        (Figure(0, 0), None, 50, None, None),
        (Figure(3, 4), Figure(0, 0), None, None, None),
    ],
)
def test_target_and_trend(now: Figure, before: Figure | None, target: int | None, reached: Any, trend: Any) -> None:
    cell = Cell(now, before, target)
    assert (cell.reached, cell.trend) == (reached, trend)


def test_fewer_than_five_people_are_hidden_and_so_is_what_tells_them() -> None:
    people = {1: Figure(4), 2: Figure(20), None: Figure(24)}
    assert veiled([people]) == [{1: Figure(None), 2: Figure(20), None: Figure(None)}]
    assert veiled([{1: Figure(0), 2: Figure(20), None: Figure(20)}])[0][None] == Figure(20), "nobody is no secret"
    shares = {1: Figure(1, 3), None: Figure(1, 3)}
    assert veiled([shares]) == [shares], "plans and measures are no people"


def test_a_few_provisional_people_are_not_told_of_nor_are_the_few_that_are_not() -> None:
    people = {1: Figure(8, None, 2), 2: Figure(40, None, 37), 3: Figure(30, None, 30), None: Figure(78, None, 69)}
    assert [figure.provisional for figure in veiled([people])[0].values()] == [None, None, 30, None]
    assert [figure.done for figure in veiled([people])[0].values()] == [8, 40, 30, 78]


def test_the_other_part_tells_nothing_either() -> None:
    women, men = {1: Figure(2), 2: Figure(9), None: Figure(11)}, {1: Figure(30), 2: Figure(0), None: Figure(30)}
    assert veiled([women, men]) == [
        {1: Figure(None), 2: Figure(9), None: Figure(None)},
        {1: Figure(None), 2: Figure(0), None: Figure(None)},
    ]


def test_all_together_is_the_sum() -> None:
    assert together([Figure(1, 4, 1), Figure(2, 5)]) == Figure(3, 9, 1)
    assert together([Figure(1), Figure(2)]) == Figure(3)


# --- the page -----------------------------------------------------------------------------------------------


@pytest.fixture
def measures(stage: Stage) -> None:
    factories.measure(1, MeasureStatus.IN_PLACE, day=today().replace(year=NOW - 1))
    factories.measure(1, MeasureStatus.ACCEPTED, day=today())
    factories.measure(2, MeasureStatus.IN_PLACE, day=today())
    db.session.add(ProgrammeTarget(year=NOW, code="G16", province_id=1, value=50))
    db.session.commit()


def shown(browser: Browser, year: int = NOW) -> str:
    return browser.page(f"/programme?year={year}").text


@pytest.mark.usefixtures("measures")
def test_each_sees_their_provinces(stage: Stage) -> None:
    whole = shown(stage.admin)
    assert [part in whole for part in ("1 / 2", "1 / 1", "2 / 3", "Hedef: %50")] == [True] * 4
    ours = shown(stage.coordinator)
    assert "Gaziantep" in ours and "Erzurum" not in ours and "Toplam" not in ours
    assert "1 / 2" in ours and "2 / 3" not in ours
    assert f"{NOW - 1}: 1 / 1" in ours, "a year ago"
    assert "Erzurum" not in shown(stage.focal_point)
    assert "1 / 1" in shown(stage.coordinator, NOW - 1)
    assert "Erzurum" in shown(stage.viewer)


@pytest.mark.usefixtures("measures")
def test_a_number_leads_to_its_list_for_whoever_may_open_it(stage: Stage) -> None:
    link = "/programme/sustainability/measures?status=in_place&province=1"
    assert link in stage.coordinator.page("/programme").links
    assert stage.coordinator.get(f"{link}&format=csv").text.count("Gerçekleşti") == 1
    assert not [each for each in stage.viewer.page("/programme").links if "sustainability" in each]
    assert "1 / 2" in shown(stage.focal_point), "of the province, where the list is of one institution"
    assert not [each for each in stage.focal_point.page("/programme").links if "measures" in each]


def told(figures: Mapping[int | None, Figure]) -> Any:
    """A part of the programme that counts people."""
    people = Indicator("G99", "Kişi", 1, lambda _: figures, (), lambda *_: "/programme")
    return lambda *_: people


def test_whoever_sees_no_people_is_not_told_of_a_few(app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    few = told({1: Figure(3, None, 1), 2: Figure(40), None: Figure(43)})
    monkeypatch.setitem(slots.PROVIDERS.on(app), "programme.indicators", [few])
    for browser in (stage.viewer, stage.focal_point):
        page = shown(browser)
        assert "gizli" in page and "43" not in page and "geçici" not in page
    some = told({1: Figure(8, None, 2), 2: Figure(40), None: Figure(48, None, 2)})
    monkeypatch.setitem(slots.PROVIDERS.on(app), "programme.indicators", [some])
    page = shown(stage.viewer)
    assert page.count("geçici") == 2 and "geçici:" not in page, "that it is not approved yet is labelled all the same"
    monkeypatch.setitem(slots.PROVIDERS.on(app), "programme.indicators", [few])
    assert "geçici: 1" in shown(stage.coordinator), "what is not approved yet is labelled"


def test_users_of_pilots_are_shown_by_sex(stage: Stage) -> None:
    factories.pilot()
    service = factories.pilot_service()
    factories.pilot_month(date(NOW, 1, 1), service.id, women_18=3, men_18=44)
    db.session.commit()
    assert [f"{word}: {number}" in shown(stage.coordinator) for word, number in (("Kadın", 3), ("Erkek", 44))] == [
        True
    ] * 2
    viewed = shown(stage.viewer)
    assert "47" in viewed and "Kadın: gizli" in viewed and "Erkek: gizli" in viewed and "44" not in viewed
    assert stage.coordinator.get("/programme/tr.pdf?province=1").status_code == 200


@pytest.mark.usefixtures("measures")
def test_the_page_asks_at_most_eight_questions(stage: Stage) -> None:
    for browser in (stage.admin, stage.coordinator, stage.viewer):
        browser.get("/programme")  # the notice is read
        facts._memory.clear()
        queries._memory.clear()
        for _ in range(2):
            with statements() as seen:
                browser.get("/programme")
            assert len(seen) <= 8, seen


@pytest.mark.usefixtures("measures")
def test_numbers_are_kept_until_something_changes(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    first = databases.until_kept(lambda: shown(stage.coordinator), lambda _: queries._memory[db.engine.pool])
    assert "1 / 2" in first
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(queries, "_gathered", lambda *_: pytest.fail("counted again"))
        assert "1 / 2" in shown(stage.coordinator) and "2 / 3" in shown(stage.admin), "whoever reads them"
    steps = EVERYWHERE.restrict(sa.update(MeasureStep), MeasureStep).where(MeasureStep.status == MeasureStatus.ACCEPTED)
    db.session.execute(steps.values(status=MeasureStatus.IN_PLACE))
    db.session.commit()
    assert "1 / 2" in shown(stage.coordinator), "nobody changes a row without an entry in the log"
    journal.record(MeasureMoved(1, "accepted", "in_place"), by=journal.SYSTEM)
    db.session.commit()
    assert "2 / 2" in shown(stage.coordinator) and "3 / 3" in shown(stage.admin)


# --- published texts ----------------------------------------------------------------------------------------


def test_a_viewer_reads_what_is_published_and_no_draft(stage: Stage) -> None:
    made = factories.strategy(1, messages_tr="Şehir hepimizin")
    factories.field_study(1, stage=StudyStage.DONE, title_tr="Hane çalışması", summary_tr="Hanelerin yarısı")
    factories.field_study(1, stage=StudyStage.ANALYSIS, summary_tr="Henüz bitmedi")
    document = made.document_id
    db.session.commit()
    page = stage.viewer.page("/programme/published").text
    assert "Hanelerin yarısı" in page and "hepimizin" not in page and "Henüz" not in page
    for who, path in ((stage.coordinator, "submit"), (stage.admin, "approve")):
        address = f"/programme/documents/{document}/{path}"
        assert who.post(address, data=who.page(address).hidden(address)).status_code == 303
    made = db.session.merge(made)
    made.messages_tr = "Yeni taslak"
    db.session.commit()
    for browser in (stage.viewer, stage.coordinator, stage.focal_point):
        with statements() as seen:
            page = browser.page("/programme/published").text
        assert len(seen) <= 8, seen
        assert "Şehir hepimizin" in page and "Yeni taslak" not in page
    assert "hepimizin" not in stage.coordinator_elsewhere.page("/programme/published").text
    assert stage.trainer.get("/programme/published").status_code == 403
    assert "/programme/published" in stage.viewer.page("/programme").links


# --- on paper -----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("measures")
@pytest.mark.parametrize("tongue", ["tr", "en"])
def test_a_province_on_one_page(stage: Stage, tongue: str) -> None:
    answer = stage.viewer.get(f"/programme/{tongue}.pdf?province=1")
    assert answer.data.startswith(b"%PDF")
    assert answer.data.count(b"/Type /Page\n") == 1 or answer.data.count(b"/Count 1") == 1
    assert stage.coordinator.get(f"/programme/{tongue}.pdf?province=2").status_code == 404
    assert stage.coordinator.get(f"/programme/{tongue}.pdf?province=x").status_code == 404
    assert stage.trainer.get(f"/programme/{tongue}.pdf?province=1").status_code == 403


def test_the_page_on_paper_leaves_out_no_indicator(app: Flask) -> None:
    place = Province(id=1, name_tr="Gaziantep", name_en="Gaziantep")
    counted, empty = (
        Indicator(code, name, 1, lambda _: None, (), lambda *_: "/programme")
        for code, name in (("G14", "Vaktinde"), ("G16", "Gerçekleşen"))
    )
    rows = [queries.Row(counted, {1: Cell(Figure(3, 4))}), queries.Row(empty, {2: Cell(Figure(1, 1))})]
    with force_locale("tr"):
        text = text_of(contents.of_province(place, rows, NOW, {}))
    assert "G14 Vaktinde" in text and "G16 Gerçekleşen" in text


# --- targets ------------------------------------------------------------------------------------------------


def test_an_administrator_sets_targets(stage: Stage) -> None:
    path = f"/programme/targets?year={NOW + 1}"
    form, earlier = stage.admin.page(path).hidden(path), stage.admin.page(path).hidden(path)
    assert stage.admin.post(path, data={**form, "g16_1": "40", "g16_all": "35"}).status_code == 303
    rows = db.session.execute(sa.select(ProgrammeTarget.code, ProgrammeTarget.province_id, ProgrammeTarget.value))
    assert sorted(tuple(row) for row in rows if row[1]) == [("G16", 1, 40)]
    late = stage.admin.post(path, data={**earlier, "g16_1": "50"})
    assert late.status_code == 409, "somebody set them meanwhile"
    form = stage.admin.page(path).hidden(path)
    assert stage.admin.post(path, data={**form, "g16_1": "viel"}).status_code == 422
    assert stage.admin.post(path, data={**form, "g16_1": "-3"}).status_code == 422
    assert stage.admin.post(path, data={**form, "g16_1": "", "g16_all": "35"}).status_code == 303
    assert len(db.session.scalars(sa.select(ProgrammeTarget)).all()) == 1
    assert stage.coordinator.get(path).status_code == 403


def test_a_target_of_a_share_is_a_hundred_at_most(stage: Stage) -> None:
    hidden = stage.admin.page("/programme/targets").hidden("/programme/targets?")
    answer = stage.admin.post("/programme/targets", data=hidden | {"g12_1": "1000", "g13_1": "1000"})
    assert answer.status_code == 422 and "0 ile 100 arasında" in answer.text and "g13_1-error" not in answer.text
    assert stage.admin.post("/programme/targets", data=hidden | {"g12_1": "100", "g13_1": "1000"}).status_code == 303
