"""The staff list and the card of a person."""

from __future__ import annotations

import csv
import io
import re

import pytest
import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.audit.models import AccessEntry, AuditEntry
from app.core.db import db
from app.people.models import Employee, Sex
from tests.conftest import HX, Stage
from tests.counting import plans_of, statements
from tests.factories import employee
from tests.people.conftest import details, fresh


def names(page_text: str, *wanted: str) -> list[str]:
    """The wanted names, in the order in which the page shows them."""
    return sorted((name for name in wanted if name in page_text), key=page_text.index)


def traces(event: str) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(AccessEntry).where(AccessEntry.event == event)) or 0


# --- the list ------------------------------------------------------------------------------------------


def test_each_sees_the_staff_of_her_scope_and_no_other(stage: Stage) -> None:
    here = stage.coordinator.page("/people").text
    assert "Işık Çınar" in here and "Şükrü İğneci" in here and "Zeynep Yakut" not in here
    assert "Zeynep Yakut" in stage.coordinator_elsewhere.page("/people").text
    assert "Işık" not in stage.coordinator_elsewhere.page("/people").text
    assert "Şükrü" not in stage.focal_point.page("/people").text
    assert names(stage.admin.page("/people").text, "Zeynep Yakut", "Işık Çınar")


@pytest.mark.parametrize("path", ["/people", "/people/1", "/organisations", "/people/new"])
@pytest.mark.parametrize("who", ["trainer", "staff", "viewer", "nobody_special"])
def test_the_others_may_not(stage: Stage, path: str, who: str) -> None:
    assert getattr(stage, who).get(path).status_code == 403


def test_nobody_is_sent_to_sign_in(stage: Stage) -> None:
    assert stage.nobody.get("/people").status_code == 302


@pytest.mark.parametrize("typed", ["isik", "IŞIK", "çınar", "cinar isik", "n-002", "isik.n-002@ornek"])
def test_search_knows_turkish_letters(stage: Stage, typed: str) -> None:
    page = stage.focal_point.page(f"/people?q={typed}").text
    assert "Işık Çınar" in page and "Elif" not in page


def test_search_finds_nothing_foreign_and_says_what_to_do(stage: Stage) -> None:
    page = stage.focal_point.page("/people?q=zeynep").text
    assert "Zeynep Yakut" not in page and "Daha kısa bir sözcük" in page


def test_sorting_follows_the_turkish_alphabet(stage: Stage) -> None:
    for n, family in enumerate(("Zorlu", "Çakır", "Cansever", "Ilgaz", "İnan", "Şen", "Sönmez")):
        employee("Ada", family, f"S-{n}", 1)
    order = ("Cansever", "Çakır", "Ilgaz", "İnan", "Sönmez", "Şen", "Zorlu")
    assert names(stage.focal_point.page("/people?q=ada").text, *order) == list(order)
    backwards = stage.focal_point.page("/people?q=ada&sort=name&direction=desc").text
    assert names(backwards, *order) == list(reversed(order))


def test_filters_narrow_and_unknown_ones_find_nobody(stage: Stage) -> None:
    ask = stage.coordinator.page
    assert "Elif" not in ask("/people?sex=man").text and "Işık Çınar" in ask("/people?sex=man").text
    assert "Işık" not in ask("/people?organisation=2").text and "Şükrü" in ask("/people?organisation=2").text
    assert "Şükrü" not in ask("/people?organisation=3").text, "a foreign institution shows nobody"
    assert "Işık Çınar" in ask("/people?unit=sosyal-yardim-isleri&title=1&employment=civil_servant").text
    for nonsense in ("sex=x", "organisation=x", "title=99", "unit=x", "employment=x"):
        assert "Bu filtrelere uyan kimse yok" in ask(f"/people?{nonsense}").text


def test_who_left_is_a_list_of_its_own_without_merged_records(stage: Stage) -> None:
    left, merged = employee("Gitti", "Geldi", "G-1", 1), employee("Çift", "Kayıt", "G-2", 1)
    left.active = merged.active = False
    merged.merged_into_id = stage.cast.employees["elif"]
    assert "Gitti" not in stage.focal_point.page("/people").text
    page = stage.focal_point.page("/people?active=no").text
    assert "Gitti Geldi" in page and "Çift" not in page


def test_contact_data_stands_on_the_card_only(stage: Stage) -> None:
    assert "@ornek.example" not in stage.admin.page("/people").text
    assert "elif.N-001@ornek.example" in stage.admin.page(f"/people/{stage.cast.employees['elif']}").text


def test_htmx_gets_the_list_alone(stage: Stage) -> None:
    answer = stage.focal_point.get("/people?q=isik", headers=HX)
    assert "<html" not in answer.text and 'id="list"' in answer.text and "Işık Çınar" in answer.text


def test_a_page_asks_eight_times_at_most_whatever_its_length(stage: Stage) -> None:
    for n in range(120):
        employee("Ada", f"Aile{n}", f"A-{n}", 1 + n % 2)
    for who in ("admin", "coordinator", "focal_point"):
        getattr(stage, who).get("/sign-in")
        for path in (
            "/people",
            "/people?page=3",
            "/people?q=ada&page=2",
            "/organisations",
            "/people?page=99",
        ):
            with statements() as seen:
                assert getattr(stage, who).get(path).status_code == 200
            assert len(seen) <= 8, (who, path, seen)


def test_the_whole_list_counts_those_who_are_shown(stage: Stage) -> None:
    """The administrator's unfiltered list is counted another way than any other list."""
    gone = employee("Ada", "Gitti", "A-1", 1)
    gone.active = False
    db.session.commit()
    shown = db.session.scalar(
        EVERYWHERE.restrict(sa.select(sa.func.count(Employee.id)), Employee).where(Employee.active)
    )
    assert shown and f"1–{shown} / {shown}" in " ".join(stage.admin.get("/people").text.split())
    assert "1–1 / 1" in " ".join(stage.admin.get("/people?active=no").text.split())


def test_pages_keep_their_place_and_hold_everybody_once(stage: Stage) -> None:
    for n in range(130):
        employee("Ada", f"Aile{n:03d}", f"A-{n}", 1)
    shown: list[str] = []
    for number in (1, 2, 3):
        page = stage.focal_point.page(f"/people?q=ada&page={number}")
        shown += [link for link in page.links if re.match(r"/people/\d", link)]
    assert len(shown) == len(set(shown)) == 130


# --- the file ------------------------------------------------------------------------------------------


def test_the_file_is_the_list_with_formulas_disarmed_and_a_trace(stage: Stage) -> None:
    for n in range(60):
        employee("Ada", f"Aile{n:02d}", f"A-{n}", 1)
    employee("=cmd|' /C calc'!A0", "Ada", "+1", 1)
    answer = stage.focal_point.get("/people?q=ada&sort=name&direction=desc&format=csv")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Adı soyadı", "Sicil no", "Kurum", "Birim", "Unvan"]
    listed: list[str] = []
    for number in (1, 2):
        text = stage.focal_point.get(f"/people?q=ada&sort=name&direction=desc&page={number}").text
        listed += [part.split("<", 1)[0].split(">", 1)[1] for part in text.split('class="row-link"')[1:]]
    assert len(rows) == 62 and [row[0].lstrip("'") for row in rows[1:]][:50] == listed[:50]
    bad = next(row for row in rows if "cmd" in row[0])
    assert not bad[0].startswith("=") and not bad[1].startswith("+")
    assert traces("access.exported") == 1
    entry = db.session.scalars(sa.select(AccessEntry).where(AccessEntry.event == "access.exported")).one()
    assert entry.facts == {"what": "people", "format": "csv", "rows": 61}


def test_the_workbook_opens(stage: Stage) -> None:
    answer = stage.focal_point.get("/people?format=xlsx")
    assert answer.data[:2] == b"PK" and "Personel" in answer.headers["Content-Disposition"]


# --- the card ------------------------------------------------------------------------------------------


def test_looking_at_a_card_leaves_a_trace(stage: Stage) -> None:
    stage.focal_point.page(f"/people/{stage.cast.employees['isik']}")
    entry = db.session.scalars(sa.select(AccessEntry).where(AccessEntry.event == "person.viewed")).one()
    assert entry.facts == {"employee_id": stage.cast.employees["isik"]}
    assert entry.actor_id == stage.cast.users["focal_point"]


@pytest.mark.parametrize("verb", ["", "/edit", "/merge", "/give-access"])
def test_an_outsider_finds_nothing(stage: Stage, verb: str) -> None:
    path = f"/people/{stage.cast.employees['isik']}{verb}"
    assert stage.coordinator_elsewhere.get(path).status_code == 404
    assert stage.coordinator_elsewhere.get("/people/999999" + verb).status_code == 404


@pytest.mark.parametrize("verb", ["edit", "deactivate", "activate"])
def test_an_outsider_changes_nothing(stage: Stage, verb: str) -> None:
    key = stage.cast.employees["isik"]
    for who in ("coordinator_elsewhere", "focal_point_elsewhere"):
        assert getattr(stage, who).post(f"/people/{key}/{verb}", data=details(version=1)).status_code == 404
    assert fresh(key).given_name == "Işık" and fresh(key).active


def test_the_head_of_the_unit_supervises_whom_nobody_else_does(stage: Stage) -> None:
    from app.people.models import Unit

    db.session.get_one(Unit, 1).head_id = stage.cast.employees["elif"]
    page = stage.focal_point.page(f"/people/{stage.cast.employees['isik']}").text
    assert "Elif Ağaoğlu" in page and "birim amiri" in page


# --- adding and changing -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "family", "warned"),
    [("Ayşe", "Îlhan", ""), ("Айше", "Қасымова", ""), ("Ελένη", "Παππά", ""), ("عائشة", "يلماز", "ا ة ز ش ع ل م ي ئ")],
)
def test_a_name_no_paper_can_print_is_told_when_it_is_typed(stage: Stage, given: str, family: str, warned: str) -> None:
    typed = details() | {"given_name": given, "family_name": family}
    answer = stage.focal_point.post("/people/new?organisation=1", data=typed)
    assert answer.status_code == 303, "told, not refused"
    page = stage.focal_point.page(answer.location)
    assert given in page.text
    assert ("basılamaz" in page.text) == bool(warned)
    for letter in warned.split():
        assert letter in page.text
    edit = f"{answer.location}/edit"
    changed = stage.focal_point.post(edit, data=typed | {"version": "1", "given_name": "Ayşe"})
    assert changed.status_code == 303, changed.text
    assert ("basılamaz" in stage.focal_point.page(changed.location).text) == bool(warned), "the family name still is"


def test_a_focal_point_adds_to_her_own_institution_without_choosing(stage: Stage) -> None:
    assert stage.focal_point.get("/people/new").location == "/people/new?organisation=1"
    page = stage.focal_point.get("/people/new?organisation=1").text
    assert 'value="woman"' in page and "checked" not in page, "nobody's sex is guessed"
    answer = stage.focal_point.post("/people/new?organisation=1", data=details())
    assert answer.status_code == 303
    made = fresh(int(answer.location.rpartition("/")[2]))
    assert (made.name, made.registry_no, made.organisation_id, made.sex) == ("Ayşe Öztürk", "N-100", 1, Sex.WOMAN)
    assert made.phone == "0342 555 10 20" and made.active
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "person.created")).one()
    assert entry.facts == {"employee_id": made.id, "organisation_id": 1}
    assert "Ayşe" in stage.focal_point.page("/people?q=ozturk").text


def test_a_coordinator_chooses_among_her_own(stage: Stage) -> None:
    page = stage.coordinator.page("/people/new").text
    assert "Nizip Belediyesi" in page and "Şahinbey" in page and "Yakutiye" not in page
    for foreign in ("3", "99", "x", "-1"):
        assert stage.coordinator.get(f"/people/new?organisation={foreign}").status_code == 404
        assert stage.coordinator.post(f"/people/new?organisation={foreign}", data=details()).status_code == 404
    assert stage.coordinator.post("/people/new", data=details()).status_code == 404


def test_all_errors_are_told_at_once_and_nothing_typed_is_lost(stage: Stage) -> None:
    typed = details(
        given_name="  ",
        registry_no="N-001",
        unit_id=2,
        title_id="",
        sex="",
        email="şükrü@nizip.example",
        phone="abc",
        supervisor="kimse",
    )
    answer = stage.focal_point.post("/people/new?organisation=1", data=typed)
    assert answer.status_code == 422
    for sentence in (
        "Bu alanı doldurunuz.",
        "Bu sicil numarası zaten kayıtlı. Kişi: Elif Ağaoğlu, Nizip Belediyesi.",
        "Bu seçenek kullanılamıyor.",
        "Birini seçiniz.",
        "E-posta adresinde Türkçe harf kullanılmaz.",
        "Telefon numarası giriniz.",
        "Bu kurumda böyle biri bulunamadı.",
    ):
        assert sentence in answer.text, sentence
    assert 'value="şükrü@nizip.example"' in answer.text and 'value="kimse"' in answer.text


def test_a_registry_number_is_taken_within_one_institution_only(stage: Stage) -> None:
    taken = stage.coordinator.post("/people/new?organisation=1", data=details(registry_no="N-001"))
    assert taken.status_code == 422 and "zaten kayıtlı" in taken.text
    free = stage.coordinator.post("/people/new?organisation=2", data=details(registry_no="N-001", unit_id=2))
    assert free.status_code == 303


def test_posting_every_column_changes_only_what_the_form_shows(stage: Stage) -> None:
    key = stage.cast.employees["isik"]
    before = fresh(key)
    kept = {c.key: getattr(before, c.key) for c in sa.inspect(Employee).columns}
    everything = dict.fromkeys(kept, "7") | {
        "active": "",
        "created_at": "2020-01-01",
        "organisation_id": "2",
        "id": "999",
    }
    everything |= {k: str(v) for k, v in details(given_name="Işıl", version=1).items()}
    assert stage.focal_point.post(f"/people/{key}/edit", data=everything).status_code == 303
    after = fresh(key)
    shown = {
        "given_name",
        "family_name",
        "registry_no",
        "unit_id",
        "title_id",
        "employment_type",
        "sex",
        "email",
        "phone",
    }
    follows = {"name_sort", "search_text", "registry_key", "version"}
    changed = {c for c in kept if getattr(after, c) != kept[c]}
    assert changed <= shown | follows and after.given_name == "Işıl" and after.supervisor_id is None
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "person.changed")).one()
    assert "given_name" in entry.facts["fields"] and "Işıl" not in str(entry.facts)


def test_whoever_was_second_sees_both_values_and_loses_nothing(stage: Stage) -> None:
    key = stage.cast.employees["isik"]
    first = details(given_name="Işıl", sex="woman", version=1)
    assert stage.focal_point.post(f"/people/{key}/edit", data=first).status_code == 303
    answer = stage.coordinator.post(f"/people/{key}/edit", data=details(given_name="Işılay", sex="man", version=1))
    assert answer.status_code == 409
    assert "Işıl<" in answer.text and "Işılay" in answer.text and "Kadın" in answer.text
    assert 'name="version" value="2"' in answer.text, "the second attempt goes through"
    again = stage.coordinator.post(f"/people/{key}/edit", data=details(given_name="Işılay", version=2))
    assert again.status_code == 303 and fresh(key).given_name == "Işılay"


def test_a_changed_supervisor_is_among_the_differences(stage: Stage) -> None:
    key = stage.cast.employees["isik"]
    stage.focal_point.post(f"/people/{key}/edit", data=details(supervisor="N-001", version=1))
    assert fresh(key).supervisor_id == stage.cast.employees["elif"]
    answer = stage.coordinator.post(f"/people/{key}/edit", data=details(supervisor="", version=1))
    assert answer.status_code == 409 and "Elif Ağaoğlu · N-001" in answer.text


def test_a_supervisor_works_at_the_same_institution_and_is_somebody_else(stage: Stage) -> None:
    key = stage.cast.employees["isik"]
    answer = stage.coordinator.post(f"/people/{key}/edit", data=details(supervisor="Ş-001", version=1))
    assert answer.status_code == 422 and "böyle biri bulunamadı" in answer.text
    answer = stage.coordinator.post(f"/people/{key}/edit", data=details(supervisor="N-002", version=1))
    assert answer.status_code == 422 and "amiri olamaz" in answer.text


def test_suggestions_are_of_one_institution_and_only_ones_own(stage: Stage) -> None:
    ask = "/people/colleagues?organisation=1&supervisor=elif"
    assert "Elif Ağaoğlu · N-001" in stage.focal_point.get(ask, headers=HX).text
    assert stage.focal_point_elsewhere.get(ask, headers=HX).status_code == 404
    assert "option" not in stage.focal_point.get("/people/colleagues?organisation=1&supervisor=sukru", headers=HX).text


def test_the_form_is_sent_as_a_page_because_its_answer_is_another_page(stage: Stage) -> None:
    assert "hx-post" not in stage.focal_point.get(f"/people/{stage.cast.employees['isik']}/edit").text


def test_leaving_and_coming_back(stage: Stage) -> None:
    key = stage.cast.employees["isik"]
    assert stage.focal_point.post(f"/people/{key}/deactivate").status_code == 303
    assert not fresh(key).active
    assert "artık aktif değil" in stage.focal_point.page(f"/people/{key}").text
    assert stage.focal_point.post(f"/people/{key}/activate").status_code == 303
    assert fresh(key).active
    told = sa.select(AuditEntry.event).where(AuditEntry.event.in_(["person.left", "person.activated"]))
    assert list(db.session.scalars(told.order_by(AuditEntry.id))) == ["person.left", "person.activated"]


def test_a_double_submit_adds_one_person(stage: Stage) -> None:
    first = stage.focal_point.post("/people/new?organisation=1", data=details(request_key="k"))
    again = stage.focal_point.post("/people/new?organisation=1", data=details(request_key="k"))
    assert first.location == again.location
    count = sa.select(sa.func.count()).select_from(Employee).where(Employee.registry_no == "N-100")
    assert db.session.scalar(EVERYWHERE.restrict(count, Employee)) == 1


# --- menu and search -----------------------------------------------------------------------------------


def test_the_menu_offers_what_one_may_open(stage: Stage) -> None:
    assert {"/people", "/organisations"} <= set(stage.focal_point.page("/people").links)
    assert "/users" not in stage.focal_point.page("/people").links
    assert "/users" in stage.coordinator.page("/people").links


def test_global_search_shows_people_within_the_scope(stage: Stage) -> None:
    from app.access.models import User
    from app.access.queries import caller_of
    from app.people.employees.pages import hits

    for n in range(7):
        employee("Ada", f"Aile{n}", f"A-{n}", 1)
    caller = caller_of(EVERYWHERE.get(User, stage.cast.users["focal_point"]))
    elsewhere = caller_of(EVERYWHERE.get(User, stage.cast.users["focal_point_elsewhere"]))
    with stage.app.test_request_context():
        found = hits(caller, "ada")
        assert found is not None and len(found.hits) == 5 and found.more_url == "/people?q=ada"
        assert hits(elsewhere, "ada") is None
        alone = hits(caller, "cinar")
        assert alone is not None and alone.more_url is None and alone.hits[0].label == "Işık Çınar"


@pytest.mark.parametrize("query", ["?sex=woman", "?employment=worker", "?employment=civil_servant&sex=man"])
def test_a_filter_is_answered_by_the_index_of_names(stage: Stage, query: str) -> None:
    (steps,) = (
        steps for asked, steps in plans_of(stage.admin, f"/people{query}", "employees").items() if "LIMIT" in asked
    )
    assert steps == ["SEARCH employees USING COVERING INDEX ix_employees_active_name (active=?)"]
