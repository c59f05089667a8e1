"""What is shown of somebody's leaving before it happens, and of an account that ends."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for

from app.access.caller import Caller
from app.access.models import User
from app.access.permissions import Permission
from app.core.clock import today
from app.enrolment import queries as enrolments
from app.enrolment.leaving import queries
from app.enrolment.leaving.rules import after
from app.enrolment.models import SEAT_HOLDING, Enrolment
from app.enrolment.waiting import queries as waiting
from app.enrolment.waiting.rules import Way
from app.language import format_date, gettext, in_language
from app.people.leaving.models import Leaving
from app.training import queries as training
from app.web.parts import Consequence


def consequences(caller: Caller, leaving: Leaving) -> Iterator[Consequence]:
    """Each place with its session's code and dates; a link only where the caller may open the session."""
    found = queries.places(leaving.employee.id)
    seen = training.seen(caller.scope_for(Permission.SESSION_READ), [place.course_session_id for place, _ in found])
    for place, stays in found:
        course_session = place.course_session
        name = f"{course_session.code} {in_language(course_session.course, 'name')}"
        day = format_date(course_session.starts_on) if course_session.starts_on else gettext("No date yet")
        keeps = not stays and leaving.to is not None and enrolments.offered_at(course_session, leaving.to.id)
        yield Consequence(
            f"{name} · {day}",
            _becomes(place, stays, leaving, keeps),
            url_for("seats.show_enrolment", key=place.id) if course_session.id in seen else "",
            str(place.id) if keeps else "",
            order=10,
            stays=stays,
        )
    if leaving.to is None and leaving.employee.user_id is not None:
        yield from _last_focal_point(leaving.employee.user_id, leaving.employee.organisation_id)


def _becomes(place: Enrolment, stays: bool, leaving: Leaving, keeps: bool) -> str:
    if stays:
        return gettext("%(status)s. Stays: the training is over.", status=place.status.label)
    told = gettext("%(was)s → %(becomes)s", was=place.status.label, becomes=after(place, today()).label)
    if leaving.to is not None and not keeps:
        told += " · " + gettext("The new institution is not invited to this training.")
    course_session = place.course_session
    fills = waiting.filled_by(course_session) is not Way.BY_HAND
    if place.status in SEAT_HOLDING and fills and waiting.moves_up(course_session):
        told += " · " + gettext("The seat goes to the first of the waiting list who can come.")
    return told


def of_account(_: Caller, user: User) -> Iterator[Consequence]:
    """Institutions where nobody else could decide on applications."""
    yield from _last_focal_point(user.id)


def _last_focal_point(user_id: int, organisation_id: int | None = None) -> Iterator[Consequence]:
    for place, number in queries.only_decides(user_id, organisation_id):
        yield Consequence(
            gettext("The only training focal point here: %(place)s", place=in_language(place, "name")),
            gettext("Applications that wait for a decision: %(num)s. Give somebody else the role.", num=number),
            order=20,
        )
