"""A step for those ticked on a session's list: what it needs is asked first, on a page of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.core.errors import Missing, Refused
from app.enrolment.models import Answer, Enrolment
from app.enrolment.nominations import services as nominations
from app.enrolment.obstacles import queries as obstacles
from app.enrolment.pages import MANAGE, managed
from app.enrolment.queries import Part
from app.enrolment.seats import services as seats
from app.enrolment.seats.pages import allowed_moves
from app.enrolment.several import pages, queries, services
from app.enrolment.several.forms import SeveralForm
from app.enrolment.several.rules import Step
from app.language import format_date, gettext, lazy_gettext
from app.lists.events import Exported
from app.training.models import CourseSession
from app.training.pages import layout
from app.web.door import require, traced
from app.web.render import done, render

bp = Blueprint("several", __name__)


@bp.post("/sessions/<int:key>/enrolments/several")
@require(*MANAGE)
@traced(Exported)
def do_several(key: int) -> ResponseReturnValue:
    """`do` for `enrolment_ids`; with `sure` it is done, without it a step that asks shows what it asks."""
    course_session, mine = managed(key)
    step, form = _step(mine), SeveralForm()
    chosen = queries.chosen(mine.scope, course_session, form.enrolment_ids.data or ())
    if not chosen:
        flash(gettext("Tick at least one person."), "warning")
        return _back(course_session)
    form.offer_targets(_targets(mine, course_session) if step is Step.MOVE else [])
    if step is Step.PRINT:
        return _page("print", step, course_session, chosen, mine, form)
    asking = step.asks and not form.sure.data
    return (None if asking else _tried(step, course_session, chosen, mine, form)) or _again(key, step, form)


def _again(key: int, step: Step, form: SeveralForm) -> ResponseReturnValue:
    """What the step asks, or why it could not be done; what a refusal undid is loaded anew."""
    course_session, mine = managed(key)
    chosen = queries.chosen(mine.scope, course_session, form.enrolment_ids.data or ())
    return _page("several", step, course_session, chosen, mine, form)


def _step(mine: Part) -> Step:
    """What was asked for, as far as the caller's part reaches; else Missing."""
    try:
        step = Step(request.form.get("do", ""))
    except ValueError:
        raise Missing from None
    if step.of_who_runs and not mine.runs:
        raise Missing
    return step


def _back(course_session: CourseSession) -> ResponseReturnValue:
    return done(url_for("seats.show_enrolments", key=course_session.id))


def _targets(mine: Part, course_session: CourseSession) -> list[tuple[int, str]]:
    return [
        (one.id, gettext("%(code)s · %(day)s · free seats: %(num)s", code=one.code, day=_day(one), num=free))
        for one, free in queries.targets(mine.scope, course_session)
    ]


def _day(course_session: CourseSession) -> str:
    return format_date(course_session.starts_on) if course_session.starts_on else gettext("No date yet")


def _tried(
    step: Step, course_session: CourseSession, chosen: Sequence[Enrolment], mine: Part, form: SeveralForm
) -> ResponseReturnValue | None:
    if not form.sent():
        return None
    with form.attempt():
        if step.needs_reason and not form.said:
            raise Refused(lazy_gettext("Please say why."), field="reason")
        target = _target(mine, course_session, form) if step is Step.MOVE else None
        sessions = [course_session] if target is None else [course_session, target]
        work = _allowed(step, mine, _work(step, target, form))
        decided = {one.employee_id for one in chosen if one.status in services.DECIDED}
        pages.told(step, services.each(sessions, chosen, work), decided)
        _tell_gone(len(set(form.enrolment_ids.data or ())) - len(chosen))
        return _back(course_session)
    return None


def _allowed(step: Step, mine: Part, work: Callable[[Enrolment], object]) -> Callable[[Enrolment], object]:
    """The same, refused for whom the caller may not do it."""

    def one(enrolment: Enrolment) -> None:
        if not step.allowed(allowed_moves(caller, enrolment), runs=mine.runs):
            raise Refused(lazy_gettext("Not possible: %(status)s.", status=enrolment.status.label))
        work(enrolment)

    return one


def _target(mine: Part, course_session: CourseSession, form: SeveralForm) -> CourseSession:
    found = {one.id: one for one, _ in queries.targets(mine.scope, course_session)}
    if form.target_id.data not in found:
        raise Refused(lazy_gettext("Choose another group of the same course."), field="target_id")
    return found[form.target_id.data]


def _work(step: Step, target: CourseSession | None, form: SeveralForm) -> Callable[[Enrolment], object]:
    override = (form.override.data or "").strip()
    if step is Step.MOVE and target is not None:
        return lambda one: services.move(one, target, by=caller, override=override)
    return {
        Step.REMIND: lambda one: services.remind(one, by=caller),
        Step.YES: lambda one: seats.answer(one, Answer.YES, by=caller),
        Step.NO: lambda one: seats.answer(one, Answer.NO, by=caller, reason=form.said),
        Step.SUPPORT: lambda one: nominations.support(one, by=caller),
        Step.ACCEPT: lambda one: seats.accept(one, by=caller, override=override),
        Step.REJECT: lambda one: seats.reject(one, by=caller, reason=form.said),
        Step.REMOVE: lambda one: seats.remove(one, by=caller, reason=form.said),
    }[step]


def _tell_gone(gone: int) -> None:
    if gone > 0:
        flash(gettext("No longer on this list: %(num)s.", num=gone), "warning")


def _page(
    template: str, step: Step, course_session: CourseSession, chosen: Sequence[Enrolment], mine: Part, form: SeveralForm
) -> ResponseReturnValue:
    meets = step in (Step.ACCEPT, Step.MOVE)
    found = obstacles.obstacles(course_session, [one.employee_id for one in chosen]) if meets else {}
    return render(
        f"enrolment/several/{template}.html",
        status=form.status if template == "several" and (form.sure.data or not step.asks) else 200,
        **layout(course_session, "enrolments"),
        **(pages.words(step) if template == "several" else {}),
        step=step,
        chosen=chosen,
        warnings=found,
        form=form,
        part=mine,
    )
