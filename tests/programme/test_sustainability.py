"""Measures: how they stand, what shows it, the matrix that counts them, who sees which."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from app.access.scope import EVERYWHERE, Scope
from app.audit.models import AuditEntry
from app.core.clock import today
from app.core.db import db
from app.core.errors import Refused
from app.core.paging import ListQuery
from app.programme.sustainability import queries, services
from app.programme.sustainability.models import Measure, MeasureLevel, MeasureScope, MeasureStatus, MeasureStep
from tests import factories
from tests.cast import By, Cast
from tests.conftest import Browser, Stage
from tests.counting import statements

S = MeasureStatus
BASE = "/programme/sustainability"
TYPED = {
    "level": "municipality",
    "scope": "pilots",
    "kind": "budget",
    "text_tr": "Giderler bütçeye alınır",
    "province_id": "1",
    "day": "2026-01-15",
}


def the(measure_id: int) -> Measure:
    db.session.expire_all()
    return queries.measure(EVERYWHERE, measure_id)


def stands(browser: Browser, measure_id: int, **values: Any) -> Any:
    path = f"{BASE}/measures/{measure_id}/stand"
    sent = {**browser.page(path).hidden(path), "day": today().isoformat(), **values}
    return browser.post(path, data=sent, content_type="multipart/form-data")


def listed(query: ListQuery, scope: Scope = EVERYWHERE) -> int:
    return len(queries.measures(scope, query).everything())


# --- how it stands ------------------------------------------------------------------------------------------


def test_from_a_proposal_to_in_place(stage: Stage) -> None:
    assert stage.coordinator.post(f"{BASE}/measures/new", data={**TYPED, "day": "15.01.2026"}).status_code == 303
    (made,) = db.session.scalars(EVERYWHERE.select(Measure)).all()
    assert stands(stage.coordinator, made.id, stands="accepted", day="01.02.2026").status_code == 303
    refused = stands(stage.coordinator, made.id, stands="in_place", day="01.03.2026")
    assert refused.status_code == 422, "nothing shows it"
    assert "Gerçekleştiğini neyin gösterdiğini yazınız" in refused.text
    assert the(made.id).status is S.ACCEPTED
    assert (
        stands(stage.coordinator, made.id, stands="in_place", day="01.03.2026", evidence="Karar 12").status_code == 303
    )
    page = stage.coordinator.page(f"{BASE}/measures/{made.id}").text
    assert [word in page for word in ("Önerildi", "Kabul edildi", "Gerçekleşti", "Karar 12")] == [True] * 4
    logged = sa.select(AuditEntry.event).where(AuditEntry.event.like("measure.%")).order_by(AuditEntry.id)
    events = db.session.scalars(logged).all()
    assert events == ["measure.added", "measure.moved", "measure.changed", "measure.moved"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"stands": "accepted", "day": "2099-01-01"}, "henüz gelmedi"),
        ({"stands": "accepted", "day": "2020-01-01"}, "daha erken olamaz"),
        ({"stands": "dropped"}, "Neden vazgeçildiğini"),
        ({"stands": "in_place"}, "seçenek sunulmuyor|kullanılamıyor|geçerli değil|Bu seçenek"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_changes(stage: Stage, values: dict[str, str], said: str) -> None:
    made = factories.measure(1)
    db.session.commit()
    answer = stands(stage.coordinator, made.id, evidence="yazdığım kalsın", **values)
    assert answer.status_code == 422
    assert any(words in answer.text for words in said.split("|"))
    assert "yazdığım kalsın" in answer.text
    assert the(made.id).evidence == ""
    assert the(made.id).status is S.PROPOSED


def test_two_at_once_are_told_of_each_other(stage: Stage) -> None:
    made = factories.measure(1)
    db.session.commit()
    path = f"{BASE}/measures/{made.id}/stand"
    shown = stage.admin.page(path).hidden(path)
    assert stands(stage.coordinator, made.id, stands="accepted").status_code == 303
    late = stage.admin.post(path, data={**shown, "stands": "dropped", "reason": "x", "day": today().isoformat()})
    assert late.status_code == 409
    assert the(made.id).status is S.ACCEPTED


def test_a_file_shows_it_and_only_those_who_see_the_measure_open_it(stage: Stage) -> None:
    made = factories.measure(1, S.UNDER_WAY)
    db.session.commit()
    paper = (BytesIO(factories.pdf("karar")), "karar.pdf")
    assert stands(stage.coordinator, made.id, stands="in_place", file=paper).status_code == 303
    path = f"{BASE}/measures/{made.id}/file"
    assert stage.coordinator.get(path).data.startswith(b"%PDF")
    assert stage.coordinator_elsewhere.get(path).status_code == 404


def test_what_is_no_paper_is_refused_in_words(stage: Stage) -> None:
    made = factories.measure(1, S.UNDER_WAY)
    db.session.commit()
    sent = {"stands": "in_place", "evidence": "yazdığım kalsın", "file": (BytesIO(b"MZ not a picture"), "resim.jpg")}
    answer = stands(stage.coordinator, made.id, **sent)
    assert answer.status_code == 422
    assert "yazdığım kalsın" in answer.text
    assert the(made.id).document_id is None
    assert the(made.id).status is S.UNDER_WAY


def test_a_picture_of_40_mb_is_refused_with_a_sentence(stage: Stage) -> None:
    made = factories.measure(1, S.UNDER_WAY)
    db.session.commit()
    path = f"{BASE}/measures/{made.id}/stand"
    assert f'data-most="{12 * 1024 * 1024}"' in stage.coordinator.page(path).html, "the browser says so before it sends"
    answer = stage.coordinator.post(
        path, data=b"file=" + b"x" * 40_000_000, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 413
    assert "12 MB" in answer.text
    assert the(made.id).document_id is None


# --- who ----------------------------------------------------------------------------------------------------


def test_each_province_keeps_its_own_and_reads_the_programmes(stage: Stage) -> None:
    ours, theirs, everybodys = factories.measure(1), factories.measure(2), factories.measure(None)
    institutions = factories.measure(1, organisation_id=stage.cast.nizip)
    db.session.commit()
    seen = {
        browser: {
            each.id
            for each in (ours, theirs, everybodys, institutions)
            if getattr(stage, browser).get(f"{BASE}/measures/{each.id}").status_code == 200
        }
        for browser in ("admin", "coordinator", "focal_point")
    }
    assert seen["admin"] == {ours.id, theirs.id, everybodys.id, institutions.id}
    assert seen["coordinator"] == {ours.id, everybodys.id, institutions.id}
    assert seen["focal_point"] == {institutions.id}
    for one in (theirs, everybodys):
        assert stage.coordinator.get(f"{BASE}/measures/{one.id}/edit").status_code == 404
    assert stage.focal_point.get(f"{BASE}/measures/{institutions.id}/edit").status_code == 403
    for browser in (stage.trainer, stage.staff, stage.viewer):
        assert browser.get(BASE).status_code == 403


def test_a_coordinator_adds_none_elsewhere(stage: Stage) -> None:
    for province in ("2", ""):
        answer = stage.coordinator.post(f"{BASE}/measures/new", data={**TYPED, "province_id": province})
        assert answer.status_code == 422
    mixed = {**TYPED, "organisation_id": str(stage.cast.yakutiye)}
    assert stage.admin.post(f"{BASE}/measures/new", data=mixed).status_code == 422
    assert stage.admin.post(f"{BASE}/measures/new", data={**TYPED, "province_id": ""}).status_code == 303


# --- counted -------------------------------------------------------------------------------------------------

# each example begins with no row
ROWS = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
ANY = some.lists(
    some.tuples(
        some.sampled_from([1, 2, None]),
        some.sampled_from(list(MeasureStatus)),
        some.sampled_from(list(MeasureLevel)),
        some.sampled_from(list(MeasureScope)),
    ),
    max_size=8,
)


@ROWS
@given(rows=ANY)
def test_a_number_is_the_length_of_the_list_it_opens(cast: Cast, rows: list[Any]) -> None:
    db.session.execute(EVERYWHERE.trusting(sa.delete(MeasureStep), MeasureStep))
    db.session.execute(EVERYWHERE.trusting(sa.delete(Measure), Measure))
    for province, status, level, kind in rows:
        factories.measure(province, status, level=level, scope=kind)
    for (level, kind), tally in queries.matrix(EVERYWHERE, ListQuery()).items():
        at = {"level": level, "scope": kind}
        asked = {name: value.value for name, value in at.items() if value}
        assert listed(ListQuery(sort="due", filters=asked)) == tally.defined
        assert listed(ListQuery(sort="due", filters={**asked, "status": "in_place"})) == tally.in_place
    for province, done, of, _ in db.session.execute(queries.by_province(today().year)):
        asked = {"province": str(province)} if province else {}
        all_of = {row.id for row in queries.measures(EVERYWHERE, ListQuery(sort="due", filters=asked)).everything()}
        mine = [one for one in db.session.scalars(EVERYWHERE.select(Measure)) if one.province_id == province]
        assert of == len([one for one in mine if one.id in all_of])
        assert done == len([one for one in mine if one.status is S.IN_PLACE])
    db.session.rollback()


def test_last_years_number_is_what_it_was(stage: Stage) -> None:
    made = factories.measure(1, day=today() - timedelta(days=800))
    for status, days in ((S.ACCEPTED, 700), (S.IN_PLACE, 400)):
        step = {"status": status, "day": today() - timedelta(days=days), "reason": ""}
        services.stand(made, step, "Karar", by=By(stage.cast.users["admin"]))
    now = today().year
    dropped = {"status": S.DROPPED, "day": today(), "reason": "Kapandı"}
    services.stand(made, dropped, "Karar", by=By(stage.cast.users["admin"]))
    db.session.flush()
    assert db.session.execute(queries.by_province(now)).all() == []
    last = (today() - timedelta(days=400)).year
    assert [tuple(row) for row in db.session.execute(queries.by_province(last))] == [(1, 1, 1, 0)]


def test_what_is_late_is_a_task_of_whoever_keeps_it(stage: Stage) -> None:
    factories.measure(1, S.ACCEPTED, due=today() - timedelta(days=1))
    factories.measure(1, S.IN_PLACE, due=today() - timedelta(days=1))
    factories.measure(None, S.ACCEPTED, due=today() - timedelta(days=1))
    db.session.commit()
    address = f"{BASE}/measures?late=yes"
    assert address in stage.coordinator.get("/").text
    assert "1 sürdürülebilirlik" in stage.coordinator.get("/").text
    assert "2 sürdürülebilirlik" in stage.admin.get("/").text
    assert address not in stage.coordinator_elsewhere.get("/").text


def test_a_measure_names_the_pilot_it_keeps_alive(stage: Stage) -> None:
    ours, foreign = factories.pilot(organisation_id=stage.cast.nizip).id, factories.pilot("PP-21-01", province_id=2).id
    db.session.commit()
    new = f"{BASE}/measures/new?pilot={ours}"
    assert new in stage.coordinator.page(f"/programme/pilots/{ours}/sessions").links
    page = stage.coordinator.page(new)
    chosen = re.findall('<option selected value="([^"]+)"', stage.coordinator.get(new).text)
    assert chosen == ["pilots", str(ours), "1"], "said by the link it came from"
    typed = {"level": "municipality", "scope": "pilots", "kind": "staff", "text_tr": "Kadro", "day": "2026-01-05"}
    hidden = page.hidden(f"{BASE}/measures/new")
    for pilot, status in ((foreign, 422), (999, 422), (ours, 303)):
        sent = {**hidden, **typed, "province_id": 1, "pilot_id": pilot}
        assert stage.coordinator.post(f"{BASE}/measures/new", data=sent).status_code == status, pilot
    other = stage.admin.post(
        f"{BASE}/measures/new",
        data={**stage.admin.page(new).hidden(f"{BASE}/measures/new"), **typed, "province_id": 1, "pilot_id": foreign},
    )
    assert other.status_code == 422 and "başka bir ilde" in other.text
    assert f"/programme/pilots/{ours}/sessions" in stage.coordinator.page(f"{BASE}/measures/1").links
    assert f"{BASE}/measures/1" in stage.coordinator.page(f"/programme/pilots/{ours}/sessions").links


def test_a_measure_is_found_by_what_it_says_now(stage: Stage) -> None:
    made = factories.measure(1, text_en="A budget line of its own", responsible="Mali Hizmetler Müdürlüğü")
    db.session.commit()
    assert f"{BASE}/measures/1" in stage.coordinator.page(f"{BASE}/measures?q=mudurlugu+BUDGET+giderler").links
    made.text_tr = "Şoför kadrosu açılır"
    db.session.commit()
    assert f"{BASE}/measures/1" in stage.coordinator.page(f"{BASE}/measures?q=sofor").links
    assert f"{BASE}/measures/1" not in stage.coordinator.page(f"{BASE}/measures?q=giderler").links


def test_pages_ask_a_fixed_number_of_questions(stage: Stage) -> None:
    for _ in range(6):
        factories.measure(1)
    db.session.commit()
    for path in (BASE, f"{BASE}/measures", f"{BASE}/measures/1", f"{BASE}/municipalities", f"{BASE}/measures/new"):
        with statements() as seen:
            assert stage.coordinator.get(path).status_code == 200
        assert len(seen) <= 8, (path, len(seen), seen)


def test_what_is_refused_by_a_rule_is_no_step(stage: Stage) -> None:
    made = factories.measure(1)
    with pytest.raises(Refused):
        services.stand(made, {"status": S.UNDER_WAY, "day": today(), "reason": ""}, by=By(1))


def test_the_list_behind_a_number_of_last_year_is_as_long(stage: Stage) -> None:
    last = today().replace(year=today().year - 1)
    factories.measure(1, MeasureStatus.IN_PLACE, day=today())
    factories.measure(1, MeasureStatus.ACCEPTED, day=last)
    since = factories.measure(1, MeasureStatus.IN_PLACE, day=last, text_tr="Eskiden vardı")
    factories.measure(2, MeasureStatus.IN_PLACE, day=last)
    db.session.add(MeasureStep(measure_id=since.id, status=MeasureStatus.DROPPED, day=today()))
    since.status = MeasureStatus.DROPPED
    db.session.commit()
    page = stage.coordinator.page(f"/programme?year={last.year}")
    assert "1 / 2" in page.text
    (behind,) = (each for each in page.links if "/sustainability/measures" in each)
    rows = stage.coordinator.get(f"{behind}&format=csv").text.strip().splitlines()
    assert len(rows) == 2 and "Eskiden vardı" in rows[1], "as it was then, whatever became of it"
    for nonsense in ("0", "99999999999", "dün"):
        assert stage.coordinator.get(f"/programme/sustainability/measures?in_place={nonsense}").status_code == 200
