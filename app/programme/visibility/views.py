"""Visibility: strategies, activities, events with their checklists."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.core.errors import Refused
from app.language import gettext, in_language, lazy_gettext
from app.lists import pages as lists
from app.lists.events import Exported
from app.lists.models import ListOf
from app.programme import uploads
from app.programme.documents import pages as documents
from app.programme.visibility import pages, queries, rules, services
from app.programme.visibility.forms import ActivityForm, ChecklistForm, StrategyForm
from app.programme.visibility.models import Activity, CheckItem, Strategy
from app.training.pages import layout, to_run
from app.web.door import reads_first, require, takes, traced
from app.web.edge.transaction import write
from app.web.listing import download
from app.web.render import done, render

bp = Blueprint("visibility", __name__)
READ, WRITE = Permission.PROGRAMME_READ, Permission.PROGRAMME_WRITE


# --- strategies --------------------------------------------------------------------------------------------


@bp.get("/programme/visibility")
@require(READ)
@traced(Exported)
def show_strategies() -> ResponseReturnValue:
    listing = lists.read(STRATEGIES, by=caller)
    if listing.format:
        return lists.file(STRATEGIES, listing, by=caller)
    page = "programme/visibility/strategies.html"
    free = queries.without_strategy(caller.scope_for(WRITE)) if caller.may(WRITE) else []
    return render(page, fragment="list", listing=listing, filters=pages.strategy_filters(), free=free)


STRATEGIES = ListOf(
    name="strategies",
    access=READ,
    title=lambda: gettext("Visibility strategies"),
    columns=lambda: [
        (gettext("Province"), lambda row: in_language(row.province, "name")),
        (gettext("Status"), lambda row: row.document.status.label),
        (gettext("Version"), lambda row: row.document.edition),
        (gettext("Valid from"), lambda row: row.valid_from),
        (gettext("Review date"), lambda row: row.review_on),
        (gettext("Approved on"), lambda row: row.document.approved_at and row.document.approved_at.date()),
    ],
    rows=queries.strategies,
    sorts=queries.STRATEGY_SORTS,
    filters=("province", "review"),
)


@bp.get("/programme/visibility/strategies/<int:strategy_id>")
@require(READ)
def show_strategy(strategy_id: int) -> ResponseReturnValue:
    strategy = queries.strategy(caller.scope_for(READ), strategy_id)
    shown: dict[str, Any] = {
        "passages": rules.passages(strategy),
        "standing": documents.standing(caller, strategy.document),
    }
    return render("programme/visibility/strategy.html", strategy=strategy, **shown)


@bp.route("/programme/visibility/strategies/new", methods=["GET", "POST"])
@require(WRITE)
@takes(uploads.REQUEST)
@reads_first
def write_strategy() -> ResponseReturnValue:
    scope = caller.scope_for(WRITE)
    form = StrategyForm.of(None, queries.without_strategy(scope))
    if form.sent():
        with form.attempt():
            details = form.details()
            write()
            strategy = services.write_strategy(form.province_id.data, details, scope=scope, by=caller)
            flash(gettext("The strategy is drafted. Submit it once it is complete."))
            return done(url_for("visibility.show_strategy", strategy_id=strategy.id))
    return _strategy_page(form)


def _strategy_page(form: StrategyForm, strategy: Strategy | None = None) -> ResponseReturnValue:
    page = "programme/visibility/strategy_form.html"
    return render(page, fragment="edit", status=form.status, form=form, strategy=strategy)


@bp.route("/programme/visibility/strategies/<int:strategy_id>/edit", methods=["GET", "POST"])
@require(WRITE)
@takes(uploads.REQUEST)
@reads_first
def edit_strategy(strategy_id: int) -> ResponseReturnValue:
    scope = caller.scope_for(WRITE)
    strategy = queries.strategy(scope, strategy_id)
    form = StrategyForm.of(strategy)
    if form.sent():
        with form.attempt():
            details = form.details()
            write()
            strategy = queries.strategy(scope, strategy_id)
            form.same_version(strategy)
            services.change_strategy(strategy, details, by=caller)
            flash(gettext("Changes saved."))
            return done(url_for("visibility.show_strategy", strategy_id=strategy_id))
        strategy = queries.strategy(scope, strategy_id)
    return _strategy_page(form, strategy)


@bp.get("/programme/visibility/strategies/<int:strategy_id>/file")
@require(READ)
def show_strategy_file(strategy_id: int) -> ResponseReturnValue:
    document = uploads.kept(queries.strategy(caller.scope_for(READ), strategy_id).file_id)
    return download(document.content, document.media_type, document.filename)


# --- activities --------------------------------------------------------------------------------------------


@bp.get("/programme/visibility/activities")
@require(READ)
@traced(Exported)
def show_activities() -> ResponseReturnValue:
    listing = lists.read(ACTIVITIES, by=caller)
    if listing.format:
        return lists.file(ACTIVITIES, listing, by=caller)
    page, may_write = "programme/visibility/activities.html", caller.may(WRITE)
    return render(page, fragment="list", listing=listing, filters=pages.activity_filters(), may_write=may_write)


ACTIVITIES = ListOf(
    name="activities",
    access=READ,
    title=lambda: gettext("Visibility activities"),
    columns=lambda: [
        (gettext("Activity"), lambda row: in_language(row, "title")),
        (gettext("Kind"), lambda row: row.kind.label),
        (gettext("Day"), lambda row: row.day),
        (gettext("Province"), lambda row: in_language(row.province, "name")),
        (gettext("Reach"), lambda row: row.reach),
        (gettext("Source of the reach"), lambda row: row.reach_source),
        (gettext("Donor approval"), lambda row: row.approval.label),
        (gettext("Asked or given on"), lambda row: row.approval_day),
    ],
    rows=queries.activities,
    sorts=queries.ACTIVITY_SORTS,
    descending=True,
    filters=queries.ACTIVITY_FILTERS,
)


@bp.get("/programme/visibility/activities/<int:activity_id>")
@require(READ)
def show_activity(activity_id: int) -> ResponseReturnValue:
    activity = queries.activity(caller.scope_for(READ), activity_id)
    return render("programme/visibility/activity.html", activity=activity, may_write=caller.may(WRITE))


@bp.route("/programme/visibility/activities/new", methods=["GET", "POST"])
@require(WRITE)
@takes(uploads.REQUEST)
@reads_first
def add_activity() -> ResponseReturnValue:
    scope = caller.scope_for(WRITE)
    form = ActivityForm.of(scope, queries.sessions_of(scope))
    if form.sent():
        with form.attempt():
            details = form.details()
            write()
            activity = services.add_activity(details, scope=scope, by=caller)
            flash(gettext("The activity was added."))
            return done(url_for("visibility.show_activity", activity_id=activity.id))
    return _activity_page(form)


def _activity_page(form: ActivityForm, activity: Activity | None = None) -> ResponseReturnValue:
    page = "programme/visibility/activity_form.html"
    return render(page, fragment="edit", status=form.status, form=form, activity=activity)


@bp.route("/programme/visibility/activities/<int:activity_id>/edit", methods=["GET", "POST"])
@require(WRITE)
@takes(uploads.REQUEST)
@reads_first
def edit_activity(activity_id: int) -> ResponseReturnValue:
    scope = caller.scope_for(WRITE)
    activity = queries.activity(scope, activity_id)
    form = ActivityForm.of(scope, queries.sessions_of(scope), activity)
    if form.sent():
        with form.attempt():
            details = form.details()
            write()
            activity = queries.activity(scope, activity_id)
            form.same_version(activity)
            services.change_activity(activity, details, scope=scope, by=caller)
            flash(gettext("Changes saved."))
            return done(url_for("visibility.show_activity", activity_id=activity_id))
        activity = queries.activity(scope, activity_id)
    return _activity_page(form, activity)


@bp.get("/programme/visibility/activities/<int:activity_id>/file")
@require(READ)
def show_activity_file(activity_id: int) -> ResponseReturnValue:
    document = uploads.kept(queries.activity(caller.scope_for(READ), activity_id).file_id)
    return download(document.content, document.media_type, document.filename)


# --- events and their checklists ---------------------------------------------------------------------------


@bp.get("/programme/visibility/events")
@require(READ)
@traced(Exported)
def show_events() -> ResponseReturnValue:
    listing = lists.read(EVENTS, by=caller)
    if listing.format:
        return lists.file(EVENTS, listing, by=caller)
    page = "programme/visibility/events.html"
    shown: dict[str, Any] = {"items": pages.ITEMS, "may_write": caller.may(WRITE)}
    return render(page, fragment="list", listing=listing, filters=pages.event_filters(), **shown)


EVENTS = ListOf(
    name="visibility_events",
    access=READ,
    title=lambda: gettext("Events and their visibility checklists"),
    columns=lambda: [
        (gettext("Course session"), lambda row: row.code),
        (gettext("Course"), lambda row: in_language(row, "name")),
        (gettext("Province"), lambda row: in_language(row, "province") if row.province_tr else ""),
        (gettext("First day"), lambda row: row.starts_on),
        (gettext("Last day"), lambda row: row.ends_on),
        (gettext("Status"), lambda row: row.status.label),
        (gettext("Items settled"), lambda row: row.settled),
        (gettext("Items"), lambda _: pages.ITEMS),
    ],
    rows=queries.events,
    sorts=queries.EVENT_SORTS,
    descending=True,
    filters=queries.EVENT_FILTERS,
)


@bp.route("/sessions/<int:course_session_id>/visibility", methods=["GET", "POST"])
@require(WRITE)
def show_checklist(course_session_id: int) -> ResponseReturnValue:
    course_session = to_run(course_session_id)
    form = ChecklistForm.of(queries.checks(course_session))
    if form.sent():
        with form.attempt():
            if not pages.editable(course_session):
                raise Refused(lazy_gettext("This course session was cancelled."))
            form.same_stamp()
            services.answer(course_session, form.answers(), by=caller)
            flash(gettext("The checklist was saved."))
            return done(url_for("visibility.show_checklist", course_session_id=course_session_id))
        course_session = to_run(course_session_id)
    around = layout(course_session, "visibility")
    shown: dict[str, Any] = {"form": form, "items": list(CheckItem), "editable": pages.editable(course_session)}
    return render("programme/visibility/checklist.html", status=form.status, **shown, **around)
