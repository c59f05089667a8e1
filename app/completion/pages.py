"""What completion shows on pages of lower rooms: tabs and a move of each session, a person's record, what waits."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.attendance.grid.workbook import people_columns
from app.attendance.queries import runs
from app.completion import queries
from app.completion.models import TestKind
from app.completion.rules import Learned
from app.core.clock import today
from app.language import format_date, format_number, format_percent, gettext, in_language
from app.lists.models import Columns
from app.people.models import Employee
from app.training.models import CourseSession, SessionStatus
from app.web.parts import Move, Section, Stored, Tab, Task

P = Permission
SHOWN = 5


def tabs(caller: Caller, course_session: CourseSession) -> Iterator[Tab]:
    scope = caller.scope_for(P.SCORE_WRITE)
    mine = runs(scope, course_session)
    tested = course_session.course.has_test if course_session.test_required is None else course_session.test_required
    gives = scope.own_trainer is not None and course_session.status is not SessionStatus.DRAFT
    if tested and (mine or gives):
        yield Tab(
            gettext("Test scores"), url_for("completion.show_scores", course_session_id=course_session.id), order=35
        )
    if mine and caller.may(P.SESSION_FINALISE):
        yield Tab(
            gettext("Checklist"), url_for("completion.show_checklist", course_session_id=course_session.id), order=40
        )


def move(caller: Caller, course_session: CourseSession) -> Move | None:
    """Finalising happens at the checklist, once the last day has come."""
    if course_session.status is not SessionStatus.CONFIRMED:
        return None
    if course_session.ends_on is None or course_session.ends_on > today():
        return None
    if not runs(caller.scope_for(P.SESSION_FINALISE), course_session):
        return None
    return Move(
        gettext("Finalise"),
        url_for("completion.show_checklist", course_session_id=course_session.id),
        "list-checks",
        due=True,
    )


def record(caller: Caller, employee: Employee) -> Section | None:
    """What a person's finalised trainings came to, with the hours learned; left out while there is none."""
    scope = caller.scope_for(P.ENROLMENT_READ)
    lines = queries.training_record(scope, employee)
    if not lines:
        return None
    content = {"lines": lines, "minutes": sum(line.minutes for line in lines)}
    return Section(gettext("Training record"), "completion/record.html", content, 25)


def waiting(caller: Caller, _: object) -> list[Task]:
    """Sessions that are over and not finalised, the oldest first."""
    if not caller.may(P.SESSION_FINALISE):
        return []
    return [
        Task(
            label=gettext("To be finalised: %(code)s", code=session.code),
            url=url_for("completion.show_checklist", course_session_id=session.id),
            detail=f"{in_language(session, 'name')} · {format_date(session.ends_on)}",
            icon="list-checks",
            order=30,
        )
        for session in queries.ended_sessions(caller.scope_for(P.SESSION_FINALISE), limit=SHOWN)
    ]


HEADINGS = {
    "pre": ("Ön test", "Ön test puanı", "Pre-test", "Pre-test score"),
    "post": ("Son test", "Son test puanı", "Post-test", "Post-test score"),
}
"""What the columns of a file of scores may be called."""


def columns() -> Columns:
    """The list of scores as a file; rows are those of its form."""
    kinds = [(kind.label, lambda row, at=at: _score(row.cells[at].tenths)) for at, kind in enumerate(TestKind)]
    return [*people_columns(), *kinds]


def _score(tenths: int | None) -> Fraction | None:
    return None if tenths is None else Fraction(tenths, 10)


def points(tenths: int | Fraction | None) -> str:
    """A score, or a mean of some, as people write it: 88,5."""
    return format_number(None if tenths is None else Fraction(tenths, 10), None if isinstance(tenths, int) else 1)


def gain(found: Learned) -> str:
    """As a per cent, never rounded up."""
    return format_percent(None if found.gain is None else int(found.gain * 1000))


def own_data(caller: Caller, _: object) -> Stored:
    """The tests of whoever asks."""
    rows = tuple(
        (f"{course.code}/{session.ordinal} {in_language(course, 'name')}", score.kind.label, points(score.tenths))
        for session, course, score in queries.own_scores(caller.id)
    )
    heads = (gettext("Course session"), gettext("Test"), gettext("Score"))
    return Stored(gettext("Test scores"), heads, rows, order=23)
