"""Course sessions: the list, the month, a session's first page, and the moves this room serves."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.core import slots
from app.core.clock import today
from app.language import format_month, gettext
from app.lists import pages as lists
from app.lists.events import Exported
from app.lists.models import Columns, ListOf
from app.training import queries as training
from app.training.concerns import ANY, CONCERNS
from app.training.conflicts.pages import also, look
from app.training.conflicts.rules import planned_of
from app.training.models import CourseSession, SessionStatus, Sitting
from app.training.pages import layout, places_of, to_run, to_see
from app.training.rules import Circumstance, period
from app.training.sessions import plan_rows, queries, services
from app.training.sessions.forms import CopyForm, EditSessionForm, OpenForm
from app.training.sessions.pages import overview
from app.training.sessions.plan_rows import open_rows
from app.web.door import require, traced
from app.web.forms import Form, ReasonForm
from app.web.render import done, render

bp = Blueprint("sessions", __name__)


def address(course_session_id: int) -> str:
    return url_for("sessions.show_session", course_session_id=course_session_id)


@bp.get("/plans/behind")
@require(Permission.SESSION_WRITE)
def show_behind() -> ResponseReturnValue:
    """Rows of the plan behind their quarter."""
    rows = plan_rows.behind(caller.scope_for(Permission.SESSION_WRITE), today())
    return render("training/sessions/behind.html", rows=rows)


def _leads(concern: str) -> Callable[[int], str]:
    """Where a row of the list goes: to what is at risk in it, if that is what was asked for."""
    found = CONCERNS.here.get(concern)
    return found.leads if found is not None and found.leads is not None else address


@bp.get("/sessions")
@require(Permission.SESSION_READ)
@traced(Exported)
def list_sessions() -> ResponseReturnValue:
    listing = lists.read(COURSE_SESSIONS, by=caller)
    if listing.format:
        return lists.file(COURSE_SESSIONS, listing, by=caller)
    return render(
        "training/sessions/sessions.html",
        fragment="list",
        listing=listing,
        choices=queries.choices(caller.scope_for(Permission.SESSION_READ)),
        statuses=[*SessionStatus, Circumstance.FULL, Circumstance.IN_PROGRESS, Circumstance.ENDED],
        periods=_periods(listing.filter("period")),
        may_make=caller.may(Permission.SESSION_WRITE),
        leads=_leads(listing.filter("concern") or ""),
        concerns=[(ANY, gettext("Anything at risk")), *((name, each.said()) for name, each in CONCERNS.here.items())],
    )


def _columns() -> Columns:
    return [
        (gettext("Code"), lambda row: row.code),
        (gettext("Course"), lambda row: row.course),
        (gettext("Province"), lambda row: row.province),
        (gettext("Status"), lambda row: row.status.label),
        (gettext("First day"), lambda row: row.starts_on),
        (gettext("Last day"), lambda row: row.ends_on),
        (gettext("Sittings"), lambda row: row.sittings),
        (gettext("Seats taken"), lambda row: row.taken),
        (gettext("Capacity"), lambda row: row.capacity),
    ]


COURSE_SESSIONS = ListOf(
    name="course_sessions",
    access=Permission.SESSION_READ,
    title=lambda: gettext("Course sessions"),
    columns=_columns,
    rows=queries.course_sessions,
    sorts=queries.SESSION_SORTS,
    descending=True,
    filters=queries.FILTERS,
)


def _periods(chosen: str) -> list[tuple[str, str]]:
    """This year's quarters, and the years around it; the month a calendar led here from."""
    year = today().year
    span = period(chosen)
    month = [(chosen, format_month(span[0]))] if span and len(chosen) == 7 and "Q" not in chosen else []
    quarters = [(f"{year}-Q{n}", gettext("%(year)s, quarter %(quarter)s", year=year, quarter=n)) for n in range(1, 5)]
    return [*month, *quarters, *((str(each), str(each)) for each in (year + 1, year, year - 1, year - 2))]


@bp.get("/sessions/<int:course_session_id>")
@require(Permission.SESSION_READ)
def show_session(course_session_id: int) -> ResponseReturnValue:
    return render("training/sessions/session.html", **overview(to_see(course_session_id)), form=Form())


@bp.route("/sessions/<int:course_session_id>/open", methods=["GET", "POST"])
@require(Permission.SESSION_WRITE)
def open_session(course_session_id: int) -> ResponseReturnValue:
    course_session, form = to_run(course_session_id), OpenForm()
    course_session.status.to(SessionStatus.OPEN)
    if form.sent():
        with form.attempt():
            planned = planned_of(*training.sittings_given(course_session))
            found, reason = also(course_session, planned), form.override_reason.data or ""
            services.open_(course_session, by=caller, reason=reason, also=found)
            flash(gettext("The session is open for applications."))
            return done(address(course_session_id))
        course_session = to_run(course_session_id)
    return _open_page(course_session, form)


def _open_page(course_session: CourseSession, form: OpenForm) -> ResponseReturnValue:
    """Who will be told, and what stands in the way."""
    sittings, given = training.sittings_given(course_session)
    return render(
        "training/sessions/open.html",
        **layout(course_session, "overview", places_of(sittings)),
        form=form,
        audience=training.audience(course_session),
        opening=slots.collect("course_session.opening", caller, (course_session, sittings, given)),
        preview=look(course_session, sittings, lambda _: planned_of(sittings, given), opening=True),
        status=form.status,
    )


@bp.route("/sessions/<int:course_session_id>/postpone", methods=["GET", "POST"])
@require(Permission.SESSION_WRITE)
def postpone_session(course_session_id: int) -> ResponseReturnValue:
    course_session = to_run(course_session_id)
    course_session.status.to(SessionStatus.POSTPONED)
    form = ReasonForm()
    if form.sent():
        with form.attempt():
            kept = kept_of(training.sittings(course_session))
            services.postpone(course_session, reason=form.reason.data or "", kept=kept, by=caller)
            flash(gettext("The session is postponed."))
            return done(address(course_session_id))
        course_session = to_run(course_session_id)
    return _move_page("postpone", course_session, form)


@bp.route("/sessions/<int:course_session_id>/cancel", methods=["GET", "POST"])
@require(Permission.SESSION_WRITE)
def cancel_session(course_session_id: int) -> ResponseReturnValue:
    course_session = to_run(course_session_id)
    course_session.status.to(SessionStatus.CANCELLED)
    form = ReasonForm()
    if form.sent():
        with form.attempt():
            services.cancel(course_session, reason=form.reason.data or "", by=caller)
            flash(gettext("The session is cancelled."))
            return done(address(course_session_id))
        course_session = to_run(course_session_id)
    return _move_page("cancel", course_session, form)


def _move_page(move: str, course_session: CourseSession, form: ReasonForm) -> ResponseReturnValue:
    """What will happen to whom, and the field for the reason."""
    sittings = training.sittings(course_session)
    return render(
        "training/sessions/move.html",
        **layout(course_session, "overview", places_of(sittings)),
        move=move,
        form=form,
        trainers=training.trainers_of(course_session),
        kept=kept_of(sittings),
        sittings=sittings,
        status=form.status,
    )


def kept_of(sittings: Iterable[Sitting]) -> set[int]:
    """Ids of the sittings whose date a postponement keeps."""
    return set(slots.collect("training.kept_sittings", caller, [each.id for each in sittings]))


@bp.route("/sessions/<int:course_session_id>/edit", methods=["GET", "POST"])
@require(Permission.SESSION_WRITE)
def edit_session(course_session_id: int) -> ResponseReturnValue:
    course_session = to_run(course_session_id)
    scope = caller.scope_for(Permission.SESSION_WRITE)
    rows = plan_rows.rows_of(course_session)
    form = EditSessionForm.of(course_session, training.audience(course_session), *queries.audiences(scope), rows)
    if form.sent():
        with form.attempt():
            form.same_version(course_session)
            services.change(course_session, form.details(), by=caller, reason=form.override_reason.data or "")
            flash(gettext("Changes saved."))
            return done(address(course_session_id))
        course_session = to_run(course_session_id)
    page = layout(course_session, "overview")
    return render("training/sessions/edit.html", **page, form=form, status=form.status)


@bp.route("/sessions/<int:course_session_id>/copy", methods=["GET", "POST"])
@require(Permission.SESSION_WRITE)
def copy_session(course_session_id: int) -> ResponseReturnValue:
    """Any session one may see can be copied into a province one runs."""
    course_session = to_see(course_session_id)
    form = CopyForm.of(course_session, queries.writable_provinces(caller.scope_for(Permission.SESSION_WRITE)))
    form.offer_rows(open_rows(course_session.course_id, form.province_id.data, (today().year, None)))
    if form.sent():
        with form.attempt():
            row = form.plan_item_id.chosen
            made = services.copy(course_session, form.province_id.data, by=caller, plan_item_id=row)
            flash(gettext("A draft was made. Give it dates, then open it."))
            return done(url_for("sittings.add_sittings", course_session_id=made.id))
        course_session = to_see(course_session_id)
    page = layout(course_session, "overview")
    return render("training/sessions/copy.html", **page, form=form, status=form.status)
