"""Sheets to print, and a form to type them in by keyboard."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.access.scope import Scope
from app.audit import journal
from app.core.clock import today
from app.core.db import typed_id
from app.core.errors import Missing
from app.language import gettext
from app.lists.events import Exported
from app.needs.answers.models import Sheet
from app.needs.answers.queries import sheet as sheet_of
from app.needs.answers.rules import why_shut
from app.needs.handwritten import pages, queries, services
from app.needs.handwritten.rules import number_of
from app.needs.models import AssessmentRound, RoundStatus
from app.needs.rounds import queries as rounds
from app.web.door import require, traced
from app.web.forms import Form
from app.web.render import done, render

bp = Blueprint("handwritten", __name__)


def _scope() -> Scope:
    return caller.scope_for(Permission.NEED_READ)


def _found(round_id: int) -> AssessmentRound:
    """An open round whose notice allows answers on paper."""
    found = rounds.round_seen(_scope(), round_id)
    if not found.paper or found.status is not RoundStatus.OPEN:
        raise Missing
    return found


@bp.get("/needs/rounds/<int:round_id>/paper")
@require(Permission.NEED_READ)
@traced(Exported)
def print_sheets(round_id: int) -> ResponseReturnValue:
    """A page for each person of a unit, with their code."""
    found = _found(round_id)
    units = queries.units(_scope(), found)
    chosen = typed_id(request.args.get("unit", ""))
    unit = next((one for one in units if one.id == chosen), None)
    sheets = queries.sheets(_scope(), found, None, unit.id) if unit is not None else []
    if sheets:
        journal.trace(Exported("questionnaires", "html", len(sheets)), by=caller, required=True)
    shown: dict[str, Any] = {"round": found, "units": units, "unit": unit, "sheets": sheets}
    return render("needs/handwritten/sheets.html", printed=pages.printed(found, sheets), **shown)


@bp.route("/needs/rounds/<int:round_id>/typing", methods=["GET", "POST"])
@require(Permission.NEED_READ)
def type_in(round_id: int) -> ResponseReturnValue:
    """First the code, then what stands beside each competency; afterwards nothing of it is shown."""
    found, form = _found(round_id), Form()
    code = request.values.get("code", "")[:20]
    sheet, why = _sheet(found, code)
    if sheet is not None and form.sent():
        with form.attempt():
            sheet = services.store(sheet, request.form.getlist("said"), by=caller)
            flash(gettext("Stored: %(name)s, %(done)s of %(total)s.", **_said(sheet)))
            return done(url_for("handwritten.type_in", round_id=round_id))
        sheet, why = _sheet(_found(round_id), code)
    name = queries.name_of(sheet.questionnaire) if sheet is not None else ""
    shown: dict[str, Any] = {"round": found, "form": form, "code": code, "sheet": sheet, "why": why, "name": name}
    return render("needs/handwritten/typing.html", status=form.status if form.form_errors else 200, **shown)


def _said(sheet: Sheet) -> dict[str, Any]:
    return {"name": queries.name_of(sheet.questionnaire), "done": sheet.done, "total": sheet.total}


def _sheet(found: AssessmentRound, code: str) -> tuple[Sheet | None, str]:
    """What a code means, or why nothing can be typed for it."""
    if not code:
        return None, ""
    questionnaire = queries.by_number(_scope(), found, number_of(code))
    if questionnaire is None:
        return None, gettext("There is no questionnaire with this code here. Compare it with the paper.")
    if why_shut(questionnaire, questionnaire.round, today()) is not None:
        return None, gettext("This questionnaire is finished: nothing more can be typed in.")
    return sheet_of(questionnaire), ""
