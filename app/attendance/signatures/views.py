"""The sheet people sign: as PDF to print, and its scan to keep."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.attendance import queries as attendance
from app.attendance.models import SignedSheet, SittingRow
from app.attendance.signatures import queries, rules, services
from app.attendance.signatures.forms import SignedSheetForm
from app.core.errors import Missing
from app.files.pictures.scans import read_scan
from app.language import gettext, ngettext
from app.paper.handouts.sheet import draw_signature_sheet
from app.training.models import CourseSession
from app.training.pages import layout
from app.web.door import reads_first, require, takes
from app.web.edge.transaction import write
from app.web.listing import download
from app.web.render import done, render

bp = Blueprint("signatures", __name__)


def _session(course_session_id: int) -> tuple[CourseSession, list[SittingRow]]:
    """A session the caller runs or gives a sitting of, and all its sittings."""
    course_session = attendance.session_of_own(caller.scope_for(Permission.ATTENDANCE_TAKE), course_session_id)
    return course_session, attendance.sittings(course_session)


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
    sheet = queries.signature_sheet(course_session, rows, _day(request.args.get("day", "")))
    when = f"{sheet.days[0].day:%Y-%m-%d}" if len(sheet.days) == 1 else gettext("all days")
    name = gettext("Signature sheet %(code)s %(when)s", code=course_session.code.replace("/", "-"), when=when)
    return download(draw_signature_sheet(sheet), "application/pdf", f"{name}.pdf", inline=True)


def _scans(course_session: CourseSession, rows: list[SittingRow]) -> dict[date, list[SignedSheet]]:
    """The scans of each day that is to be signed."""
    found: dict[date, list[SignedSheet]] = {day: [] for day in sorted(rules.held_days(rows))}
    for sheet in queries.signed_sheets(course_session):
        found.setdefault(sheet.day, []).append(sheet)
    return found


@bp.route("/sessions/<int:course_session_id>/signed-sheets", methods=["GET", "POST"])
@require(Permission.ATTENDANCE_TAKE)
@takes(rules.TOGETHER + 1024 * 1024)
@reads_first
def attach_signed_sheet(course_session_id: int) -> ResponseReturnValue:
    course_session, rows = _session(course_session_id)
    sheets = _scans(course_session, rows)
    form = SignedSheetForm.of(sheets, _day(request.args.get("day", "")))
    if form.sent():
        with form.attempt():
            scans = [read_scan(content) for content in form.contents()]
            write()
            services.attach_all(_session(course_session_id)[0], form.days, scans, by=caller)
            flash(ngettext("%(num)s signed sheet attached.", "%(num)s signed sheets attached.", len(scans)))
            return done(url_for("signatures.attach_signed_sheet", course_session_id=course_session_id))
        course_session, rows = _session(course_session_id)
        sheets = _scans(course_session, rows)
    around = layout(course_session, "attendance")
    return render("attendance/signatures/signed_sheets.html", status=form.status, sheets=sheets, form=form, **around)


@bp.get("/sessions/<int:course_session_id>/signed-sheets/<int:sheet_id>")
@require(Permission.ATTENDANCE_TAKE)
def signed_sheet(course_session_id: int, sheet_id: int) -> ResponseReturnValue:
    document = queries.scan(_session(course_session_id)[0], sheet_id)
    return download(document.content, document.media_type, document.filename)
