"""Findings: the list by theme, one of them, and the competencies it supports."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.access.scope import Scope
from app.catalogue.queries import themes
from app.core import slots
from app.language import gettext
from app.lists import pages as lists
from app.lists.events import Exported
from app.lists.models import ListOf
from app.programme.asks.queries import asks_of
from app.programme.studies import pages as studies
from app.programme.studies import queries as of_studies
from app.programme.studies.findings import pages, queries, services
from app.programme.studies.findings.forms import FindingForm
from app.programme.studies.models import Finding, FindingStatus
from app.web.door import require, traced
from app.web.forms import Form, ReasonForm
from app.web.render import done, form_page, render

bp = Blueprint("findings", __name__)
READ, WRITE = Permission.PROGRAMME_READ, Permission.PROGRAMME_WRITE

FINDINGS = ListOf(
    name="findings",
    access=READ,
    title=lambda: gettext("Findings"),
    columns=pages.columns,
    rows=queries.findings,
    sorts=queries.FINDING_SORTS,
    filters=tuple(queries.FINDING_FILTERS),
)


@bp.get("/programme/findings")
@require(READ)
@traced(Exported)
def show_findings() -> ResponseReturnValue:
    shown: dict[str, Any] = {"filters": pages.filters(caller), "tabs": studies.tabs("findings")}
    shown["use"] = queries.use(caller.scope_for(READ))
    return lists.answer(FINDINGS, "programme/studies/findings/findings.html", by=caller, **shown)


def _scope() -> Scope:
    return caller.scope_for(WRITE)


def _written(finding_id: int) -> Finding:
    return queries.finding_run(_scope(), finding_id)


def _there(finding_id: int) -> ResponseReturnValue:
    return done(url_for("findings.show_finding", finding_id=finding_id))


@bp.get("/programme/findings/<int:finding_id>")
@require(READ)
def show_finding(finding_id: int) -> ResponseReturnValue:
    finding = queries.finding(caller.scope_for(READ), finding_id)
    runs = caller.may(WRITE) and _scope().covers_province(finding.study.province_id)
    return render(
        "programme/studies/findings/finding.html",
        finding=finding,
        runs=runs,
        may_plan=finding.status is FindingStatus.VERIFIED and caller.may(Permission.PLAN_WRITE),
        asks=asks_of("finding", finding),
        history=studies.told(of_studies.history(finding.study, finding)) if runs else (),
        sections=slots.collect("programme.thread", caller, ("finding", finding.id)),
    )


@bp.route("/programme/field-studies/<int:study_id>/findings/new", methods=["GET", "POST"])
@require(WRITE)
def add_finding(study_id: int) -> ResponseReturnValue:
    study, form = of_studies.study_run(_scope(), study_id), FindingForm.of(themes())
    if form.sent():
        with form.attempt():
            made = services.add_finding(study, form.values(), by=caller)
            flash(gettext("The finding is written as a draft. Verify it, then name the competencies it supports."))
            return _there(made.id)
        study = of_studies.study_run(_scope(), study_id)
    return form_page("programme/studies/findings/form.html", form, study=study, finding=None)


@bp.route("/programme/findings/<int:finding_id>/edit", methods=["GET", "POST"])
@require(WRITE)
def edit_finding(finding_id: int) -> ResponseReturnValue:
    finding = _written(finding_id)
    form = FindingForm.of(themes(finding.theme_id), finding)
    if form.sent():
        with form.attempt():
            form.same_version(finding)
            services.change_finding(finding, form.values(), by=caller)
            flash(gettext("Changes saved."))
            return _there(finding_id)
        finding = _written(finding_id)
    return form_page("programme/studies/findings/form.html", form, study=finding.study, finding=finding)


@bp.post("/programme/findings/<int:finding_id>/verify", defaults={"verified": True})
@bp.post("/programme/findings/<int:finding_id>/take-back", defaults={"verified": False})
@require(WRITE)
def decide_finding(finding_id: int, verified: bool) -> ResponseReturnValue:
    finding = _written(finding_id)
    Form().same_version(finding)
    if verified:
        services.verify(finding, by=caller)
        flash(gettext("The finding is verified."))
    else:
        services.take_back(finding, by=caller)
        flash(gettext("The finding is a draft again."))
    return _there(finding_id)


@bp.route("/programme/findings/<int:finding_id>/withdraw", methods=["GET", "POST"])
@require(WRITE)
def withdraw_finding(finding_id: int) -> ResponseReturnValue:
    finding = _written(finding_id)
    form = ReasonForm(obj=finding)
    if form.sent():
        with form.attempt():
            form.same_version(finding)
            flash(services.withdraw(finding, form.reason.data.strip(), by=caller))
            return _there(finding_id)
        finding = _written(finding_id)
    resting = [ask for ask in asks_of("finding", finding) if ask.plan_item is not None]
    return form_page("programme/studies/findings/withdraw.html", form, finding=finding, resting=resting)
