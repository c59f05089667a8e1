"""A trainer's own assignments: what she is asked to give, and her answer."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.core.clock import at, now
from app.core.errors import Missing
from app.language import gettext
from app.training import queries, sitting_services
from app.training.models import AssignmentAnswer, CourseSession, TrainerAssignment
from app.web.door import signed_in
from app.web.render import done, render

bp = Blueprint("training_assignments", __name__)

Group = tuple[CourseSession, list[TrainerAssignment]]


@bp.get("/assignments")
@signed_in
def list_assignments() -> ResponseReturnValue:
    groups = _by_session(queries.own_assignments(caller.id))
    coming = [group for group in groups if _to_come(group)]
    return render(
        "training/assignments.html",
        coming=list(reversed(coming)),
        past=[group for group in groups if not _to_come(group)],
        AssignmentAnswer=AssignmentAnswer,
    )


def _by_session(found: Sequence[TrainerAssignment]) -> list[Group]:
    return [(course_session, list(own)) for course_session, own in groupby(found, lambda a: a.sitting.course_session)]


def _to_come(group: Group) -> bool:
    return any(each.sitting.date and at(each.sitting.date, each.sitting.ends) > now() for each in group[1])


def _answered(assignment_id: int, answer: AssignmentAnswer) -> ResponseReturnValue:
    assignment = queries.assignment(caller.id, assignment_id)
    if assignment is None:
        raise Missing
    sitting_services.answer(assignment, answer, by=caller)
    flash(_thanks(answer))
    return done(url_for("training_assignments.list_assignments"))


def _all_answered(course_session_id: int, answer: AssignmentAnswer) -> ResponseReturnValue:
    """One answer for every sitting of a session that still awaits one."""
    own = [each for each in queries.own_assignments(caller.id) if each.sitting.course_session_id == course_session_id]
    if not own:
        raise Missing
    for assignment in own:
        if assignment.answer is AssignmentAnswer.PENDING:
            sitting_services.answer(assignment, answer, by=caller)
    flash(_thanks(answer))
    return done(url_for("training_assignments.list_assignments"))


def _thanks(answer: AssignmentAnswer) -> str:
    if answer is AssignmentAnswer.ACCEPTED:
        return gettext("Thank you. You have accepted.")
    return gettext("You have declined. The coordinator will see it.")


@bp.post("/assignments/<int:assignment_id>/accept")
@signed_in
def accept_assignment(assignment_id: int) -> ResponseReturnValue:
    return _answered(assignment_id, AssignmentAnswer.ACCEPTED)


@bp.post("/assignments/<int:assignment_id>/decline")
@signed_in
def decline_assignment(assignment_id: int) -> ResponseReturnValue:
    return _answered(assignment_id, AssignmentAnswer.DECLINED)


@bp.post("/sessions/<int:course_session_id>/assignments/accept")
@signed_in
def accept_assignments(course_session_id: int) -> ResponseReturnValue:
    return _all_answered(course_session_id, AssignmentAnswer.ACCEPTED)


@bp.post("/sessions/<int:course_session_id>/assignments/decline")
@signed_in
def decline_assignments(course_session_id: int) -> ResponseReturnValue:
    return _all_answered(course_session_id, AssignmentAnswer.DECLINED)
