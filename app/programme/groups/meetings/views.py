"""Meetings: the list, one of them, inviting, the sheet, the minutes with the roll."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.audit import journal
from app.core import slots
from app.core.clock import today
from app.language import format_time, gettext, ngettext
from app.lists import pages as lists
from app.lists.events import Exported
from app.lists.models import ListOf
from app.programme.groups import queries as groups
from app.programme.groups.meetings import pages, queries, services, sheet
from app.programme.groups.meetings.forms import MeetingForm, MinutesForm, SignedSheetForm
from app.programme.groups.meetings.notices import place
from app.programme.groups.models import Attended, GroupMeeting
from app.programme.groups.pages import runs
from app.programme.uploads import REQUEST, kept
from app.web.door import reads_first, require, takes, traced
from app.web.edge.transaction import write
from app.web.forms import ReasonForm
from app.web.listing import download
from app.web.render import done, form_page, render

bp = Blueprint("meetings", __name__)
READ, WRITE = Permission.PROGRAMME_READ, Permission.PROGRAMME_WRITE


@bp.get("/programme/meetings")
@require(READ)
@traced(Exported)
def show_meetings() -> ResponseReturnValue:
    return lists.answer(MEETINGS, "programme/groups/meetings.html", by=caller, filters=pages.filters(caller))


MEETINGS = ListOf(
    name="group_meetings",
    access=READ,
    title=lambda: gettext("Meetings of the groups"),
    columns=pages.columns,
    rows=queries.meetings,
    sorts=queries.MEETING_SORTS,
    descending=True,
    filters=("province", "group", "state"),
)


def _meeting(meeting_id: int) -> GroupMeeting:
    return queries.meeting(runs(caller), meeting_id)


def _there(meeting_id: int) -> ResponseReturnValue:
    return done(url_for("meetings.show_meeting", meeting_id=meeting_id))


def _warn(meeting: GroupMeeting) -> None:
    if (other := queries.at_once(meeting)) is not None:
        hours = f"{format_time(other.starts)}–{format_time(other.ends)}"
        flash(gettext("The group has another meeting on that day: %(hours)s.", hours=hours), "warn")


@bp.get("/programme/meetings/<int:meeting_id>")
@require(READ)
def show_meeting(meeting_id: int) -> ResponseReturnValue:
    meeting = queries.meeting(caller.scope_for(READ), meeting_id)
    return _page(meeting, SignedSheetForm(formdata=None))


def _page(meeting: GroupMeeting, form: SignedSheetForm) -> ResponseReturnValue:
    members, there = queries.invited(meeting), queries.attendance(meeting)
    return render(
        "programme/groups/meeting.html",
        status=form.status,
        meeting=meeting,
        state=meeting.state(bool(there)),
        begun=meeting.date <= today(),
        members=members,
        there=there,
        silent=[one for one in members if not one.address],
        actions=groups.actions_of(meeting.group, meeting.id),
        place=place(meeting),
        replaces=sheet.replaces(meeting),
        form=form,
        moves=slots.collect("meeting.moves", caller, meeting),
        may_write=caller.scope_for(WRITE).covers_province(meeting.group.province_id),
    )


@bp.route("/programme/groups/<int:group_id>/meetings/new", methods=["GET", "POST"])
@require(WRITE)
def plan_meeting(group_id: int) -> ResponseReturnValue:
    group, form = groups.group(runs(caller), group_id), MeetingForm()
    if form.sent():
        with form.attempt():
            meeting = services.plan(group, form.values(), by=caller)
            told = gettext("The meeting is planned. Nobody is invited yet.")
            flash(told if meeting.date >= today() else gettext("The meeting is recorded. Enter who was there."))
            _warn(queries.meeting(runs(caller), meeting.id))
            return _there(meeting.id)
        group = groups.group(runs(caller), group_id)
    return form_page("programme/groups/meeting_form.html", form, group=group, meeting=None)


@bp.route("/programme/meetings/<int:meeting_id>/edit", methods=["GET", "POST"])
@require(WRITE)
def edit_meeting(meeting_id: int) -> ResponseReturnValue:
    meeting = _meeting(meeting_id)
    form = MeetingForm(obj=meeting)
    if form.sent():
        with form.attempt():
            form.same_version(meeting)
            told = services.change(meeting, form.values(), by=caller)
            said = ngettext("Saved. %(num)s member is told.", "Saved. %(num)s members are told.", told)
            flash(said if told else gettext("Changes saved."))
            _warn(meeting)
            return _there(meeting_id)
        meeting = _meeting(meeting_id)
    return form_page("programme/groups/meeting_form.html", form, group=meeting.group, meeting=meeting)


@bp.post("/programme/meetings/<int:meeting_id>/invite")
@require(WRITE)
def invite(meeting_id: int) -> ResponseReturnValue:
    written = services.invite(_meeting(meeting_id), by=caller)
    if written:
        flash(ngettext("%(num)s invitation is on its way.", "%(num)s invitations are on their way.", written))
    else:
        flash(gettext("Whoever a letter reaches is invited already."), "info")
    return _there(meeting_id)


@bp.route("/programme/meetings/<int:meeting_id>/cancel", methods=["GET", "POST"])
@require(WRITE)
def cancel_meeting(meeting_id: int) -> ResponseReturnValue:
    meeting, form = _meeting(meeting_id), ReasonForm()
    if form.sent():
        with form.attempt():
            told = services.cancel(meeting, form.values()["reason"], by=caller)
            said = ngettext("Cancelled. %(num)s member is told.", "Cancelled. %(num)s members are told.", told)
            flash(said if told else gettext("The meeting is cancelled."))
            return _there(meeting_id)
        meeting = _meeting(meeting_id)
    return render("programme/groups/cancel.html", status=form.status, form=form, meeting=meeting)


@bp.post("/programme/meetings/<int:meeting_id>/sheet")
@require(WRITE)
@traced(Exported)
@reads_first
def print_sheet(meeting_id: int) -> ResponseReturnValue:
    """The sheet to sign; from now on whoever moves the meeting is told that it is out."""
    meeting = _meeting(meeting_id)
    says, paper = meeting.as_printed, sheet.drawn(meeting, queries.invited(meeting))
    write()
    services.printed(_meeting(meeting_id), says, by=caller)
    journal.trace(Exported("meeting_sheet", "pdf", 1), by=caller, required=True)
    name = gettext("Signature sheet %(day)s", day=says["date"])
    return download(paper, "application/pdf", f"{name}.pdf")


@bp.post("/programme/meetings/<int:meeting_id>/signed-sheet")
@require(WRITE)
@takes(REQUEST)
@reads_first
def attach_sheet(meeting_id: int) -> ResponseReturnValue:
    meeting, form = _meeting(meeting_id), SignedSheetForm()
    if form.sent():
        with form.attempt():
            upload = form.sheet()
            services.attach(_meeting(meeting_id), upload, by=caller)
            flash(gettext("The signed sheet is attached."))
            return _there(meeting_id)
        meeting = _meeting(meeting_id)
    return _page(meeting, form)


@bp.get("/programme/meetings/<int:meeting_id>/signed-sheet")
@require(WRITE)
def signed_sheet(meeting_id: int) -> ResponseReturnValue:
    document = kept(_meeting(meeting_id).document_id)
    return download(document.content, document.media_type, document.filename)


@bp.route("/programme/meetings/<int:meeting_id>/minutes", methods=["GET", "POST"])
@require(WRITE)
def take_minutes(meeting_id: int) -> ResponseReturnValue:
    meeting = _meeting(meeting_id)
    form = MinutesForm.of(meeting, queries.invited(meeting), queries.attendance(meeting))
    if form.sent():
        with form.attempt():
            form.same_version(meeting)
            services.take_minutes(meeting, form.values("minutes")["minutes"], form.marks(), by=caller)
            flash(gettext("Attendance and minutes are saved."))
            return _there(meeting_id)
        meeting = _meeting(meeting_id)
    return form_page("programme/groups/minutes.html", form, meeting=meeting, choices=list(Attended))
