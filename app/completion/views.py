"""Scores, the checklist, and finalising a course session."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission, Role
from app.attendance import queries as attendance
from app.attendance.grid.forms import BringForm
from app.attendance.grid.workbook import read_table
from app.attendance.marks import services as marks
from app.attendance.models import Presence
from app.completion import pages, queries, services
from app.completion.forms import FinaliseForm, JoinedLaterForm, ScoresForm
from app.completion.models import TestKind
from app.completion.services import SavedScores
from app.files.workbook import TABLE_REQUEST
from app.language import gettext, ngettext
from app.lists import pages as lists
from app.lists.events import Exported
from app.training.models import CourseSession, SessionStatus
from app.training.pages import layout
from app.web.door import reads_first, require, takes, traced
from app.web.listing import Listing
from app.web.render import done, render

bp = Blueprint("completion", __name__)


# --- scores ----------------------------------------------------------------------------------------------


def _session_to_score(course_session_id: int) -> CourseSession:
    return attendance.session_of_own(caller.scope_for(Permission.SCORE_WRITE), course_session_id)


def _scores_form(course_session: CourseSession) -> ScoresForm:
    return ScoresForm.of(queries.scored(course_session))


def _scores_page(
    course_session: CourseSession, form: ScoresForm, status: int = 200, bring: BringForm | None = None, **more: Any
) -> ResponseReturnValue:
    return render(
        "completion/scores.html",
        status=status,
        **layout(course_session, "scores"),
        form=form,
        bring=bring or BringForm(formdata=None),
        problems=more.get("problems", ()),
        brought=more.get("brought", False),
        kinds=list(TestKind),
        points=pages.points,
        gain=pages.gain(form.learned),
        rules=queries.rules_of(course_session),
        writable=course_session.status in services.SCORABLE,
    )


@bp.get("/sessions/<int:course_session_id>/scores")
@require(Permission.SCORE_WRITE)
def show_scores(course_session_id: int) -> ResponseReturnValue:
    course_session = _session_to_score(course_session_id)
    return _scores_page(course_session, _scores_form(course_session))


@bp.post("/sessions/<int:course_session_id>/scores")
@require(Permission.SCORE_WRITE)
def save_scores(course_session_id: int) -> ResponseReturnValue:
    course_session = _session_to_score(course_session_id)
    form, told = _scores_form(course_session), SavedScores(0, frozenset())
    typed = form.read(request.form)
    if form.sent():
        with form.attempt():
            told = services.save_scores(course_session, typed, by=caller)
            if told.count or not (form.wrong or told.stale):
                flash(ngettext("%(num)s score saved.", "%(num)s scores saved.", told.count))
            if not (form.wrong or told.stale):
                return done(url_for("completion.show_scores", course_session_id=course_session_id))
    course_session = _session_to_score(course_session_id)
    again = _scores_form(course_session)
    again.keep(form, request.form)
    # what was good is saved, and only a page that is no refusal is kept
    return _scores_page(course_session, again, 200 if told.count else 409 if told.stale else form.status)


@bp.get("/sessions/<int:course_session_id>/scores/file")
@require(Permission.SCORE_WRITE)
@traced(Exported)
def take_out_scores(course_session_id: int) -> ResponseReturnValue:
    course_session, listing = _session_to_score(course_session_id), Listing.read()
    listing.format = listing.format or "xlsx"
    title = gettext("Test scores %(code)s", code=course_session.code.replace("/", "-"))
    return lists.file_of("scores", listing, title, pages.columns(), _scores_form(course_session).rows, by=caller)


@bp.post("/sessions/<int:course_session_id>/scores/import")
@require(Permission.SCORE_WRITE)
@takes(TABLE_REQUEST)
@reads_first
def bring_scores(course_session_id: int) -> ResponseReturnValue:
    """The list of scores as a file says they are; it is saved like one that was typed."""
    course_session, bring = _session_to_score(course_session_id), BringForm()
    form = _scores_form(course_session)
    if not bring.sent():
        return _scores_page(course_session, form, 422, bring=bring)
    with bring.attempt():
        brought = read_table(*bring.file.brought(), [row.person for row in form.rows], pages.HEADINGS)
        form.fill(brought.texts)
        return _scores_page(course_session, form, problems=brought.problems, brought=True)
    course_session = _session_to_score(course_session_id)
    return _scores_page(course_session, _scores_form(course_session), bring.status, bring=bring)


# --- the checklist ---------------------------------------------------------------------------------------


def _session_to_finalise(course_session_id: int) -> CourseSession:
    return queries.session_run(caller.scope_for(Permission.SESSION_FINALISE), course_session_id)


def _checklist_page(
    course_session: CourseSession, form: FinaliseForm, status: int = 200, later: JoinedLaterForm | None = None
) -> ResponseReturnValue:
    found = queries.review(course_session)
    finalised = course_session.status is SessionStatus.FINALISED
    return render(
        "completion/checklist.html",
        status=status,
        **layout(course_session, "checklist"),
        form=form,
        later=later or (JoinedLaterForm.of(found) if found.later else None),
        review=found,
        counts=found.stored_counts if finalised else found.counts,
        finalised=finalised,
        confirmed=course_session.status is SessionStatus.CONFIRMED,
        may_override=caller.is_a(Role.ADMINISTRATOR),
    )


@bp.get("/sessions/<int:course_session_id>/checklist")
@require(Permission.SESSION_FINALISE)
def show_checklist(course_session_id: int) -> ResponseReturnValue:
    return _checklist_page(_session_to_finalise(course_session_id), FinaliseForm())


@bp.post("/sessions/<int:course_session_id>/joined-later")
@require(Permission.ATTENDANCE_CORRECT)
def settle_joined_later(course_session_id: int) -> ResponseReturnValue:
    """Sittings that were over when somebody's seat was given are marked absent or exempt, all in one step."""
    course_session = queries.session_run(caller.scope_for(Permission.ATTENDANCE_CORRECT), course_session_id)
    form = JoinedLaterForm.of(queries.review(course_session))
    if form.sent():
        with form.attempt():
            kind, reason, people = Presence(form.kind.data), form.later_reason.data or "", form.enrolment_ids.data or ()
            count = marks.settle_joined_later(course_session, people, kind, by=caller, reason=reason)
            flash(ngettext("%(num)s mark saved.", "%(num)s marks saved.", count))
            return done(url_for("completion.show_checklist", course_session_id=course_session_id))
    return _checklist_page(_session_to_finalise(course_session_id), FinaliseForm(formdata=None), form.status, form)


@bp.post("/sessions/<int:course_session_id>/finalise")
@require(Permission.SESSION_FINALISE)
def finalise(course_session_id: int) -> ResponseReturnValue:
    course_session, form = _session_to_finalise(course_session_id), FinaliseForm()
    if form.sent():
        with form.attempt():
            may_override = caller.is_a(Role.ADMINISTRATOR)
            reason = form.reason.data or ""
            found = services.finalise(course_session, by=caller, override=reason, may_override=may_override)
            due = sum(preview.verdict.document is not None for preview in found)
            flash(gettext("The course session is finalised. Certificates due: %(count)s.", count=due))
            return done(url_for("completion.show_checklist", course_session_id=course_session_id))
    return _checklist_page(_session_to_finalise(course_session_id), form, form.status)
