"""What each role sees first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.completion.models import Result
from app.core.clock import today
from tests.conftest import Stage
from tests.enrolment.stage import course_session, enrolled, finalised


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("admin", "Önümüzdeki yedi gün"),
        ("coordinator", "Sizi bekleyen 1 iş"),
        ("trainer", "Bugünkü oturumlarınız"),
        ("focal_point", "Eğitimdeki personeliniz"),
        ("staff", "Sıradaki eğitiminiz"),
        ("viewer", "Eğitime katılan personel"),
        ("nobody_special", "Bekleyen işiniz yok."),
    ],
)
def test_each_role_sees_its_own_first_page(stage: Stage, who: str, sees: str) -> None:
    assert sees in getattr(stage, who).page("/").text


def test_viewer_sees_no_tasks_and_no_names(stage: Stage) -> None:
    page = stage.viewer.page("/")
    assert "Sizi bekleyen" not in page.text and "Elif" not in page.text


def test_my_trainings_in_english(stage: Stage) -> None:
    page = stage.staff.page("/me?lang=en")
    assert "Your next training" in page.text
    assert "Your next training" in stage.staff.page("/me").text, "the language is remembered"


def test_what_is_concluded_is_called_by_what_came_of_it(stage: Stage) -> None:
    """Somebody who passed is no longer just enrolled."""
    session = course_session(day=today() - timedelta(days=3))
    (own,) = enrolled(session, stage.cast.employees["elif"])
    finalised(session, {own: Result.COMPLETED_ATTENDANCE})
    page = stage.staff.page("/me").text
    assert "Devam koşulunu sağladı" in page and "Kayıtlı" not in page


def test_nobody_signs_in_first(stage: Stage) -> None:
    assert stage.nobody.get("/me").status_code == 302
