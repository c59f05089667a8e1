"""Answers on paper: printed with a code, typed in once, not read back, and only where the notice allows it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from app.access.scope import EVERYWHERE
from app.core.db import db
from app.needs.handwritten.rules import code_of, number_of
from app.needs.models import AssessmentRound, Questionnaire, Rating, Respondent, Told
from tests.conftest import Stage
from tests.needs.running.stage import opened
from tests.needs.stage import CASE_MANAGEMENT, CORRESPONDENCE, NIZIP, PLAIN_LANGUAGE, scenery


@pytest.fixture
def asked(stage: Stage) -> Stage:
    scenery()
    opened(stage.cast)
    return stage


def made() -> AssessmentRound:
    db.session.commit()
    db.session.expire_all()
    return db.session.scalars(sa.select(AssessmentRound).order_by(AssessmentRound.id.desc())).all()[0]


def questionnaire(stage: Stage, who: str = "isik") -> Questionnaire:
    db.session.expire_all()
    key = stage.cast.employees[who]
    statement = sa.select(Questionnaire).join(Questionnaire.respondent).where(Respondent.person_id == key)
    return db.session.scalars(EVERYWHERE.trusting(statement, Questionnaire, Respondent)).one()


def said(stage: Stage, who: str = "isik") -> dict[int, tuple[int | None, int | None, bool]]:
    db.session.commit()
    db.session.expire_all()
    found = db.session.scalars(EVERYWHERE.select(Rating).where(Rating.employee_id == stage.cast.employees[who]))
    return {one.competency_id: (one.importance, one.level, one.relevant) for one in found}


@given(st.integers(1, 10**8), st.integers(0, 7), st.integers(1, 9))
def test_a_slip_of_the_finger_finds_nobody(number: int, at: int, by: int) -> None:
    code = code_of(number)
    assert number_of(code) == number == number_of(f" {code.replace('-', '')} ")
    digits = code.replace("-", "")
    place = at % len(digits)
    wrong = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]
    assert number_of(wrong) is None


@pytest.mark.parametrize("who", ["coordinator", "focal_point"])
def test_a_sheet_is_typed_in_and_not_read_back(asked: Stage, who: str) -> None:
    browser, path = getattr(asked, who), f"/needs/rounds/{made().id}/typing"
    code = code_of(questionnaire(asked).id)
    assert code in browser.page(f"/needs/rounds/{made().id}/paper?unit={NIZIP}").text
    assert "Işık" in browser.page(f"{path}?code={code}").text
    answer = browser.post(path, data={"code": code, "said": ["42", "5 1", "-"]})
    assert answer.status_code == 303
    assert said(asked) == {
        PLAIN_LANGUAGE: (4, 2, True),
        CASE_MANAGEMENT: (5, 1, True),
        CORRESPONDENCE: (None, None, False),
    }
    done = questionnaire(asked)
    assert done.finished_at is not None and done.told_by is Told.PAPER
    assert done.typed_by == asked.cast.users[who]
    browser.page(path)  # says once whose it was
    page = browser.page(f"{path}?code={code}").text
    assert "tamamlandı" in page and "Işık" not in page
    assert browser.post(path, data={"code": code, "said": ["11"]}).status_code != 303
    assert said(asked)[PLAIN_LANGUAGE] == (4, 2, True)


def test_a_half_sheet_is_kept_and_shows_nothing_of_it(asked: Stage) -> None:
    path, code = f"/needs/rounds/{made().id}/typing", code_of(questionnaire(asked).id)
    asked.focal_point.post(path, data={"code": code, "said": ["42", "", ""]})
    assert said(asked) == {PLAIN_LANGUAGE: (4, 2, True)} and questionnaire(asked).finished_at is None
    assert 'value="42"' not in asked.focal_point.get(f"{path}?code={code}").text
    assert asked.focal_point.post(path, data={"code": code, "said": ["", "", ""]}).status_code == 422


@pytest.mark.parametrize("typed", ["46", "x", "4", "444"])
def test_what_is_no_pair_is_refused(asked: Stage, typed: str) -> None:
    path, code = f"/needs/rounds/{made().id}/typing", code_of(questionnaire(asked).id)
    assert asked.focal_point.post(path, data={"code": code, "said": ["42", typed, "-"]}).status_code == 422
    assert not said(asked)


def test_nobody_types_in_for_another_institution_or_where_it_is_not_allowed(asked: Stage) -> None:
    path, code = f"/needs/rounds/{made().id}/typing", code_of(questionnaire(asked, "sukru").id)
    assert "Şükrü" not in asked.focal_point.page(f"{path}?code={code}").text
    asked.focal_point.post(path, data={"code": code, "said": ["42"]})
    assert not said(asked, "sukru")
    assert asked.focal_point_elsewhere.get(path).status_code == 404
    assert asked.staff.get(path).status_code == 403
    made().paper = False
    db.session.commit()
    for page in (path, f"/needs/rounds/{made().id}/paper"):
        assert asked.coordinator.get(page).status_code == 404


def test_paper_is_in_turkish_whoever_prints_it(asked: Stage) -> None:
    page = asked.coordinator.page(f"/needs/rounds/{made().id}/paper?unit={NIZIP}&lang=en")
    assert "Questionnaires on paper" in page.text
    assert "Görev için önemi: 1 Önemsiz" in page.text and "Not important" not in page.text
