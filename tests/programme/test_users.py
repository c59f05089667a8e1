"""Users of a pilot by month: typed, pasted, brought in a file; asked about, closed, corrected; two at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from app.access.scope import EVERYWHERE
from app.audit.journal import SYSTEM
from app.core.clock import today
from app.core.db import db
from app.core.paging import ListQuery
from app.language import format_month
from app.programme.pilots import queries as pilots
from app.programme.pilots import services
from app.programme.pilots.models import FIGURES, PilotCorrection, PilotMonth, PilotService
from app.programme.pilots.rules import before, month_of
from app.programme.pilots.tracking import queries
from app.programme.pilots.tracking.forms import BringForm
from app.programme.pilots.tracking.rules import Typed, read_figure, read_month, unusual
from tests import factories
from tests.cast import Cast
from tests.conftest import Browser, Stage
from tests.page import Page

LAST = before(month_of(today()))
"""The latest month that is over."""


@pytest.fixture
def service(cast: Cast) -> PilotService:
    pilot = factories.pilot(organisation_id=cast.nizip)
    made = factories.pilot_service(pilot.id, first_month=before(LAST, 14))
    db.session.commit()
    return made


def key(month: date) -> str:
    return f"{month:%Y-%m}"


def page_of(browser: Browser, month: date = LAST) -> Any:
    return browser.page(f"/programme/pilots/1/users?year={month.year}")


def save(browser: Browser, page: Any, month: date = LAST, **values: Any) -> Any:
    """What a browser without JavaScript sends: every field of the grid, some of them typed."""
    path = "/programme/pilots/1/services/1/users"
    sent = {field["name"]: field.get("value") or "" for field in page.fields if str(field.get("name", ""))[:2] == "20"}
    sent |= page.hidden(path) | {
        f"{key(month)}-{name}": value for name, value in values.items() if name in (*FIGURES, "source")
    }
    sent |= {name: value for name, value in values.items() if name not in (*FIGURES, "source")}
    return browser.post(path, data=sent)


def months() -> dict[date, PilotMonth]:
    db.session.expire_all()
    return {one.month: one for one in db.session.scalars(EVERYWHERE.select(PilotMonth))}


# --- rules ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell", ["2026-03", "03.2026", "3/2026", "01.03.2026", "Mart 2026", "mart 2026", "March 2026", date(2026, 3, 9)]
)
def test_a_month_is_understood_as_people_write_it(cell: object) -> None:
    assert read_month(cell) == date(2026, 3, 1)


@pytest.mark.parametrize("cell", ["", None, "2026", "13.2026", "toplam", "Mart", "2026-00", 202603, "Mart Nisan"])
def test_what_is_no_month_is_none(cell: object) -> None:
    assert read_month(cell) is None


@pytest.mark.parametrize(
    ("text", "value"), [("", 0), (" 12 ", 12), ("1.250", 1250), ("1 250", 1250), ("99999", 99_999)]
)
def test_a_count_is_read_as_it_is_written(text: str, value: int) -> None:
    assert read_figure(text) == value


@pytest.mark.parametrize("text", ["-1", "12,5", "on iki", "100000", "1.2", "٣", "9" * 40, "1e3"])
def test_what_is_no_count_is_refused_in_words(app: Any, text: str) -> None:
    with app.test_request_context(), pytest.raises(ValueError, match=r"."):
        read_figure(text)


@pytest.mark.parametrize(
    ("value", "last", "earlier", "asked"),
    [
        (30, 10, [10], False),
        (31, 10, [10], True),
        (31, None, [10, 10], True),
        (31, 30, [5, 5, 30], False),
        (50, 30, [5, 5, 30], True),
        (9, 1, [1], False),
        (10, 0, [0], True),
        (500, None, [], False),
    ],
)
def test_three_times_last_month_or_the_mean_of_twelve_is_asked_about(
    app: Any, value: int, last: int | None, earlier: list[int], asked: bool
) -> None:
    with app.test_request_context():
        assert bool(unusual("visits", value, last, earlier)) is asked


def test_newcomers_are_among_the_new_users(app: Any) -> None:
    typed = Typed(LAST, {"women_18": "5", "newcomers": "4", "settled": "2"}, "", "")
    with app.test_request_context():
        typed.read()
    assert [problem.figure for problem in typed.problems] == ["newcomers"]


# --- the grid ---------------------------------------------------------------------------------------------------


def test_a_month_is_typed_and_saved(stage: Stage, service: PilotService) -> None:
    page = page_of(stage.coordinator)
    assert (
        save(stage.coordinator, page, women_18="12", men_30="3", visits="40", source="Kayıt defteri").status_code == 303
    )
    kept = months()
    assert list(kept) == [LAST], "nothing is made of months nobody typed"
    assert (kept[LAST].women_18, kept[LAST].men_30, kept[LAST].visits, kept[LAST].entered_by) == (12, 3, 40, 2)
    assert (kept[LAST].women, kept[LAST].men) == (12, 3)
    again = page_of(stage.coordinator)
    assert "Ayşe Çelik" in again.text, "who entered it"
    assert save(stage.coordinator, again, women_18="10", women_60="4").status_code == 303
    assert (months()[LAST].women, months()[LAST].men) == (14, 3), "sums follow what is typed anew"
    assert "Toplum Merkezi" in stage.coordinator.page("/programme/pilots/users").text


def test_a_month_of_nothing_is_typed_as_nothing(stage: Stage, service: PilotService) -> None:
    """A source alone was told as saved and was lost; what nobody entered was drawn as nobody having come."""
    page = page_of(stage.coordinator)
    assert "Girilmedi" in page.text and "kimse gelmediyse 0 yazınız" in page.text
    picture = page.text.partition("tüm hizmetler")[2]
    assert "0" not in re.sub(r"20\d\d", "", picture) and "–" in picture
    answer = save(stage.coordinator, page, source="Ay boyunca kapalıydı")
    assert answer.status_code == 422
    assert "kimse gelmediyse 0 yazınız" in answer.text and 'value="Ay boyunca kapalıydı"' in answer.text
    assert save(stage.coordinator, page, women_18="0", source="Ay boyunca kapalıydı").status_code == 303
    assert (months()[LAST].women, months()[LAST].source) == (0, "Ay boyunca kapalıydı")
    assert "0" in re.sub(r"20\d\d", "", page_of(stage.coordinator).text.partition("tüm hizmetler")[2])


@pytest.mark.parametrize(
    ("typed", "said"),
    [("-4", "sıfırdan küçük"), ("çok", "tam sayı değil"), ("1000000", "çok fazla"), ("3,5", "tam sayı değil")],
)
def test_what_is_no_count_is_told_at_its_cell_and_stays(
    stage: Stage, service: PilotService, typed: str, said: str
) -> None:
    answer = save(stage.coordinator, page_of(stage.coordinator), women_18="12", visits=typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{typed}"' in answer.text
    assert 'value="12"' in answer.text, "nothing that was typed is lost"
    assert f'href="#c-{key(LAST)}-visits"' in answer.text
    assert not months(), "all or nothing"


def test_a_month_that_has_not_begun_is_refused(stage: Stage, service: PilotService) -> None:
    ahead = before(month_of(today()), -1)
    page = page_of(stage.coordinator)
    answer = save(stage.coordinator, page, ahead, visits="5", **{f"was-{key(ahead)}": ""})
    assert answer.status_code == 422
    assert "henüz başlamadı" in answer.text


def test_a_month_before_the_service_was_given_is_refused(stage: Stage, service: PilotService) -> None:
    early = before(service.first_month)
    answer = save(stage.coordinator, page_of(stage.coordinator), early, visits="5", **{f"was-{key(early)}": ""})
    assert answer.status_code == 422
    assert "Hizmet bu ayda verilmedi" in answer.text


def test_what_is_unusual_is_saved_after_a_yes(stage: Stage, service: PilotService) -> None:
    factories.pilot_month(before(LAST), service.id, visits=20)
    db.session.commit()
    page = page_of(stage.coordinator)
    answer = save(stage.coordinator, page, visits="61")
    assert answer.status_code == 422
    assert "Evet, doğru" in answer.text
    assert "geçen ayki sayının (20)" in answer.text, "which yardstick it is measured by"
    assert LAST not in months()
    assert save(stage.coordinator, page, visits="61", **{f"sure-{key(LAST)}": "y"}).status_code == 303
    assert months()[LAST].visits == 61


def test_months_typed_at_once_are_measured_by_each_other(stage: Stage, service: PilotService) -> None:
    """Of a pasted block the month before is the one beside it, whether it is saved yet or not."""
    first = before(LAST)
    page = stage.coordinator.page("/programme/pilots/1/users")
    more = {f"was-{key(month)}": "" for month in (first, LAST)} | {f"{key(first)}-visits": "20"}
    answer = save(stage.coordinator, page, visits="61", **more)
    assert answer.status_code == 422
    assert "geçen ayki sayının (20)" in answer.text


def test_two_people_on_one_grid_see_both_values(stage: Stage, service: PilotService) -> None:
    page = page_of(stage.coordinator)
    assert save(stage.admin, page_of(stage.admin), visits="30").status_code == 303
    answer = save(stage.coordinator, page, visits="33")
    assert answer.status_code == 409
    assert "Deniz Yönetici 30 girdi; siz 33 yazdınız" in answer.text
    assert months()[LAST].visits == 30
    assert 'value="33"' in answer.text, "what was typed stays, and is saved by the next press"


def test_two_people_who_type_different_months_both_save(stage: Stage, service: PilotService) -> None:
    page = stage.coordinator.page(f"/programme/pilots/1/users?year={before(LAST).year}")
    other = page_of(stage.admin)
    assert save(stage.admin, other, visits="30").status_code == 303
    assert save(stage.coordinator, page, before(LAST), visits="33").status_code == 303
    assert {month: one.visits for month, one in months().items()} == {LAST: 30, before(LAST): 33}


def test_a_month_that_was_entered_is_not_emptied(stage: Stage, service: PilotService) -> None:
    factories.pilot_month(LAST, service.id, visits=20)
    db.session.commit()
    answer = save(stage.coordinator, page_of(stage.coordinator), **dict.fromkeys(FIGURES, ""))
    assert answer.status_code == 422
    assert "0 yazınız" in answer.text


# --- closed months ----------------------------------------------------------------------------------------------


def close(browser: Browser, month: date) -> int:
    path = "/programme/pilots/1/users/close"
    return browser.post(
        path, data={**browser.page("/programme/pilots/1/users").hidden(path), "through": month.isoformat()}
    ).status_code


def test_a_closed_month_takes_corrections_with_a_reason(stage: Stage, service: PilotService) -> None:
    factories.pilot_month(LAST, service.id, visits=20)
    db.session.commit()
    assert close(stage.coordinator, LAST) == 303
    page = page_of(stage.coordinator)
    answer = save(stage.coordinator, page, visits="22")
    assert answer.status_code == 422
    assert "düzeltme için gerekçe" in answer.text
    assert save(stage.coordinator, page, visits="22", reason="Defterde iki satır atlanmış").status_code == 303
    told = page_of(stage.coordinator)
    assert "Kapanıştan beri 1 değişiklik" in told.text
    assert "20 → 22" in told.text
    assert "Defterde iki satır atlanmış" in told.text
    assert "Ayşe Çelik" in told.text
    with pytest.raises(DatabaseError, match="only added to"):
        db.session.execute(EVERYWHERE.trusting(sa.delete(PilotCorrection), PilotCorrection))
    db.session.rollback()


def test_a_month_under_way_is_not_closed(stage: Stage, service: PilotService) -> None:
    close(stage.coordinator, month_of(today()))
    assert "bu ay zaten kapalı" not in page_of(stage.coordinator).text
    assert EVERYWHERE.get(type(service), service.id)  # still there
    assert db.session.scalar(EVERYWHERE.restrict(sa.select(factories.Pilot.closed_through), factories.Pilot)) is None


def test_a_pilot_closed_while_entries_are_open_loses_nothing(stage: Stage, service: PilotService) -> None:
    """Who had the grid open finds the months closed, what was typed still there, and a reason asked for."""
    page = page_of(stage.coordinator)
    path = "/programme/pilots/1/close"
    sent = {**stage.admin.page(path).hidden(path), "closing_note": "Devredildi"}
    assert stage.admin.post(path, data=sent).status_code == 303
    answer = save(stage.coordinator, page, visits="20")
    assert answer.status_code == 422
    assert "gerekçe" in answer.text
    assert 'value="20"' in answer.text
    assert save(stage.coordinator, page, visits="20", reason="Son ayın defteri").status_code == 303
    assert months()[LAST].visits == 20


def test_after_a_pilot_was_closed_no_month_is_asked_for(stage: Stage, service: PilotService) -> None:
    """What could only be refused is not offered."""
    name = f"{key(month_of(today()))}-visits"
    assert name in page_of(stage.coordinator, today()).html
    EVERYWHERE.get(factories.Pilot, 1).closed_on = LAST
    db.session.commit()
    page = page_of(stage.coordinator)
    assert name not in page.html and f"{key(LAST)}-visits" in page.html


# --- pasted, brought, taken out ------------------------------------------------------------------------------------


def bring(browser: Browser, **values: Any) -> Any:
    path = "/programme/pilots/1/services/1/bring"
    return browser.post(path, data={**browser.page("/programme/pilots/1/users").hidden(path), **values})


def test_rows_of_a_spreadsheet_are_pasted_looked_at_and_saved(stage: Stage, service: PilotService) -> None:
    rows = f"{key(before(LAST))}\t1\t2\t3\t4\t5\t1\t2\t3\t4\t5\t10\t20\t90\n{key(LAST)}\t1\t2\t3\t4\t5\t1\t2\t3\t4\t5\t10\t20\t95"
    answer = bring(stage.coordinator, pasted=rows)
    assert answer.status_code == 200
    assert "henüz kaydedilmedi" in answer.text
    assert not months()
    assert save(stage.coordinator, Page(answer.text)).status_code == 303
    assert [one.visits for one in months().values()] == [90, 95]


def test_what_is_taken_out_is_read_again(stage: Stage, service: PilotService) -> None:
    factories.pilot_month(LAST, service.id, women_18=4, visits=20, source="Defter")
    db.session.commit()
    for language in ("tr", "en"):
        taken = stage.coordinator.get(f"/programme/pilots/1/users?format=xlsx&lang={language}").data
        answer = bring(stage.coordinator, file=(BytesIO(taken), "kullanicilar.xlsx"))
        assert answer.status_code == 200, language
        assert 'value="Defter"' in answer.text
        assert key(service.first_month) in answer.text, "empty months, too"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"pasted": ""}, "Satırları yapıştırınız"),
        ({"pasted": "merhaba dünya"}, "sütunu yok"),
        ({"file": (BytesIO(b"PK\x03\x04 broken"), "a.xlsx")}, "dosya"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(
    stage: Stage, service: PilotService, values: dict[str, Any], said: str
) -> None:
    answer = bring(stage.coordinator, **values)
    assert answer.status_code == 422
    assert said in answer.text.replace("Dosya", "dosya")


@pytest.mark.parametrize("between", ["\t", ";", " "])
def test_small_counts_beside_each_other_are_no_identity_number(
    stage: Stage, service: PilotService, between: str
) -> None:
    """The digits of "2 3 4 5 1 2 3 4 5 10" have the checksum of one."""
    counts = ["7", "2", "3", "4", "5", "1", "2", "3", "4", "5", "10", "20", "70"]
    answer = bring(stage.coordinator, pasted=between.join([key(LAST), *counts, "10000000146 numaralı defter"]))
    shown = {one["name"]: one.get("value") for one in Page(answer.text).fields if str(one.get("name", ""))[:2] == "20"}
    assert [shown[f"{key(LAST)}-{name}"] for name in FIGURES] == counts
    assert shown[f"{key(LAST)}-source"] == "••••••••••• numaralı defter"


def test_no_identity_number_is_kept_with_a_month(stage: Stage, service: PilotService) -> None:
    save(stage.coordinator, page_of(stage.coordinator), visits="3", source="Kimlik 10000000146")
    assert months()[LAST].source == "Kimlik •••••••••••"


def test_text_among_pasted_counts_is_told_at_its_cell(stage: Stage, service: PilotService) -> None:
    answer = bring(stage.coordinator, pasted=f"{key(LAST)}\tbeş\nyanlış\t4")
    assert "yanlış" in answer.text
    assert "tam sayı değil" in answer.text, "before anything is saved"
    saved = save(stage.coordinator, Page(answer.text))
    assert saved.status_code == 422
    assert "beş" in saved.text


def test_a_month_that_is_brought_is_judged_before_it_is_saved(stage: Stage, service: PilotService) -> None:
    ahead = before(LAST, -2)
    factories.pilot_month(before(LAST), service.id, visits=20)
    db.session.commit()
    answer = bring(stage.coordinator, pasted="\n".join(key(one) + "\t0" * 12 + "\t900" for one in (LAST, ahead)))
    assert "henüz başlamadı" in answer.text and "üç katından fazla" in answer.text
    assert f'name="sure-{key(LAST)}"' in answer.text
    prose = bring(stage.coordinator, pasted="merhaba dünya")
    assert prose.status_code == 422 and 'id="pasted-error"' in prose.text


# --- services, all users --------------------------------------------------------------------------------------------


def test_a_service_begins_with_its_first_month(stage: Stage, service: PilotService) -> None:
    path = "/programme/pilots/1/services/new"
    sent = {**stage.coordinator.page(path).hidden(path), "name_tr": "Kreş", "name_en": "Nursery"}
    assert (
        stage.coordinator.post(path, data={**sent, "first_month": "2026-05-17", "last_month": "2026-01-01"}).status_code
        == 422
    )
    assert stage.coordinator.post(path, data={**sent, "first_month": "2026-05-17"}).status_code == 303
    assert queries.services(EVERYWHERE.get(factories.Pilot, 1))[-1].first_month == date(2026, 5, 1)


def test_new_users_are_the_sum_of_the_lines_behind_them(stage: Stage, service: PilotService) -> None:
    elsewhere = factories.pilot("PP-25-01", province_id=2)
    other = factories.pilot_service(elsewhere.id)
    for number in range(1, 14):
        factories.pilot_month(before(LAST, number), service.id, women_18=number, men_0=2, visits=9)
        factories.pilot_month(before(LAST, number), other.id, women_60=1, men_60=number)
    db.session.commit()
    close(stage.coordinator, before(LAST, 3))
    since = before(LAST, 6)
    for filters in ({}, {"since": since.isoformat()}, {"province": "2"}, {"until": since.isoformat(), "pilot": "1"}):
        query = ListQuery(sort="month", filters=filters)
        rows = queries.users(EVERYWHERE, query).everything()
        lines, women, men, provisional = queries.sums(EVERYWHERE, query)
        assert lines == len(rows) == queries.users(EVERYWHERE, query).page().total
        assert women == sum(row.women for row in rows)
        assert men == sum(row.men for row in rows)
        assert provisional == sum(row.women + row.men for row in rows if row.provisional)
    page = stage.coordinator.page("/programme/pilots/users")
    assert "PP-25-01" not in page.text
    assert "geçici" in page.text
    assert "PP-27-01" in stage.focal_point.get("/programme/pilots/users?format=csv").text
    assert "PP-27-01" not in stage.coordinator_elsewhere.get("/programme/pilots/users?format=csv").text


def typed_again(stage: Stage) -> None:
    assert save(stage.coordinator, page_of(stage.coordinator), women_18="9").status_code == 303


def closed_months(stage: Stage) -> None:
    assert close(stage.coordinator, LAST) == 303


def closed_pilot(_: Stage) -> None:
    services.close(EVERYWHERE.get(factories.Pilot, 1), "", by=SYSTEM)


def begun_elsewhere(_: Stage) -> None:
    pilot = pilots.pilot(EVERYWHERE, 1)
    known = {column.key: getattr(pilot, column.key) for column in factories.Pilot.__table__.columns}
    values = {**known, "province_id": 2, "organisation_id": None}
    services.change_pilot(pilot, values, scope=EVERYWHERE, by=SYSTEM)


@pytest.mark.parametrize("change", [typed_again, closed_months, closed_pilot, begun_elsewhere])
def test_what_changes_new_users_is_seen_at_once(
    stage: Stage, service: PilotService, change: Callable[[Stage], None]
) -> None:
    """They are kept; none of these adds the latest row of its table."""
    other = factories.pilot_service(factories.pilot("PP-25-01", province_id=2).id)
    for each in (service, other):
        factories.pilot_month(LAST, each.id, women_18=5)
    db.session.commit()
    asked = [ListQuery(sort="month", filters=filters) for filters in ({}, {"province": "1"})]
    before_it = [queries.sums(EVERYWHERE, query) for query in asked]
    assert before_it == [(2, 10, 0, 10), (1, 5, 0, 5)] == [queries.sums(EVERYWHERE, query) for query in asked]
    change(stage)
    db.session.commit()
    found = [queries.sums(EVERYWHERE, query) for query in asked]
    assert found != before_it
    queries._memory.clear()
    assert found == [queries.sums(EVERYWHERE, query) for query in asked], "as a process finds it that remembers nothing"


def test_a_month_without_an_entry_is_a_task(stage: Stage, service: PilotService) -> None:
    for ago in range(1, 15):
        factories.pilot_month(before(LAST, ago), service.id)
    db.session.commit()
    assert "missing=yes" in stage.coordinator.get("/").text
    rows = stage.coordinator.page("/programme/pilots/list?missing=yes")
    assert "PP-27-01" in rows.text and "/programme/pilots/1" not in rows.links, "the row leads where it is typed"
    factories.pilot_month(LAST, service.id)
    db.session.commit()
    assert "missing=yes" not in stage.coordinator.get("/").text
    assert "PP-27-01" not in stage.coordinator.get("/programme/pilots/list?missing=yes").text


def test_months_closed_without_an_entry_are_not_asked_for(stage: Stage, service: PilotService) -> None:
    assert "missing=yes" in stage.coordinator.get("/").text
    close(stage.coordinator, LAST)
    assert "Girilmeden kapanan ay: " in page_of(stage.coordinator).text
    assert "missing=yes" not in stage.coordinator.get("/").text


def test_what_closing_a_pilot_leaves_open_is_counted(cast: Cast) -> None:
    """Of all its services, the month under way too; what was closed or entered is not."""
    pilot, now = factories.pilot(), month_of(today())
    service = factories.pilot_service(pilot.id, first_month=before(now, 5))
    assert pilots.lacking_months(pilot) == 6
    factories.pilot_month(before(now, 2), service.id)
    assert pilots.lacking_months(pilot) == 5
    pilot.closed_through = before(now, 3)
    db.session.flush()
    assert pilots.lacking_months(pilot) == 2
    factories.pilot_service(pilot.id, first_month=before(now, 9), last_month=before(now, 6))
    assert pilots.lacking_months(pilot) == 2, "all of another service is closed"
    pilot.closed_through = now
    db.session.flush()
    assert pilots.lacking_months(pilot) == 0
    assert pilots.lacking_months(factories.pilot("PP-27-02")) == 0


def test_after_its_last_day_a_pilot_lacks_no_months(stage: Stage, service: PilotService) -> None:
    """Also where nobody has closed it: it was not given then."""
    service.first_month = before(LAST, 2)
    pilot = EVERYWHERE.get(factories.Pilot, 1)
    assert pilots.lacking_months(pilot) == 4, "the one under way, too"
    pilot.ends_on = before(LAST) + timedelta(days=9)
    db.session.flush()
    assert pilots.lacking_months(pilot) == 2
    for ago in (1, 2):
        factories.pilot_month(before(LAST, ago), service.id)
    db.session.commit()
    assert "missing=yes" not in stage.coordinator.get("/").text
    assert "Girilmedi" not in page_of(stage.coordinator).text


def test_a_period_ends_with_the_last_month_there_is(stage: Stage, service: PilotService) -> None:
    assert stage.coordinator.get("/programme/pilots/users?until=9999-12-31").status_code == 200


def test_a_service_keeps_the_months_that_were_entered(stage: Stage, service: PilotService) -> None:
    factories.pilot_month(before(LAST, 5), service.id, women_18=12)
    db.session.commit()
    path = "/programme/pilots/1/services/1/edit"
    sent = {**stage.coordinator.page(path).hidden(path), "name_tr": "Danışma", "name_en": "Advice"}
    since = {"first_month": before(LAST, 14).isoformat()}
    for months in ({"first_month": LAST.isoformat()}, {**since, "last_month": before(LAST, 6).isoformat()}):
        answer = stage.coordinator.post(path, data={**sent, **months})
        assert answer.status_code == 422
        assert format_month(before(LAST, 5)) in answer.text
    assert stage.coordinator.post(path, data={**sent, "first_month": before(LAST, 5).isoformat()}).status_code == 303


@pytest.mark.parametrize("month", ["2000-01-01", "2100-01-01"])
def test_a_service_begins_within_its_pilot_and_soon(stage: Stage, service: PilotService, month: str) -> None:
    path = "/programme/pilots/1/services/new"
    sent = {**stage.coordinator.page(path).hidden(path), "name_tr": "Kreş", "name_en": "Nursery"}
    assert stage.coordinator.post(path, data={**sent, "first_month": month}).status_code == 422


def test_services_of_a_pilot_are_told_apart_by_name(stage: Stage, service: PilotService) -> None:
    for path, name, status in (
        ("/programme/pilots/1/services/new", "DANIŞMA", 422),
        ("/programme/pilots/1/services/1/edit", "Danışma ", 303),
    ):
        sent = {**stage.coordinator.page(path).hidden(path), "name_tr": name, "name_en": "Help"}
        assert stage.coordinator.post(path, data={**sent, "first_month": str(before(LAST, 3))}).status_code == status


@pytest.mark.parametrize("between", ["\t", ";", " "])
def test_rows_of_a_few_counts_are_read_however_they_are_parted(
    stage: Stage, service: PilotService, between: str
) -> None:
    lines = ([key(before(LAST)), "iki", "3"], [key(LAST), "3,5"])
    answer = bring(stage.coordinator, pasted="\n".join(between.join(one) for one in lines))
    assert answer.status_code == 200
    for text in ("iki", "3", "3,5"):
        assert f'value="{text}"' in answer.text
    named = bring(stage.coordinator, pasted="Mart 2026 12 13")
    assert 'name="2026-03-women_0" value="12"' in named.text


def test_a_file_that_is_too_large_is_told_in_words(app: Any) -> None:
    with app.test_request_context("/"):
        assert (BringForm(formdata=None).file.render_kw or {}).get("data-too-large")
