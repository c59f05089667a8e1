"""Pilot projects: the board and the list, the management plan in eight sections, staff and what they need."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa

from app.access.scope import EVERYWHERE, Scope, within
from app.audit.models import AuditEntry
from app.certificates.models import Certificate
from app.core.clock import today
from app.core.db import db
from app.core.errors import Refused
from app.core.paging import ListQuery
from app.people.events import EmployeesMerged
from app.people.models import Employee
from app.programme.asks import services as asks
from app.programme.documents import services as documents
from app.programme.pilots import pages, queries, services
from app.programme.pilots.merging import follow
from app.programme.pilots.models import (
    ManagementPlanStatus,
    Pilot,
    PilotAsk,
    PilotSession,
    PilotStaff,
    SectionKey,
    SectionState,
    TrackingStatus,
)
from app.training.models import CourseSession, SessionStatus
from tests import factories
from tests.cast import By, Cast
from tests.conftest import Browser, Stage
from tests.counting import statements
from tests.plans.stage import needs

# the test client leaves the file open in which it sends what is large
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
BY = By(1)


def section(tr: str, en: str = "", responsible: str = "", *, complete: bool = False) -> dict[str, Any]:
    return {"text_tr": tr, "text_en": en, "responsible": responsible, "due_on": None, "complete": complete}


TEXT = section("Metin", "Text", "Merkez müdürlüğü", complete=True)


@pytest.fixture
def pilot(cast: Cast) -> Pilot:
    made = factories.pilot(organisation_id=cast.nizip)
    db.session.commit()
    return made


def write_all(pilot: Pilot, details: dict[str, Any] = TEXT) -> None:
    loaded = queries.pilot(EVERYWHERE, pilot.id)
    for one in queries.sections(loaded):
        services.write_section(loaded, one, details, by=BY)
    db.session.commit()


def row(pilot: Pilot) -> Pilot:
    return queries.pilot(EVERYWHERE, pilot.id)


def send(browser: Browser, path: str, **values: Any) -> Any:
    """The form at this address, as a browser without JavaScript sends it."""
    return browser.post(path, data={**browser.page(path).hidden(path), **values})


# --- the management plan --------------------------------------------------------------------------------------


def test_a_plan_stands_by_its_sections_and_its_document(pilot: Pilot) -> None:
    assert (row(pilot).plan, row(pilot).complete) == (ManagementPlanStatus.DRAFT, 0)
    write_all(pilot, section("Metin"))
    assert (row(pilot).plan, row(pilot).complete) == (ManagementPlanStatus.DRAFT_COMPLETED, 0)
    write_all(pilot)
    assert row(pilot).complete == 8
    documents.submit(row(pilot).document, "", lacking=None, by=BY)
    assert row(pilot).plan is ManagementPlanStatus.IN_REVIEW


def test_each_state_of_a_plan_is_a_filter_that_finds_it(pilot: Pilot) -> None:
    factories.pilot("PP-27-02")
    write_all(pilot)
    for status in ManagementPlanStatus:
        query = ListQuery(sort="code", filters={"plan": status.value})
        found = queries.pilots(EVERYWHERE, query).everything()
        every = queries.pilots(EVERYWHERE, ListQuery(sort="code")).everything()
        assert [one.code for one in found] == [one.code for one in every if one.plan is status]


def test_an_empty_section_keeps_a_plan_from_being_submitted(stage: Stage, pilot: Pilot) -> None:
    path = f"/programme/documents/{pilot.document_id}/submit"
    shown = stage.coordinator.page(path)
    assert "Amaç ve kapsam" in shown.text and f'action="{path}"' not in shown.html, "it could only fail"
    assert stage.coordinator.post(path, data={}).status_code in {409, 422}
    write_all(pilot)
    assert send(stage.coordinator, path).status_code == 303


def test_a_section_cannot_change_while_its_plan_is_in_review(stage: Stage, pilot: Pilot) -> None:
    """Somebody writes while somebody else submits: what was typed stands in the form again."""
    write_all(pilot)
    path = f"/programme/pilots/{pilot.id}/sections/risks"
    hidden = stage.coordinator.page(path).hidden(path)
    send(stage.coordinator, f"/programme/documents/{pilot.document_id}/submit")
    answer = stage.coordinator.post(path, data={**hidden, "text_tr": "Yeni risk"})
    assert answer.status_code == 422
    assert "Yeni risk" in answer.text
    assert "İncelemedeyken" in answer.text
    assert "İncelemedeyken" in stage.coordinator.page(path).text, "and says so before anything is typed"


def test_two_who_write_a_section_see_both_texts(stage: Stage, pilot: Pilot) -> None:
    path = f"/programme/pilots/{pilot.id}/sections/risks"
    hidden = stage.coordinator.page(path).hidden(path)
    assert send(stage.admin, path, text_tr="Önce yazan").status_code == 303
    answer = stage.coordinator.post(path, data={**hidden, "text_tr": "Sonra yazan"})
    assert answer.status_code == 409
    assert "Önce yazan" in answer.text
    assert "Sonra yazan" in answer.text


def test_a_section_without_a_text_is_not_complete(pilot: Pilot) -> None:
    loaded = row(pilot)
    with pytest.raises(Refused, match="tamamlanmış sayılmaz"):
        services.write_section(loaded, queries.section(loaded, "risks"), section("", complete=True), by=BY)


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (factories.pdf(), 303, ""),
        (b"MZ program", 422, "PDF, JPEG"),
        (b"\xff\xd8\xff" + b"x" * 12_600_000, 422, "12 MB"),
    ],
)
def test_an_attachment_is_what_it_is_by_its_bytes(
    stage: Stage, pilot: Pilot, content: bytes, status: int, said: str
) -> None:
    path = f"/programme/pilots/{pilot.id}/sections/budget"
    answer = send(stage.coordinator, path, text_tr="Bütçe", scan=(BytesIO(content), "a.pdf"))
    assert answer.status_code == status
    assert said in answer.text
    kept = stage.coordinator.get(path + "/attachment")
    assert kept.status_code == (200 if status == 303 else 404)


def test_a_picture_of_forty_megabytes_is_refused_and_nothing_is_lost(stage: Stage, pilot: Pilot) -> None:
    path = f"/programme/pilots/{pilot.id}/sections/budget"
    answer = send(
        stage.coordinator, path, text_tr="Bütçe", scan=(BytesIO(b"\xff\xd8\xff" + b"x" * 40_000_000), "a.jpg")
    )
    assert answer.status_code == 413
    assert queries.section(row(pilot), "budget").text_tr == ""


def test_the_version_says_what_the_sections_said(stage: Stage, pilot: Pilot) -> None:
    write_all(pilot)
    path = f"/programme/documents/{pilot.document_id}"
    send(stage.coordinator, f"{path}/submit")
    send(stage.admin, f"{path}/approve")
    page = stage.coordinator.page(f"{path}/versions/1").text
    assert "Riskler" in page
    assert "Metin" in page
    assert stage.coordinator.get(f"{path}/draft.pdf").data.startswith(b"%PDF")
    assert "1 / 1" in stage.coordinator.page("/programme/pilots").text


# --- the project ----------------------------------------------------------------------------------------------


def details(**values: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        "code": "PP-27-09",
        "name_tr": "Atölye",
        "name_en": "Workshop",
        "province_id": 1,
        "district": "Nizip",
        "theme_id": factories.shared(factories.Theme, factories.theme),
        "organisation_id": None,
        "unit": "",
        "beneficiaries_tr": "",
        "beneficiaries_en": "",
        "starts_on": date(2026, 1, 1),
        "ends_on": None,
        "tracking": TrackingStatus.PREPARING,
        "note": "",
    }
    return {**known, **values}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"code": "PP-27-01"}, "code"),
        ({"province_id": 2}, "province_id"),
        ({"organisation_id": 3}, "organisation_id"),
        ({"ends_on": date(2025, 1, 1)}, "ends_on"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(pilot: Pilot, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as no:
        services.add_pilot(details(**values), scope=Scope(provinces=frozenset({1})), by=BY)
    assert no.value.field == field


def test_a_pilot_begins_with_eight_empty_sections(cast: Cast) -> None:
    made = services.add_pilot(details(), scope=EVERYWHERE, by=BY)
    found = queries.sections(made)
    assert [one.key for one in found] == list(SectionKey)
    assert {one.state for one in found} == {SectionState.EMPTY}


def test_its_document_follows_its_name(pilot: Pilot) -> None:
    loaded = row(pilot)
    services.change_pilot(loaded, details(name_tr="Yeni ad"), scope=EVERYWHERE, by=BY)
    assert loaded.document.name_tr == "Yeni ad"


def test_from_an_empty_installation_to_a_pilot_on_the_board(stage: Stage) -> None:
    assert "Yeni pilot proje" in stage.coordinator.get("/programme/pilots").text
    theme = factories.theme()
    path = "/programme/pilots/new"
    assert send(stage.coordinator, path, code="PP-27-01").status_code == 422
    typed = {"code": "PP-27-01", "name_tr": "Toplum Merkezi", "name_en": "Community Centre", "theme_id": theme.id}
    sent = send(stage.coordinator, path, **typed, province_id=1, starts_on="2026-01-01", tracking="preparing")
    assert sent.status_code == 303
    assert "Toplum Merkezi" in stage.coordinator.page("/programme/pilots").text
    edit = f"{sent.location}/edit"
    changed = send(
        stage.coordinator,
        edit,
        **typed | {"name_tr": "Kadın Merkezi"},
        province_id=1,
        starts_on="2026-01-01",
        tracking="testing",
    )
    assert changed.status_code == 303
    assert "Kadın Merkezi" in stage.coordinator.page("/programme/pilots/list?q=kadin").text
    assert "Community Centre" in stage.coordinator.get("/programme/pilots/list?format=csv&lang=en").text


def test_a_closed_pilot_asks_for_nothing_and_keeps_all(stage: Stage, pilot: Pilot) -> None:
    factories.pilot_service(pilot.id)
    path = f"/programme/pilots/{pilot.id}/close"
    assert "girilmedi" in stage.coordinator.page(path).text, "months are open: it says so"
    assert send(stage.coordinator, path, closing_note="").status_code == 422
    assert "missing=yes" in stage.coordinator.get("/").text
    assert send(stage.coordinator, path, closing_note="Belediyeye devredildi").status_code == 303
    assert "Belediyeye devredildi" in stage.coordinator.page(f"/programme/pilots/{pilot.id}").text
    assert "missing=yes" not in stage.coordinator.get("/").text
    assert stage.coordinator.post(f"/programme/pilots/{pilot.id}/reopen").status_code == 303
    assert row(pilot).closed_on is None


# --- tasks and figures ------------------------------------------------------------------------------------------


def test_a_section_that_is_late_is_a_task(stage: Stage, pilot: Pilot) -> None:
    assert "overdue=yes" not in stage.coordinator.get("/").text
    late = queries.section(row(pilot), "risks")
    late.due_on = today() - timedelta(days=1)
    db.session.commit()
    assert "/programme/pilots/list?overdue=yes" in stage.coordinator.get("/").text
    assert "overdue=yes" not in stage.coordinator_elsewhere.get("/").text
    assert "PP-27-01" in stage.coordinator.get("/programme/pilots/list?overdue=yes").text
    late.state = SectionState.COMPLETE
    db.session.commit()
    assert "PP-27-01" not in stage.coordinator.get("/programme/pilots/list?overdue=yes").text


def test_the_figure_is_the_length_of_the_list_it_opens(pilot: Pilot) -> None:
    for number in range(2, 9):
        other = factories.pilot(f"PP-27-{number:02}", province_id=1 + number % 2)
        if number % 3:
            plan = queries.pilot(EVERYWHERE, other.id).document
            documents.submit(plan, "", lacking=None, by=BY)
            db.session.commit()
            version = documents.approve(plan, [], by=By(2))
            version.approved_at -= timedelta(days=365 * (number % 2))
    db.session.commit()
    for scope in (EVERYWHERE, Scope(provinces=frozenset({1})), Scope(provinces=frozenset({2}))):
        for year in (today().year - 1, today().year):
            rows = db.session.execute(queries.approved_by_province(year)).all()
            seen = [row for row in rows if scope.covers_province(row[0])]
            every = queries.pilots(scope, ListQuery(sort="code")).everything()
            listed = queries.pilots(scope, ListQuery(sort="code", filters={"approved": str(year)})).everything()
            assert sum(row[1] for row in seen) == len(listed)
            assert sum(row[2] for row in seen) == len(every)


# --- staff, and what they need ----------------------------------------------------------------------------------


def certified(employee_id: int, competency_id: int) -> Certificate:
    """Somebody with a certificate of a course that builds a competency."""
    course = factories.course("BK-02", competency_ids=[competency_id])
    course_session = factories.course_session(course_id=course.id)
    seat = factories.enrolment(course_session.id, employee_id)
    return factories.certificate(course_session.id, 1, enrolment_id=seat.id)


def test_ready_is_who_holds_a_certificate_in_all_that_is_needed(pilot: Pilot, cast: Cast) -> None:
    needed, other = factories.competency(), factories.competency("Arabuluculuk")
    for name in ("elif", "isik"):
        factories.pilot_staff(pilot.id, cast.employees[name])
    certificate = certified(cast.employees["elif"], needed.id)
    asks.ask(pages.ASKER, pilot, needed, "Başvuranlar danışıyor", by=BY)
    found = pages.readiness(pilot)
    assert (found.staff, found.ready, found.needs[0].certified, found.needs[0].gap) == (2, 1, 1, 1)
    assert [course.code for course in found.needs[0].courses] == ["BK-02"]
    asks.ask(pages.ASKER, pilot, other, "Anlaşmazlıklar", by=BY)
    assert pages.readiness(pilot).ready == 0
    certificate.status = certificate.status.to(type(certificate.status)("revoked"))
    db.session.flush()
    assert pages.readiness(pilot).needs[1].certified == 0


def test_from_a_gap_to_a_row_of_a_plan_and_back(stage: Stage, pilot: Pilot) -> None:
    needed = factories.competency()
    factories.course("BK-02", competency_ids=[needed.id])
    path = f"/programme/asks/pilot/{pilot.id}/new"
    assert send(stage.coordinator, path, competency=needed.id, reason="Danışmanlık veriyorlar").status_code == 303
    staff = stage.coordinator.page(f"/programme/pilots/{pilot.id}/staff")
    assert "/plans/add?asked=pilot-1" in staff.links, "who will work there may be known later"
    assert send(stage.coordinator, path, competency=needed.id, reason="Yine").status_code == 422
    factories.pilot_staff(pilot.id, stage.cast.employees["elif"])
    db.session.commit()
    page = stage.coordinator.page(f"/programme/pilots/{pilot.id}/staff")
    assert "/plans/add?asked=pilot-1" in page.links
    assert stage.coordinator.post("/programme/asks/pilot-1/withdraw").status_code == 303


def test_staff_are_found_added_and_removed(stage: Stage, pilot: Pilot) -> None:
    path = f"/programme/pilots/{pilot.id}/staff"
    assert "Elif" in stage.coordinator.page(f"{path}?q=elif").text
    assert "Zeynep" not in stage.coordinator.page(f"{path}?q=zeynep").text, "of another province"
    elif_, zeynep = stage.cast.employees["elif"], stage.cast.employees["zeynep"]
    assert stage.coordinator.post(f"{path}/add", data={"employee": zeynep}).status_code == 404
    assert stage.coordinator.post(f"{path}/add", data={"employee": "x"}).status_code == 404
    for _ in range(2):
        assert stage.coordinator.post(f"{path}/add", data={"employee": elif_}).status_code == 303
    assert "Elif" in stage.focal_point.page(path).text
    stage.coordinator.page(path)  # and what was said of it
    assert stage.coordinator.post(f"{path}/1/remove").status_code == 303
    assert "AĞAOĞLU" not in stage.coordinator.page(path).text.upper()


def test_somebody_who_was_two_works_there_once(pilot: Pilot, cast: Cast) -> None:
    both = [cast.employees[name] for name in ("elif", "isik")]
    for employee_id in both:
        factories.pilot_staff(pilot.id, employee_id)
    follow(EmployeesMerged(*both), BY)
    left = db.session.scalars(within(pilot).select(PilotStaff)).all()
    assert [one.employee_id for one in left] == both[:1]


# --- who sees it ------------------------------------------------------------------------------------------------


PAGES = ("", "/staff", "/users", "/sessions")


def test_who_may_look_and_who_may_not(stage: Stage, pilot: Pilot) -> None:
    factories.pilot_service(pilot.id)
    for page in PAGES:
        path = f"/programme/pilots/{pilot.id}{page}"
        for name in ("coordinator", "admin", "focal_point"):
            assert getattr(stage, name).get(path).status_code == 200, (name, page)
        for name in ("coordinator_elsewhere", "focal_point_elsewhere"):
            assert getattr(stage, name).get(path).status_code == 404, (name, page)
        for name in ("trainer", "staff", "viewer"):
            assert getattr(stage, name).get(path).status_code == 403, (name, page)
    assert "/edit" not in stage.focal_point.get(f"/programme/pilots/{pilot.id}").text
    assert stage.focal_point.get(f"/programme/pilots/{pilot.id}/edit").status_code == 403


def test_changes_elsewhere_do_not_exist(stage: Stage, pilot: Pilot) -> None:
    factories.pilot_service(pilot.id)
    for path in (
        "reopen",
        "staff/add",
        "staff/1/remove",
        "sessions/add",
        "sessions/1/remove",
        "users/close",
        "services/1/users",
        "services/1/bring",
        "services/1/edit",
        "edit",
        "close",
        "sections/risks",
        "services/new",
    ):
        assert stage.coordinator_elsewhere.post(f"/programme/pilots/{pilot.id}/{path}").status_code == 404, path


@pytest.mark.parametrize(
    "page", ["/programme/pilots", "/programme/pilots/list", *(f"/programme/pilots/1{p}" for p in PAGES)]
)
def test_pages_cost_the_same_however_many_there_are(stage: Stage, pilot: Pilot, page: str) -> None:
    service = factories.pilot_service(pilot.id)
    stage.coordinator.page(page)
    with statements() as few:
        stage.coordinator.page(page)
    for number in range(2, 12):
        other = factories.pilot(f"PP-27-{number:02}")
        factories.pilot_service(other.id)
        factories.pilot_month(date(today().year, 1, 1), service.id + number - 1)
    db.session.commit()
    with statements() as many:
        stage.coordinator.page(page)
    assert len(many) == len(few) <= 8, many


def test_looking_for_staff_asks_at_most_eight_questions(stage: Stage, pilot: Pilot) -> None:
    ask = factories.competency()
    db.session.add(PilotAsk(pilot_id=pilot.id, competency_id=ask.id, reason="Gerekli"))
    db.session.commit()
    path = f"/programme/pilots/{pilot.id}/staff?q=elif"
    stage.coordinator.page(path)
    with statements() as seen:
        stage.coordinator.page(path)
    assert len(seen) <= 8, seen


def test_a_board_shows_some_of_each_column_and_the_way_to_all(stage: Stage, pilot: Pilot) -> None:
    for number in range(2, 15):
        factories.pilot(f"PP-27-{number:02}")
    db.session.commit()
    page = stage.coordinator.page("/programme/pilots")
    assert "PP-27-10" in page.text and "PP-27-11" not in page.text
    assert "Tümü (14)" in page.text
    assert "/programme/pilots/list?plan=draft" in page.links
    write_all(pilot, section("Metin"))
    assert [(status.value, number) for status, number, _ in queries.board(EVERYWHERE, 1).columns] == [
        ("draft", 13),
        ("draft_completed", 1),
    ]


def test_a_pilot_is_found_by_what_it_is_called_now(stage: Stage, pilot: Pilot) -> None:
    services.change_pilot(row(pilot), details(code=pilot.code, name_tr="Işıklı Ev"), scope=EVERYWHERE, by=BY)
    factories.pilot_month(date(2026, 1, 1), factories.pilot_service(pilot.id).id)
    db.session.commit()
    for path in ("/programme/pilots/list", "/programme/pilots/users"):
        assert "Işıklı Ev" in stage.coordinator.page(f"{path}?q=pp-27-01+isikli").text
        assert "Işıklı Ev" not in stage.coordinator.page(f"{path}?q=toplum").text
    assert f"/programme/pilots/{pilot.id}" in stage.coordinator.page("/search?q=isikli").links
    assert f"/programme/pilots/{pilot.id}" not in stage.coordinator_elsewhere.page("/search?q=isikli").links


# --- course sessions given for it -------------------------------------------------------------------------------


def test_a_session_names_a_pilot_from_either_page(stage: Stage, pilot: Pilot) -> None:
    other = factories.pilot("PP-27-02")
    session = factories.course_session().id
    db.session.commit()
    path, tab = f"/programme/pilots/{pilot.id}/sessions", f"/sessions/{session}/pilot"
    page = stage.coordinator.page(path)
    assert stage.coordinator.post(f"{path}/add", data={**page.hidden(f"{path}/add")}).status_code == 422
    chosen = {**page.hidden(f"{path}/add"), "course_session": session}
    assert stage.coordinator.post(f"{path}/add", data=chosen).status_code == 303
    assert f"/sessions/{session}" in stage.coordinator.page(path).links
    assert path in stage.coordinator.page(tab).links
    assert tab in stage.coordinator.page(f"/sessions/{session}").links
    assert send(stage.coordinator, tab, pilot_id=other.id).status_code == 303
    assert f"/sessions/{session}" not in stage.coordinator.page(path).links, "it names one"
    assert f"/sessions/{session}" in stage.coordinator.page(f"/programme/pilots/{other.id}/sessions").links
    assert stage.coordinator.post(f"{path}/{session}/remove").status_code == 404, "it names the other"
    assert stage.coordinator.post(f"/programme/pilots/{other.id}/sessions/{session}/remove").status_code == 303
    assert db.session.scalars(EVERYWHERE.select(PilotSession)).all() == []
    facts = [entry.facts for entry in db.session.scalars(sa.select(AuditEntry)) if "linked" in entry.facts]
    assert [(one["pilot_id"], one["linked"]) for one in facts] == [(1, True), (1, False), (2, True), (2, False)]


def test_a_session_elsewhere_is_no_choice(stage: Stage, pilot: Pilot) -> None:
    """Of another province, called off, or another pilot's: neither offered nor taken; nor does the form elsewhere open."""
    elsewhere = factories.course_session(province_id=2).id
    cancelled = factories.course_session(ordinal=2, status=SessionStatus.CANCELLED).id
    taken = factories.course_session(ordinal=3).id
    factories.pilot_session(factories.pilot("PP-27-02").id, taken)
    foreign = factories.pilot("PP-21-01", province_id=2).id
    factories.course_session(ordinal=4)  # a choice there is, and none of those
    db.session.commit()
    path = f"/programme/pilots/{pilot.id}/sessions"
    for browser in (stage.coordinator, stage.admin):
        for key in (elsewhere, cancelled, taken, 999):
            sent = {**browser.page(path).hidden(f"{path}/add"), "course_session": key}
            assert browser.post(f"{path}/add", data=sent).status_code == 422, key
    assert send(stage.coordinator, f"/sessions/{taken}/pilot", pilot_id=foreign).status_code == 422
    assert stage.coordinator.get(f"/sessions/{elsewhere}/pilot").status_code == 404
    assert stage.coordinator_elsewhere.get(f"/sessions/{taken}/pilot").status_code == 404
    assert stage.focal_point.get(f"/sessions/{taken}/pilot").status_code == 403
    with pytest.raises(Refused, match="başka bir ilde"):
        services.name_pilot(EVERYWHERE.get(CourseSession, taken), queries.seen(EVERYWHERE, foreign), by=BY)


def test_a_reader_meets_the_sessions_offered_to_them(stage: Stage, pilot: Pilot) -> None:
    """Drafts are for whoever runs them; the list offers a reader nothing to add."""
    offered = factories.course_session(status=SessionStatus.OPEN).id
    factories.audience(offered, province_id=1)
    draft = factories.course_session(ordinal=2).id
    for key in (offered, draft):
        factories.pilot_session(pilot.id, key)
    db.session.commit()
    page = stage.focal_point.page(f"/programme/pilots/{pilot.id}/sessions")
    assert f"/sessions/{offered}" in page.links and f"/sessions/{draft}" not in page.links
    assert "/sessions/add" not in stage.focal_point.get(f"/programme/pilots/{pilot.id}/sessions").text


def test_what_the_staff_asked_for_is_walked_to_its_sessions(stage: Stage, pilot: Pilot) -> None:
    """The page with all its parts costs no more than others."""
    needed = factories.competency()
    course = factories.course("BK-02", competency_ids=[needed.id])
    item = factories.plan_item(course_id=course.id)
    db.session.add(PilotAsk(pilot_id=pilot.id, competency_id=needed.id, reason="Gerek", plan_item_id=item.id))
    session = factories.course_session(course_id=course.id, plan_item_id=item.id).id
    factories.measure(1, pilot_id=pilot.id)
    db.session.commit()
    path = f"/programme/pilots/{pilot.id}/sessions"
    stage.coordinator.page(path)
    with statements() as found:
        page = stage.coordinator.page(path)
    assert f"/sessions/{session}" in page.links and "/programme/sustainability/measures/1" in page.links
    assert len(found) <= 8, "\n".join(found)


# --- closed --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/programme/pilots/1/services/new",
        "/programme/asks/pilot/1/new",
        "/programme/pilots/1/staff/add",
        "/programme/pilots/1/sections/risks",
    ],
)
def test_a_closed_pilot_takes_nothing_new(stage: Stage, path: str) -> None:
    needs()
    factories.pilot()
    services.close(queries.pilot(EVERYWHERE, 1), "Devredildi.", by=BY)
    db.session.commit()
    sent = {"name_tr": "Yeni", "name_en": "New", "first_month": str(today()), "competency": "1", "reason": "Gerekli"}
    answer = stage.coordinator.post(path, data={**sent, "employee": stage.cast.employees["elif"]})
    assert answer.status_code == 422
    assert "yeniden açınız" in answer.text
    assert "sections" not in path or "yeniden açınız" in stage.coordinator.page(path).text, "before anything is typed"
    for page in ("", "/users", "/staff"):
        assert path not in stage.coordinator.page(f"/programme/pilots/1{page}").html


def test_a_code_is_one_whatever_its_letters(pilot: Pilot) -> None:
    with pytest.raises(Refused) as refused:
        services.add_pilot(details(code="pp-27-01"), scope=EVERYWHERE, by=BY)
    assert refused.value.field == "code"


def test_a_pilot_does_not_begin_after_its_users_are_counted(pilot: Pilot) -> None:
    factories.pilot_service(pilot.id)
    with pytest.raises(Refused) as refused:
        services.change_pilot(row(pilot), details(starts_on=today()), scope=EVERYWHERE, by=BY)
    assert refused.value.field == "starts_on"


def test_its_history_says_what_happened_and_names_nobody_of_its_staff(stage: Stage, pilot: Pilot) -> None:
    write_all(pilot)
    services.change_pilot(
        row(pilot), details(code=pilot.code, organisation_id=stage.cast.nizip), scope=EVERYWHERE, by=BY
    )
    services.add_staff(row(pilot), EVERYWHERE.get(Employee, stage.cast.employees["elif"]), by=BY)
    documents.submit(row(pilot).document, "", lacking=None, by=BY)
    services.close(row(pilot), "Devredildi.", by=BY)
    other = factories.pilot("PP-27-02")
    services.close(queries.pilot(EVERYWHERE, other.id), "Bitti.", by=BY)
    db.session.commit()
    path = f"/programme/pilots/{pilot.id}/history"
    with statements() as seen:
        page = stage.focal_point.page(path)
    assert len(seen) <= 8
    for said in (
        "Riskler",
        "Türkçe metin",
        "Personele biri katıldı",
        "Yönetim planı: İncelemede",
        "Pilot proje kapatıldı",
    ):
        assert said in page.text
    assert page.text.count("Pilot proje kapatıldı") == 1
    assert "Elif" not in page.text
    assert stage.coordinator_elsewhere.get(path).status_code == 404
