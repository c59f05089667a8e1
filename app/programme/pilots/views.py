"""Pilot projects: the board, the list, one with its management plan, its staff."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.core import slots
from app.core.clock import today
from app.core.errors import Missing
from app.language import format_date, gettext, in_language
from app.lists import pages as lists
from app.lists.events import Exported
from app.lists.models import Columns, ListOf
from app.people.employees.queries import found_people
from app.people.queries import employee
from app.programme import uploads
from app.programme.documents import pages as documents
from app.programme.pilots import pages, queries, services
from app.programme.pilots.forms import CloseForm, PilotForm, SectionForm, SessionForm, SessionPilotForm
from app.programme.pilots.models import Pilot, PilotSection, PilotStaff, SectionKey
from app.training.models import CourseSession
from app.training.pages import layout, to_run
from app.web.door import reads_first, require, takes, traced
from app.web.edge.transaction import write
from app.web.forms import id_or_nobody
from app.web.listing import handed_out
from app.web.render import done, form_page, render

bp = Blueprint("pilots", __name__)
READ, WRITE = Permission.PROGRAMME_READ, Permission.PROGRAMME_WRITE
WRITTEN = ("text_tr", "text_en", "responsible", "due_on", "complete")
CARDS = 10
"""So many of each column of the board; the others stand in the list."""
SECTION = f"<any({', '.join(SectionKey)}):key>"


@bp.get("/programme/pilots")
@require(READ)
def show_board() -> ResponseReturnValue:
    board = queries.board(caller.scope_for(READ), CARDS)
    shown: dict[str, Any] = {"board": board, "users": pages.users_of(board), "year": today().year}
    return render("programme/pilots/board.html", writes=caller.may(WRITE), **shown)


def _columns() -> Columns:
    return [
        (gettext("Code"), lambda row: row.code),
        (gettext("Pilot project"), lambda row: in_language(row, "name")),
        (gettext("Province"), lambda row: in_language(row.province, "name")),
        (gettext("District"), lambda row: row.district),
        (gettext("Thematic area"), lambda row: in_language(row.theme, "name")),
        (gettext("Institution"), lambda row: row.organisation and in_language(row.organisation, "name")),
        (gettext("Beneficiaries"), lambda row: in_language(row, "beneficiaries")),
        (gettext("First day"), lambda row: format_date(row.starts_on)),
        (gettext("Last day"), lambda row: row.ends_on and format_date(row.ends_on)),
        (gettext("Management plan"), lambda row: row.plan.label),
        (gettext("Complete sections"), lambda row: row.complete),
        (gettext("User tracking"), lambda row: row.tracking.label),
        (gettext("Closed on"), lambda row: row.closed_on and format_date(row.closed_on)),
    ]


PILOTS = ListOf(
    name="pilots",
    access=READ,
    title=lambda: gettext("Pilot projects"),
    columns=_columns,
    rows=queries.pilots,
    sorts=queries.SORTS,
    filters=tuple(queries.FILTERS),
)


@bp.get("/programme/pilots/list")
@require(READ)
@traced(Exported)
def list_pilots() -> ResponseReturnValue:
    shown: dict[str, Any] = {"filters": pages.filters(caller), "writes": caller.may(WRITE)}
    return lists.answer(PILOTS, "programme/pilots/pilots.html", by=caller, **shown)


def _pilot(pilot_id: int, permission: Permission = WRITE) -> Pilot:
    return queries.pilot(caller.scope_for(permission), pilot_id)


@bp.get("/programme/pilots/<int:pilot_id>")
@require(READ)
def show_pilot(pilot_id: int) -> ResponseReturnValue:
    pilot = _pilot(pilot_id, READ)
    standing, sections = documents.standing(caller, pilot.document), queries.sections(pilot)
    shown: dict[str, Any] = {"sections": sections, "passages": pages.passages(sections), "today": today()}
    shown["asked"] = slots.collect("programme.thread", caller, ("pilot", pilot_id))
    return render("programme/pilots/pilot.html", standing=standing, **shown, **pages.layout(caller, pilot, "plan"))


@bp.get("/programme/pilots/<int:pilot_id>/history")
@require(READ)
def show_history(pilot_id: int) -> ResponseReturnValue:
    pilot = _pilot(pilot_id, READ)
    history = pages.history(pilot)
    return render("programme/pilots/history.html", history=history, **pages.layout(caller, pilot, "history"))


@bp.route("/programme/pilots/new", methods=["GET", "POST"])
@bp.route("/programme/pilots/<int:pilot_id>/edit", methods=["GET", "POST"])
@require(WRITE)
def edit_pilot(pilot_id: int | None = None) -> ResponseReturnValue:
    scope, pilot = caller.scope_for(WRITE), _pilot(pilot_id) if pilot_id is not None else None
    form = PilotForm.of(scope, pilot)
    if form.sent():
        with form.attempt():
            if pilot is None:
                pilot = services.add_pilot(form.values(), scope=scope, by=caller)
                flash(gettext("The pilot project was added. Write its management plan section by section."))
            else:
                form.same_version(pilot)
                services.change_pilot(pilot, form.values(), scope=scope, by=caller)
                flash(gettext("Changes saved."))
            return done(url_for("pilots.show_pilot", pilot_id=pilot.id))
        pilot = _pilot(pilot_id) if pilot_id is not None else None
    return form_page("programme/pilots/form.html", form, pilot=pilot)


@bp.route("/programme/pilots/<int:pilot_id>/close", methods=["GET", "POST"])
@require(WRITE)
def close_pilot(pilot_id: int) -> ResponseReturnValue:
    pilot = _pilot(pilot_id)
    form = CloseForm(obj=pilot)
    if form.sent():
        with form.attempt():
            form.same_version(pilot)
            services.close(pilot, form.closing_note.data.strip(), by=caller)
            flash(gettext("The pilot project is closed. What was entered stays."))
            return done(url_for("pilots.show_pilot", pilot_id=pilot_id))
        pilot = _pilot(pilot_id)
    lacking = queries.lacking_months(pilot)
    return render("programme/pilots/close.html", status=form.status, form=form, pilot=pilot, lacking=lacking)


@bp.post("/programme/pilots/<int:pilot_id>/reopen")
@require(WRITE)
def reopen_pilot(pilot_id: int) -> ResponseReturnValue:
    services.reopen(_pilot(pilot_id), by=caller)
    flash(gettext("The pilot project is under way again."))
    return done(url_for("pilots.show_pilot", pilot_id=pilot_id))


# --- sections ---------------------------------------------------------------------------------------------


def _section(pilot_id: int, key: str, permission: Permission = WRITE) -> tuple[Pilot, PilotSection]:
    pilot = _pilot(pilot_id, permission)
    return pilot, queries.section(pilot, key)


@bp.route(f"/programme/pilots/<int:pilot_id>/sections/{SECTION}", methods=["GET", "POST"])
@require(WRITE)
@takes(uploads.REQUEST)
@reads_first
def write_section(pilot_id: int, key: str) -> ResponseReturnValue:
    pilot, section = _section(pilot_id, key)
    form = SectionForm.of(section)
    if form.sent():
        with form.attempt():
            upload = uploads.brought(form.scan)
            write()
            pilot, section = _section(pilot_id, key)
            form.same_version(section)
            services.write_section(pilot, section, form.values(*WRITTEN), upload, by=caller)
            flash(gettext("Section saved: %(section)s", section=section.key.label))
            return done(url_for("pilots.show_pilot", pilot_id=pilot_id) + "#plan")
        pilot, section = _section(pilot_id, key)
    return render("programme/pilots/section.html", status=form.status, form=form, pilot=pilot, section=section)


@bp.get(f"/programme/pilots/<int:pilot_id>/sections/{SECTION}/attachment")
@require(READ)
def show_attachment(pilot_id: int, key: str) -> ResponseReturnValue:
    return handed_out(uploads.kept(_section(pilot_id, key, READ)[1].attachment_id))


# --- staff, and what they need ----------------------------------------------------------------------------


@bp.get("/programme/pilots/<int:pilot_id>/staff")
@require(READ)
def show_staff(pilot_id: int) -> ResponseReturnValue:
    """Numbers for whoever reads it; names of those the caller sees anyway; `q` looks for who else works there."""
    pilot, typed = _pilot(pilot_id, READ), request.args.get("q", "").strip()[:200]
    staff, readiness = queries.staff(caller.scope_for(READ), pilot), pages.readiness(pilot)
    found = found_people(caller.scope_for(WRITE), typed, 10) if typed and caller.may(WRITE) else ()
    shown: dict[str, Any] = {"staff": staff, "readiness": readiness, "found": found, "typed": typed}
    return render("programme/pilots/staff.html", **shown, **pages.layout(caller, pilot, "staff"))


def _to_staff(pilot_id: int) -> ResponseReturnValue:
    return done(url_for("pilots.show_staff", pilot_id=pilot_id))


@bp.post("/programme/pilots/<int:pilot_id>/staff/add")
@require(WRITE)
def add_staff(pilot_id: int) -> ResponseReturnValue:
    pilot = _pilot(pilot_id)
    person = employee(caller.scope_for(WRITE), id_or_nobody(request.form.get("employee", "")))
    services.add_staff(pilot, person, by=caller)
    flash(gettext("Now works in this pilot project: %(name)s", name=person.name))
    return _to_staff(pilot_id)


@bp.post("/programme/pilots/<int:pilot_id>/staff/<int:staff_id>/remove")
@require(WRITE)
def remove_staff(pilot_id: int, staff_id: int) -> ResponseReturnValue:
    pilot = _pilot(pilot_id)
    services.remove_staff(pilot, queries.below(pilot, PilotStaff, staff_id), by=caller)
    flash(gettext("No longer counted among the staff of this pilot project."))
    return _to_staff(pilot_id)


# --- course sessions, and what rooms above know -------------------------------------------------------------


@bp.get("/programme/pilots/<int:pilot_id>/sessions")
@require(READ)
def show_sessions(pilot_id: int) -> ResponseReturnValue:
    pilot = _pilot(pilot_id, READ)
    given, free = queries.sessions(caller.scope_for(Permission.SESSION_READ), pilot)
    return _sessions(pilot, given, SessionForm.of(free))


def _sessions(pilot: Pilot, given: Sequence[CourseSession], form: SessionForm) -> ResponseReturnValue:
    sections = slots.collect("programme.thread", caller, ("pilot", pilot.id))
    sections += slots.collect("pilot.sections", caller, pilot)
    shown: dict[str, Any] = {"form": form, "sessions": given, "sections": sections}
    around = pages.layout(caller, pilot, "sessions")
    return render("programme/pilots/sessions.html", status=form.status, **shown, **around)


def _to_sessions(pilot_id: int) -> ResponseReturnValue:
    return done(url_for("pilots.show_sessions", pilot_id=pilot_id))


@bp.post("/programme/pilots/<int:pilot_id>/sessions/add")
@require(WRITE)
def add_session(pilot_id: int) -> ResponseReturnValue:
    pilot = _pilot(pilot_id)
    given, free = queries.sessions(caller.scope_for(Permission.SESSION_READ), pilot)
    form = SessionForm.of(free)
    if form.sent():
        services.name_pilot(to_run(form.course_session.data), pilot, by=caller)
        flash(gettext("The course session names this pilot project."))
        return _to_sessions(pilot_id)
    return _sessions(pilot, given, form)


@bp.post("/programme/pilots/<int:pilot_id>/sessions/<int:course_session_id>/remove")
@require(WRITE)
def remove_session(pilot_id: int, course_session_id: int) -> ResponseReturnValue:
    named = queries.session_link(course_session := to_run(course_session_id))
    if named is None or named.pilot_id != _pilot(pilot_id).id:
        raise Missing
    services.name_pilot(course_session, None, by=caller)
    flash(gettext("The course session no longer names this pilot project."))
    return _to_sessions(pilot_id)


@bp.route("/sessions/<int:course_session_id>/pilot", methods=["GET", "POST"])
@require(WRITE)
def name_pilot(course_session_id: int) -> ResponseReturnValue:
    """The tab of a session: which pilot it is given for."""
    course_session, scope = to_run(course_session_id), caller.scope_for(WRITE)
    link = queries.session_link(course_session)
    named = queries.seen(scope, link.pilot_id if link else None)
    form = SessionPilotForm.of(queries.choices(scope, course_session.province_id), named)
    if form.sent():
        with form.attempt():
            services.name_pilot(course_session, queries.seen(scope, form.pilot_id.data), by=caller)
            flash(gettext("Changes saved."))
            return done(url_for("pilots.name_pilot", course_session_id=course_session_id))
        course_session = to_run(course_session_id)
    around = layout(course_session, "pilot")
    return render("programme/pilots/session.html", status=form.status, form=form, pilot=named, **around)
