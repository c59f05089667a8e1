"""A trainer's own assignments: what they are asked to give, and their answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Role
from app.core import slots
from app.core.clock import at, now
from app.core.errors import Missing
from app.language import gettext
from app.training.assignments import queries, rules, services
from app.training.models import AssignmentAnswer, CourseSession, TrainerAssignment
from app.web.door import signed_in
from app.web.forms import ReasonForm
from app.web.render import done, render

bp = Blueprint("assignments", __name__)

Group = tuple[CourseSession, list[TrainerAssignment]]


@bp.get("/assignments")
@signed_in
def list_assignments() -> ResponseReturnValue:
    own = queries.own_assignments(caller.id)
    groups = _by_session(own)
    rolls = slots.collect("training.rolls", caller, [each.sitting_id for each in own])
    coming = [group for group in groups if _to_come(group)]
    return render(
        "training/assignments/assignments.html",
        coming=list(reversed(coming)),
        past=[group for group in groups if not _to_come(group)],
        AssignmentAnswer=AssignmentAnswer,
        rolls={each.sitting_id: each for each in rolls},
        teaches=caller.is_a(Role.TRAINER),
        declinable=lambda sitting: rules.declinable(sitting, now()),
    )


def _by_session(found: Sequence[TrainerAssignment]) -> list[Group]:
    return [(course_session, list(own)) for course_session, own in groupby(found, lambda a: a.sitting.course_session)]


def _to_come(group: Group) -> bool:
    return any(each.sitting.date and at(each.sitting.date, each.sitting.ends) > now() for each in group[1])


def _of_session(course_session_id: int) -> list[TrainerAssignment]:
    """What a trainer is asked to give of one session and has not answered; Missing where it is not theirs at all."""
    own = [each for each in queries.own_assignments(caller.id) if each.sitting.course_session_id == course_session_id]
    if not own:
        raise Missing
    return [each for each in own if each.answer is AssignmentAnswer.PENDING]


def _one(assignment_id: int) -> list[TrainerAssignment]:
    found = queries.assignment(caller.id, assignment_id)
    if found is None:
        raise Missing
    return [found]


def _accept(assignments: Sequence[TrainerAssignment]) -> ResponseReturnValue:
    for each in assignments:
        services.answer(each, AssignmentAnswer.ACCEPTED, by=caller)
    flash(gettext("Thank you. You have accepted."))
    return done(_back())


def _decline(found: Callable[[], list[TrainerAssignment]], action: str) -> ResponseReturnValue:
    """Which sittings go back to the coordinator, and why. Of several, those that have not begun."""
    assignments, form = found(), ReasonForm()
    if form.sent():
        with form.attempt():
            for each in assignments:
                services.answer(each, AssignmentAnswer.DECLINED, by=caller, reason=form.reason.data or "")
            flash(gettext("You have declined. The coordinator will see it."))
            return done(_back())
        assignments = found()
    if not assignments:
        return done(_back())
    return render(
        "training/assignments/decline.html", assignments=assignments, form=form, action=action, status=form.status
    )


def _back() -> str:
    """Where they came from: their first page, or the list of what they give."""
    if request.form.get("back") == "home":
        return url_for("home.show_home")
    return url_for("assignments.list_assignments")


@bp.post("/assignments/<int:assignment_id>/accept")
@signed_in
def accept_assignment(assignment_id: int) -> ResponseReturnValue:
    return _accept(_one(assignment_id))


@bp.route("/assignments/<int:assignment_id>/decline", methods=["GET", "POST"])
@signed_in
def decline_assignment(assignment_id: int) -> ResponseReturnValue:
    return _decline(lambda: _one(assignment_id), url_for(".decline_assignment", assignment_id=assignment_id))


@bp.post("/sessions/<int:course_session_id>/assignments/accept")
@signed_in
def accept_assignments(course_session_id: int) -> ResponseReturnValue:
    """One answer for every sitting of a session that still awaits one."""
    return _accept(_of_session(course_session_id))


@bp.route("/sessions/<int:course_session_id>/assignments/decline", methods=["GET", "POST"])
@signed_in
def decline_assignments(course_session_id: int) -> ResponseReturnValue:
    return _decline(
        lambda: [each for each in _of_session(course_session_id) if rules.declinable(each.sitting, now())],
        url_for(".decline_assignments", course_session_id=course_session_id),
    )
