"""The queue of a browser is taken in; late marks are decided."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, flash, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.attendance.arrivals import forms, queries, services
from app.attendance.arrivals.forms import LateMarksForm
from app.attendance.marks.forms import describe
from app.attendance.sheets import queries as sheets
from app.attendance.sheets.queries import Sheet
from app.core.db import typed_id
from app.core.errors import Missing
from app.language import gettext, ngettext
from app.web.door import require, signed_in
from app.web.edge.compression import keep_plain, masked
from app.web.render import done, render

bp = Blueprint("arrivals", __name__)


@bp.get("/roll/queue")
@signed_in
def show_queue() -> ResponseReturnValue:
    """Who is signed in, the token that their queue is sent with, and what is said of it on pages that are no roll."""
    keep_plain()
    words = {
        "textCount": gettext("Marks not sent yet: %(num)s", num="{num}"),
        "textToSheet": gettext("Back to the roll"),
        "textSignOut": gettext("They stay in this browser for seven days and are sent when you sign in here again."),
    }
    return jsonify(user=caller.id, token=masked(), words=words)


@bp.post("/roll/queue")
@require(Permission.ATTENDANCE_TAKE)
def take_queue() -> ResponseReturnValue:
    """What became of each item. It is the queue of one user: for another nothing is done (409)."""
    sent = forms.arrived(request.get_json(silent=True))
    if sent is None:
        return jsonify(answers=[]), 422
    user, arrived = sent
    if user != caller.id:
        return jsonify(user=caller.id), 409
    found = services.take(caller.scope_for(Permission.ATTENDANCE_TAKE), arrived, by=caller)
    return jsonify(answers=[asdict(each) for each in found])


@bp.get("/late-marks")
@require(Permission.ATTENDANCE_CORRECT)
def list_late_marks() -> ResponseReturnValue:
    return _page(LateMarksForm())


def _page(form: LateMarksForm, sitting_id: int | None = None, status: int = 200) -> ResponseReturnValue:
    """All that wait; `form` with what was refused belongs to one sitting."""
    found = queries.waiting(caller.scope_for(Permission.ATTENDANCE_CORRECT))
    return render(
        "attendance/arrivals/late_marks.html",
        status=status,
        late=found,
        form=form,
        refused=sitting_id,
        describe=describe,
    )


def _sheet(sitting_id: int) -> Sheet:
    return sheets.sheet(caller.scope_for(Permission.ATTENDANCE_CORRECT), sitting_id)


def _chosen() -> dict[int, str]:
    """The late marks that are ticked, each with what the page said stands in its cell."""
    ids = (typed_id(text) for text in request.form.getlist("late"))
    return {key: request.form.get(f"stands-{key}", "") for key in ids if key is not None}


@bp.post("/late-marks/<int:sitting_id>/accept")
@require(Permission.ATTENDANCE_CORRECT)
def accept_late_marks(sitting_id: int) -> ResponseReturnValue:
    sheet, form = _sheet(sitting_id), LateMarksForm()
    if form.sent():
        with form.attempt():
            try:
                count = services.accept(sheet, _chosen(), form.reason.data or "", by=caller)
            except Missing:
                form.form_errors.append(gettext("Somebody chosen has no seat any more. Set their mark aside."))
                return _page(form, sitting_id, 422)
            flash(ngettext("%(num)s mark accepted.", "%(num)s marks accepted.", count))
            return done(url_for("arrivals.list_late_marks"))
    return _page(form, sitting_id, form.status)


@bp.post("/late-marks/<int:sitting_id>/dismiss")
@require(Permission.ATTENDANCE_CORRECT)
def dismiss_late_marks(sitting_id: int) -> ResponseReturnValue:
    sheet, form = _sheet(sitting_id), LateMarksForm()
    if form.sent():
        with form.attempt():
            count = services.dismiss(sheet, list(_chosen()), by=caller)
            flash(ngettext("%(num)s mark set aside.", "%(num)s marks set aside.", count))
            return done(url_for("arrivals.list_late_marks"))
    return _page(form, sitting_id, form.status)
