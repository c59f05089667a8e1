"""The needs pages: who sees which numbers, and what they say."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import openpyxl
import pytest
import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.audit.models import AccessEntry
from app.core.clock import today
from app.core.db import db
from app.needs import queries, services
from app.needs.models import AssessmentRound, Need, RoundStatus
from app.settings.models import Setting
from app.training.models import SessionStatus
from tests import factories
from tests.conftest import HX, Stage
from tests.counting import statements
from tests.needs.stage import (
    CASE_MANAGEMENT,
    CORRESPONDENCE,
    NIZIP,
    PLAIN_LANGUAGE,
    SAHINBEY,
    YAKUTIYE,
    Four,
    name_all,
    people,
    rate,
    scenery,
    worked_example,
)

HIGH: Four = (5, 2, 5, 2)
LOW: Four = (4, 3, 4, 4)


def rated(count: int, organisation_id: int, prefix: str, four: Four, competency_id: int = CASE_MANAGEMENT) -> list[int]:
    ids = people(count, organisation_id, prefix)
    for key in ids:
        rate(key, competency_id, four)
    services.recompute_needs(db.session.get_one(AssessmentRound, 1), ids)
    db.session.commit()
    return ids


@pytest.fixture
def needs(stage: Stage) -> Stage:
    """Six people of the worked example in Nizip, ten in Şahinbey, seven in Yakutiye."""
    scenery()
    ids = worked_example(NIZIP).values()
    services.recompute_needs(db.session.get_one(AssessmentRound, 1), ids)
    rated(10, SAHINBEY, "S", LOW)
    rated(7, YAKUTIYE, "Y", HIGH)
    return stage


def rows(stage_answer: bytes) -> list[tuple[object, ...]]:
    return [tuple(row) for row in openpyxl.load_workbook(io.BytesIO(stage_answer)).active.iter_rows(values_only=True)]


def test_nobody_signs_in_first_and_strangers_may_not(needs: Stage) -> None:
    assert needs.nobody.get("/needs").status_code == 302
    for name in ("staff", "trainer", "viewer", "nobody_special"):
        browser = getattr(needs, name)
        for path in ("/needs", "/needs/1", "/needs/imports/new"):
            assert browser.get(path).status_code == 403, (name, path)


def test_the_focal_point_reads_the_worked_example(needs: Stage) -> None:
    text = needs.focal_point.page("/needs").text
    assert "49,5" in text
    assert "39,1" in text
    assert "Yüksek" in text
    assert "5 / 6" in text
    assert "%83,3" in text
    english = needs.focal_point.page("/needs?lang=en").text
    assert "49.5" in english
    assert "High" in english


def test_each_scope_has_its_own_numbers(needs: Stage) -> None:
    def n(name: str, path: str = "/needs?format=xlsx") -> object:
        found = rows(getattr(needs, name).get(path).data)
        return next(row[4] for row in found if row[0] == "Vaka yönetimi")

    assert n("admin") == 23
    assert n("coordinator") == 16
    assert n("coordinator_elsewhere") == 7
    assert n("focal_point") == 6
    assert n("focal_point_elsewhere") == 7


def test_an_outsider_finds_nothing(needs: Stage) -> None:
    assert needs.coordinator.get(f"/needs?organisation={YAKUTIYE}").status_code == 404
    assert needs.coordinator.get("/needs?province=2").status_code == 404
    assert needs.coordinator.get(f"/needs/1?organisation={YAKUTIYE}").status_code == 404
    assert needs.focal_point.get(f"/needs?organisation={SAHINBEY}").status_code == 404
    assert needs.admin.get("/needs/99").status_code == 404
    assert needs.admin.get("/needs?round=99").status_code == 404


def test_rows_come_by_priority_and_turn_round(needs: Stage) -> None:
    found = [row[0] for row in rows(needs.focal_point.get("/needs?format=xlsx").data)][1:]
    assert found == ["Vaka yönetimi", "Çok dilli hizmet", "Resmî yazışma"]
    turned = rows(needs.focal_point.get("/needs?format=xlsx&sort=priority&direction=asc").data)
    assert [row[0] for row in turned][1:] == found[::-1]


def test_filters_by_theme_class_and_group(needs: Stage) -> None:
    assert "Çok dilli" not in needs.focal_point.page("/needs?theme=2").text
    text = needs.admin.page(f"/needs?province=1&organisation={SAHINBEY}").text
    assert "Şahinbey Belediyesi" in text
    assert "En öncelikli yetkinlikler: Şahinbey" in text
    only_high = rows(needs.focal_point.get("/needs?class=high&format=xlsx").data)
    assert len(only_high) == 3


def test_the_round_that_is_shown_is_the_one_chosen(needs: Stage) -> None:
    """An open round is not shown by itself once one is published; the choice must not say so either."""
    first = db.session.get_one(AssessmentRound, 1)
    first.status = RoundStatus.PUBLISHED
    factories.assessment_round(name_tr="2026, 2. dönem")
    db.session.commit()
    for address, shown in (("/needs", "1"), ("/needs?round=1", "1"), ("/needs?round=2", "2")):
        page = needs.admin.page(address).html
        options = re.findall(r'<option value="(\d)"( selected)?>2026, \d\. dönem', page)
        assert len(options) == 2
        assert next((value for value, selected in options if selected), options[0][0]) == shown


def test_a_closed_round_is_looked_through_before_it_is_published(needs: Stage) -> None:
    first = db.session.get_one(AssessmentRound, 1)
    first.status = RoundStatus.CLOSED
    db.session.commit()
    for name in ("admin", "coordinator", "coordinator_elsewhere"):
        assert getattr(needs, name).get("/needs?round=1").status_code == 200, name
        assert "Vaka yönetimi" in getattr(needs, name).page("/needs").text, name
    assert "Vaka yönetimi" not in needs.focal_point.page("/needs").text
    assert "Vaka yönetimi" not in needs.focal_point.page(f"/needs/{CASE_MANAGEMENT}").text
    factories.assessment_round(2025)
    db.session.commit()
    assert needs.focal_point.get("/needs?round=1").status_code == 404
    assert needs.focal_point.get(f"/needs/{CASE_MANAGEMENT}?round=1&format=csv").status_code == 404
    assert needs.admin.get("/needs?round=1").status_code == 200
    assert [found.id for found in queries.rounds()] == [2], "nothing is read of what is not published"
    assert not RoundStatus.PUBLISHED.next
    assert RoundStatus.CLOSED.next == {RoundStatus.OPEN, RoundStatus.PUBLISHED}
    first.status = RoundStatus.PUBLISHED
    db.session.commit()
    assert needs.focal_point.get("/needs?round=1").status_code == 200


def test_another_province_drops_the_institution_of_the_old_one(needs: Stage) -> None:
    found = rows(needs.admin.get(f"/needs?province=2&organisation={NIZIP}&format=xlsx").data)
    assert found[1][5] == 7


def test_fewer_than_five_are_not_shown_in_page_detail_or_file(needs: Stage) -> None:
    rated(3, SAHINBEY, "K", HIGH, CORRESPONDENCE)
    address = f"/needs?organisation={SAHINBEY}"
    page = needs.coordinator.page(address)
    assert "yanıt sayısı 5 sınırının altında" in page.text
    found = {row[0]: row for row in rows(needs.coordinator.get(f"{address}&format=xlsx").data)}
    assert found["Resmî yazışma"][2:4] == ("<5", None)
    assert set(found["Resmî yazışma"][5:]) == {None}
    detail = needs.coordinator.page(f"/needs/{CORRESPONDENCE}?organisation={SAHINBEY}")
    assert "yanıt sayısı 5 sınırının altında" in detail.text
    assert "Nizip" not in found["Resmî yazışma"]


def test_the_province_minus_the_shown_institutions_gives_nothing_away(needs: Stage) -> None:
    """Six of Nizip beside three of Şahinbey: showing Nizip would give Şahinbey away."""
    rated(3, SAHINBEY, "K", HIGH, CORRESPONDENCE)
    whole = {row[0]: row for row in rows(needs.coordinator.get("/needs?format=xlsx").data)}
    assert whole["Resmî yazışma"][4] == 9
    nizip = {row[0]: row for row in rows(needs.coordinator.get(f"/needs?organisation={NIZIP}&format=xlsx").data)}
    assert nizip["Resmî yazışma"][2] == "<5"
    head, *table = rows(needs.coordinator.get("/needs?view=matrix&format=xlsx").data)
    at = head.index("Öncelik puanı: Resmî yazışma")
    assert [row[at] for row in table] != ["<5"] * 3
    assert [row[at] for row in table[1:]] == ["<5", "<5"]


def test_groups_side_by_side(needs: Stage) -> None:
    page = needs.admin.page("/needs?view=matrix")
    assert "Gaziantep" in page.text
    assert "Erzurum" in page.text
    assert "Şahinbey" in needs.coordinator.page("/needs?view=matrix").text
    assert "Uzman" in needs.coordinator.page("/needs?view=matrix&rows=title").text
    assert "Sosyal Yardım" in needs.focal_point.page("/needs?view=matrix").text


def test_comparison_stays_within_what_one_sees(needs: Stage) -> None:
    assert "Tüm program" in needs.admin.page("/needs?province=2").text
    assert "Tüm program" not in needs.coordinator.page(f"/needs?organisation={NIZIP}").text


def test_one_competency_names_people_and_leaves_a_trace(needs: Stage) -> None:
    name_all()
    page = needs.coordinator.page(f"/needs/{CASE_MANAGEMENT}?organisation={NIZIP}")
    assert "Örnek R1" in page.text
    assert "Örnek R4" not in page.text
    assert f"/sessions/new?course=2&province=1&organisation={NIZIP}&competency={CASE_MANAGEMENT}" in page.links
    trace = db.session.scalars(sa.select(AccessEntry).where(AccessEntry.event == "needs.ratings_viewed")).one()
    assert trace.facts == {"round_id": 1, "competency_id": CASE_MANAGEMENT, "people": 5}


def test_people_as_a_file_leave_a_trace(needs: Stage) -> None:
    name_all()
    found = rows(needs.focal_point.get(f"/needs/{CASE_MANAGEMENT}?format=xlsx").data)
    assert [row[6] for row in found[1:]] == sorted((row[6] for row in found[1:]), reverse=True)
    assert len(found) == 6
    entry = db.session.scalars(sa.select(AccessEntry).where(AccessEntry.event == "access.exported")).one()
    assert entry.facts == {"what": "needs_people", "format": "xlsx", "rows": 5}


def test_whom_the_notice_does_not_name_sees_no_names(needs: Stage) -> None:
    """Neither on the page, nor as a file, nor on a person's card; the figures of few stay hidden from them."""
    db.session.get_one(AssessmentRound, 1).readers = ["coordinator"]
    db.session.commit()
    page = needs.focal_point.page(f"/needs/{CASE_MANAGEMENT}")
    assert "Örnek R1" not in page.text and "format=xlsx" not in "".join(page.links)
    assert needs.focal_point.get(f"/needs/{CASE_MANAGEMENT}?format=xlsx").status_code == 404
    assert "Örnek R1" in needs.coordinator.page(f"/needs/{CASE_MANAGEMENT}?organisation={NIZIP}").text
    assert not db.session.scalars(
        sa.select(AccessEntry).where(AccessEntry.event == "needs.ratings_viewed", AccessEntry.actor_id != 2)
    ).all()


def test_whom_the_notice_names_sees_the_figures_of_few(needs: Stage) -> None:
    """A list of names beside figures that are hidden from the same reader says what was to be hidden."""
    rated(3, SAHINBEY, "K", HIGH, CORRESPONDENCE)
    few = f"/needs?organisation={SAHINBEY}"
    assert "&lt;5" in needs.coordinator.get(few).text
    name_all()
    assert "&lt;5" not in needs.coordinator.get(few).text


def test_high_rows_lead_to_a_new_session_for_whoever_may(needs: Stage) -> None:
    assert any(link.startswith("/sessions/new?course=2") for link in needs.coordinator_elsewhere.page("/needs").links)
    assert not any(link.startswith("/sessions/new") for link in needs.focal_point.page("/needs").links)


def test_as_a_fragment_for_htmx(needs: Stage) -> None:
    for path in ("/needs", f"/needs/{CASE_MANAGEMENT}"):
        answer = needs.coordinator.get(path, headers=HX)
        assert answer.status_code == 200
        assert "<html" not in answer.text
        assert 'id="list"' in answer.text


def test_a_person_card_shows_her_needs(needs: Stage) -> None:
    name_all()
    from app.people.models import Employee

    person = db.session.scalar(EVERYWHERE.select(Employee).where(Employee.registry_no == "Ö-R1"))
    assert person is not None
    assert "Vaka yönetimi" in needs.focal_point.page(f"/people/{person.id}").text


def test_what_is_hidden_is_of_no_class(needs: Stage) -> None:
    """Not of none: where every result is hidden, no class has zero competencies."""
    rated(3, SAHINBEY, "K", HIGH, CORRESPONDENCE)
    address = f"/needs?organisation={SAHINBEY}"
    assert "Sınıfı gizlenen 1" in needs.coordinator.page(address).text
    assert "Sınıfı gizlenen" not in needs.focal_point.page("/needs").text
    only_hidden = needs.coordinator.page(f"{address}&theme=2").text
    for label in ("Yüksek", "Orta", "Düşük"):
        assert f"Sınıf: {label} –" in only_hidden
    nothing_shown = needs.coordinator.page(f"{address}&theme=2&class=high").text
    assert "Gizlenen hücreler" in nothing_shown, "what is hidden may be of that class"


def test_classes_left_out_by_the_filter_are_still_counted(needs: Stage) -> None:
    counted = "Ölçülen yetkinlik 3 Nizip Belediyesi Sınıf: Yüksek 2 "
    assert counted in needs.focal_point.page("/needs").text
    chosen = needs.focal_point.page("/needs?class=none")
    assert counted in chosen.text
    assert "Çok dilli hizmet" not in chosen.text


def test_nobody_rated_is_not_nobody_in_need(needs: Stage) -> None:
    name_all()
    unknown = needs.coordinator.page(f"/needs/{CORRESPONDENCE}?organisation={SAHINBEY}").text
    assert "bu yetkinlik için kimse değerlendirilmedi" in unknown
    assert "ihtiyacı olan yok" not in unknown
    rated(5, SAHINBEY, "L", (4, 4, 4, 4), CORRESPONDENCE)
    assert "ihtiyacı olan yok" in needs.coordinator.page(f"/needs/{CORRESPONDENCE}?organisation={SAHINBEY}").text


def test_one_source_alone_diverges_from_nothing_known(needs: Stage) -> None:
    rated(5, SAHINBEY, "T", (5, 2, None, None), CORRESPONDENCE)
    answer = needs.coordinator.get(f"/needs?organisation={SAHINBEY}&format=xlsx")
    at = rows(answer.data)[0].index("Ayrışan değerlendirme")
    found = {row[0]: row[at] for row in rows(answer.data)[1:]}
    assert found == {"Vaka yönetimi": "Hayır", "Resmî yazışma": None}


def test_before_the_first_round(stage: Stage) -> None:
    page = stage.coordinator.page("/needs")
    assert "analiz" in page.text and 'href="/needs/rounds"' in page.html
    scenery()
    db.session.get_one(AssessmentRound, 1).status = RoundStatus.DRAFT
    db.session.commit()
    assert stage.coordinator.get(f"/needs/{PLAIN_LANGUAGE}").status_code == 200


def test_the_programme_may_ask_for_more_people_than_five(needs: Stage) -> None:
    """Six answered in Nizip. A threshold below five, however it got there, is five."""
    detail = f"/needs/{CASE_MANAGEMENT}"
    for value, hidden in ((3, False), (6, False), (7, True)):
        db.session.merge(Setting(id=1, key="suppress_under", value={"value": value}))
        db.session.commit()
        text = needs.focal_point.page("/needs").text
        assert ("yanıt sayısı 7 sınırının altında" in text) is hidden
        assert ("49,5" not in text) is hidden
        assert ("49,5" not in needs.focal_point.page(detail).text) is hidden
        found = {row[0]: row for row in rows(needs.focal_point.get("/needs?format=xlsx").data)}
        assert (found["Vaka yönetimi"][2] == "<7") is hidden


PAGES = {
    "/needs": 6,
    "/needs?view=matrix": 7,
    "/needs?view=matrix&rows=title": 8,
    f"/needs?organisation={NIZIP}": 6,
    f"/needs?organisation={NIZIP}&unit=1": 6,
    f"/needs/{CASE_MANAGEMENT}": 8,
    f"/needs/{CASE_MANAGEMENT}/ratings": 8,
    f"/needs/{CASE_MANAGEMENT}?organisation={NIZIP}": 8,
}


@pytest.mark.parametrize("path", PAGES)
def test_the_number_of_statements(needs: Stage, path: str) -> None:
    """Sign-in, shell, rounds, institutions with units, figures, competencies with courses; names and their trace."""
    for name in ("admin", "coordinator", "focal_point"):
        browser = getattr(needs, name)
        browser.get(path)
        with statements() as found:
            assert browser.get(path).status_code == 200
        assert len(found) <= PAGES[path], (name, found)
        rated(60, NIZIP, name, HIGH)
        rated(6, SAHINBEY, f"{name}2", HIGH, PLAIN_LANGUAGE)
        with statements() as grown:
            assert browser.get(path).status_code == 200
        assert len(grown) <= PAGES[path], (name, grown)


def test_pages_of_names_from_both_ends(needs: Stage) -> None:
    """113 people in need of Nizip: three pages, each name once, whichever way they are sorted."""
    name_all()
    rated(108, NIZIP, "Z", HIGH)
    for sort in ("gap", "name", "organisation"):
        for direction in ("asc", "desc"):
            address = f"/needs/{CASE_MANAGEMENT}?sort={sort}&direction={direction}"
            pages = [needs.focal_point.page(f"{address}&page={number}") for number in (1, 2, 3, 9)]
            names = [[link for link in page.links if re.fullmatch(r"/people/\d+", link)] for page in pages]
            assert [len(found) for found in names] == [50, 50, 13, 13]
            everybody = [key for found in names[:3] for key in found]
            assert len(set(everybody)) == 113
            file = rows(needs.focal_point.get(f"{address}&format=xlsx").data)
            assert len(file) == 114


def test_ones_own_page_shows_strengths_gaps_and_courses(needs: Stage) -> None:
    """What is known well enough comes first; of the gaps the course, and the way to apply where a session is open."""
    elif_ = needs.cast.employees["elif"]
    assert "/me/needs" not in needs.staff.page("/me").links
    rate(elif_, CASE_MANAGEMENT, HIGH)
    rate(elif_, CORRESPONDENCE, (3, 4, 3, 4))
    services.recompute_needs(db.session.get_one(AssessmentRound, 1), [elif_])
    db.session.commit()
    assert "/me/needs" in needs.staff.page("/me").links
    text = needs.staff.page("/me/needs").text
    assert text.index("Güçlü yönleriniz") < text.index("Resmî yazışma") < text.index("Geliştirebilecekleriniz")
    assert text.index("Geliştirebilecekleriniz") < text.index("Vaka yönetimi") < text.index("Eğitim SH-02")
    assert "şu anda başvuruya açık grup yok" in text
    opened = factories.course_session(
        course_id=2,
        status=SessionStatus.OPEN,
        starts_on=today() + timedelta(days=60),
        ends_on=today() + timedelta(days=60),
    )
    factories.audience(opened.id, province_id=1)
    db.session.commit()
    page = needs.staff.page("/me/needs")
    assert "sıradaki grup" in page.text
    assert any(form["action"] == f"/sessions/{opened.id}/apply" for form in page.forms)
    assert "/me/needs" not in needs.trainer.page("/me").links
    assert "Henüz sonuç yok" in needs.trainer.page("/me/needs").text


def test_ratings_of_a_competency_add_up_for_whom_the_notice_names(needs: Stage) -> None:
    """Each side's levels are as many as rated; the others learn neither how many gave a level nor the difference."""
    address = f"/needs/{CASE_MANAGEMENT}/ratings"
    text = needs.admin.page(address).text
    assert "Düzey 1" not in text and "düzey farkı" not in text
    name_all()
    page = needs.admin.page(address)
    assert "düzey farkı" in page.text
    numbers = [int(each) for each in re.findall(r"</svg><span>(\d+)</span>", page.html)]
    assert len(numbers) == 10
    own = db.session.scalars(EVERYWHERE.select(Need).where(Need.competency_id == CASE_MANAGEMENT)).all()
    assert sum(numbers[:5]) == sum(1 for need in own if need.self_level) > 0
    assert sum(numbers[5:]) == sum(1 for need in own if need.supervisor_level) > 0
    assert needs.coordinator.get(f"{address}?organisation={YAKUTIYE}").status_code == 404


def test_a_trend_shows_of_each_round_what_its_own_notice_allows(needs: Stage) -> None:
    """The latest names its readers; what three people said in the one before stays hidden all the same."""
    name_all()
    factories.assessment_round(2025)
    ids = people(3, NIZIP, "E")
    for key in ids:
        rate(key, CASE_MANAGEMENT, HIGH, round_id=2)
    services.recompute_needs(db.session.get_one(AssessmentRound, 2), ids)
    db.session.commit()
    address = f"/needs/{CASE_MANAGEMENT}/ratings?round=1"
    assert "Sonucu gizli olan analizler gösterilmez." in needs.admin.page(address).text
    name_all(2)
    assert "Sonucu gizli olan analizler gösterilmez." not in needs.admin.page(address).text
