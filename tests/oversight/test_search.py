"""The one search box: people, sessions, courses, trainers and certificates, each within what somebody may see."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from app.access.models import User
from app.access.scope import EVERYWHERE
from app.catalogue.models import Course
from app.core.db import db
from app.people.models import Employee
from app.training.models import CourseSession
from tests import factories
from tests.certificates.stage import arrange, issued
from tests.conftest import Browser, Stage
from tests.counting import statements
from tests.programme.groups.stage import sitting
from tests.programme.test_studies import FINDING, begin, find


def found(browser: Browser, typed: str) -> list[str]:
    """Addresses of the hits."""
    html = browser.page(f"/search?q={quote(typed)}").html
    results = html.split('id="results"')[1].split("</main>")[0]
    return re.findall(r'<a href="([^"]+)"', results)


def test_a_person_is_found_within_reach(stage: Stage) -> None:
    elif_, zeynep = (f"/people/{stage.cast.employees[name]}" for name in ("elif", "zeynep"))
    for typed, person in (("elif agaoglu", elif_), ("zeynep", zeynep)):
        for who, near in (("admin", None), ("coordinator", elif_), ("focal_point", elif_)):
            assert (person in found(getattr(stage, who), typed)) is (near in (None, person)), (who, typed)
    assert found(stage.focal_point_elsewhere, "elif") == []


def test_certificates_and_sessions_are_found_within_reach(stage: Stage) -> None:
    given = arrange(stage.cast)
    certificate = issued(given, "elif")
    session, paper = f"/sessions/{given.session}", f"/certificates/{certificate.id}"
    for who in ("admin", "coordinator"):
        browser = getattr(stage, who)
        assert paper in found(browser, certificate.number), who
        assert paper in found(browser, "agaoglu")
        assert any(address.startswith("/sessions/") for address in found(browser, "gaziantep"))
    assert session in found(stage.coordinator, "gaziantep")
    for who in ("coordinator_elsewhere", "focal_point_elsewhere"):
        browser = getattr(stage, who)
        assert paper not in found(browser, certificate.number)
        assert session not in found(browser, "gaziantep")


def test_a_number_typed_together_is_found(stage: Stage) -> None:
    given = arrange(stage.cast)
    certificate = issued(given, "elif")
    elif_ = EVERYWHERE.get(Employee, stage.cast.employees["elif"])
    elif_.set_identity(elif_.given_name, elif_.family_name, "1192-000", elif_.email)
    db.session.commit()
    code, ordinal = db.session.execute(
        EVERYWHERE.trusting(
            sa.select(Course.code, CourseSession.ordinal)
            .join(CourseSession, CourseSession.course_id == Course.id)
            .where(CourseSession.id == given.session),
            CourseSession,
        )
    ).one()
    for typed, address in (
        ("1192000", f"/people/{elif_.id}"),
        ("elif 1192000", f"/people/{elif_.id}"),
        (code.replace("-", "").lower(), f"/sessions/{given.session}"),
        (f"{code}/{ordinal}".replace("-", "").lower(), f"/sessions/{given.session}"),
        (certificate.number.replace("/", "").lower(), f"/certificates/{certificate.id}"),
    ):
        assert address in found(stage.coordinator, typed), typed
    assert found(stage.coordinator, "1192001") == []


@pytest.mark.parametrize(
    "typed", ["", " ", "e", "%", "_", "'", '"', "\\", "<b>", "*", "AND", "a OR b", "ğ", "x" * 300, "\x00"]
)
def test_whatever_is_typed_is_answered(stage: Stage, typed: str) -> None:
    answer = stage.coordinator.get("/search", query_string={"q": typed})
    assert answer.status_code == 200
    assert "<b>" not in answer.text.split('id="results"')[1]


@pytest.mark.parametrize(
    "typed", ["Ağaoğlu, Elif", "AĞAOĞLU/elif", "elif-ağaoğlu", "(Elif) Ağaoğlu.", "“Elif” Ağaoğlu", "elif – ağaoğlu"]
)
def test_punctuation_does_not_matter_for_people(stage: Stage, typed: str) -> None:
    elif_ = f"/people/{stage.cast.employees['elif']}"
    assert elif_ in found(stage.coordinator, typed)
    assert elif_ in stage.coordinator.page(f"/people?q={quote(typed)}").links


def test_punctuation_does_not_matter_for_numbers_codes_and_names(stage: Stage) -> None:
    given = arrange(stage.cast)
    certificate = issued(given, "elif")
    session = EVERYWHERE.get(CourseSession, given.session, sa.orm.joinedload(CourseSession.course))
    paper, at, code = f"/certificates/{certificate.id}", f"/sessions/{given.session}", session.code
    course = f"/courses/{session.course_id}"
    for typed in (certificate.number.replace("/", "-"), certificate.number.replace("-", " "), f"No. {code}, elif"):
        if not typed.startswith("No."):
            assert paper in found(stage.admin, typed), typed
            assert paper in stage.admin.page(f"/certificates?q={quote(typed)}").links, typed
    for typed in (code, code.replace("/", "-"), code.replace("-", " ").replace("/", " "), code.lower()):
        assert at in stage.admin.page(f"/sessions?q={quote(typed)}").links, typed
        assert at in found(stage.admin, typed), typed
    for typed in (session.course.code, session.course.code.replace("-", " "), session.course.code.replace("-", "–")):
        assert course in stage.admin.page(f"/courses?q={quote(typed)}").links, typed
        assert at in stage.admin.page(f"/sessions?q={quote(typed)}").links, typed
    assert at not in stage.admin.page(f"/sessions?q={quote(session.course.code)}/99").links
    user = EVERYWHERE.get(User, stage.cast.users["coordinator"])
    assert f"/users/{user.id}" in stage.admin.page(f"/users?q={quote(f'{user.family_name}, {user.given_name}')}").links
    for address, typed, link in (
        ("/organisations", "Belediyesi, Nizip", f"/organisations/{stage.cast.nizip}"),
        ("/organisations", "“Nizip” – belediyesi", f"/organisations/{stage.cast.nizip}"),
    ):
        assert link in stage.admin.page(f"{address}?q={quote(typed)}").links, typed


@pytest.mark.parametrize("address", ["/people", "/sessions", "/courses", "/certificates", "/organisations", "/users"])
def test_signs_alone_find_nothing(stage: Stage, address: str) -> None:
    issued(arrange(stage.cast), "elif")
    one = re.compile(rf"{address}/\d+")
    assert any(map(one.fullmatch, stage.admin.page(address).links))
    assert not any(map(one.fullmatch, stage.admin.page(f"{address}?q=%E2%80%94%21").links))


@pytest.mark.parametrize("typed", ["%", "_", "*", '"'])
def test_signs_find_nobody(stage: Stage, typed: str) -> None:
    arrange(stage.cast)
    assert found(stage.admin, typed) == []


def test_a_search_costs_few_statements(stage: Stage) -> None:
    arrange(stage.cast)
    for who in ("admin", "coordinator", "focal_point"):
        browser = getattr(stage, who)
        browser.page("/search?q=e")
        with statements() as seen:
            browser.page("/search?q=e")
        assert len(seen) <= 8, "\n".join(seen)


def test_findings_and_actions_are_found_within_reach(stage: Stage) -> None:
    begun = begin(stage.coordinator)
    theme = factories.theme().id
    db.session.commit()
    finding_id = find(stage.coordinator, begun, theme_id=theme)
    finding, action = f"/programme/findings/{finding_id}", f"/programme/actions/{sitting(stage.cast).action}"
    for who in ("coordinator", "admin"):
        assert finding in found(getattr(stage, who), "HANGİ BİRİME"), "a draft, by those who write it"
        assert action in found(getattr(stage, who), "danisma masasi"), who
    for who in ("focal_point", "coordinator_elsewhere", "focal_point_elsewhere"):
        assert finding not in found(getattr(stage, who), "hangi birime"), who
    assert stage.coordinator.post(f"{finding}/verify", data={"version": 1}).status_code == 303
    assert finding in found(stage.focal_point, "hangi birime")
    for who in ("coordinator_elsewhere", "focal_point_elsewhere"):
        assert finding not in found(getattr(stage, who), "hangi birime"), who
        assert action not in found(getattr(stage, who), "danisma masasi"), who
    assert finding in stage.focal_point.page("/programme/findings?q=hangi%20birime").links
    assert finding not in stage.focal_point.page("/programme/findings?q=yokki").links


def test_the_first_of_many_and_the_way_to_all(stage: Stage) -> None:
    for number in range(7):
        factories.course(f"ZZ-{number}", f"Kentsel veri {number}", name_en=f"City data {number}" if number else "")
    db.session.commit()
    hits = found(stage.coordinator, "kentsel veri")
    assert len(hits) == 6 and hits[-1] == "/courses?q=kentsel+veri"
    page = stage.coordinator.page("/search?q=kentsel%20veri").text
    assert page.index("ZZ-0") < page.index("ZZ-1") < page.index("ZZ-4") and "ZZ-5" not in page


def test_a_finding_is_found_by_what_it_says_now(stage: Stage) -> None:
    theme = factories.theme().id
    db.session.commit()
    by = stage.coordinator
    finding = f"/programme/findings/{find(by, begin(by), theme_id=theme)}"
    changed = FINDING | {"theme_id": theme, "statement_tr": "Çocuklar okula geç başlıyor.", "version": 1}
    assert by.post(f"{finding}/edit", data=changed).status_code == 303
    assert finding in found(by, "cocuklar okula") and finding not in found(by, "hangi birime")
