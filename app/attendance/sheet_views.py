"""The sheet people sign: as PDF to print, and its scan to keep."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.attendance import paper, queries, scans, services
from app.attendance.forms import SignedSheetForm
from app.attendance.models import SignedSheet
from app.attendance.queries import SittingRow
from app.core.errors import Missing, Refused
from app.files.bad_file import BadFile, BadFileReason
from app.language import gettext, lazy_gettext
from app.paper.sheet import draw_signature_sheet
from app.training import queries as training
from app.training.models import CourseSession
from app.training.pages import layout
from app.web.door import reads_first, require
from app.web.edge.transaction import write
from app.web.listing import download
from app.web.render import done, render

bp = Blueprint("attendance_sheets", __name__)
NAMES = {
    BadFileReason.EMPTY: lazy_gettext("The file is empty."),
    BadFileReason.TOO_LARGE: lazy_gettext("The file is larger than 5 MB. Scan it with a lower resolution."),
    BadFileReason.UNSUPPORTED_TYPE: lazy_gettext("Only PDF, JPEG and PNG files can be uploaded here."),
    BadFileReason.DAMAGED: lazy_gettext("The file is damaged or incomplete. Scan the sheet again."),
}


def _session(course_session_id: int) -> tuple[CourseSession, list[SittingRow]]:
    """A session the caller runs or gives a sitting of, and all its sittings."""
    scope = caller.scope_for(Permission.ATTENDANCE_TAKE)
    course_session = training.course_session(scope, course_session_id)
    if not queries.runs(scope, course_session) and not queries.sittings(course_session, scope):
        raise Missing
    return course_session, queries.sittings(course_session)


def _day(typed: str) -> date | None:
    """The day asked for in an address; None for all; Missing for something that is no date."""
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise Missing from None


@bp.get("/sessions/<int:course_session_id>/sheet.pdf")
@require(Permission.ATTENDANCE_TAKE)
def signature_sheet(course_session_id: int) -> ResponseReturnValue:
    course_session, rows = _session(course_session_id)
    sheet = paper.signature_sheet(course_session, rows, _day(request.args.get("day", "")))
    when = f"{sheet.days[0].day:%Y-%m-%d}" if len(sheet.days) == 1 else gettext("all days")
    name = gettext("Signature sheet %(code)s %(when)s", code=course_session.code.replace("/", "-"), when=when)
    return download(draw_signature_sheet(sheet), "application/pdf", f"{name}.pdf", inline=True)


@bp.get("/sessions/<int:course_session_id>/signed-sheets")
@require(Permission.ATTENDANCE_TAKE)
def show_signed_sheets(course_session_id: int) -> ResponseReturnValue:
    course_session, rows = _session(course_session_id)
    return _page(course_session, _form(rows), rows)


def _form(rows: list[SittingRow]) -> SignedSheetForm:
    return SignedSheetForm.of(sorted(queries.held_days(rows)))


def _page(course_session: CourseSession, form: SignedSheetForm, rows: list[SittingRow]) -> ResponseReturnValue:
    sheets: dict[date, list[SignedSheet]] = {day: [] for day in sorted(queries.held_days(rows))}
    for sheet in queries.signed_sheets(course_session):
        sheets.setdefault(sheet.day, []).append(sheet)
    context: dict[str, Any] = {**layout(course_session, "attendance"), "sheets": sheets, "form": form}
    return render("attendance/signed_sheets.html", status=form.status, **context)


@bp.post("/sessions/<int:course_session_id>/signed-sheets")
@require(Permission.ATTENDANCE_TAKE)
@reads_first
def attach_signed_sheet(course_session_id: int) -> ResponseReturnValue:
    form = _form(_session(course_session_id)[1])
    if form.sent():
        with form.attempt():
            content, media_type = _scan(form)
            digest, day = sha256(content).hexdigest(), date.fromisoformat(str(form.day.data))
            write()
            course_session, _ = _session(course_session_id)
            name = gettext("Signed sheet %(day)s", day=day.isoformat()) + f".{scans.ENDINGS[media_type]}"
            services.attach_signed_sheet(
                course_session, day, sha256=digest, media_type=media_type, filename=name, content=content, by=caller
            )
            flash(gettext("The signed sheet is attached."))
            return done(url_for("attendance_sheets.show_signed_sheets", course_session_id=course_session_id))
    course_session, rows = _session(course_session_id)
    return _page(course_session, form, rows)


def _scan(form: SignedSheetForm) -> tuple[bytes, str]:
    """The uploaded bytes and what they are; Refused in words for anything but a scan."""
    upload = form.scan.data
    if upload is None or not getattr(upload, "filename", ""):
        raise Refused(lazy_gettext("Choose the file with the scan."), field="scan")
    content: bytes = upload.read()
    try:
        return content, scans.media_type_of(content)
    except BadFile as bad:
        raise Refused(NAMES[bad.reason], field="scan") from None


@bp.get("/sessions/<int:course_session_id>/signed-sheets/<int:sheet_id>")
@require(Permission.ATTENDANCE_TAKE)
def signed_sheet(course_session_id: int, sheet_id: int) -> ResponseReturnValue:
    document = queries.scan(_session(course_session_id)[0], sheet_id)
    return download(document.content, document.media_type, document.filename)
