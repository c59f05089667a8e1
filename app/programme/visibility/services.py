from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from app.access.scope import EVERYWHERE, Scope
from app.audit import journal
from app.audit.journal import Actor
from app.core.clock import now, today
from app.core.db import db, set_changed
from app.core.errors import Refused
from app.language import lazy_gettext
from app.programme import uploads
from app.programme.documents import services as documents
from app.programme.documents.models import ProgrammeDocumentKind
from app.programme.groups.models import ActionGroup, GroupMeeting
from app.programme.pilots.models import Pilot
from app.programme.uploads import Upload
from app.programme.visibility import queries
from app.programme.visibility.events import ActivityAdded, ActivityChanged, ChecklistAnswered, StrategyChanged
from app.programme.visibility.models import (
    Activity,
    ActivityKind,
    CheckAnswer,
    CheckItem,
    DonorApproval,
    EventCheck,
    Strategy,
)
from app.programme.visibility.queries import Event
from app.programme.visibility.rules import called_off, open_items
from app.training.models import CourseSession


def write_strategy(values: Mapping[str, Any], upload: Upload | None, *, scope: Scope, by: Actor) -> Strategy:
    """The first draft of a province's strategy by the `values` of its columns; there is one of each, in versions."""
    place = next((one for one in queries.without_strategy(scope) if one.id == values["province_id"]), None)
    if place is None:
        raise Refused(
            lazy_gettext("This province has a strategy already: write its next version."), field="province_id"
        )
    names = f"{place.name_tr} görünürlük stratejisi", f"Visibility strategy of {place.name_en}"
    document = documents.begin(ProgrammeDocumentKind.STRATEGY, names, place.id, by=by)
    strategy = Strategy(document_id=document.id, **_of_strategy(values, upload, by))
    db.session.add(strategy)
    db.session.flush()
    return strategy


def change_strategy(strategy: Strategy, values: Mapping[str, Any], upload: Upload | None, *, by: Actor) -> None:
    """Refused while its document is in review or approved."""
    documents.hold(strategy.document)
    changed = set_changed(strategy, _of_strategy(values, upload, by))
    if changed:
        flag_modified(strategy.document, "edition")  # whoever decides has seen this version of it
        journal.record(StrategyChanged(strategy.document_id, changed), by=by)


def _of_strategy(values: Mapping[str, Any], upload: Upload | None, by: Actor) -> dict[str, Any]:
    if values["review_on"] <= values["valid_from"]:
        raise Refused(lazy_gettext("It is reviewed after the day from which it is valid."), field="review_on")
    return uploads.attached(values, "file_id", upload, by=by)


# --- activities --------------------------------------------------------------------------------------------


def add_activity(values: Mapping[str, Any], upload: Upload | None, *, scope: Scope, by: Actor) -> Activity:
    """By the values of its columns; `scope` is what the caller may write."""
    activity = Activity(**_of_activity(values, upload, scope, by))
    db.session.add(activity)
    db.session.flush()
    journal.record(ActivityAdded(activity.id, activity.province_id), by=by)
    return activity


def change_activity(
    activity: Activity, values: Mapping[str, Any], upload: Upload | None, *, scope: Scope, by: Actor
) -> None:
    changed = set_changed(activity, _of_activity(values, upload, scope, by))
    if changed:
        journal.record(ActivityChanged(activity.id, changed), by=by)


def _of_activity(values: Mapping[str, Any], upload: Upload | None, scope: Scope, by: Actor) -> dict[str, Any]:
    if not scope.covers_province(values["province_id"]):
        raise Refused(lazy_gettext("This choice is not available."), field="province_id")
    # an event has its checklist before it begins
    if values["day"] > today() and values["kind"] is not ActivityKind.EVENT:
        raise Refused(lazy_gettext("This day is in the future."), field="day")
    if values["reach"] is not None and not values["reach_source"]:
        raise Refused(lazy_gettext("Say where this number comes from."), field="reach_source")
    if values["approval_day"] is not None and values["approval_day"] > today():
        raise Refused(lazy_gettext("This day is in the future."), field="approval_day")
    if values["approval"] is DonorApproval.GIVEN and values["approval_day"] is None:
        raise Refused(lazy_gettext("Say on which day it was given."), field="approval_day")
    for name, statement in PLACES.items():
        # the form offers only what its writer runs; what is of another province does not belong to it all the same
        there = db.session.scalar(EVERYWHERE.trusting(statement, *queries.OWNERS), {"key": values[name]})
        if there not in (None, values["province_id"]):
            raise Refused(lazy_gettext("What it belongs to is in another province."), field=name)
    return uploads.attached(values, "file_id", upload, by=by)


KEY: sa.BindParameter[int | None] = sa.bindparam("key", type_=sa.Integer)
PLACES: Mapping[str, sa.Select[Any]] = {
    "course_session_id": sa.select(CourseSession.province_id).where(CourseSession.id == KEY),
    "pilot_id": sa.select(Pilot.province_id).where(Pilot.id == KEY),
    "meeting_id": sa.select(ActionGroup.province_id).join(GroupMeeting).where(GroupMeeting.id == KEY),
}
"""Of which province it is that an activity belongs to."""


# --- the checklist of an event -----------------------------------------------------------------------------


def answer(event: Event, answers: Mapping[CheckItem, CheckAnswer | None], *, by: Actor) -> None:
    """Answer items of an event's checklist anew; None takes an answer back."""
    if called_off(event):
        raise Refused(lazy_gettext("This event was cancelled."))
    there, its = dict(queries.checks(event)), queries.pointer(event)
    changed = [item for item, said in answers.items() if said is not (there[item].answer if item in there else None)]
    for item in changed:
        said, row = answers[item], there.get(item)
        if said is None:
            db.session.delete(there.pop(item))
        elif row is None:
            there[item] = EventCheck(item=item, answer=said, by_id=by.id, **its)
            db.session.add(there[item])
        else:
            row.answer, row.by_id, row.at = said, by.id, now()
    if changed:
        settled = len(CheckItem) - len(open_items({item: row.answer for item, row in there.items()}))
        journal.record(ChecklistAnswered(tuple(item.value for item in changed), settled, **its), by=by)
