"""Job titles, thematic areas and competencies: their lists, one of them, adding, changing, merging, retiring."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.language import gettext, in_language
from app.lists import pages as lists
from app.lists.events import Exported
from app.lists.models import Columns, ListOf
from app.reference import pages, queries, services
from app.reference.forms import FORMS, MergeForm, TermForm
from app.reference.models import KINDS, Kind
from app.web.door import require, traced
from app.web.render import done, form_page, render

bp = Blueprint("reference", __name__, url_prefix="/reference/<any(titles, competencies, themes):kind>")


@bp.get("")
@require(Permission.REFERENCE_READ)
@traced(Exported)
def show_terms(kind: str) -> ResponseReturnValue:
    of = queries.kind(kind)
    return lists.answer(
        LISTS[kind],
        "reference/terms.html",
        by=caller,
        kind=of,
        words=pages.words(of),
        tabs=pages.tabs(of),
        filters=pages.filters(of),
        detail=pages.detail,
        may_write=caller.may(Permission.REFERENCE_WRITE),
    )


def _columns(kind: Kind) -> Columns:
    words = pages.words(kind)
    return [
        (gettext("Turkish name"), lambda row: row.term.name_tr),
        (gettext("English name"), lambda row: row.term.name_en),
        (gettext("Former names"), lambda row: ", ".join(one.name_tr for one in row.term.former_names)),
        (words.detail, lambda row: pages.detail(kind, row.term)),
        (words.used, lambda row: row.used),
        (gettext("In use"), lambda row: gettext("Yes") if row.term.active else gettext("No")),
    ]


def _list(kind: Kind) -> ListOf:
    return ListOf(
        name=kind.name,
        access=Permission.REFERENCE_READ,
        title=lambda: pages.words(kind).title,
        columns=lambda: _columns(kind),
        rows=lambda scope, query: queries.terms(kind, scope, query),
        sorts=kind.sorts,
        filters=("level", "theme", "active"),
    )


LISTS = {kind.name: _list(kind) for kind in KINDS.values()}


@bp.get("/<int:term_id>")
@require(Permission.REFERENCE_READ)
def show_term(kind: str, term_id: int) -> ResponseReturnValue:
    of = queries.kind(kind)
    term = queries.term(of, term_id)
    return render(
        "reference/term.html",
        kind=of,
        words=pages.words(of),
        term=term,
        facts=pages.facts(of, term),
        used=queries.used(of, caller.scope_for(Permission.REFERENCE_READ), [term.id]).get(term.id, 0),
        used_url=pages.used_url(of, term),
        parts=queries.parts(of, term),
        successor=queries.term(of, term.merged_into_id) if term.merged_into_id else None,
        history=queries.history(of, term),
        held=services.why_held(term),
        is_used=queries.is_used(term),
        may_write=caller.may(Permission.REFERENCE_WRITE),
    )


@bp.route("/new", methods=["GET", "POST"])
@require(Permission.REFERENCE_WRITE)
def add_term(kind: str) -> ResponseReturnValue:
    of = queries.kind(kind)
    form = FORMS[kind].of()
    if form.sent():
        with form.attempt():
            term = services.add(of, form.values(), by=caller)
            flash(gettext("%(name)s was added.", name=in_language(term, "name")))
            return done(_page_of(of, term))
    return _form(of, form)


def _page_of(kind: Kind, term: Any) -> str:
    return url_for("reference.show_term", kind=kind.name, term_id=term.id)


def _form(kind: Kind, form: TermForm, term: Any = None) -> ResponseReturnValue:
    return form_page(
        "reference/form.html",
        form,
        kind=kind,
        words=pages.words(kind),
        term=term,
        held=services.why_held(term) if term else None,
    )


@bp.route("/<int:term_id>/edit", methods=["GET", "POST"])
@require(Permission.REFERENCE_WRITE)
def edit_term(kind: str, term_id: int) -> ResponseReturnValue:
    of = queries.kind(kind)
    term = queries.term(of, term_id)
    form = FORMS[kind].of(term)
    if form.sent():
        with form.attempt():
            form.same_version(term)
            services.change(of, term, form.values(), by=caller)
            flash(gettext("Changes saved."))
            return done(_page_of(of, term))
        term = queries.term(of, term_id)
    return _form(of, form, term)


@bp.route("/<int:term_id>/merge", methods=["GET", "POST"])
@require(Permission.REFERENCE_WRITE)
def merge_term(kind: str, term_id: int) -> ResponseReturnValue:
    of = queries.kind(kind)
    term = queries.term(of, term_id)
    form = MergeForm.of(of, term)
    if form.sent():
        with form.attempt():
            form.same_version(term)
            kept = queries.term(of, form.into.data)
            services.merge(of, kept, term, by=caller)
            flash(gettext("The two are one now: %(name)s.", name=in_language(kept, "name")))
            return done(_page_of(of, kept))
        term = queries.term(of, term_id)
    used = queries.used(of, caller.scope_for(Permission.REFERENCE_READ), [term_id]).get(term_id, 0)
    page = {"kind": of, "words": pages.words(of), "form": form, "term": term, "used": used}
    return render("reference/merge.html", fragment="edit", status=form.status, **page)


@bp.post("/<int:term_id>/activate", defaults={"active": True})
@bp.post("/<int:term_id>/deactivate", defaults={"active": False})
@require(Permission.REFERENCE_WRITE)
def set_term_active(kind: str, term_id: int, active: bool) -> ResponseReturnValue:
    of = queries.kind(kind)
    term = queries.term(of, term_id)
    services.set_active(of, term, active, by=caller)
    name = in_language(term, "name")
    flash(
        gettext("%(name)s is in use again.", name=name)
        if active
        else gettext("%(name)s was retired. It stays where it is used.", name=name)
    )
    return done(_page_of(of, term))


@bp.post("/<int:term_id>/remove")
@require(Permission.REFERENCE_WRITE)
def remove_term(kind: str, term_id: int) -> ResponseReturnValue:
    of = queries.kind(kind)
    term = queries.term(of, term_id)
    name = in_language(term, "name")
    services.remove(of, term, by=caller)
    flash(gettext("%(name)s was deleted.", name=name))
    return done(url_for("reference.show_terms", kind=kind))
