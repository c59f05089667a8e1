"""Visibility: strategies, activities, events with their checklists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.language import gettext, in_language, pgettext
from app.lists import pages as lists
from app.lists.events import Exported
from app.lists.models import ListOf
from app.programme import uploads
from app.programme.documents import pages as documents
from app.programme.visibility import pages, queries, rules, services
from app.programme.visibility.forms import ActivityForm, ChecklistForm, StrategyForm
from app.programme.visibility.models import Activity, CheckItem, Strategy
from app.programme.visibility.queries import Event
from app.training.pages import layout, to_run
from app.web.door import reads_first, require, takes, traced
from app.web.listing import handed_out
from app.web.render import done, form_page, render

bp = Blueprint("visibility", __name__)
READ, WRITE = Permission.PROGRAMME_READ, Permission.PROGRAMME_WRITE


# --- strategies --------------------------------------------------------------------------------------------


@bp.get("/programme/visibility")
@require(READ)
@traced(Exported)
def show_strategies() -> ResponseReturnValue:
    page, free = "programme/visibility/strategies.html", queries.without_strategy(caller.scope_for(WRITE))
    return lists.answer(STRATEGIES, page, by=caller, filters=pages.strategy_filters(caller), free=free)


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
    passages, standing = rules.passages(strategy), documents.standing(caller, strategy.document)
    page = "programme/visibility/strategy.html"
    return render(page, strategy=strategy, passages=passages, standing=standing)


@bp.route("/programme/visibility/strategies/new", methods=["GET", "POST"])
@bp.route("/programme/visibility/strategies/<int:strategy_id>/edit", methods=["GET", "POST"])
@require(WRITE)
@takes(uploads.REQUEST)
@reads_first
def edit_strategy(strategy_id: int | None = None) -> ResponseReturnValue:
    scope, strategy = caller.scope_for(WRITE), _strategy(strategy_id)
    form = StrategyForm.of(strategy, () if strategy else queries.without_strategy(scope))
    if form.sent():
        with form.attempt():
            values, upload = form.typed()
            if strategy := _strategy(strategy_id):
                form.same_version(strategy)
                services.change_strategy(strategy, values, upload, by=caller)
                flash(gettext("Changes saved."))
            else:
                strategy = services.write_strategy(values, upload, scope=scope, by=caller)
                flash(gettext("The strategy is drafted. Submit it once it is complete."))
            return done(url_for("visibility.show_strategy", strategy_id=strategy.id))
        strategy = _strategy(strategy_id)
    return form_page("programme/visibility/strategy_form.html", form, thing=strategy)


def _strategy(strategy_id: int | None) -> Strategy | None:
    return queries.strategy(caller.scope_for(WRITE), strategy_id) if strategy_id is not None else None


@bp.get("/programme/visibility/strategies/<int:strategy_id>/file")
@require(READ)
def show_strategy_file(strategy_id: int) -> ResponseReturnValue:
    return handed_out(uploads.kept(queries.strategy(caller.scope_for(READ), strategy_id).file_id))


# --- activities --------------------------------------------------------------------------------------------


@bp.get("/programme/visibility/activities")
@require(READ)
@traced(Exported)
def show_activities() -> ResponseReturnValue:
    page, may_write = "programme/visibility/activities.html", caller.may(WRITE)
    return lists.answer(ACTIVITIES, page, by=caller, filters=pages.activity_filters(caller), may_write=may_write)


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
    filters=tuple(queries.ACTIVITY_FILTERS),
)


@bp.get("/programme/visibility/activities/<int:activity_id>")
@require(READ)
def show_activity(activity_id: int) -> ResponseReturnValue:
    activity = queries.activity(caller.scope_for(READ), activity_id)
    return render("programme/visibility/activity.html", activity=activity, may_write=caller.may(WRITE))


@bp.route("/programme/visibility/activities/new", methods=["GET", "POST"])
@bp.route("/programme/visibility/activities/<int:activity_id>/edit", methods=["GET", "POST"])
@require(WRITE)
@takes(uploads.REQUEST)
@reads_first
def edit_activity(activity_id: int | None = None) -> ResponseReturnValue:
    scope, activity = caller.scope_for(WRITE), _activity(activity_id)
    form = ActivityForm.of(scope, activity)
    if form.sent():
        with form.attempt():
            values, upload = form.typed()
            if activity := _activity(activity_id):
                form.same_version(activity)
                services.change_activity(activity, values, upload, scope=scope, by=caller)
                flash(gettext("Changes saved."))
            else:
                activity = services.add_activity(values, upload, scope=scope, by=caller)
                flash(gettext("The activity was added."))
            return done(url_for("visibility.show_activity", activity_id=activity.id))
        activity = _activity(activity_id)
    return form_page("programme/visibility/activity_form.html", form, thing=activity)


def _activity(activity_id: int | None) -> Activity | None:
    return queries.activity(caller.scope_for(WRITE), activity_id) if activity_id is not None else None


@bp.get("/programme/visibility/activities/<int:activity_id>/file")
@require(READ)
def show_activity_file(activity_id: int) -> ResponseReturnValue:
    return handed_out(uploads.kept(queries.activity(caller.scope_for(READ), activity_id).file_id))


# --- events and their checklists ---------------------------------------------------------------------------


@bp.get("/programme/visibility/events")
@require(READ)
@traced(Exported)
def show_events() -> ResponseReturnValue:
    shown: dict[str, Any] = {"items": len(CheckItem), "url": pages.event_urls(caller.may(WRITE))}
    page = "programme/visibility/events.html"
    return lists.answer(EVENTS, page, by=caller, filters=pages.event_filters(caller), **shown)


EVENTS = ListOf(
    name="visibility_events",
    access=READ,
    title=lambda: gettext("Events and their visibility checklists"),
    columns=lambda: [
        (pgettext("visibility", "Event"), lambda row: in_language(row, "name")),
        (gettext("Kind"), lambda row: row.kind.label),
        (gettext("Province"), lambda row: in_language(row, "province") if row.province_tr else ""),
        (gettext("First day"), lambda row: row.starts_on),
        (gettext("Last day"), lambda row: row.ends_on),
        (gettext("Items settled"), lambda row: row.settled),
        (gettext("Items"), lambda _: len(CheckItem)),
    ],
    rows=queries.events,
    sorts=queries.EVENT_SORTS,
    descending=True,
    filters=queries.EVENT_FILTERS,
)


@bp.route("/sessions/<int:course_session_id>/visibility", methods=["GET", "POST"])
@require(WRITE)
def show_checklist(course_session_id: int) -> ResponseReturnValue:
    return _checklist("checklist", lambda: to_run(course_session_id), lambda event: layout(event, "visibility"))


@bp.route("/programme/meetings/<int:meeting_id>/visibility", methods=["GET", "POST"])
@require(WRITE)
def show_meeting_checklist(meeting_id: int) -> ResponseReturnValue:
    return _checklist("meeting", lambda: queries.meeting(caller.scope_for(WRITE), meeting_id))


@bp.route("/programme/visibility/activities/<int:activity_id>/checklist", methods=["GET", "POST"])
@require(WRITE)
def show_activity_checklist(activity_id: int) -> ResponseReturnValue:
    return _checklist("activity_checklist", lambda: queries.activity(caller.scope_for(WRITE), activity_id, event=True))


def _checklist(
    page: str, find: Callable[[], Event], around: Callable[[Any], Mapping[str, Any]] = lambda event: {"event": event}
) -> ResponseReturnValue:
    event = find()
    form = ChecklistForm.of(queries.checks(event))
    if form.sent():
        with form.attempt():
            form.same_stamp()
            services.answer(event, form.answers(), by=caller)
            flash(gettext("The checklist was saved."))
            return done(request.path)
        event = find()
    shown: dict[str, Any] = {"form": form, "items": list(CheckItem), "editable": not rules.called_off(event)}
    if not isinstance(event, Activity):
        shown["activities"] = queries.activities_of(caller.scope_for(WRITE), event)
    return render(f"programme/visibility/{page}.html", status=form.status, **shown, **around(event))
