"""Pilot projects: the board, the list, one with its management plan, its staff."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.core import slots
from app.core.clock import today
from app.core.paging import ListQuery
from app.language import format_date, gettext, in_language
from app.lists import pages as lists
from app.lists.events import Exported
from app.lists.models import Columns, ListOf
from app.people.employees.queries import found_people
from app.people.queries import employee
from app.programme.documents import pages as documents
from app.programme.pilots import pages, queries, services
from app.programme.pilots.forms import CloseForm, PilotForm, SectionForm
from app.programme.pilots.models import Pilot, PilotSection, SectionKey
from app.programme.pilots.queries import PilotRow
from app.web.door import reads_first, require, takes, traced
from app.web.edge.transaction import write
from app.web.forms import id_or_nobody
from app.web.listing import download
from app.web.render import done, render

bp = Blueprint("pilots", __name__)
READ, WRITE = Permission.PROGRAMME_READ, Permission.PROGRAMME_WRITE
SECTION = f"<any({', '.join(SectionKey)}):key>"


@bp.get("/programme/pilots")
@require(READ)
def show_board() -> ResponseReturnValue:
    scope = caller.scope_for(READ)
    rows = queries.pilots(scope, ListQuery(sort="code", size=200)).everything()
    approved = sum(row.pilot.document.approved_at is not None for row in rows)
    shown: dict[str, Any] = {"columns": pages.board(rows), "approved": approved, "year": today().year}
    return render("programme/pilots/board.html", rows=rows, writes=caller.may(WRITE), **shown)


def _columns() -> Columns:
    return [
        (gettext("Code"), lambda row: row.pilot.code),
        (gettext("Pilot project"), lambda row: in_language(row.pilot, "name")),
        (gettext("Province"), lambda row: in_language(row.pilot.province, "name")),
        (gettext("District"), lambda row: row.pilot.district),
        (gettext("Thematic area"), lambda row: in_language(row.pilot.theme, "name")),
        (gettext("Institution"), lambda row: row.pilot.organisation and in_language(row.pilot.organisation, "name")),
        (gettext("Beneficiaries"), lambda row: in_language(row.pilot, "beneficiaries")),
        (gettext("First day"), lambda row: format_date(row.pilot.starts_on)),
        (gettext("Last day"), lambda row: row.pilot.ends_on and format_date(row.pilot.ends_on)),
        (gettext("Management plan"), lambda row: row.plan.label),
        (gettext("Complete sections"), lambda row: row.complete),
        (gettext("User tracking"), lambda row: row.pilot.tracking.label),
        (gettext("Closed on"), lambda row: row.pilot.closed_on and format_date(row.pilot.closed_on)),
    ]


PILOTS = ListOf(
    name="pilots",
    access=READ,
    title=lambda: gettext("Pilot projects"),
    columns=_columns,
    rows=queries.pilots,
    sorts=queries.SORTS,
    filters=("province", "plan", "tracking", "theme", "state", "approved", "overdue", "missing"),
)


@bp.get("/programme/pilots/list")
@require(READ)
@traced(Exported)
def list_pilots() -> ResponseReturnValue:
    listing = lists.read(PILOTS, by=caller)
    if listing.format:
        return lists.file(PILOTS, listing, by=caller)
    shown: dict[str, Any] = {"filters": pages.filters(), "writes": caller.may(WRITE)}
    return render("programme/pilots/pilots.html", fragment="list", listing=listing, **shown)


def _row(pilot_id: int, permission: Permission = READ) -> PilotRow:
    return queries.row(caller.scope_for(permission), pilot_id)


@bp.get("/programme/pilots/<int:pilot_id>")
@require(READ)
def show_pilot(pilot_id: int) -> ResponseReturnValue:
    row = _row(pilot_id)
    standing, sections = documents.standing(caller, row.pilot.document), queries.sections(row.pilot)
    shown: dict[str, Any] = {"sections": sections, "passages": pages.passages(sections), "today": today()}
    shown["asked"] = slots.collect("programme.thread", caller, ("pilot", pilot_id))
    return render("programme/pilots/pilot.html", standing=standing, **shown, **pages.layout(caller, row, "plan"))


@bp.route("/programme/pilots/new", methods=["GET", "POST"])
@require(WRITE)
def add_pilot() -> ResponseReturnValue:
    scope = caller.scope_for(WRITE)
    form = PilotForm.of(scope)
    if form.sent():
        with form.attempt():
            pilot = services.add_pilot(form.details(), scope=scope, by=caller)
            flash(gettext("The pilot project was added. Write its management plan section by section."))
            return done(url_for("pilots.show_pilot", pilot_id=pilot.id))
    return _page(form)


def _page(form: PilotForm, pilot: Pilot | None = None) -> ResponseReturnValue:
    return render("programme/pilots/form.html", fragment="edit", status=form.status, form=form, pilot=pilot)


@bp.route("/programme/pilots/<int:pilot_id>/edit", methods=["GET", "POST"])
@require(WRITE)
def edit_pilot(pilot_id: int) -> ResponseReturnValue:
    scope, pilot = caller.scope_for(WRITE), _row(pilot_id, WRITE).pilot
    form = PilotForm.of(scope, pilot)
    if form.sent():
        with form.attempt():
            form.same_version(pilot)
            services.change_pilot(pilot, form.details(), scope=scope, by=caller)
            flash(gettext("Changes saved."))
            return done(url_for("pilots.show_pilot", pilot_id=pilot_id))
        pilot = _row(pilot_id, WRITE).pilot
    return _page(form, pilot)


@bp.route("/programme/pilots/<int:pilot_id>/close", methods=["GET", "POST"])
@require(WRITE)
def close_pilot(pilot_id: int) -> ResponseReturnValue:
    pilot = _row(pilot_id, WRITE).pilot
    form = CloseForm(obj=pilot)
    if form.sent():
        with form.attempt():
            form.same_version(pilot)
            services.close(pilot, form.closing_note.data.strip(), by=caller)
            flash(gettext("The pilot project is closed. What was entered stays."))
            return done(url_for("pilots.show_pilot", pilot_id=pilot_id))
        pilot = _row(pilot_id, WRITE).pilot
    lacking = queries.lacking_months(pilot)
    return render("programme/pilots/close.html", status=form.status, form=form, pilot=pilot, lacking=lacking)


@bp.post("/programme/pilots/<int:pilot_id>/reopen")
@require(WRITE)
def reopen_pilot(pilot_id: int) -> ResponseReturnValue:
    services.reopen(_row(pilot_id, WRITE).pilot, by=caller)
    flash(gettext("The pilot project is under way again."))
    return done(url_for("pilots.show_pilot", pilot_id=pilot_id))


# --- sections ---------------------------------------------------------------------------------------------


def _section(pilot_id: int, key: str, permission: Permission = WRITE) -> tuple[Pilot, PilotSection]:
    pilot = _row(pilot_id, permission).pilot
    return pilot, queries.section(pilot, key)


@bp.route(f"/programme/pilots/<int:pilot_id>/sections/{SECTION}", methods=["GET", "POST"])
@require(WRITE)
@takes(13 * 1024 * 1024)
@reads_first
def write_section(pilot_id: int, key: str) -> ResponseReturnValue:
    pilot, section = _section(pilot_id, key)
    form = SectionForm.of(section)
    if form.sent():
        with form.attempt():
            scan = form.brought()
            write()
            pilot, section = _section(pilot_id, key)
            form.same_version(section)
            services.write_section(pilot, section, form.details(), scan, by=caller)
            flash(gettext("Section saved: %(section)s", section=section.key.label))
            return done(url_for("pilots.show_pilot", pilot_id=pilot_id) + "#plan")
        pilot, section = _section(pilot_id, key)
    return render("programme/pilots/section.html", status=form.status, form=form, pilot=pilot, section=section)


@bp.get(f"/programme/pilots/<int:pilot_id>/sections/{SECTION}/attachment")
@require(READ)
def show_attachment(pilot_id: int, key: str) -> ResponseReturnValue:
    kept = queries.attachment(_section(pilot_id, key, READ)[1])
    return download(kept.content, kept.media_type, kept.filename)


# --- staff, and what they need ----------------------------------------------------------------------------


@bp.get("/programme/pilots/<int:pilot_id>/staff")
@require(READ)
def show_staff(pilot_id: int) -> ResponseReturnValue:
    """Numbers for whoever reads it; names of those the caller sees anyway; `q` looks for who else works there."""
    row, typed = _row(pilot_id), request.args.get("q", "").strip()[:200]
    staff, readiness = queries.staff(caller.scope_for(READ), row.pilot), pages.readiness(row.pilot)
    found = found_people(caller.scope_for(WRITE), typed, 10) if typed and caller.may(WRITE) else ()
    shown: dict[str, Any] = {"staff": staff, "readiness": readiness, "found": found, "typed": typed}
    return render("programme/pilots/staff.html", **shown, **pages.layout(caller, row, "staff"))


def _to_staff(pilot_id: int) -> ResponseReturnValue:
    return done(url_for("pilots.show_staff", pilot_id=pilot_id))


@bp.post("/programme/pilots/<int:pilot_id>/staff/add")
@require(WRITE)
def add_staff(pilot_id: int) -> ResponseReturnValue:
    pilot = _row(pilot_id, WRITE).pilot
    person = employee(caller.scope_for(WRITE), id_or_nobody(request.form.get("employee", "")))
    services.add_staff(pilot, person, by=caller)
    flash(gettext("Now works in this pilot project: %(name)s", name=person.name))
    return _to_staff(pilot_id)


@bp.post("/programme/pilots/<int:pilot_id>/staff/<int:staff_id>/remove")
@require(WRITE)
def remove_staff(pilot_id: int, staff_id: int) -> ResponseReturnValue:
    pilot = _row(pilot_id, WRITE).pilot
    services.remove_staff(pilot, queries.staff_row(pilot, staff_id), by=caller)
    flash(gettext("No longer counted among the staff of this pilot project."))
    return _to_staff(pilot_id)
