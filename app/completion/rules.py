"""What a session comes to for one person: attendance first, then the test. Whole numbers, nothing rounded up.

| attendance | test required | score reaches the mark | outcome | document |
|---|---|---|---|---|
| exempt from every sitting | – | – | exempt | none |
| met | no | – | completed_attendance | certificate of attendance |
| met | yes | yes | completed_success | certificate of achievement |
| met | yes | no, or none | failed_assessment | certificate of attendance if the course allows it |
| not met | – | – | failed_attendance; no_show who was never there | none |
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from app.attendance.rules import Standing
from app.completion.models import DocumentKind, Result
from app.core.status import Worded
from app.training.models import CourseSession


@dataclass(frozen=True, slots=True)
class Rules:
    """The conditions of one session, as they were when it opened. Scores and `pass_mark` are 0 to 100."""

    test_required: bool
    pass_mark: int
    attendance_document_on_fail: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    result: Result
    document: DocumentKind | None


class Awaits(Worded):
    """What has to be entered before anybody can say what it comes to for a person."""

    MARKS = "marks", "Waiting for attendance"
    SCORE = "score", "Waiting for the score"

    @property
    def tone(self) -> str:
        return "warn"

    @property
    def icon(self) -> str:
        return "clock"


def awaited(standing: Standing, score: int | None, rules: Rules) -> Awaits | None:
    """What is missing is no failure: it is waited for, as long as it can still decide. A post-test decides only for
    somebody who met the attendance requirement.
    """
    if not standing.passed:
        return Awaits.MARKS if not standing.complete and (standing.best_case_ok or standing.before) else None
    return Awaits.SCORE if rules.test_required and score is None else None


def conclude(standing: Standing, score: int | None, rules: Rules) -> Verdict:
    """What it comes to once nothing more is entered: `score` is the post-test's; None where none was entered, which is
    then not passed.
    """
    if standing.exempt:
        return Verdict(Result.EXEMPT, None)
    if not standing.passed:
        never = standing.attended_minutes == 0
        return Verdict(Result.NO_SHOW if never else Result.FAILED_ATTENDANCE, None)
    if not rules.test_required:
        return Verdict(Result.COMPLETED_ATTENDANCE, DocumentKind.ATTENDANCE)
    if score is not None and score >= rules.pass_mark:
        return Verdict(Result.COMPLETED_SUCCESS, DocumentKind.SUCCESS)
    return Verdict(Result.FAILED_ASSESSMENT, DocumentKind.ATTENDANCE if rules.attendance_document_on_fail else None)


def sheet_required(course_session: CourseSession) -> bool:
    own = course_session.sheet_required
    return course_session.course.sheet_required if own is None else own


def tally(results: Iterable[Result]) -> list[tuple[Result, int]]:
    """How often each outcome occurs, in their order; those that do not are left out."""
    found = Counter(results)
    return [(result, found[result]) for result in Result if found[result]]
