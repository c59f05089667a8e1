"""The catalogue as each role meets it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from app.audit.models import AccessEntry, AuditEntry
from app.catalogue import queries
from app.catalogue.models import Course
from app.core import slots
from app.core.db import db
from app.web import parts
from tests.cast import Catalogue, catalogue
from tests.conftest import HX, Stage
from tests.counting import statements


@pytest.fixture
def found(stage: Stage) -> Catalogue:
    return catalogue()


def typed(found: Catalogue, **changes: Any) -> dict[str, Any]:
    return {
        "code": "BK-07",
        "theme_id": found.themes["belediye"],
        "name_tr": "Bütçe",
        "name_en": "Budget",
        "hours": "12",
        "days": "2",
        "level": "basic",
        "delivery_mode": "in_person",
        "min_participants": "8",
        "max_participants": "20",
        "threshold": "80",
        "has_test": "y",
        "pass_mark": "70",
        "sheet_required": "y",
        "objectives_tr": "",
        "objectives_en": "",
        "competency_ids": [found.competencies["proje-dongusu"]],
        "title_ids": [1],
        "target_units": ["mali-hizmetler"],
    } | changes


def the(course_id: int) -> Course:
    db.session.expire_all()
    return queries.course(course_id)


@pytest.mark.parametrize("who", ["admin", "coordinator", "focal_point", "trainer", "staff"])
def test_whoever_may_look_sees_what_is_offered(stage: Stage, found: Catalogue, who: str) -> None:
    page = getattr(stage, who).page("/courses")
    assert "Proje Döngüsü Yönetimi" in page.text and "Işıklı Vaka Yönetimi" in page.text
    assert "Eski Eğitim" not in page.text
    assert ("/courses/new" in page.links) is (who in ("admin", "coordinator"))


@pytest.mark.parametrize("who", ["viewer", "nobody_special"])
def test_who_has_no_right_is_refused(stage: Stage, found: Catalogue, who: str) -> None:
    browser = getattr(stage, who)
    for path in ("/courses", f"/courses/{found.courses['BK-02']}"):
        assert browser.get(path).status_code == 403
    assert stage.nobody.get("/courses").status_code == 302


def test_search_folds_letters_and_filters_stand_in_the_address(stage: Stage, found: Catalogue) -> None:
    assert "Işıklı Vaka" in stage.staff.page("/courses?q=isikli").text
    assert "Proje Döngüsü Y" not in stage.staff.page("/courses?q=isikli").text
    for address in (
        f"/courses?theme={found.themes['sosyal']}",
        "/courses?level=advanced",
        f"/courses?competency={found.competencies['vaka-yonetimi']}",
    ):
        text = stage.staff.page(address).text
        assert "Işıklı Vaka" in text and "Proje Döngüsü Y" not in text, address
    assert "Eğitim bulunamadı" in stage.staff.page("/courses?mode=online").text
    assert "Eğitim bulunamadı" in stage.staff.page("/courses?theme=x").text
    assert "Eski Eğitim" in stage.admin.page("/courses?active=no").text


def test_htmx_gets_the_list_alone(stage: Stage, found: Catalogue) -> None:
    answer = stage.staff.get("/courses?q=proje", headers=HX)
    assert "<html" not in answer.text and 'id="list"' in answer.text and "Işıklı" not in answer.text


def test_the_file_holds_exactly_what_is_shown_and_leaves_a_trace(stage: Stage, found: Catalogue) -> None:
    answer = stage.coordinator.get("/courses?format=xlsx&sort=name&direction=desc&active=all")
    rows = list(load_workbook(BytesIO(answer.data)).active.values)[1:]
    assert [row[1] for row in rows] == ["Proje Döngüsü Yönetimi", "Işıklı Vaka Yönetimi", "Eski Eğitim"]
    entry = db.session.scalars(sa.select(AccessEntry).where(AccessEntry.event == "access.exported")).one()
    assert entry.facts == {"what": "courses", "format": "xlsx", "rows": 3}
    assert stage.coordinator.get("/courses?format=csv").mimetype == "text/csv"


def test_the_list_costs_the_same_however_long_it_is(stage: Stage, found: Catalogue) -> None:
    stage.coordinator.get("/courses")
    with statements() as seen:
        stage.coordinator.get("/courses")
    assert len(seen) <= 8, "\n".join(" ".join(s.split())[:150] for s in seen)


def test_one_course_in_both_languages(stage: Stage, found: Catalogue) -> None:
    path = f"/courses/{found.courses['BK-02']}"
    page = stage.staff.page(path)
    assert "Proje Döngüsü Yönetimi" in page.text and "%80" in page.text and "12 saat, 2 gün" in page.text
    assert "Proje döngüsü" in page.text and "Herkes" in page.text
    assert f"/sessions/new?course={found.courses['BK-02']}" not in page.links
    assert f"/sessions/new?course={found.courses['BK-02']}" in stage.coordinator.page(path).links
    english = stage.staff.page(f"{path}?lang=en")
    assert "Project Cycle Management" in english.text and "80%" in english.text


def test_a_course_that_is_not_there_is_not_found(stage: Stage, found: Catalogue) -> None:
    assert stage.staff.get("/courses/999").status_code == 404
    assert stage.admin.get("/courses/999/edit").status_code == 404
    assert stage.admin.post("/courses/999/deactivate").status_code == 404


def test_upper_rooms_show_their_parts(stage: Stage, found: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    part = parts.Section("Eğitim grupları", "web/ui/empty.html", None)
    monkeypatch.setitem(slots.PROVIDERS.here, "course.sections", [lambda caller, course: part])
    assert "Eğitim grupları" in stage.staff.page(f"/courses/{found.courses['BK-02']}").text


def test_a_new_course_begins_with_the_thresholds_of_the_settings(stage: Stage, found: Catalogue) -> None:
    html = stage.coordinator.get("/courses/new").text
    assert 'name="threshold" type="text" value="80"' in html.replace("  ", " ") or 'value="80"' in html
    assert 'value="70"' in html


def test_a_course_is_added(stage: Stage, found: Catalogue) -> None:
    answer = stage.coordinator.post("/courses/new", data=typed(found, required_ids=[found.courses["BK-02"]]))
    assert answer.status_code == 303
    course = the(int(answer.location.rpartition("/")[2]))
    assert (course.code, course.pass_mark, course.target_units) == ("BK-07", 70, ["mali-hizmetler"])
    page = stage.staff.page(answer.location)
    assert "Uzman" in page.text and "BK-02" in page.text
    assert db.session.scalars(sa.select(AuditEntry.event)).all().count("course.created") == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"code": "BK-02"}, "Bu kod başka bir eğitimde kullanılıyor."),
        ({"code": "bk7"}, "İki büyük harf"),
        ({"max_participants": "3"}, "küçük olamaz"),
        ({"pass_mark": ""}, "geçme puanı giriniz"),
        ({"threshold": "101"}, "0 ile 100"),
        ({"competency_ids": []}, "En az bir yetkinlik"),
        ({"competency_ids": ["999"]}, "Bu seçenek"),
        ({"title_ids": ["x"]}, "Bu seçenek"),
        ({"theme_id": "99"}, "Bu seçenek"),
        ({"level": "kolay"}, "Bu seçenek"),
        ({"name_tr": "   "}, "Bu alanı doldurunuz."),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(
    stage: Stage, found: Catalogue, change: dict[str, Any], sentence: str
) -> None:
    for headers in ({}, HX):
        answer = stage.coordinator.post(
            "/courses/new", data=typed(found, **{"name_en": "My own words"} | change), headers=headers
        )
        assert answer.status_code == 422
        assert sentence in answer.text and "My own words" in answer.text
    assert db.session.scalar(sa.select(sa.func.count(Course.id))) == 3


def test_where_there_is_no_test_there_is_no_pass_mark(stage: Stage, found: Catalogue) -> None:
    data = typed(found)
    del data["has_test"]
    answer = stage.coordinator.post("/courses/new", data=data)
    course = the(int(answer.location.rpartition("/")[2]))
    assert (course.has_test, course.pass_mark) == (False, None)


def test_prerequisites_make_no_circle(stage: Stage, found: Catalogue) -> None:
    first, second = found.courses["BK-02"], found.courses["SH-01"]
    third = stage.coordinator.post("/courses/new", data=typed(found, required_ids=[first])).location.rpartition("/")[2]
    data = typed(found, code="SH-01", required_ids=[third], version=the(second).version)
    assert stage.coordinator.post(f"/courses/{second}/edit", data=data).status_code == 303
    data = typed(found, code="BK-02", required_ids=[second], version=the(first).version)
    answer = stage.coordinator.post(f"/courses/{first}/edit", data=data)
    assert answer.status_code == 422 and "ön koşul istiyor" in answer.text
    data = typed(found, code="BK-02", required_ids=[first], version=the(first).version)
    assert stage.coordinator.post(f"/courses/{first}/edit", data=data).status_code == 422, "never itself"


def test_who_comes_second_sees_both_values(stage: Stage, found: Catalogue) -> None:
    key = found.courses["BK-02"]
    was = the(key).version
    only_lists = typed(
        found, code="BK-02", name_tr="Proje Döngüsü Yönetimi", competency_ids=[found.competencies["vaka-yonetimi"]]
    )
    assert stage.admin.post(f"/courses/{key}/edit", data=only_lists | {"version": was}).status_code == 303
    assert the(key).version > was
    late = typed(found, code="BK-02", name_tr="Benim adım", version=was)
    answer = stage.coordinator.post(f"/courses/{key}/edit", data=late)
    assert answer.status_code == 409
    for words in ("Benim adım", "Proje Döngüsü Yönetimi", "Vaka yönetimi", "Proje döngüsü"):
        assert words in answer.text
    assert the(key).name_tr == "Proje Döngüsü Yönetimi"
    again = stage.coordinator.post(f"/courses/{key}/edit", data=late | {"version": the(key).version})
    assert again.status_code == 303 and the(key).name_tr == "Benim adım"


def test_a_change_of_lists_alone_is_a_change(stage: Stage, found: Catalogue) -> None:
    key = found.courses["BK-02"]
    page = stage.coordinator.get(f"/courses/{key}/edit").text
    assert f'value="{found.competencies["proje-dongusu"]}"' in page
    course = the(key)
    same = {
        name: getattr(course, name)
        for name in ("name_tr", "name_en", "hours", "days", "objectives_tr", "objectives_en")
    }
    data = typed(found, code="BK-02", attendance_document_on_fail="y", target_units=["sosyal-yardim-isleri"], **same)
    data |= {"version": course.version, "title_ids": [1]}
    was = course.version
    stage.coordinator.post(f"/courses/{key}/edit", data=data)
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "course.changed")).one()
    assert entry.facts["fields"] == ["titles"] and the(key).version == was + 1
    data |= {"version": was + 1, "request_key": "another"}
    stage.coordinator.post(f"/courses/{key}/edit", data=data)
    assert db.session.scalars(sa.select(AuditEntry.event)).all().count("course.changed") == 1


def test_only_what_the_form_shows_can_be_set(stage: Stage, found: Catalogue) -> None:
    key = found.courses["BK-02"]
    data = typed(found, code="BK-02", version=the(key).version)
    data |= {"active": "", "id": "77", "name_sort": "x", "search_text": "x", "theme": "x"}
    assert stage.coordinator.post(f"/courses/{key}/edit", data=data).status_code == 303
    course = the(key)
    assert course.active and course.id == key and "butce" in course.search_text and course.name_sort != "x"


@pytest.mark.parametrize("who", ["focal_point", "trainer", "staff", "viewer"])
def test_who_may_only_look_changes_nothing(stage: Stage, found: Catalogue, who: str) -> None:
    browser, key = getattr(stage, who), found.courses["BK-02"]
    assert browser.get("/courses/new").status_code == 403
    for path in ("/courses/new", f"/courses/{key}/edit", f"/courses/{key}/deactivate", f"/courses/{key}/activate"):
        assert browser.post(path, data=typed(found)).status_code == 403
    assert the(key).active


def test_a_course_is_no_longer_offered_and_again(stage: Stage, found: Catalogue) -> None:
    key = found.courses["BK-02"]
    assert stage.coordinator.post(f"/courses/{key}/deactivate").status_code == 303
    assert not the(key).active
    page = stage.coordinator.page(f"/courses/{key}")
    assert "Artık sunulmuyor" in page.text and f"/sessions/new?course={key}" not in page.links
    assert stage.coordinator.post(f"/courses/{key}/activate").status_code == 303
    assert the(key).active


def test_search_finds_courses_for_those_who_may(stage: Stage, found: Catalogue) -> None:
    from app.access.models import User
    from app.access.queries import caller_of
    from app.access.scope import EVERYWHERE
    from app.catalogue.pages import hits, nav
    from app.oversight.pages import found as shown

    with stage.app.test_request_context("/"):
        focal = caller_of(EVERYWHERE.get(User, stage.cast.users["focal_point"]))
        staff = caller_of(EVERYWHERE.get(User, stage.cast.users["staff"]))
        answer = hits(focal, "isikli")
        assert answer is not None and shown([answer])[0].hits[0].label == "SH-01 Işıklı Vaka Yönetimi"
        assert hits(staff, "isikli") is None and hits(focal, "  ") is None
        assert [item.place for item in nav(staff, None)] == [True]
        assert [item.place for item in nav(focal, None)] == [False]
