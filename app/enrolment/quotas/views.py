"""The page on which seats are kept for institutions."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.core.errors import Missing
from app.enrolment import queries as enrolments
from app.enrolment.pages import session_at
from app.enrolment.quotas import queries, services
from app.enrolment.quotas.forms import QuotasForm
from app.enrolment.quotas.queries import Share
from app.enrolment.quotas.rules import Pools, by_staff
from app.language import gettext
from app.training.models import CourseSession
from app.training.pages import layout
from app.web.door import require
from app.web.render import done, render

bp = Blueprint("quotas", __name__)
P = Permission


@bp.route("/sessions/<int:key>/enrolments/quotas", methods=["GET", "POST"])
@require(P.ENROLMENT_WRITE)
def show_quotas(key: int) -> ResponseReturnValue:
    """Seats kept for institutions; `share` fills in a proposal and keeps nothing."""
    course_session, shares = _loaded(key)
    form = QuotasForm.of(course_session, shares)
    if "share" in request.form:
        form.share_out(by_staff(course_session.capacity, {one.organisation_id: one.staff for one in shares}))
    elif form.sent():
        with form.attempt():
            form.same_version(course_session)
            services.reserve(course_session, form.seats, release_at=form.release_at, by=caller)
            flash(gettext("The quotas are saved."))
            return done(url_for("seats.show_enrolments", key=key))
        course_session, shares = _loaded(key)
    return _page(course_session, shares, form)


def _loaded(key: int) -> tuple[CourseSession, Sequence[Share]]:
    course_session = session_at(key, P.ENROLMENT_WRITE)
    if not enrolments.part(caller, course_session).runs:
        raise Missing
    return course_session, queries.shares(course_session)


def _page(course_session: CourseSession, shares: Sequence[Share], form: QuotasForm) -> ResponseReturnValue:
    standing = Pools(
        course_session.capacity,
        {one.organisation_id: one.seats for one in shares},
        {one.organisation_id: one.taken for one in shares},
    )
    return render(
        "enrolment/quotas/quotas.html",
        fragment="edit",
        status=200 if "share" in request.form else form.status,
        **layout(course_session, "enrolments"),
        form=form,
        shares=shares,
        pools=standing,
        typed=sum(form.seats.values()),
        released=queries.released(course_session),
    )
