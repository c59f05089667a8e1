"""The page of a personal link, and what is answered and taken from there. Nobody is signed in by it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, flash, url_for
from flask.typing import ResponseReturnValue

from app.audit.journal import SYSTEM
from app.certificates.register import queries as register
from app.certificates.services import PDF
from app.core.errors import Missing
from app.enrolment.models import Answer, Enrolment
from app.enrolment.notices import calendars
from app.enrolment.seats import services as seats
from app.enrolment.seats.forms import LeaveForm
from app.enrolment.seats.rules import MAY_WITHDRAW
from app.guest import pages, queries, services
from app.home import queries as home
from app.language import gettext
from app.people.links.models import ANSWER, TRAININGS
from app.people.links.pages import opened
from app.people.links.services import acted
from app.people.models import PersonalLink
from app.post.calendars.ics import MEDIA_TYPE
from app.settings.notice import queries as notices
from app.training import letters
from app.training import queries as training
from app.web.door import public
from app.web.forms import Form, ReasonForm
from app.web.listing import download
from app.web.render import done, render

bp = Blueprint("guest", __name__)


def show_trainings(link: PersonalLink, token: str, form: Form | None = None) -> Response:
    """Whose link it is, what they have ahead, what they took part in, their certificates."""
    own = home.of_employee(link.employee_id)
    coming = queries.trainings(link.employee)
    ahead = {each.enrolment.id for each in coming}
    return render(
        "guest/trainings.html",
        person=link.employee.name,
        token=token,
        coming=coming,
        others=[each for each in home.own_enrolments(own) if each.id not in ahead],
        certificates=home.own_certificates(own),
        notice=notices.current(),
        form=form,
        status=form.status if form else 200,
    )


def show_answer(link: PersonalLink, token: str, form: Form | None = None) -> Response:
    """One training, how it stands with their place in it, and the answer: no more, for letters are passed on."""
    found, moved = queries.answering(link)
    how, words, tone = pages.said(found)
    return render(
        "guest/answer.html",
        person=link.employee.name,
        token=token,
        one=found,
        how=how,
        words=words,
        tone=tone,
        moved=moved and how not in pages.NOTHING_TO_COME,
        notice=notices.current(),
        form=form,
        status=form.status if form else 200,
    )


def show_teaching(link: PersonalLink, token: str) -> Response:
    """Of a trainer on the staff."""
    return _teaching(pages.teacher_by(link), token)


def show_outside(token: str) -> Response | None:
    """Of one from outside."""
    found = queries.from_outside(token)
    return None if found is None else _teaching(found, token)


def _teaching(of: queries.Teacher, token: str, form: Form | None = None) -> Response:
    """What a trainer is asked to give of one session, and the answer."""
    return render(
        "guest/teaching.html",
        person=of.name,
        token=token,
        one=queries.teaching(of),
        notice=notices.current(),
        form=form,
        status=form.status if form else 200,
    )


@bp.post("/k/<token>/teaching/accept")
@public
def accept_teaching(token: str) -> ResponseReturnValue:
    of, form = pages.teacher(token), Form(formdata=None)
    with form.attempt():
        services.accept(queries.teaching(of).open)
        return _done(of.link, token, gettext("Thank you. You have accepted."))
    return _teaching(pages.teacher(token), token, form)


@bp.route("/k/<token>/teaching/decline", methods=["GET", "POST"])
@public
def decline_teaching(token: str) -> ResponseReturnValue:
    """Which sittings go back to the coordinator, and why."""
    of, form = pages.teacher(token), ReasonForm()
    if form.sent():
        with form.attempt():
            services.decline(queries.teaching(of).leaving, form.reason.data or "")
            return _done(of.link, token, gettext("You have declined. The coordinator will see it."))
        of = pages.teacher(token)
    found = queries.teaching(of)
    if not found.leaving and not form.errors:
        return done(url_for("links.open_link", token=token))
    return render("guest/decline.html", token=token, one=found, form=form, status=form.status)


PAGES = {TRAININGS: show_trainings, ANSWER: show_answer}


@bp.post("/k/<token>/trainings/<int:key>/attend")
@public
def attend(token: str, key: int) -> ResponseReturnValue:
    """“I will attend”."""
    return _said(token, key, lambda one: seats.answer(one, Answer.YES, by=SYSTEM), gettext("Thank you. We expect you."))


@bp.post("/k/<token>/trainings/<int:key>/take-back")
@public
def take_back(token: str, key: int) -> ResponseReturnValue:
    return _said(token, key, lambda one: seats.take_back(one, by=SYSTEM), gettext("The seat is taken again."))


@bp.route("/k/<token>/trainings/<int:key>/leave", methods=["GET", "POST"])
@public
def leave(token: str, key: int) -> ResponseReturnValue:
    """Which place is given up, and why."""
    link, form = opened(token, *PAGES), LeaveForm()
    enrolment = queries.enrolment(link, key)
    if form.sent():
        with form.attempt():
            seats.withdraw(enrolment, by=SYSTEM, reason=form.said)
            return _done(link, token, gettext("The place is given up."))
        enrolment = queries.enrolment(opened(token, *PAGES), key)
    if enrolment.status not in MAY_WITHDRAW and not form.errors:
        return done(url_for("links.open_link", token=token))
    days = letters.days(training.sittings(enrolment.course_session))
    return render("guest/leave.html", token=token, enrolment=enrolment, days=days, form=form, status=form.status)


@bp.get("/k/<token>/trainings/<int:key>/calendar.ics")
@public
def calendar(token: str, key: int) -> ResponseReturnValue:
    """The days of a training, to be put into a calendar."""
    found = queries.enrolment(opened(token, *PAGES), key)
    content = calendars.file(found)
    if content is None:
        raise Missing
    return download(content, MEDIA_TYPE, calendars.name(found.course_session))


@bp.get("/k/<token>/certificates/<int:certificate_id>.pdf")
@public
def certificate(token: str, certificate_id: int) -> ResponseReturnValue:
    """The bytes as they were stored at issue."""
    found = queries.certificate(opened(token, TRAININGS), certificate_id)
    filename, content = register.document(found)
    return download(content, PDF, filename)


def _said(token: str, key: int, do: Callable[[Enrolment], None], message: str) -> ResponseReturnValue:
    """Something without a word typed, about one of their places."""
    link, form = opened(token, *PAGES), Form(formdata=None)
    enrolment = queries.enrolment(link, key)
    with form.attempt():
        do(enrolment)
        return _done(link, token, message)
    link = opened(token, *PAGES)
    return PAGES[link.purpose](link, token, form)


def _done(link: PersonalLink | None, token: str, message: str) -> ResponseReturnValue:
    if link is not None:
        acted(link)
        services.keep_reading(link.employee_id)
    flash(message)
    return done(url_for("links.open_link", token=token))
