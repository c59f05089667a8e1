"""Documents of the programme: all of them, submitting and deciding one, its versions, side by side and on paper."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.audit import journal
from app.core.db import typed_id
from app.language import format_date, gettext, in_language, pgettext
from app.lists import pages as lists
from app.lists.events import Exported
from app.lists.models import Columns, ListOf
from app.programme.documents import contents, pages, queries, services
from app.programme.documents.forms import DecisionForm, ReturnForm, SubmitForm
from app.programme.documents.models import ProgrammeDocument, ProgrammeDocumentStatus
from app.programme.documents.rules import Passage, difference
from app.web.door import require, traced
from app.web.listing import Listing, download
from app.web.render import done, render

bp = Blueprint("documents", __name__)
READ, WRITE, APPROVE = Permission.PROGRAMME_READ, Permission.PROGRAMME_WRITE, Permission.PROGRAMME_APPROVE


def _columns() -> Columns:
    return [
        (pgettext("programme", "Document"), lambda row: in_language(row, "name")),
        (gettext("Kind"), lambda row: row.kind.label),
        (gettext("Province"), lambda row: in_language(row.province, "name")),
        (gettext("Status"), lambda row: row.status.label),
        (gettext("Version"), lambda row: row.edition),
        (gettext("Submitted on"), lambda row: row.submitted_at and format_date(row.submitted_at)),
        (gettext("Approved on"), lambda row: row.approved_at and format_date(row.approved_at)),
    ]


DOCUMENTS = ListOf(
    name="programme_documents",
    access=READ,
    title=lambda: gettext("Documents of the programme"),
    columns=_columns,
    rows=queries.documents,
    sorts=queries.SORTS,
    filters=("kind", "province", "status", "decide"),
)


@bp.get("/programme/documents")
@require(READ)
@traced(Exported)
def show_documents() -> ResponseReturnValue:
    return lists.answer(DOCUMENTS, "programme/documents/documents.html", by=caller, filters=pages.filters(caller))


def _document(document_id: int, permission: Permission = READ) -> ProgrammeDocument:
    return queries.document(caller.scope_for(permission), document_id)


@bp.get("/programme/documents/<int:document_id>")
@require(READ)
def show_document(document_id: int) -> ResponseReturnValue:
    """Its versions; what became of them and of what is drafted is for whoever writes it."""
    document, listing = _document(document_id), Listing.read()
    standing, owner = pages.standing(caller, document), pages.owner(caller, document)
    listing.page = page = queries.versions(document, listing.query.number)
    last = document.edition if page.number == 1 else page.total - page.first_row + 1
    first = page.total - page.last_row + 1
    steps = queries.steps(document, first, last) if standing.writes or standing.decides else ()
    shown: dict[str, Any] = {"owner": owner, "steps": steps, "listing": listing}
    return render("programme/documents/document.html", document=document, standing=standing, **shown)


# --- steps ------------------------------------------------------------------------------------------------

S = ProgrammeDocumentStatus
FORMS = {S.SUBMITTED: SubmitForm, S.APPROVED: DecisionForm, S.RETURNED: ReturnForm}


@bp.route("/programme/documents/<int:document_id>/submit", methods=["GET", "POST"])
@require(WRITE)
def submit_document(document_id: int) -> ResponseReturnValue:
    return _step(document_id, S.SUBMITTED, WRITE)


@bp.route("/programme/documents/<int:document_id>/approve", methods=["GET", "POST"], defaults={"to": S.APPROVED})
@bp.route("/programme/documents/<int:document_id>/return", methods=["GET", "POST"], defaults={"to": S.RETURNED})
@require(APPROVE)
def decide_document(document_id: int, to: ProgrammeDocumentStatus) -> ResponseReturnValue:
    return _step(document_id, to, APPROVE)


def _step(document_id: int, to: ProgrammeDocumentStatus, permission: Permission) -> ResponseReturnValue:
    """What will happen, before it does; what is decided stands below."""
    document, owner = _with_owner(document_id, permission)
    form = FORMS[to](obj=document)
    if request.method == "GET":
        form.version.data = pages.seen(document, owner)
    if form.sent():
        with form.attempt():
            form.same(pages.seen(document, owner), {})
            flash(_taken(document, to, form, owner))
            return done(owner.url)
        document, owner = _with_owner(document_id, permission)
    shown: dict[str, Any] = {"document": document, "step": to.value, "owner": owner}
    # what is typed into a page that was made earlier stays there
    lacking = pages.lacking(caller, owner) if to is S.SUBMITTED and request.method == "GET" else None
    shown["shut"] = services.barred(document, to, caller) or lacking
    return render("programme/documents/step.html", status=form.status, form=form, **shown)


def _with_owner(document_id: int, permission: Permission) -> tuple[ProgrammeDocument, pages.Owner]:
    document = _document(document_id, permission)
    return document, pages.owner(caller, document)


def _taken(document: ProgrammeDocument, to: ProgrammeDocumentStatus, form: Any, owner: pages.Owner) -> str:
    """The step is taken; what is said of it."""
    if to is S.SUBMITTED:
        services.submit(document, form.values()["reason"], lacking=pages.lacking(caller, owner), by=caller)
        return gettext("The document is submitted. Somebody else decides it.")
    if to is S.APPROVED:
        services.approve(document, owner.passages, by=caller)
        return gettext("The document is approved and in force.")
    services.return_document(document, form.values()["remarks"], by=caller)
    return gettext("The document is returned with your remarks.")


@bp.post("/programme/documents/<int:document_id>/revise", defaults={"was": S.APPROVED})
@bp.post("/programme/documents/<int:document_id>/take-back", defaults={"was": S.SUBMITTED})
@require(WRITE)
def draft_again(document_id: int, was: ProgrammeDocumentStatus) -> ResponseReturnValue:
    document = _document(document_id, WRITE)
    services.draft_again(document, was, by=caller)
    if was is S.APPROVED:
        flash(gettext("The next version is being drafted. The one in force counts until it is approved."))
    else:
        flash(gettext("The document is taken back. Change it, then submit it again."))
    return done(pages.owner(caller, document).url)


# --- versions ---------------------------------------------------------------------------------------------


@bp.get("/programme/documents/<int:document_id>/versions/<int:edition>")
@require(READ)
def show_version(document_id: int, edition: int) -> ResponseReturnValue:
    document = _document(document_id)
    version = queries.version(document, edition)
    passages = [Passage.read(kept) for kept in version.passages]
    return render("programme/documents/version.html", document=document, version=version, passages=passages)


@bp.get("/programme/documents/<int:document_id>/versions/<int:edition>/changes")
@require(READ)
def compare_versions(document_id: int, edition: int) -> ResponseReturnValue:
    """What a version made of an earlier one (`since`, else the one before); of itself nothing."""
    document = _document(document_id)
    earlier, later = sorted((edition, typed_id(request.args.get("since", "")) or max(1, edition - 1)))
    was, now = queries.version(document, earlier), queries.version(document, later)
    found = difference(*([Passage.read(kept) for kept in one.passages] for one in (was, now)))
    return render("programme/documents/compare.html", document=document, was=was, now=now, changes=found)


@bp.get("/programme/documents/<int:document_id>/versions/<int:edition>.pdf")
@require(READ)
@traced(Exported)
def print_version(document_id: int, edition: int) -> ResponseReturnValue:
    document = _document(document_id)
    version = queries.version(document, edition)
    name = f"{in_language(version, 'name')} {gettext('version %(n)s', n=edition)}"
    return _handed_out(contents.of_version(document, version), name)


@bp.get("/programme/documents/<int:document_id>/draft.pdf")
@require(WRITE)
@traced(Exported)
def print_draft(document_id: int) -> ResponseReturnValue:
    document = _document(document_id, WRITE)
    passages = pages.owner(caller, document).passages
    return _handed_out(contents.of_draft(document, passages), in_language(document, "name"))


def _handed_out(paper: bytes, name: str) -> ResponseReturnValue:
    journal.trace(Exported("programme_document", "pdf", 1), by=caller, required=True)
    return download(paper, "application/pdf", f"{name}.pdf")
