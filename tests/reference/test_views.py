"""Job titles, thematic areas and competencies as each role meets them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from app.access.scope import EVERYWHERE
from app.audit.models import AccessEntry, AuditEntry
from app.catalogue.models import Competency, CourseCompetency, CourseTitle, Theme
from app.core.db import db
from app.needs.models import RatingSource, RoundStatus
from app.people.models import Employee, Title, Unit
from tests import factories
from tests.cast import Catalogue, catalogue
from tests.conftest import HX, Stage
from tests.counting import as_if_full, plans_of, statements

UZMAN = "/reference/titles/1"


@pytest.fixture
def found(stage: Stage) -> Catalogue:
    return catalogue()


def title(key: int = 1) -> Title:
    db.session.expire_all()
    return db.session.get_one(Title, key)


def another(name: str = "Kıdemli uzman", **values: Any) -> int:
    made = factories.title(name, **values).id
    db.session.commit()
    return made


def typed(**changes: Any) -> dict[str, Any]:
    return {"name_tr": "Uzman", "name_en": "Specialist", "level": "specialist", "version": title().version} | changes


# --- who may ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["titles", "competencies", "themes"])
def test_an_administrator_edits_and_a_coordinator_reads(stage: Stage, found: Catalogue, kind: str) -> None:
    path = f"/reference/{kind}"
    assert {f"{path}/1", f"{path}/new"} <= set(stage.admin.page(path).links)
    shown = set(stage.coordinator.page(path).links)
    assert f"{path}/1" in shown and f"{path}/new" not in shown
    assert f"{path}/1/edit" in stage.admin.page(f"{path}/1").links
    assert f"{path}/1/edit" not in stage.coordinator.page(f"{path}/1").links


@pytest.mark.parametrize("who", ["focal_point", "trainer", "staff", "viewer", "nobody_special"])
def test_others_are_refused(stage: Stage, who: str) -> None:
    for path in ("/reference/titles", UZMAN):
        assert getattr(stage, who).get(path).status_code == 403
    assert stage.nobody.get(UZMAN).status_code == 302


def test_a_coordinator_changes_nothing(stage: Stage) -> None:
    other = another()
    for verb, data in (
        ("edit", typed(name_tr="Başka")),
        ("merge", {"into": other}),
        ("deactivate", {}),
        ("remove", {}),
    ):
        assert stage.coordinator.post(f"{UZMAN}/{verb}", data=data).status_code == 403, verb
    assert stage.coordinator.post("/reference/titles/new", data=typed(name_tr="Yeni")).status_code == 403
    assert (title().name_tr, title().active) == ("Uzman", True)


def test_what_is_not_there_is_not_found(stage: Stage) -> None:
    for path in ("/reference/units", "/reference/titles/99", "/reference/titles/99/edit", "/reference/themes/1"):
        assert stage.admin.get(path).status_code == 404, path


# --- the list -----------------------------------------------------------------------------------------


def test_the_list_counts_the_people_its_reader_sees(stage: Stage) -> None:
    assert "Uzman Specialist Uzman 4" in stage.admin.page("/reference/titles").text
    assert "Uzman Specialist Uzman 3" in stage.coordinator.page("/reference/titles").text


def test_filters_and_search_know_former_names(stage: Stage, found: Catalogue) -> None:
    factories.title("Gözetmen", active=False)
    former = [{"tr": "Işıkçı", "en": "Lighting hand", "until": "2026-01-31"}]
    factories.title("Sahne görevlisi", former=former)
    db.session.commit()
    path = "/reference/titles"
    assert "Gözetmen" not in stage.admin.page(path).text
    assert "Gözetmen" in stage.admin.page(f"{path}?active=no").text
    assert "Uzman" in stage.admin.page(f"{path}?active=all").text
    for word in ("isikci", "LIGHTING", "sahne"):
        text = stage.admin.page(f"{path}?q={word}").text
        assert "Sahne görevlisi" in text and "Eski adı: Işıkçı" in text and "Specialist" not in text, word
    assert "Sonuç bulunamadı" in stage.admin.page(f"{path}?level=worker").text
    theme = found.themes["sosyal"]
    text = stage.admin.page(f"/reference/competencies?theme={theme}").text
    assert "Vaka yönetimi" in text and "Proje döngüsü" not in text
    answer = stage.admin.get(f"{path}?q=sahne", headers=HX).text
    assert "<html" not in answer and 'id="list"' in answer


def test_the_file_holds_what_is_shown_and_leaves_a_trace(stage: Stage) -> None:
    another("Ağaç bakım görevlisi", name_en="")
    answer = stage.coordinator.get("/reference/titles?format=xlsx")
    rows = list(load_workbook(BytesIO(answer.data)).active.values)
    assert rows[0][:3] == ("Türkçe adı", "İngilizce adı", "Eski adlar")
    assert [row[0] for row in rows[1:]] == ["Ağaç bakım görevlisi", "Uzman"]
    entry = db.session.scalars(sa.select(AccessEntry).where(AccessEntry.event == "access.exported")).one()
    assert entry.facts == {"what": "titles", "format": "xlsx", "rows": 2}
    assert stage.coordinator.get("/reference/themes?format=csv").mimetype == "text/csv"


@pytest.mark.parametrize("path", ["/reference/titles", "/reference/competencies?q=a", UZMAN, f"{UZMAN}/merge"])
def test_pages_ask_little(stage: Stage, found: Catalogue, path: str) -> None:
    for number in range(12):
        factories.title(f"Unvan {number}")
    db.session.commit()
    stage.admin.get(path)
    with statements() as seen:
        assert stage.admin.get(path).status_code == 200
    assert len(seen) <= 8, "\n".join(" ".join(s.split())[:150] for s in seen)


def test_the_search_knows_former_names(stage: Stage) -> None:
    stage.admin.post(f"{UZMAN}/edit", data=typed(name_tr="Uzman personel"))
    assert UZMAN in stage.coordinator.page("/search?q=uzman").links
    assert UZMAN in stage.coordinator.page("/search?q=specialist").links
    assert UZMAN not in stage.focal_point.page("/search?q=uzman").links


def test_the_pages_that_use_them_lead_there(stage: Stage, found: Catalogue) -> None:
    assert "/reference/titles" in stage.admin.page("/settings").links
    assert "/reference/titles" in stage.coordinator.page("/people").links
    assert "/reference/titles" not in stage.focal_point.page("/people").links
    assert "/reference/competencies" in stage.coordinator.page("/courses").links
    assert "/reference/competencies" not in stage.staff.page("/courses").links


# --- adding and renaming ------------------------------------------------------------------------------


def test_one_of_each_kind_is_added(stage: Stage, found: Catalogue) -> None:
    answer = stage.admin.post("/reference/titles/new", data=typed(name_tr="Göç uzmanı", name_en="", version=""))
    assert answer.status_code == 303
    page = stage.coordinator.page(str(answer.location))
    assert "Göç uzmanı" in page.text and "Unvan eklendi" in page.text and "Deniz Yönetici" in page.text
    made = title(int(str(answer.location).rpartition("/")[2]))
    assert (made.slug, made.name_en, made.former, made.active) == ("goc-uzmani", "", [], True)
    theme = {"name_tr": "Afet", "name_en": "Disaster", "prefix": "AF", "description_tr": "", "description_en": ""}
    answer = stage.admin.post("/reference/themes/new", data=theme)
    added = db.session.scalars(sa.select(Theme).where(Theme.prefix == "AF")).one()
    assert added.position == 3
    competency = {"name_tr": "Afet planı", "name_en": "", "theme_id": added.id, "capacity_area_id": 1}
    answer = stage.admin.post("/reference/competencies/new", data=competency)
    assert answer.status_code == 303
    assert "Afet planı" in stage.admin.page("/courses/new").text
    events = db.session.scalars(sa.select(AuditEntry.event)).all()
    assert {"title.added", "theme.added", "competency.added"} <= set(events)


def test_a_name_that_is_lost_is_kept_as_a_former_one(stage: Stage) -> None:
    answer = stage.admin.post(f"{UZMAN}/edit", data=typed(name_tr="Uzman personel", name_en="Expert"))
    assert answer.status_code == 303
    assert [(one.name_tr, one.name_en) for one in title().former_names] == [("Uzman", "Specialist")]
    page = stage.coordinator.page(UZMAN)
    assert "Uzman personel" in page.text and "Eski adlar" in page.text
    assert "Unvan değiştirildi: Türkçe adı, İngilizce adı" in page.text
    assert "Formerly: Uzman" in stage.coordinator.page("/reference/titles?lang=en").text


def test_a_level_or_a_first_english_name_makes_no_former_name(stage: Stage) -> None:
    key = another("Gözetmen", name_en="")
    data = {"name_tr": "Gözetmen", "name_en": "Supervisor", "level": "officer", "version": title(key).version}
    assert stage.admin.post(f"/reference/titles/{key}/edit", data=data).status_code == 303
    assert title(key).former == []


@pytest.mark.parametrize("name", ["UZMAN", "uzman", "  Uzman ", "Işıkçı", "ışıkçı", "IŞIKÇI", "specialist"])
def test_a_name_is_taken_however_it_is_written(stage: Stage, name: str) -> None:
    former = [{"tr": "Işıkçı", "en": "", "until": "2026-01-31"}]
    factories.title("Sahne görevlisi", former=former)
    db.session.commit()
    answer = stage.admin.post("/reference/titles/new", data=typed(name_tr=name, name_en="", version=""))
    assert answer.status_code == 422
    assert "Bu ad zaten kullanılıyor: Uzman" in answer.text or "eski adı: Sahne görevlisi" in answer.text


def test_the_english_name_is_taken_too_and_a_name_of_ones_own_is_not(stage: Stage) -> None:
    answer = stage.admin.post("/reference/titles/new", data=typed(name_tr="Yeni", name_en="Specialist", version=""))
    assert answer.status_code == 422 and "Bu ad zaten kullanılıyor" in answer.text
    assert stage.admin.post(f"{UZMAN}/edit", data=typed(name_tr="Uzman personel")).status_code == 303
    back = typed(name_tr="Uzman", version=title().version)
    assert stage.admin.post(f"{UZMAN}/edit", data=back).status_code == 303, "one may go back to a name one had"


def test_letters_of_course_codes_are_one_themes_own(stage: Stage, found: Catalogue) -> None:
    data = {"name_tr": "Afet", "name_en": "", "prefix": "BK"}
    answer = stage.admin.post("/reference/themes/new", data=data)
    assert answer.status_code == 422 and "başka bir sorun alanında" in answer.text
    assert stage.admin.post("/reference/themes/new", data=data | {"prefix": "b"}).status_code == 422


def test_who_comes_second_sees_both_values(stage: Stage) -> None:
    was = title().version
    assert stage.admin.post(f"{UZMAN}/edit", data=typed(name_tr="Uzman personel", version=was)).status_code == 303
    answer = stage.admin.post(f"{UZMAN}/edit", data=typed(name_tr="Benim adım", version=was))
    assert answer.status_code == 409
    assert "Benim adım" in answer.text and "Uzman personel" in answer.text
    assert stage.admin.post(f"{UZMAN}/merge", data={"into": another(), "version": was}).status_code == 409


# --- retiring, deleting -------------------------------------------------------------------------------


def test_a_retired_title_is_not_offered_but_to_who_has_it(stage: Stage, found: Catalogue) -> None:
    key = another("Gözetmen")
    assert stage.admin.post(f"/reference/titles/{key}/deactivate").status_code == 303
    assert "Gözetmen kullanımdan kaldırıldı" in stage.admin.page("/reference/titles").text
    assert "Gözetmen" not in stage.focal_point.page("/people/new?organisation=1").html
    assert "Gözetmen" not in stage.admin.page("/courses/new").html
    has = EVERYWHERE.get(Employee, stage.cast.employees["isik"])
    has.title_id = key
    db.session.commit()
    assert "Gözetmen" in stage.focal_point.page(f"/people/{has.id}/edit").html
    assert "Gözetmen" in stage.focal_point.page(f"/people/{has.id}").text
    page = stage.admin.page(f"/reference/titles/{key}")
    assert "Kullanımdan kaldırıldı" in page.text and "Yeniden kullanıma al" in page.text
    assert stage.admin.post(f"/reference/titles/{key}/activate").status_code == 303
    assert "Gözetmen" in stage.focal_point.page("/people/new?organisation=1").html


def test_a_retired_theme_and_competency_stay_with_the_course_that_has_them(stage: Stage, found: Catalogue) -> None:
    theme, competency = found.themes["sosyal"], found.competencies["vaka-yonetimi"]
    stage.admin.post(f"/reference/themes/{theme}/deactivate")
    stage.admin.post(f"/reference/competencies/{competency}/deactivate")
    stage.admin.page("/reference/themes")  # which says so
    own = stage.admin.page(f"/courses/{found.courses['SH-01']}/edit").html
    assert "Vaka yönetimi" in own and "Sosyal hizmetler" in own
    new = stage.admin.page("/courses/new").html
    assert "Vaka yönetimi" not in new and "Sosyal hizmetler" not in new
    assert "Vaka yönetimi" not in stage.admin.page("/trainers/new").html


def test_only_what_nothing_uses_is_deleted(stage: Stage) -> None:
    answer = stage.admin.post(f"{UZMAN}/remove")
    assert answer.status_code == 422 and "silinemez" in answer.text
    assert f"{UZMAN}/remove" not in stage.admin.page(UZMAN).html
    key = another()
    assert stage.admin.post(f"/reference/titles/{key}/remove").status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Title)) == 1
    assert db.session.scalars(sa.select(AuditEntry.event)).all().count("title.removed") == 1


def test_the_next_of_its_number_has_a_history_of_its_own(stage: Stage) -> None:
    for name in ("Gözetmen", "Bekçi"):
        answer = stage.admin.post("/reference/titles/new", data=typed(name_tr=name, name_en="", version=""))
        page = stage.admin.page(str(answer.location))
        assert page.text.count("Unvan eklendi") == 1
        stage.admin.post(f"{answer.location}/remove")


def test_its_history_is_found_by_its_events_not_in_the_whole_log(stage: Stage) -> None:
    stage.admin.page(UZMAN)
    as_if_full()
    ((_, steps),) = plans_of(stage.admin, UZMAN, "audit_entries").items()
    assert steps[0].startswith("SEARCH audit_entries USING INDEX ix_audit_entries_event"), steps


# --- merging ------------------------------------------------------------------------------------------


def test_a_merged_title_takes_everybody_along_and_stays_under_its_name(stage: Stage, found: Catalogue) -> None:
    kept = another()
    both = found.courses["BK-02"]
    db.session.add_all([CourseTitle(course_id=both, title_id=key) for key in (1, kept)])
    db.session.add(CourseTitle(course_id=found.courses["SH-01"], title_id=1))
    past = factories.enrolment(factories.course_session().id, stage.cast.employees["elif"])
    db.session.commit()
    version = EVERYWHERE.get(Employee, stage.cast.employees["elif"]).version
    assert "4" in stage.admin.page(f"{UZMAN}/merge").text
    assert stage.admin.post(f"{UZMAN}/merge", data={"into": kept, "version": title().version}).status_code == 303
    db.session.expire_all()
    elif_ = EVERYWHERE.get(Employee, stage.cast.employees["elif"])
    assert (elif_.title_id, elif_.version) == (kept, version + 1), "who edits her now is told"
    pairs = db.session.execute(sa.select(CourseTitle.course_id, CourseTitle.title_id)).all()
    assert sorted(map(tuple, pairs)) == [(found.courses["BK-02"], kept), (found.courses["SH-01"], kept)]
    db.session.refresh(past)
    assert past.title_id == 1, "frozen when she took the seat"
    assert (title().active, title().merged_into_id, title().name_tr) == (False, kept, "Uzman")
    page = stage.coordinator.page(UZMAN)
    assert f"/reference/titles/{kept}" in page.links and "Birleştirildi" in page.text
    assert UZMAN in stage.coordinator.page(f"/reference/titles/{kept}").links
    assert f"/reference/titles/{kept}" in stage.coordinator.page("/search?q=specialist").links
    assert "Uzman" not in [t for t in stage.admin.page("/people").html.split(">") if t.startswith("Uzman<")]


def test_who_edits_a_course_meanwhile_is_told(stage: Stage, found: Catalogue) -> None:
    course, competency = found.courses["SH-01"], found.competencies["vaka-yonetimi"]
    html = stage.admin.page(f"/courses/{course}/edit").html
    version = html.split('name="version"')[1].split('value="')[1].split('"')[0]
    into = {"into": found.competencies["proje-dongusu"], "version": 1}
    assert stage.admin.post(f"/reference/competencies/{competency}/merge", data=into).status_code == 303
    data = {"code": "SH-01", "version": version, "theme_id": 2, "name_tr": "Işıklı Vaka Yönetimi", "name_en": "X"}
    data |= {"hours": 12, "days": 2, "level": "advanced", "delivery_mode": "in_person", "min_participants": 8}
    data |= {"max_participants": 25, "threshold": 80, "has_test": "y", "pass_mark": 70}
    answer = stage.admin.post(f"/courses/{course}/edit", data=data | {"competency_ids": [into["into"]]})
    assert answer.status_code == 409


def test_what_was_merged_before_follows(stage: Stage) -> None:
    second, third = another(), another("Baş uzman")
    stage.admin.post(f"{UZMAN}/merge", data={"into": second, "version": title().version})
    stage.admin.post(f"/reference/titles/{second}/merge", data={"into": third, "version": title(second).version})
    assert title().merged_into_id == title(second).merged_into_id == third
    for verb, data in (("edit", typed(name_tr="Geri")), ("activate", {}), ("remove", {})):
        answer = stage.admin.post(f"{UZMAN}/{verb}", data=data)
        assert answer.status_code == 422 and "birleştirildi" in answer.text, verb
    answer = stage.admin.post(f"/reference/titles/{third}/merge", data={"into": 1, "version": title(third).version})
    assert answer.status_code == 422, "not into one that is gone"


def test_units_name_the_theme_that_was_kept(stage: Stage, found: Catalogue) -> None:
    unit = db.session.get_one(Unit, 1)
    unit.themes = ["sosyal", "belediye"]
    db.session.commit()
    path = f"/reference/themes/{found.themes['sosyal']}"
    assert stage.admin.post(f"{path}/merge", data={"into": found.themes["belediye"], "version": 1}).status_code == 303
    db.session.refresh(unit)
    assert unit.themes == ["belediye"]
    assert db.session.scalar(sa.select(sa.func.count()).where(Competency.theme_id == found.themes["sosyal"])) == 0


# --- an open round ------------------------------------------------------------------------------------


def test_while_a_round_asks_for_it_nothing_changes(stage: Stage, found: Catalogue) -> None:
    key, other = found.competencies["vaka-yonetimi"], found.competencies["proje-dongusu"]
    factories.assessment_round()
    factories.rating(stage.cast.employees["elif"], key, RatingSource.SELF)
    db.session.commit()
    path, theme = f"/reference/competencies/{key}", f"/reference/themes/{found.themes['sosyal']}"
    competency = {"name_tr": "Vaka", "name_en": "", "theme_id": found.themes["sosyal"], "capacity_area_id": 1}
    renamed = {"name_tr": "Sosyal", "name_en": "", "prefix": "SH"}
    for address, data in (
        (f"{path}/edit", competency | {"version": 1}),
        (f"{path}/merge", {"into": other, "version": 1}),
        (f"/reference/competencies/{other}/merge", {"into": key, "version": 1}),
        (f"{path}/deactivate", {}),
        (f"{theme}/edit", renamed | {"version": 1}),
        (f"{theme}/deactivate", {}),
    ):
        answer = stage.admin.post(address, data=data)
        assert answer.status_code == 422 and "2026, 1. dönem" in answer.text, address
    page = stage.admin.page(path)
    assert "2026, 1. dönem" in page.text and f"{path}/merge" not in page.links
    assert f"/reference/competencies/{other}/merge" in stage.admin.page(f"/reference/competencies/{other}").links
    same = {"name_tr": "Vaka yönetimi", "name_en": "Case management", "theme_id": found.themes["sosyal"]}
    factories.capacity_area("Yeni alan")
    db.session.commit()
    assert stage.admin.post(f"{path}/edit", data=same | {"capacity_area_id": 2, "version": 1}).status_code == 303


def test_after_a_round_old_results_say_what_they_were_called(stage: Stage, found: Catalogue) -> None:
    key = found.competencies["vaka-yonetimi"]
    made = factories.assessment_round(status=RoundStatus.PUBLISHED)
    for person in stage.cast.employees.values():
        factories.need(person, competency_id=key)
    db.session.commit()
    data = {"name_tr": "Vaka izleme", "name_en": "", "theme_id": found.themes["sosyal"], "capacity_area_id": 1}
    answer = stage.admin.post(f"/reference/competencies/{key}/edit", data=data | {"version": 1})
    assert answer.status_code == 303
    page = stage.admin.page(f"/needs/{key}?round={made.id}")
    assert "Vaka izleme" in page.text and "Eski adı: Vaka yönetimi" in page.text


def test_needs_go_on_leading_to_the_courses_after_a_merge(stage: Stage, found: Catalogue) -> None:
    """They stay with what was rated; the course that builds what it became part of is theirs."""
    from app.enrolment import queries as enrolment
    from app.enrolment.nominations.candidates import suggested_people
    from app.needs.results.queries import competency_with_courses

    key, kept = found.competencies["vaka-yonetimi"], found.competencies["proje-dongusu"]
    factories.assessment_round(status=RoundStatus.PUBLISHED)
    factories.need(stage.cast.employees["elif"], competency_id=key)
    made = factories.course_session(course_id=found.courses["SH-01"])
    db.session.commit()
    answer = stage.admin.post(f"/reference/competencies/{key}/merge", data={"into": kept, "version": 1})
    assert answer.status_code == 303
    db.session.expire_all()
    links = db.session.scalars(sa.select(CourseCompetency.competency_id)).all()
    assert set(links) == {kept}
    assert sorted(enrolment.competency_ids(made)) == sorted([key, kept])
    suggested = suggested_people(EVERYWHERE, made)
    assert [(one.employee_id, one.why) for one in suggested] == [(stage.cast.employees["elif"], "Vaka yönetimi")]
    _, courses = competency_with_courses(key)
    assert [course.code for course in courses] == ["BK-02", "SH-01"]


def test_a_seat_keeps_what_the_title_was_called(stage: Stage, found: Catalogue) -> None:
    course_session = factories.course_session(course_id=found.courses["BK-02"])
    factories.audience(course_session.id, province_id=1)
    key, seat = course_session.id, factories.enrolment(course_session.id, stage.cast.employees["elif"]).id
    db.session.commit()
    stage.admin.post(f"{UZMAN}/edit", data=typed(name_tr="Kıdemli danışman", name_en="Consultant"))
    stage.admin.page("/")  # where the flash is said
    for path, was, now in (
        (f"/enrolments/{seat}", "Uzman", "Kıdemli danışman"),
        (f"/sessions/{key}/enrolments?format=csv", "Uzman", "Kıdemli danışman"),
        (f"/enrolments/{seat}?lang=en", "Specialist", "Consultant"),
    ):
        text = stage.admin.get(path).text
        assert was in text and now not in text, path
    assert "Consultant" in stage.admin.page(f"/people/{stage.cast.employees['elif']}").text
