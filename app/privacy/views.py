"""One's own data: seen, taken along, asked about; the requests and their answers for administrators."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.audit import journal
from app.core import slots
from app.core.clock import today
from app.language import format_date, gettext, language
from app.paper.handouts.report import draw_report
from app.paper.handouts.tables import PaperTable
from app.paper.wording import Language
from app.privacy import queries, services
from app.privacy.events import OwnDataSeen
from app.privacy.forms import AnswerForm, DataRequestForm
from app.privacy.models import DataRequestKind
from app.web.door import require, signed_in, traced
from app.web.listing import download
from app.web.parts import written_in
from app.web.render import done, form_page, render

bp = Blueprint("privacy", __name__)


@bp.get("/me/data")
@signed_in
@traced(OwnDataSeen)
def show_own_data() -> ResponseReturnValue:
    journal.trace(OwnDataSeen(caller.id, ""), by=caller, required=True)
    stored = slots.collect("privacy.data", caller)
    shown: dict[str, Any] = {"stored": stored, "requests": queries.own_requests(caller), "written_in": written_in}
    return render("privacy/own_data.html", **shown)


@bp.get("/me/data.json")
@signed_in
@traced(OwnDataSeen)
def take_own_data() -> ResponseReturnValue:
    journal.trace(OwnDataSeen(caller.id, "json"), by=caller, required=True)
    stored = slots.collect("privacy.data", caller)
    content = {each.title: [dict(zip(each.heads, row, strict=True)) for row in each.rows] for each in stored}
    content[gettext("Your requests")] = [
        {gettext("Request no."): str(one.id), gettext("Your request"): one.text, gettext("Answer"): one.answer}
        for one in queries.own_requests(caller)
    ]
    data = json.dumps(content, ensure_ascii=False, indent=2).encode()
    return download(data, "application/json", f"{gettext('My data')} {today():%Y-%m-%d}.json")


@bp.get("/me/data.pdf")
@signed_in
@traced(OwnDataSeen)
def print_own_data() -> ResponseReturnValue:
    journal.trace(OwnDataSeen(caller.id, "pdf"), by=caller, required=True)
    tables = [PaperTable(each.title, each.heads, each.rows) for each in slots.collect("privacy.data", caller)]
    asked = tuple((str(one.id), one.text, one.answer) for one in queries.own_requests(caller))
    heads = (gettext("Request no."), gettext("Your request"), gettext("Answer"))
    tables.append(PaperTable(gettext("Your requests"), heads, asked))
    title = gettext("My data")
    shown = [replace(each, widths=(1.0,) * len(each.heads)) for each in tables]
    tongue: Language = "tr" if language() == "tr" else "en"
    foot = f"{title} · {format_date(today())}"
    data = draw_report(f"{title}: {caller.name}", shown, foot=foot, language=tongue, dated=today())
    return download(data, "application/pdf", f"{title} {today():%Y-%m-%d}.pdf")


@bp.route("/me/data/ask", methods=["GET", "POST"])
@signed_in
def ask() -> ResponseReturnValue:
    form = DataRequestForm()
    if form.sent():
        with form.attempt():
            made = services.ask(DataRequestKind(form.kind.data), form.text.data or "", by=caller)
            flash(gettext("Your request has the number %(number)s and is answered within 30 days.", number=made.id))
            return done(url_for("privacy.show_own_data"))
    return form_page("privacy/ask.html", form)


# --- for administrators --------------------------------------------------------------------------------


@bp.get("/privacy")
@require(Permission.SETTINGS_WRITE)
def show_requests() -> ResponseReturnValue:
    found = queries.requests(caller.scope_for(Permission.SETTINGS_WRITE))
    return render("privacy/requests.html", requests=found, today=today())


@bp.route("/privacy/<int:request_id>", methods=["GET", "POST"])
@require(Permission.SETTINGS_WRITE)
def answer(request_id: int) -> ResponseReturnValue:
    scope = caller.scope_for(Permission.SETTINGS_WRITE)
    asked, form = queries.request(scope, request_id), AnswerForm()
    if form.sent():
        with form.attempt():
            services.answer(asked, form.answer.data or "", by=caller)
            flash(gettext("The answer stands on the page of whoever asked."))
            return done(url_for("privacy.show_requests"))
        asked = queries.request(scope, request_id)
    return form_page("privacy/request.html", form, asked=asked)
