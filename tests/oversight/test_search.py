"""The one search box: people, sessions, courses, trainers and certificates, each within what somebody may see."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from tests.certificates.stage import arrange, issued
from tests.conftest import Browser, Stage
from tests.counting import statements


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


@pytest.mark.parametrize(
    "typed", ["", " ", "e", "%", "_", "'", '"', "\\", "<b>", "*", "AND", "a OR b", "ğ", "x" * 300, "\x00"]
)
def test_whatever_is_typed_is_answered(stage: Stage, typed: str) -> None:
    answer = stage.coordinator.get("/search", query_string={"q": typed})
    assert answer.status_code == 200
    assert "<b>" not in answer.text.split('id="results"')[1]


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
