"""Certificates of a session that a correction has overtaken, and several to be revoked."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.certificates.corrections import queries, services
from app.certificates.corrections.forms import SeveralForm
from app.certificates.corrections.queries import Overtaken
from app.certificates.models import Certificate, EndReason
from app.certificates.pages import to_certify
from app.certificates.register.pages import in_words
from app.language import gettext, ngettext
from app.training.models import CourseSession, SessionStatus
from app.training.pages import layout
from app.web.door import require
from app.web.render import done, render

bp = Blueprint("corrections", __name__)


@bp.route("/sessions/<int:course_session_id>/certificates/corrected", methods=["GET", "POST"])
@require(Permission.CERTIFICATE_REVOKE)
def settle(course_session_id: int) -> ResponseReturnValue:
    """Those that would say otherwise now are listed, and replaced or revoked in one step."""
    course_session = to_certify(course_session_id, Permission.CERTIFICATE_REVOKE)
    form = _overtaken(course_session)
    if form.sent():
        with form.attempt():
            chosen, reason = form.chosen.chosen, form.reason.data or ""
            replaced, revoked = services.settle(course_session, chosen, reason, by=caller, public=form.public_reason)
            flash(ngettext("%(num)s certificate was replaced.", "%(num)s certificates were replaced.", replaced))
            if revoked:
                flash(ngettext("%(num)s certificate was revoked.", "%(num)s certificates were revoked.", revoked))
            return done(url_for("issuing.show", course_session_id=course_session_id))
        course_session = to_certify(course_session_id, Permission.CERTIFICATE_REVOKE)
    return _page("corrected", course_session, form)


def _overtaken(course_session: CourseSession) -> SeveralForm:
    finalised = course_session.status is SessionStatus.FINALISED
    found = queries.overtaken(course_session) if finalised else []
    choices = [(one.certificate.id, f"{_called(one.certificate)}: {_what(one)}") for one in found]
    return SeveralForm.over(choices, ticked=True, public=EndReason.ATTENDANCE)


@bp.route("/sessions/<int:course_session_id>/certificates/revoke", methods=["GET", "POST"])
@require(Permission.CERTIFICATE_REVOKE)
def revoke_several(course_session_id: int) -> ResponseReturnValue:
    course_session = to_certify(course_session_id, Permission.CERTIFICATE_REVOKE)
    form = SeveralForm.over([(one.id, _called(one)) for one in queries.valid(course_session)])
    if form.sent():
        with form.attempt():
            chosen, reason = form.chosen.chosen, form.reason.data or ""
            count = services.revoke_several(course_session, chosen, reason, by=caller, public=form.public_reason)
            flash(ngettext("%(num)s certificate was revoked.", "%(num)s certificates were revoked.", count))
            return done(url_for("issuing.show", course_session_id=course_session_id))
        course_session = to_certify(course_session_id, Permission.CERTIFICATE_REVOKE)
    return _page("revoke", course_session, form)


def _called(certificate: Certificate) -> str:
    return f"{certificate.printed_name} · {certificate.number}"


def _what(one: Overtaken) -> str:
    """What a certificate says and would say, or that nothing is due any more."""
    if one.now is None:
        return gettext("no document is due any more, it will be revoked")
    was, now = in_words(one.certificate.snapshot), in_words(one.now)
    return "; ".join(f"{label}: {was[label]} → {now[label]}" for label in was if was[label] != now[label])


def _page(what: str, course_session: CourseSession, form: SeveralForm) -> ResponseReturnValue:
    context: dict[str, Any] = {"form": form, "finalised": course_session.status is SessionStatus.FINALISED}
    page = f"certificates/corrections/{what}.html"
    return render(page, status=form.status, **layout(course_session, "certificates"), **context)
