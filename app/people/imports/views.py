"""A staff list: chosen, its columns settled, looked at, stored, taken back."""

from __future__ import annotations

import hashlib

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.models import Organisation
from app.access.permissions import Permission
from app.access.queries import organisations
from app.core.errors import Stale
from app.files.workbook import TABLE_REQUEST
from app.jobs import queries as jobs
from app.language import gettext
from app.lists import pages as lists
from app.lists.events import Exported
from app.people.imports import leavers, pages, queries, services, storing, undoing
from app.people.imports.forms import ColumnsForm, LeaversForm, StaffFileForm, StateForm, meant, numbered
from app.people.imports.workbook import read_list
from app.people.matching.columns import KNOWN, LABELS
from app.people.models import StaffImport
from app.people.models import StaffImportStatus as Status
from app.people.organisations import queries as places
from app.web.door import reads_first, require, takes, traced
from app.web.edge.transaction import write
from app.web.forms import Form, by_name
from app.web.listing import Listing
from app.web.render import done, render

bp = Blueprint("imports", __name__)


def _home(organisation_id: int) -> Organisation:
    """The chosen institution through the scope, or Missing."""
    return places.organisation(caller.scope_for(Permission.PERSON_IMPORT), organisation_id)


def _loaded(import_id: int) -> StaffImport:
    return queries.staff_import(caller.scope_for(Permission.PERSON_IMPORT), import_id)


def _to(import_id: int) -> ResponseReturnValue:
    return done(url_for("imports.show_import", import_id=import_id))


# --- the file ------------------------------------------------------------------------------------------


@bp.get("/people/import")
@require(Permission.PERSON_IMPORT)
def show_new_import() -> ResponseReturnValue:
    return _new_page(StaffFileForm.of(caller.scope_for(Permission.PERSON_IMPORT)))


def _new_page(form: StaffFileForm) -> ResponseReturnValue:
    latest = queries.imports(caller.scope_for(Permission.PERSON_IMPORT))
    headings = [str(LABELS[name]) for name in LABELS]
    return render("people/imports/new.html", form=form, latest=latest, headings=headings, status=form.status)


@bp.post("/people/import")
@require(Permission.PERSON_IMPORT)
@takes(TABLE_REQUEST)
@reads_first
def read_import() -> ResponseReturnValue:
    """The file is read before anything is locked, and never kept itself; the institution is loaded again afterwards."""
    form = StaffFileForm.of(caller.scope_for(Permission.PERSON_IMPORT))
    if form.sent():
        with form.attempt():
            data, filename = form.file.brought()
            read = read_list(data, filename, queries.memories(_home(form.organisation_id.data))["column"])
            write()
            made = services.stage(
                _home(form.organisation_id.data),
                read,
                filename=filename,
                sha256=hashlib.sha256(data).hexdigest(),
                complete=bool(form.complete.data),
                by=caller,
            )
            return _to(made.id)
        form = _again(form)
    return _new_page(form)


def _again(form: StaffFileForm) -> StaffFileForm:
    """With the choices of now, as a refusal ended the transaction they came from."""
    form.organisation_id.offer(by_name(organisations(caller.scope_for(Permission.PERSON_IMPORT))))
    return form


# --- what becomes of it --------------------------------------------------------------------------------


@bp.get("/people/import/<int:import_id>")
@require(Permission.PERSON_IMPORT)
@traced(Exported)
def show_import(import_id: int) -> ResponseReturnValue:
    found = _loaded(import_id)
    if found.status is Status.READ:
        return _columns_page(found, ColumnsForm.of(found.employment_type))
    if found.status in (Status.CHECKING, Status.STORING):
        kind = services.CHECK if found.status is Status.CHECKING else storing.STORE
        return render(
            "people/imports/work.html", fragment="progress", found=found, job=jobs.open_job(kind.name, str(found.id))
        )
    listing = _listing()
    if listing.format and found.status in (Status.CHECKED, Status.COMMITTED):
        return _wrong_rows(found, listing)
    return _preview(found, StateForm(), listing) if found.status is Status.CHECKED else _receipt(found, Form())


def _columns_page(found: StaffImport, form: ColumnsForm) -> ResponseReturnValue:
    chosen = {one["name"]: one["field"] or "" for one in found.columns}
    if form.status != 200:
        chosen |= meant(found.columns, KNOWN)
    return render(
        "people/imports/columns.html",
        found=found,
        form=form,
        labels=LABELS,
        chosen=chosen,
        left_out=pages.left_out(found),
        status=form.status,
    )


@bp.post("/people/import/<int:import_id>/columns")
@require(Permission.PERSON_IMPORT)
def choose_columns(import_id: int) -> ResponseReturnValue:
    found = _loaded(import_id)
    form = ColumnsForm.of()
    if form.sent():
        with form.attempt():
            services.choose_columns(found, meant(found.columns, KNOWN), form.kind)
            services.start_check(found, by=caller)
            return _to(import_id)
    return _columns_page(_loaded(import_id), form)


@bp.post("/people/import/<int:import_id>/check")
@require(Permission.PERSON_IMPORT)
def check_again(import_id: int) -> ResponseReturnValue:
    services.start_check(_loaded(import_id), by=caller)
    return _to(import_id)


# --- the preview ---------------------------------------------------------------------------------------


def _listing() -> Listing:
    return Listing.read(filters=("kind",))


def _preview(found: StaffImport, form: StateForm, listing: Listing) -> ResponseReturnValue:
    listing.page = queries.rows(found, listing.query).page()
    form.state.data = found.state
    return render(
        "people/imports/preview.html",
        fragment="list",
        found=found,
        form=form,
        listing=listing,
        kinds=pages.kinds(found),
        words=pages.words(found, listing.page.rows),
        unknown=pages.unknown(found),
        adds=caller.scope_for(Permission.ORGANISATION_WRITE).covers_organisation(found.organisation_id),
        earlier=queries.earlier(found),
        status=form.status,
    )


def _wrong_rows(found: StaffImport, listing: Listing) -> ResponseReturnValue:
    """What stays out, in the shape it came in, with what is wrong in a column of its own."""
    rows = queries.wrong_rows(found)
    columns = pages.wrong_columns(found, pages.words(found, rows))
    return lists.file_of("staff_errors", listing, gettext("Rows to correct"), columns, rows, by=caller)


@bp.post("/people/import/<int:import_id>/places")
@require(Permission.PERSON_IMPORT)
def name_places(import_id: int) -> ResponseReturnValue:
    """Which unit or title an unknown word is."""
    found = _loaded(import_id)
    for kind in ("unit", "title"):
        words = [word for word, _ in found.counts.get("unknown", {}).get(kind, [])]
        chosen = {
            words[int(at)]: key for at, key in numbered(f"{kind}-").items() if at.isdigit() and int(at) < len(words)
        }
        services.name_places(found, kind, chosen)
    services.start_check(found, by=caller)
    return _to(import_id)


@bp.post("/people/import/<int:import_id>/add-unit")
@require(Permission.PERSON_IMPORT)
def add_unit(import_id: int) -> ResponseReturnValue:
    """A unit the list names whose function is a usual one; without a word all of them."""
    found = _loaded(import_id)
    words = [one.word for each in pages.unknown(found) for one in each.words if one.function]
    wanted = [word for word in words if word == request.form.get("word", word)]
    for name in sorted({pages.name_of(services.add_unit(found, word, by=caller)) for word in wanted}):
        flash(gettext("%(name)s was added.", name=name))
    services.start_check(found, by=caller)
    return _to(import_id)


@bp.post("/people/import/<int:import_id>/decide")
@require(Permission.PERSON_IMPORT)
def decide(import_id: int) -> ResponseReturnValue:
    """Whom rows are about; `others`: all that are left are people who are not there yet."""
    found = _loaded(import_id)
    choices = numbered("who-")
    if "others" in request.form:
        choices = {str(row.position): 0 for row in queries.undecided(found)} | choices
    services.decide(found, choices)
    services.start_check(found, by=caller)
    return _to(import_id)


@bp.post("/people/import/<int:import_id>/commit")
@require(Permission.PERSON_IMPORT)
@reads_first
def commit_import(import_id: int) -> ResponseReturnValue:
    """A short list is compared with the staff once more before anything is locked; a long one is the worker's."""
    form, found = StateForm(), _loaded(import_id)
    if form.sent():
        with form.attempt():
            made = storing.prepare(found) if storing.is_short(found) else None
            write()
            _store(_loaded(import_id), made, form.state.data or "")
            return _to(import_id)
    found = _loaded(import_id)
    return _preview(found, form, _listing()) if found.status is Status.CHECKED else _receipt(found, form)


def _store(found: StaffImport, made: storing.Prepared | None, state: str) -> None:
    """Where the staff changed meanwhile nothing is stored, and what is shown next is checked anew."""
    try:
        if made is None:
            storing.start_store(found, state=state, by=caller)
        else:
            storing.store(found, made, state=state, by=caller)
            flash(gettext("The staff list is stored."))
    except Stale as stale:
        services.start_check(found, by=caller)
        flash(str(stale.message), "warn")


@bp.post("/people/import/<int:import_id>/discard")
@require(Permission.PERSON_IMPORT)
def discard_import(import_id: int) -> ResponseReturnValue:
    services.discard(_loaded(import_id))
    flash(gettext("The list was thrown away. Nothing was changed."))
    return done(url_for("imports.show_new_import"))


# --- afterwards ----------------------------------------------------------------------------------------


def _receipt(found: StaffImport, form: Form) -> ResponseReturnValue:
    undoable = found.status is Status.COMMITTED and bool(found.undo)
    return render(
        "people/imports/receipt.html",
        found=found,
        form=form,
        by=queries.who(found),
        hindrances=[pages.hindrance(one) for one in undoing.hindrances(found)] if undoable else [],
        undoable=undoable,
        listing=_listing() if undoable and pages.wrong(found) else None,
        missing=len(leavers.missing(found)) if found.status is Status.COMMITTED else 0,
        status=form.status,
    )


@bp.post("/people/import/<int:import_id>/undo")
@require(Permission.PERSON_IMPORT)
def undo_import(import_id: int) -> ResponseReturnValue:
    form = Form()
    if form.sent():
        with form.attempt():
            storing.undo(_loaded(import_id), by=caller)
            flash(gettext("The import was taken back."))
            return _to(import_id)
    return _receipt(_loaded(import_id), form)


@bp.route("/people/import/<int:import_id>/left", methods=["GET", "POST"])
@require(Permission.PERSON_IMPORT)
def show_left(import_id: int) -> ResponseReturnValue:
    """Who is missing from a list that is whole: offered as people who left."""
    found = _loaded(import_id)
    people = leavers.missing(found)
    form = LeaversForm()
    form.people.offer((one.id, f"{one.name} · {one.registry_no}") for one in people)
    if form.sent():
        with form.attempt():
            job = leavers.start_leaving(found, form.people.chosen, typed=form.number.data, by=caller)
            return done(url_for("jobs.show", job_id=job.id))
        found = _loaded(import_id)
        people = leavers.missing(found)
    return render(
        "people/imports/left.html",
        found=found,
        form=form,
        people=people,
        consequences=pages.consequences(caller, people),
        many=leavers.many(found, len(people)),
        status=form.status,
    )
