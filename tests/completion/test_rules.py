"""What a session comes to, row by row."""

from __future__ import annotations

import pytest

from app.attendance.models import Presence
from app.attendance.rules import Cell, standing
from app.completion.models import DocumentKind, Result
from app.completion.rules import Awaits, Rules, awaited, conclude
from app.training.models import SittingState

HERE = {
    "p": Cell(90, SittingState.HELD, Presence.PRESENT),
    "a": Cell(90, SittingState.HELD, Presence.ABSENT),
    "x": Cell(90, SittingState.HELD, Presence.EXEMPT),
    "u": Cell(90),
    "l": Cell(90, SittingState.HELD, Presence.LATE, 90),
}
ATTENDANCE, SUCCESS = DocumentKind.ATTENDANCE, DocumentKind.SUCCESS


@pytest.mark.parametrize(
    ("marks", "test", "score", "allows", "result", "document"),
    [
        ("pppp", False, None, True, Result.COMPLETED_ATTENDANCE, ATTENDANCE),
        ("pppp", False, 10, True, Result.COMPLETED_ATTENDANCE, ATTENDANCE),
        ("pppp", True, 70, True, Result.COMPLETED_SUCCESS, SUCCESS),
        ("pppp", True, 69, True, Result.FAILED_ASSESSMENT, ATTENDANCE),
        ("pppp", True, 69, False, Result.FAILED_ASSESSMENT, None),
        ("pppp", True, None, True, Result.FAILED_ASSESSMENT, ATTENDANCE),
        ("pppppa", True, 100, True, Result.COMPLETED_SUCCESS, SUCCESS),
        ("pppa", True, 100, True, Result.FAILED_ATTENDANCE, None),
        ("pppa", False, None, True, Result.FAILED_ATTENDANCE, None),
        ("pppu", False, None, True, Result.FAILED_ATTENDANCE, None),
        ("aaaa", False, None, True, Result.NO_SHOW, None),
        ("aaaa", True, 100, True, Result.NO_SHOW, None),
        ("lllu", False, None, True, Result.NO_SHOW, None),
        ("xxxx", False, None, True, Result.EXEMPT, None),
        ("xxxx", True, 100, True, Result.EXEMPT, None),
        ("xxxp", False, None, True, Result.COMPLETED_ATTENDANCE, ATTENDANCE),
    ],
)
def test_every_row_of_the_table(
    marks: str, test: bool, score: int | None, allows: bool, result: Result, document: DocumentKind | None
) -> None:
    found = conclude(standing(HERE[letter] for letter in marks), score and score * 10, Rules(test, 70, allows))
    assert (found.result, found.document) == (result, document)


@pytest.mark.parametrize(
    ("marks", "test", "score", "expected"),
    [
        ("pppp", True, None, Awaits.SCORE),
        ("pppp", True, 0, None),
        ("pppp", False, None, None),
        ("pppu", False, None, Awaits.MARKS),
        ("uuuu", True, None, Awaits.MARKS),
        ("aaaa", True, None, None),
        ("aauu", True, None, None),
    ],
)
def test_what_is_missing_is_waited_for_while_it_can_decide(
    marks: str, test: bool, score: int | None, expected: Awaits | None
) -> None:
    assert awaited(standing(HERE[letter] for letter in marks), score, Rules(test, 70, True)) is expected
