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

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.attendance.rules import Standing
from app.completion.models import DocumentKind, Result
from app.core.status import Worded
from app.training.models import CourseSession

_SCORE = re.compile(r"(100([.,]0)?|[0-9]{1,2}([.,][0-9])?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Rules:
    """The conditions of one session, as they were when it opened. `pass_mark` is a whole score, 0 to 100."""

    test_required: bool
    pass_mark: int
    attendance_document_on_fail: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    result: Result
    document: DocumentKind | None


@dataclass(frozen=True)
class Requirement:
    """What an upper room asks of a session before it is finalised (slot `completion.requirements`): in words, whether
    it is met, what is missing, and where that is mended.
    """

    title: str
    met: bool
    missing: str
    url: str


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


def awaited(standing: Standing, tenths: int | None, rules: Rules) -> Awaits | None:
    """What is missing is no failure: it is waited for, as long as it can still decide. A post-test decides only for
    somebody who met the attendance requirement.
    """
    if not standing.passed:
        return Awaits.MARKS if not standing.complete and (standing.best_case_ok or standing.before) else None
    return Awaits.SCORE if rules.test_required and tenths is None else None


def conclude(standing: Standing, tenths: int | None, rules: Rules) -> Verdict:
    """What it comes to once nothing more is entered: `tenths` is the score of the post-test; None where none was
    entered, which is then not passed.
    """
    if standing.exempt:
        return Verdict(Result.EXEMPT, None)
    if not standing.passed:
        never = standing.attended_minutes == 0
        return Verdict(Result.NO_SHOW if never else Result.FAILED_ATTENDANCE, None)
    if not rules.test_required:
        return Verdict(Result.COMPLETED_ATTENDANCE, DocumentKind.ATTENDANCE)
    if tenths is not None and tenths >= rules.pass_mark * 10:
        return Verdict(Result.COMPLETED_SUCCESS, DocumentKind.SUCCESS)
    return Verdict(Result.FAILED_ASSESSMENT, DocumentKind.ATTENDANCE if rules.attendance_document_on_fail else None)


@dataclass(frozen=True, slots=True)
class Learned:
    """What a group's tests say: how many took each and their means (tenths of a point), and how many took both."""

    pre: Fraction | None
    post: Fraction | None
    pres: int
    posts: int
    pairs: int
    gain: Fraction | None
    """(post − pre) / (100 − pre) on the means of those who took both; None without any, or where nothing was left to
    gain.
    """


def learned(scores: Sequence[tuple[int | None, int | None]]) -> Learned:
    """Of each person pre- and post-test, in tenths or None."""
    pres, posts = [pre for pre, _ in scores if pre is not None], [post for _, post in scores if post is not None]
    both = [(pre, post) for pre, post in scores if pre is not None and post is not None]
    before, after = _mean([pre for pre, _ in both]), _mean([post for _, post in both])
    gain = None if before is None or after is None or before == 1000 else (after - before) / (1000 - before)
    return Learned(_mean(pres), _mean(posts), len(pres), len(posts), len(both), gain)


def _mean(tenths: Sequence[int]) -> Fraction | None:
    return Fraction(sum(tenths), len(tenths)) if tenths else None


def read_score(text: str) -> int:
    """A typed score in tenths: 0 to 100, with a comma or a point before one decimal. ValueError for anything else."""
    if not _SCORE.fullmatch(text):
        raise ValueError(text)
    whole, _, decimal = text.replace(",", ".").partition(".")
    return int(whole) * 10 + int(decimal or 0)


def sheet_required(course_session: CourseSession) -> bool:
    own = course_session.sheet_required
    return course_session.course.sheet_required if own is None else own


def tally(results: Iterable[Result]) -> list[tuple[Result, int]]:
    """How often each outcome occurs, in their order; those that do not are left out."""
    found = Counter(results)
    return [(result, found[result]) for result in Result if found[result]]
