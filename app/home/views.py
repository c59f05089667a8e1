"""What each role sees first: one merged page, coordinator, trainer, focal point, staff in that order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission, Role
from app.core import slots
from app.core.clock import today
from app.enrolment.nominations.queries import open_sessions
from app.enrolment.replies import pages as replies
from app.home import comparison, counted, pages, queries
from app.oversight.figures import queries as figures
from app.web.door import signed_in
from app.web.parts import Counted
from app.web.render import render

bp = Blueprint("home", __name__)
NOMINATING = 5


@bp.get("/")
@signed_in
def show_home() -> ResponseReturnValue:
    if caller.roles == {Role.STAFF}:
        return redirect(url_for("home.show_me"))
    tiles, counts = pages.first_page()
    running, found = _running((*tiles, *counts))
    tasks = [*slots.collect("home.tasks", caller), *pages.counted(counts, found[len(tiles) :])]
    tasks.sort(key=lambda task: task.order)
    notes = slots.collect("home.notes", caller)
    shown = [each.task(number) for each, number in zip(tiles, found, strict=False)]
    return render("home/home.html", tasks=tasks, tiles=shown, notes=notes, today=today(), **running, **_parts())


def _running(asked: tuple[Counted, ...]) -> tuple[dict[str, Any], Sequence[int]]:
    """The numbers and two weeks of the sessions the caller runs, None where they run none; what is asked besides."""
    if not caller.roles & {Role.ADMINISTRATOR, Role.COORDINATOR}:
        return {"counts": None, "week": None, "provinces": None}, counted.numbers(asked)
    scope, day = caller.scope_for(Permission.SESSION_WRITE), today()
    beside = comparison.provinces(scope, day) if scope.everything else None
    found = queries.overview(scope, day, pages.of_session, asked, beside)
    return {
        "counts": found.counts,
        "week": [lesson for lesson in found.ahead if lesson.date < day + timedelta(days=7)],
        "fortnight": pages.fortnight(day, found.ahead),
        "provinces": comparison.lines(found.lines) if beside is not None else None,
        "lists": comparison.LISTS,
    }, found.numbers


def _parts() -> dict[str, Any]:
    """One part for each other role the caller holds; None where they do not."""
    day = today()
    parts: dict[str, Any] = dict.fromkeys(
        ("lessons", "coming", "staff", "nominating", "own", "figures", "figure_sexes")
    )
    if caller.is_a(Role.TRAINER):
        parts["lessons"], parts["coming"] = _given(day)
    if caller.is_a(Role.FOCAL_POINT):
        scope = caller.scope_for(Permission.ENROLMENT_NOMINATE)
        staff = queries.staff_in_training(scope, day, pages.of_enrolments)
        parts["staff"], parts["nominating"] = staff, open_sessions(scope)[:NOMINATING]
    if caller.is_a(Role.STAFF):
        parts["own"] = queries.attended_by(queries.of_user(caller.id), day, pages.of_session)[:3]
    if caller.roles == {Role.VIEWER}:
        parts["figures"], parts["figure_sexes"] = _figures(), figures.SEXES
    return parts


def _given(day: date) -> tuple[list[queries.Slot], list[queries.Slot]]:
    """What the caller gives today, and in the month to come."""
    given = queries.given_by(caller.id, day, day + timedelta(days=30), pages.of_sitting)
    return pages.with_rolls(caller, [s for s in given if s.today]), [s for s in given if not s.today]


def _figures() -> figures.Figures:
    offered = figures.offered(figures.Reader.of(caller))
    return figures.figures(offered, province_id=offered.first)


@bp.get("/me")
@signed_in
def show_me() -> ResponseReturnValue:
    """One's own trainings, on a phone in two minutes."""
    own = queries.of_user(caller.id)
    schedule = queries.attended_by(own, today(), pages.of_session)
    enrolments = queries.own_enrolments(own)
    asked = pages.asked("me.counts")
    sections = [*slots.collect("me.sections", caller), *pages.counted(asked, counted.numbers(asked))]
    if any(each.may_withdraw for each in enrolments):
        sections.append(replies.applications(caller))
    return render(
        "home/me.html",
        ahead=pages.ahead(schedule, enrolments),
        given_up=pages.given_up(caller, enrolments),
        enrolments=enrolments,
        certificates=queries.own_certificates(own),
        minutes=sum(e.minutes for e in enrolments),
        may_apply=caller.may(Permission.ENROLMENT_APPLY),
        sections=sorted(sections, key=lambda section: section.order),
    )
