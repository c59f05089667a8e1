"""Sustainability: the matrix, the list behind it, a measure and how it stands, what municipalities can go on with."""

from __future__ import annotations

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.access.queries import organisations
from app.core.db import typed_id
from app.language import gettext, in_language
from app.lists import pages as lists
from app.lists.events import Exported
from app.lists.models import Columns, ListOf
from app.programme import uploads
from app.programme.parts import province_filter
from app.programme.pilots import queries as pilots
from app.programme.sustainability import pages, queries, services
from app.programme.sustainability.forms import MeasureForm, StandForm
from app.programme.sustainability.models import Measure, MeasureLevel, MeasureScope, MeasureStatus
from app.web.door import reads_first, require, takes, traced
from app.web.listing import Listing, handed_out
from app.web.render import done, form_page, render

bp = Blueprint("sustainability", __name__)
READ, WRITE = Permission.PROGRAMME_READ, Permission.PROGRAMME_WRITE


@bp.get("/programme/sustainability")
@require(READ)
def show_matrix() -> ResponseReturnValue:
    listing, scope = Listing.read(filters=("province",)), caller.scope_for(READ)
    return render(
        "programme/sustainability/matrix.html",
        fragment="list",
        listing=listing,
        filters=[province_filter(caller)],
        matrix=queries.matrix(scope, listing.query),
        capacity=queries.capacity(scope, listing.query),
        levels=[*MeasureLevel, None],
        scopes=[*MeasureScope, None],
        province=listing.query.filter_id("province"),
        may_write=caller.may(WRITE),
    )


@bp.get("/programme/sustainability/measures")
@require(READ)
@traced(Exported)
def show_measures() -> ResponseReturnValue:
    page, may_write = "programme/sustainability/measures.html", caller.may(WRITE)
    return lists.answer(MEASURES, page, by=caller, filters=pages.filters(caller), may_write=may_write)


def _columns() -> Columns:
    return [
        (gettext("Measure"), lambda row: in_language(row, "text")),
        (gettext("Level"), lambda row: row.level.label),
        (gettext("Scope"), lambda row: row.scope.label),
        (gettext("Kind"), lambda row: row.kind.label),
        (gettext("Component"), lambda row: row.component),
        (gettext("Province"), pages.place),
        (gettext("Institution"), lambda row: in_language(row.organisation, "name") if row.organisation else ""),
        (gettext("Responsible"), lambda row: row.responsible),
        (gettext("Due"), lambda row: row.due),
        (gettext("Status"), lambda row: row.status.label),
        (gettext("Evidence"), lambda row: row.evidence),
    ]


MEASURES = ListOf(
    name="measures",
    access=READ,
    title=lambda: gettext("Sustainability measures"),
    columns=_columns,
    rows=queries.measures,
    sorts=queries.SORTS,
    filters=queries.FILTERS,
)


@bp.get("/programme/sustainability/municipalities")
@require(READ)
@traced(Exported)
def show_municipalities() -> ResponseReturnValue:
    page = "programme/sustainability/municipalities.html"
    return lists.answer(MUNICIPALITIES, page, by=caller, filters=pages.municipality_filters(caller))


MUNICIPALITIES = ListOf(
    name="capacities",
    access=READ,
    title=lambda: gettext("What municipalities can go on with"),
    columns=lambda: [
        (gettext("Municipality"), lambda row: in_language(row, "name")),
        (gettext("Province"), lambda row: in_language(row, "province")),
        (gettext("Certified internal trainers"), lambda row: row.trainers),
        (gettext("Rows of its own in approved plans"), lambda row: row.rows),
    ],
    rows=queries.municipalities,
    sorts=queries.MUNICIPALITY_SORTS,
    filters=("province", "has"),
)


# --- one measure -------------------------------------------------------------------------------------------


def _written(measure_id: int) -> Measure:
    return queries.writable(caller.scope_for(WRITE), measure_id)


@bp.route("/programme/sustainability/measures/new", methods=["GET", "POST"])
@bp.route("/programme/sustainability/measures/<int:measure_id>/edit", methods=["GET", "POST"])
@require(WRITE)
def edit_measure(measure_id: int | None = None) -> ResponseReturnValue:
    scope, measure = caller.scope_for(WRITE), _written(measure_id) if measure_id is not None else None
    begun_for = pilots.seen(scope, typed_id(request.args.get("pilot", "")))
    form = MeasureForm.of(scope, organisations(scope), measure, begun_for)
    if form.sent():
        with form.attempt():
            values = form.values()
            if measure is None:
                measure = services.add(values, values.pop("day"), scope=scope, by=caller)
                flash(gettext("The measure was added."))
            else:
                form.same_version(measure)
                services.change(measure, values, scope=scope, by=caller)
                flash(gettext("Changes saved."))
            return done(url_for("sustainability.show_measure", measure_id=measure.id))
        measure = _written(measure_id) if measure_id is not None else None
    return form_page("programme/sustainability/measure_form.html", form, measure=measure)


@bp.get("/programme/sustainability/measures/<int:measure_id>")
@require(READ)
def show_measure(measure_id: int) -> ResponseReturnValue:
    measure = queries.measure(caller.scope_for(READ), measure_id)
    return render(
        "programme/sustainability/measure.html",
        measure=measure,
        pilot=pilots.seen(caller.scope_for(READ), measure.pilot_id),
        history=pages.history(queries.steps(measure)),
        may_write=caller.may(WRITE) and queries.writes(caller.scope_for(WRITE), measure),
    )


@bp.route("/programme/sustainability/measures/<int:measure_id>/stand", methods=["GET", "POST"])
@require(WRITE)
@takes(uploads.REQUEST)
@reads_first
def set_stand(measure_id: int) -> ResponseReturnValue:
    measure = _written(measure_id)
    form = StandForm.of(measure)
    if form.sent():
        with form.attempt():
            typed, upload = form.typed()
            measure = _written(measure_id)
            form.same_version(measure)
            step = {"status": MeasureStatus(typed["stands"]), "day": typed["day"], "reason": typed["reason"]}
            services.stand(measure, step, typed["evidence"], upload, by=caller)
            flash(gettext("Changes saved."))
            return done(url_for("sustainability.show_measure", measure_id=measure_id))
        measure = _written(measure_id)
    return form_page("programme/sustainability/stand.html", form, measure=measure)


@bp.get("/programme/sustainability/measures/<int:measure_id>/file")
@require(READ)
def show_file(measure_id: int) -> ResponseReturnValue:
    return handed_out(uploads.kept(queries.measure(caller.scope_for(READ), measure_id).document_id))
