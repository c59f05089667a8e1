"""Rows of a workbook meet people and competencies, and the ratings that are stored."""

from __future__ import annotations

from typing import Any

import pytest

from app.catalogue.models import Competency
from app.needs.models import Rating, RatingsImport, RatingSource
from app.needs.ratings.rules import REPEATED, difference, match, preview_of, state_of, wanted
from app.needs.ratings.workbook import ParsedRow
from app.people.models import Employee

COMPETENCIES = [
    Competency(id=key, slug=slug, name_tr=turkish, name_en=english, name_sort=order, former=former, active=True)
    for key, slug, order, turkish, english, former in (
        (
            1,
            "vaka",
            "vaka",
            "Vaka yönetimi",
            "Case management",
            [{"tr": "Olay takibi", "en": "", "until": "2026-01-31"}],
        ),
        (2, "yazisma", "resmi", "Resmî yazışma", "Correspondence", []),
    )
]


def person(id: int, given: str, family: str, registry_no: str) -> Employee:
    made = Employee(id=id)
    made.set_identity(given, family, registry_no, "")
    return made


STAFF = [person(1, "Elif", "Ağaoğlu", "N-001"), person(2, "Can", "Kısa", "N-002")]


def line(number: int, *ratings: int | None, registry: str = "N-001", name: str = "", about: str = "vaka") -> ParsedRow:
    return ParsedRow(number, registry, name, about, ratings or (5, 2, 4, 3))


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (line(3, registry="N-009"), "unknown_registry"),
        (line(3, name="Mehmet Yılmaz"), "other_name"),
        (line(3, about="Vaka yönetim"), "unknown_competency"),
    ],
)
def test_what_fits_nobody_is_said(row: ParsedRow, code: str) -> None:
    rows, errors = match([row], STAFF, COMPETENCIES)
    assert rows == []
    assert [error["code"] for error in errors] == [code]


def test_a_competency_may_be_called_by_any_of_its_names() -> None:
    for name in ("Vaka Yönetimi", "case management", "vaka", "OLAY TAKİBİ"):
        rows, errors = match([line(3, registry="n-001", name="AĞAOĞLU Elif", about=name)], STAFF, COMPETENCIES)
        assert errors == []
        assert rows == [{"row": 3, "employee": 1, "competency": 1, "ratings": [5, 2, 4, 3]}]


def test_of_repeated_rows_the_first_with_ratings_counts() -> None:
    empty = (None, None, None, None)
    rows, errors = match([line(3, *empty), line(4), line(5), line(6, 1, 1, 1, 1)], STAFF, COMPETENCIES)
    assert [(row["row"], row["ratings"]) for row in rows] == [(4, [5, 2, 4, 3])]
    assert errors == [{"row": 6, "code": REPEATED, "first": 4}]


def staged(*ratings: tuple[int, int, list[int | None]], errors: list[Any] | None = None) -> RatingsImport:
    rows = [
        {"row": at, "employee": one, "competency": of, "ratings": four} for at, (one, of, four) in enumerate(ratings)
    ]
    return RatingsImport(rows=rows, errors=errors or [])


def test_a_preview_counts_what_would_be_added_and_changed() -> None:
    own = RatingSource.SELF
    found = staged((1, 1, [5, 2, 4, 3]), (2, 1, [3, 3, None, None]), (2, 2, [None] * 4), (1, 2, [1, 1, None, None]))
    known = {
        (1, 1, own): Rating(importance=5, level=2),
        (2, 1, own): Rating(importance=3, level=1),
    }
    asked = wanted(found)
    assert difference(asked, known) == ([(1, 1, RatingSource.SUPERVISOR), (1, 2, own)], [(2, 1, own)])
    shown = preview_of(found, known, COMPETENCIES)
    assert (shown.people, shown.added, shown.changed, shown.same, shown.skipped, shown.changes) == (2, 2, 1, 1, 1, 3)
    assert [(each.competency.id, each.added, each.changed, each.same) for each in shown.lines] == [
        (2, 1, 0, 0),
        (1, 1, 1, 1),
    ]


def test_a_repeat_is_no_error() -> None:
    repeat, wrong = {"row": 2, "code": REPEATED, "first": 1}, {"row": 3, "code": "no_registry"}
    shown = preview_of(staged(errors=[repeat, wrong]), {}, COMPETENCIES)
    assert (shown.errors, shown.repeats) == ([wrong], [repeat])


def test_the_state_changes_when_a_rating_does() -> None:
    key = (1, 1, RatingSource.SELF)
    states = [
        state_of(known, [key])
        for known in ({}, {key: Rating(importance=5, level=2)}, {key: Rating(importance=5, level=3)})
    ]
    assert len(set(states)) == 3
    assert states[1] == state_of({key: Rating(importance=5, level=2)}, [key])
