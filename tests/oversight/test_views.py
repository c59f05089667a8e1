"""Figures, log and search, as each of the cast sees them."""

from __future__ import annotations

from tests.conftest import HX, Stage


def test_viewer_reads_figures_and_nothing_else(stage: Stage) -> None:
    assert stage.viewer.page("/reports").title.startswith("Raporlar")
    assert stage.viewer.get("/audit").status_code == 403
    assert stage.viewer.get("/search?q=elif").status_code == 403


def test_staff_may_not_read_figures(stage: Stage) -> None:
    assert stage.staff.get("/reports").status_code == 403


def test_figures_as_a_file_and_as_a_fragment(stage: Stage) -> None:
    answer = stage.admin.get("/reports?format=csv")
    assert answer.status_code == 200
    assert "Tekil kişi" in answer.get_data().decode("utf-8-sig") or "Kişi" in answer.get_data().decode("utf-8-sig")
    assert "<html" not in stage.admin.get("/reports?year=2026", headers=HX).text


def test_the_log_is_the_administrators(stage: Stage) -> None:
    assert stage.coordinator.get("/audit").status_code == 403
    stage.coordinator.get("/audit")
    page = stage.admin.page("/audit?kind=access")
    assert "access.refused" in page.text, "the refusal just now stands in the access log"


def test_search_needs_no_dots(stage: Stage) -> None:
    assert stage.coordinator.get("/search").status_code == 200
    assert "için sonuç bulunamadı" in stage.coordinator.page("/search?q=qqqqq").text
