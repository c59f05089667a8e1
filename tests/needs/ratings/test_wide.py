"""The other layout, competencies side by side; the template a round gives out; and who was never asked."""

from __future__ import annotations

import io

import openpyxl
import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from app.access.scope import EVERYWHERE
from app.core.db import db
from app.needs.models import AssessmentRound, Rating, RatingsImport
from tests.conftest import Stage
from tests.needs.running.stage import opened
from tests.needs.stage import CASE_MANAGEMENT, CORRESPONDENCE, NIZIP, PLAIN_LANGUAGE, scenery


@pytest.fixture
def asked(stage: Stage) -> Stage:
    scenery()
    opened(stage.cast)
    return stage


def made() -> AssessmentRound:
    return db.session.scalars(sa.select(AssessmentRound).order_by(AssessmentRound.id.desc())).all()[0]


def book(*rows: list[object]) -> bytes:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def send(stage: Stage, data: bytes, round_id: int) -> TestResponse:
    fields = {"round_id": str(round_id), "organisation_id": str(NIZIP), "file": (io.BytesIO(data), "eia.xlsx")}
    return stage.coordinator.post("/needs/imports/new", data=fields)


def stored(stage: Stage, answer: TestResponse) -> dict[tuple[int, str], tuple[int | None, int | None]]:
    assert answer.status_code == 303, answer.text
    page = stage.coordinator.get(answer.location).text
    db.session.commit()
    state = page.partition('name="state" value="')[2].partition('"')[0]
    assert stage.coordinator.post(f"{answer.location}/commit", data={"state": state}).status_code == 303, page
    db.session.commit()
    return {
        (one.competency_id, one.source.value): (one.importance, one.level)
        for one in db.session.scalars(EVERYWHERE.select(Rating))
    }


TWO_ROWS = (
    ["Sicil No", "Adı Soyadı", "Vaka yönetimi", None, "Resmî yazışma", None],
    [None, None, "Önem", "Mevcut düzey", "Önem", "Mevcut düzey"],
    ["N-001", "Elif Ağaoğlu", "4 - önemli", "2 - temel bilgim var", "-", "-"],
    ["N-002", "Işık Çınar", 5, 1, 3, 3],
    ["Toplam", None, 9, 3, 3, 3],
)
ONE_ROW = (
    [
        "Sicil No",
        "Adı Soyadı",
        "Vaka yönetimi: önem",
        "Vaka yönetimi: düzey",
        "Vaka yönetimi Amir: önem",
        "Vaka yönetimi Amir: düzey",
    ],
    ["N-001", "Elif Ağaoğlu", 4, 2, 5, 1],
)


def test_two_rows_of_headings_words_and_a_footer(asked: Stage) -> None:
    stored(asked, send(asked, book(*TWO_ROWS), made().id))
    everything = db.session.scalars(EVERYWHERE.select(Rating)).all()
    assert sorted((one.competency_id, one.importance, one.level) for one in everything) == [
        (CASE_MANAGEMENT, 4, 2),
        (CASE_MANAGEMENT, 5, 1),
        (CORRESPONDENCE, 3, 3),
    ]


def test_one_row_of_headings_with_both_sources(asked: Stage) -> None:
    assert stored(asked, send(asked, book(*ONE_ROW), made().id)) == {
        (CASE_MANAGEMENT, "self"): (4, 2),
        (CASE_MANAGEMENT, "supervisor"): (5, 1),
    }


def test_a_file_that_is_neither_is_refused_as_before(asked: Stage) -> None:
    assert (
        send(asked, book(["Sicil No", "Adı Soyadı", "Kan grubu"], ["N-001", "Elif", "A"]), made().id).status_code == 422
    )


def test_the_template_comes_back_as_it_was_given_out(asked: Stage) -> None:
    given = openpyxl.load_workbook(
        io.BytesIO(asked.coordinator.get(f"/needs/rounds/{made().id}/template.xlsx?unit={NIZIP}").data)
    )
    rows = [list(row) for row in given.active.iter_rows(values_only=True)]
    assert [row[:3] for row in rows[1:4]] == [
        ["N-001", "Elif Ağaoğlu", name] for name in ("Çok dilli hizmet", "Vaka yönetimi", "Resmî yazışma")
    ]
    assert len(rows) == 7
    rows[1][3:5] = [4, 2]
    assert stored(asked, send(asked, book(*rows), made().id)) == {(PLAIN_LANGUAGE, "self"): (4, 2)}
    assert asked.coordinator_elsewhere.get(f"/needs/rounds/{made().id}/template.xlsx").status_code == 404


def test_whoever_was_not_asked_cannot_be_brought_in(asked: Stage) -> None:
    """Somebody who came after the opening would dilute the weights of those who were drawn."""
    from tests import factories

    factories.employee("Yeni", "Gelen", "N-900", NIZIP)
    db.session.commit()
    head = TWO_ROWS[:2]
    answer = send(asked, book(*head, ["N-900", "Yeni Gelen", 4, 2, None, None]), made().id)
    assert "sormadı" in asked.coordinator.get(answer.location).text
    errors = db.session.scalars(EVERYWHERE.select(RatingsImport)).one().errors
    assert [error["code"] for error in errors] == ["not_asked"]


def test_of_several_sheets_it_is_said_on_which_somebody_was_not_asked(asked: Stage) -> None:
    from tests import factories

    factories.employee("Yeni", "Gelen", "N-900", NIZIP)
    db.session.commit()
    several = openpyxl.Workbook()
    for sheet, registry_no, name in ((several.active, "N-001", "Elif Ağaoğlu"), (None, "N-900", "Yeni Gelen")):
        one = sheet or several.create_sheet("Zabıta")
        for row in (*TWO_ROWS[:2], [registry_no, name, 4, 2, None, None]):
            one.append(row)
    target = io.BytesIO()
    several.save(target)
    answer = send(asked, target.getvalue(), made().id)
    assert "Zabıta: " in asked.coordinator.get(answer.location).text.partition("sormadı")[0][-200:]
