"""Field studies: the board of stages, one of them, its interviews and its report."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.models import Organisation, OrganisationKind
from app.access.permissions import Permission
from app.access.queries import organisations
from app.access.scope import Scope
from app.core.clock import today
from app.core.errors import Missing
from app.language import gettext, ngettext
from app.lists import pages as lists
from app.lists.events import Exported
from app.lists.models import ListOf
from app.programme import uploads
from app.programme.studies import pages, queries, services
from app.programme.studies.forms import (
    MOST_A_DAY,
    MOST_PLANNED,
    DayForm,
    NumbersForm,
    ReportForm,
    StepsForm,
    StudyForm,
    day_asked,
    held_by,
)
from app.programme.studies.models import STEPS, FieldStudy, StudyStage
from app.programme.studies.queries import Numbers
from app.web.door import reads_first, require, takes, traced
from app.web.edge.transaction import write
from app.web.forms import ReasonForm
from app.web.listing import handed_out
from app.web.render import done, form_page, render

bp = Blueprint("studies", __name__)
READ, WRITE = Permission.PROGRAMME_READ, Permission.PROGRAMME_WRITE

STUDIES = ListOf(
    name="field_studies",
    access=READ,
    title=lambda: gettext("Field studies"),
    columns=pages.columns,
    rows=queries.studies,
    sorts=queries.STUDY_SORTS,
    filters=tuple(queries.STUDY_FILTERS),
)


@bp.get("/programme/field-studies")
@require(READ)
@traced(Exported)
def show_studies() -> ResponseReturnValue:
    listing = lists.read(STUDIES, by=caller)
    if listing.format:
        return lists.file(STUDIES, listing, by=caller)
    rows = listing.page.rows if listing.page else []
    board = [(stage, [row for row in rows if row.stage is stage]) for stage in StudyStage]
    shown: dict[str, Any] = {"filters": pages.filters(caller), "tabs": pages.tabs("studies"), "today": today()}
    shown |= {"board": board, "may_write": caller.may(WRITE), "interviews": queries.interviews(caller.scope_for(READ))}
    return render("programme/studies/studies.html", fragment="list", listing=listing, **shown)


def _scope() -> Scope:
    return caller.scope_for(WRITE)


def _written(study_id: int) -> FieldStudy:
    return queries.study_run(_scope(), study_id)


def _there(study_id: int) -> ResponseReturnValue:
    return done(url_for("studies.show_study", study_id=study_id))


@bp.get("/programme/field-studies/<int:study_id>")
@require(READ)
def show_study(study_id: int) -> ResponseReturnValue:
    scope = caller.scope_for(READ)
    return _page(queries.study(scope, study_id))


def _page(study: FieldStudy, form: StepsForm | None = None) -> ResponseReturnValue:
    runs = caller.may(WRITE) and _scope().covers_province(study.province_id)
    return render(
        "programme/studies/study.html",
        status=form.status if form else 200,
        study=study,
        runs=runs,
        form=form or StepsForm.of(study),
        stages=list(StudyStage),
        steps=STEPS,
        districts=queries.districts(study),
        findings=queries.findings_of(caller.scope_for(READ), study),
        history=pages.told(queries.history(study)) if runs else (),
    )


@bp.route("/programme/field-studies/new", methods=["GET", "POST"])
@bp.route("/programme/field-studies/<int:study_id>/edit", methods=["GET", "POST"])
@require(WRITE)
def edit_study(study_id: int | None = None) -> ResponseReturnValue:
    scope, study = _scope(), _written(study_id) if study_id is not None else None
    form = StudyForm.of(scope, study)
    if form.sent():
        with form.attempt():
            if study is None:
                study = services.create_study(form.values(), scope=scope, by=caller)
                flash(gettext("The field study is added. Plan its interviews by district now."))
            else:
                form.same_version(study)
                services.change_study(study, form.values(), by=caller)
                flash(gettext("Changes saved."))
            return _there(study.id)
        study = _written(study_id) if study_id is not None else None
    return form_page("programme/studies/form.html", form, study=study)


@bp.post("/programme/field-studies/<int:study_id>/steps")
@require(WRITE)
def tick_steps(study_id: int) -> ResponseReturnValue:
    """Keep what is ticked; `forward` goes on to the next stage with it."""
    study = _written(study_id)
    form = StepsForm.of(study)
    if form.sent():
        with form.attempt():
            form.same_version(study)
            services.tick(study, form.done.chosen, by=caller)
            if "forward" in request.form:
                services.move_on(study, form.why, by=caller)
            flash(gettext("Changes saved."))
            return _there(study_id)
        study = _written(study_id)
    return _page(study, form)


@bp.route("/programme/field-studies/<int:study_id>/back", methods=["GET", "POST"])
@require(WRITE)
def move_back(study_id: int) -> ResponseReturnValue:
    study = _written(study_id)
    form = ReasonForm(obj=study)
    if form.sent():
        with form.attempt():
            form.same_version(study)
            services.move_back(study, form.reason.data.strip(), by=caller)
            flash(gettext("The study is in the stage before again."))
            return _there(study_id)
        study = _written(study_id)
    return form_page("programme/studies/back.html", form, study=study)


# --- interviews ---------------------------------------------------------------------------------------


def _planned(study: FieldStudy) -> tuple[dict[int, Organisation], Numbers]:
    """The municipalities of the province that are a district, or take part already, and what is planned in each."""
    there = {row.district.organisation_id: row.district for row in queries.districts(study)}
    homes = {
        home.id: home
        for home in organisations(_scope(), province_id=study.province_id)
        if home.kind is OrganisationKind.DISTRICT or home.id in there
    }
    planned = {key: (one.planned_women, one.planned_men) for key, one in there.items()}
    return homes, {key: planned.get(key, (0, 0)) for key in homes}


@bp.route("/programme/field-studies/<int:study_id>/districts", methods=["GET", "POST"])
@require(WRITE)
def plan_interviews(study_id: int) -> ResponseReturnValue:
    study = _written(study_id)
    homes, planned = _planned(study)
    form = NumbersForm.of(planned, MOST_PLANNED, homes)
    if form.sent():
        with form.attempt():
            form.same_stamp()
            services.plan_interviews(study, form.numbers, by=caller)
            flash(gettext("Changes saved."))
            return _there(study_id)
        study = _written(study_id)
        homes, _ = _planned(study)
    shown = {"study": study, "homes": homes.values()}
    return form_page("programme/studies/districts.html", form, **shown)


@bp.route("/programme/field-studies/<int:study_id>/interviews", methods=["GET", "POST"])
@require(WRITE)
def enter_interviews(study_id: int) -> ResponseReturnValue:
    study, day = _written(study_id), day_asked(request.values)
    rows = queries.districts(study, day)
    form = DayForm.of(held_by(rows), MOST_A_DAY, {row.district.id: row.district.organisation for row in rows}, day=day)
    if form.sent():
        with form.attempt():
            form.same_stamp()
            number = services.enter_day(study, day, form.numbers, by=caller)
            flash(ngettext("%(num)s interview saved.", "%(num)s interviews saved.", number))
            if many := pages.beyond(queries.districts(study), form.numbers):
                flash(gettext("More interviews than planned: %(places)s. Check the numbers.", places=many), "warn")
            return done(url_for("studies.enter_interviews", study_id=study_id, day=day.isoformat()))
        study = _written(study_id)
        rows = queries.districts(study, day)
    shown = {"study": study, "rows": rows, "day": day, "days": queries.days(study), "today": today()}
    return form_page("programme/studies/interviews.html", form, **shown)


# --- report -------------------------------------------------------------------------------------------


@bp.route("/programme/field-studies/<int:study_id>/report", methods=["GET", "POST"])
@require(WRITE)
@takes(services.MOST_BYTES + 1024 * 1024)
@reads_first
def attach_report(study_id: int) -> ResponseReturnValue:
    study, form = _written(study_id), ReportForm()
    if form.sent():
        with form.attempt():
            report = form.brought()
            write()
            services.attach_report(_written(study_id), report, by=caller)
            flash(gettext("Report attached"))
            return _there(study_id)
        study = _written(study_id)
    return form_page("programme/studies/report.html", form, study=study)


@bp.get("/programme/field-studies/<int:study_id>/report.pdf")
@require(READ)
def download_report(study_id: int) -> ResponseReturnValue:
    study = queries.study(caller.scope_for(READ), study_id)
    if study.stage is not StudyStage.DONE and not (caller.may(WRITE) and _scope().covers_province(study.province_id)):
        raise Missing
    return handed_out(uploads.kept(study.report_id))
