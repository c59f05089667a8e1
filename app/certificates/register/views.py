"""The list of certificates, one certificate, its file; revoking and replacing it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.certificates import codes
from app.certificates import queries as certificates
from app.certificates.models import Certificate, CertificateStatus
from app.certificates.register import history, pages, queries, services
from app.certificates.register.forms import EndForm
from app.certificates.services import PDF
from app.certificates.verification import proof
from app.completion.models import DocumentKind
from app.core.clock import local
from app.language import gettext, in_language
from app.lists import pages as lists
from app.lists.events import Exported
from app.lists.models import Columns, ListOf
from app.web.door import require, traced
from app.web.listing import download
from app.web.render import done, render

bp = Blueprint("register", __name__)


@bp.get("/certificates")
@require(Permission.CERTIFICATE_READ)
@traced(Exported)
def index() -> ResponseReturnValue:
    return lists.answer(
        CERTIFICATES,
        "certificates/register/certificates.html",
        by=caller,
        choices=queries.choices(caller.scope_for(Permission.CERTIFICATE_READ)),
        kinds=list(DocumentKind),
        statuses=list(CertificateStatus),
    )


def _columns() -> Columns:
    """The list's columns, and what else a file is wanted for."""
    return [
        (gettext("Certificate number"), lambda row: row.number),
        (gettext("Full name"), lambda row: row.printed_name),
        (gettext("Institution"), lambda row: in_language(row, "organisation")),
        (gettext("Kind of document"), lambda row: row.kind.label),
        (gettext("Course"), lambda row: in_language(row, "course")),
        (gettext("Duration (hours)"), lambda row: row.hours_minutes / 60),
        (gettext("First day"), lambda row: row.first_date),
        (gettext("Last day"), lambda row: row.last_date),
        (gettext("Issued on"), lambda row: row.issued_on),
        (gettext("Status"), lambda row: row.status.label),
        (gettext("Verification code"), lambda row: codes.printed(row.code)),
    ]


CERTIFICATES = ListOf(
    name="certificates",
    access=Permission.CERTIFICATE_READ,
    title=lambda: gettext("Certificates"),
    columns=_columns,
    rows=queries.certificates,
    sorts=queries.CERTIFICATE_SORTS,
    descending=True,
    filters=("province", "kind", "status", "year", "course", "organisation"),
)


@bp.get("/certificates/<int:certificate_id>")
@require(Permission.CERTIFICATE_READ)
def show(certificate_id: int) -> ResponseReturnValue:
    found = queries.certificate(caller.scope_for(Permission.CERTIFICATE_READ), certificate_id)
    may_change = queries.may_change(caller.scope_for(Permission.CERTIFICATE_REVOKE), found)
    return render(
        "certificates/register/certificate.html",
        certificate=found,
        code=codes.printed(found.code),
        verification_url=codes.address(found.code),
        before=certificates.predecessor(found),
        after=certificates.successor(found),
        may_change=may_change,
        history=history.of(found, with_names=may_change),
        parts=proof.parts_of(found),
        ended_on=local(found.ended_at).date() if found.ended_at else None,
        reason=history.reason_of(found, inside=may_change),
    )


@bp.get("/certificates/<int:certificate_id>.pdf")
@require(Permission.CERTIFICATE_READ)
def pdf(certificate_id: int) -> ResponseReturnValue:
    """The bytes as they were stored at issue; of an ended certificate only for whoever may end one."""
    found = queries.certificate(caller.scope_for(Permission.CERTIFICATE_READ), certificate_id)
    if found.status is not CertificateStatus.VALID:
        found = queries.certificate(caller.scope_for(Permission.CERTIFICATE_REVOKE), certificate_id)
    filename, content = queries.document(found)
    return download(content, PDF, filename)


@bp.route("/certificates/<int:certificate_id>/revoke", methods=["GET", "POST"])
@require(Permission.CERTIFICATE_REVOKE)
def revoke(certificate_id: int) -> ResponseReturnValue:
    found, form = _to_change(certificate_id), EndForm.of()
    if form.sent():
        with form.attempt():
            services.revoke(found, form.reason.data or "", public=form.public_reason, by=caller)
            flash(gettext("The certificate is revoked."))
            return done(url_for("register.show", certificate_id=certificate_id))
        found = _to_change(certificate_id)
    return _ask("revoke", found, form)


@bp.route("/certificates/<int:certificate_id>/reissue", methods=["GET", "POST"])
@require(Permission.CERTIFICATE_REVOKE)
def reissue(certificate_id: int) -> ResponseReturnValue:
    found, form = _to_change(certificate_id), EndForm.of()
    if form.sent():
        with form.attempt():
            made = services.reissue(found, form.reason.data or "", public=form.public_reason, by=caller)
            flash(gettext("The new certificate %(number)s replaces the old one.", number=made.number))
            return done(url_for("register.show", certificate_id=made.id))
        found = _to_change(certificate_id)
    return _ask("reissue", found, form)


def _to_change(certificate_id: int) -> Certificate:
    return queries.certificate_to_change(caller.scope_for(Permission.CERTIFICATE_REVOKE), certificate_id)


def _ask(what: str, certificate: Certificate, form: EndForm) -> ResponseReturnValue:
    return render(
        f"certificates/register/{what}.html",
        certificate=certificate,
        form=form,
        differences=_differences(certificate) if what == "reissue" else [],
        status=form.status,
    )


def _differences(certificate: Certificate) -> Sequence[tuple[str, str, str]]:
    """(what, as printed, as it would be printed now); empty where nothing differs or nothing is due any more."""
    now = queries.facts_now(certificate)
    if now is None:
        return []
    was, current = pages.in_words(certificate.snapshot), pages.in_words(now)
    return [(label, was[label], current[label]) for label in was if was[label] != current[label]]
