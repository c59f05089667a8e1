"""A filled ratings workbook: chosen, looked at, stored or thrown away."""

from __future__ import annotations

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.models import Organisation
from app.access.permissions import Permission
from app.access.queries import organisations
from app.core.db import typed_id
from app.core.errors import Missing
from app.files.workbook import TABLE_REQUEST
from app.language import gettext, in_language
from app.lists import pages as lists
from app.lists.events import Exported
from app.needs import queries as needs
from app.needs.models import RatingsImport
from app.needs.ratings import pages, queries, rules, services
from app.needs.ratings.forms import CommitForm, RatingsFileForm
from app.needs.ratings.workbook import HEADINGS
from app.needs.rounds import queries as rounds
from app.web.door import reads_first, require, takes, traced
from app.web.edge.transaction import write
from app.web.listing import Listing
from app.web.render import done, render

bp = Blueprint("ratings", __name__)


@bp.get("/needs/imports/new")
@require(Permission.NEED_IMPORT)
def show_new_import() -> ResponseReturnValue:
    known = typed_id(request.args.get("organisation", ""))
    return _new_page(RatingsFileForm.of(caller.scope_for(Permission.NEED_IMPORT), known))


def _new_page(form: RatingsFileForm) -> ResponseReturnValue:
    latest = queries.imports(caller.scope_for(Permission.NEED_IMPORT))
    return render("needs/ratings/new.html", form=form, latest=latest, headings=HEADINGS, status=form.status)


@bp.post("/needs/imports/new")
@require(Permission.NEED_IMPORT)
@takes(TABLE_REQUEST)
@reads_first
def read_import() -> ResponseReturnValue:
    """Files are read before anything is locked; round and institution are loaded again afterwards."""
    form = RatingsFileForm.of(caller.scope_for(Permission.NEED_IMPORT))
    if form.sent():
        with form.attempt():
            sheets, unreadable = services.read_all(form.file.brought_all(), queries.competencies())
            write()
            organisation = _institution(form.organisation_id.data)
            chosen = next((found for found in needs.open_rounds() if found.id == form.round_id.data), None)
            if chosen is None:
                raise Missing
            staged = [services.stage_ratings(chosen, organisation, sheet, by=caller) for sheet in sheets]
            for sentence in unreadable:
                flash(sentence, "warn")
            return done(url_for("ratings.show_import", import_id=staged[0].id))
    return _new_page(form)


@bp.get("/needs/rounds/<int:round_id>/template.xlsx")
@require(Permission.NEED_IMPORT)
@traced(Exported)
def show_template(round_id: int) -> ResponseReturnValue:
    """A workbook to be filled in: everybody a round asks, of a unit or an institution, beside each competency."""
    scope = caller.scope_for(Permission.NEED_IMPORT)
    found = rounds.round_seen(scope, round_id)
    ids = {name: typed_id(request.args.get(name, "")) for name in ("organisation", "unit")}
    rows = queries.to_fill(scope, found, **ids)
    listing = Listing.read(given={"format": "xlsx"})
    title = gettext("Ratings to fill in: %(name)s", name=in_language(found, "name"))
    return lists.file_of("ratings_template", listing, title, pages.template_columns(), rows, by=caller)


def _institution(organisation_id: int) -> Organisation:
    """The chosen institution through the scope, or Missing."""
    within = organisations(caller.scope_for(Permission.NEED_IMPORT))
    found = next((one for one in within if one.id == organisation_id), None)
    if found is None:
        raise Missing
    return found


def _loaded(import_id: int) -> RatingsImport:
    return queries.ratings_import(caller.scope_for(Permission.NEED_IMPORT), import_id)


@bp.get("/needs/imports/<int:import_id>")
@require(Permission.NEED_IMPORT)
@traced(Exported)
def show_import(import_id: int) -> ResponseReturnValue:
    found = _loaded(import_id)
    listing = Listing.read()
    if listing.format:
        title, rows = gettext("Errors in the workbook"), pages.error_rows(found.errors)
        return lists.file_of("ratings_errors", listing, title, pages.error_columns(), rows, by=caller)
    return _page(found, CommitForm(), listing)


def _page(found: RatingsImport, form: CommitForm, listing: Listing) -> ResponseReturnValue:
    shown = queries.preview(found) if rules.is_waiting(found) else None
    if shown is not None:
        form.state.data = shown.state
    earlier, others = queries.beside(found)
    return render(
        "needs/ratings/import.html",
        found=found,
        preview=shown,
        form=form,
        listing=listing,
        sentence=pages.sentence,
        earlier=earlier,
        others=others,
        status=form.status,
    )


@bp.post("/needs/imports/<int:import_id>/commit")
@require(Permission.NEED_IMPORT)
def commit_import(import_id: int) -> ResponseReturnValue:
    found = _loaded(import_id)
    form = CommitForm()
    if form.sent():
        with form.attempt():
            services.commit_ratings(found, state=form.state.data or "", by=caller)
            flash(gettext("The ratings are stored and the needs are computed."))
            return done(url_for("ratings.show_import", import_id=import_id))
    return _page(_loaded(import_id), form, Listing.read())


@bp.post("/needs/imports/<int:import_id>/discard")
@require(Permission.NEED_IMPORT)
def discard_import(import_id: int) -> ResponseReturnValue:
    services.discard_ratings(_loaded(import_id), by=caller)
    flash(gettext("The file was thrown away. Nothing was changed."))
    return done(url_for("ratings.show_new_import"))
