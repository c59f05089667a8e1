from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from app.access.models import Province
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
from app.programme.visibility.rules import open_items
from app.training.models import CourseSession


@dataclass(frozen=True)
class StrategyDetails:
    """`texts` by column."""

    valid_from: date
    review_on: date
    texts: Mapping[str, str]
    upload: Upload | None = None


def write_strategy(province_id: int, details: StrategyDetails, *, scope: Scope, by: Actor) -> Strategy:
    """The first draft of a province's strategy; there is one of each, in versions."""
    if province_id not in queries.without_strategy(scope):
        raise Refused(
            lazy_gettext("This province has a strategy already: write its next version."), field="province_id"
        )
    province = db.session.scalar(sa.select(Province).where(Province.id == province_id))
    names = (province.name_tr, province.name_en) if province is not None else ("", "")
    document = documents.begin(ProgrammeDocumentKind.STRATEGY, names, province_id, by=by)
    strategy = Strategy(province_id=province_id, document_id=document.id, **_strategy_values(details, by))
    db.session.add(strategy)
    db.session.flush()
    return strategy


def change_strategy(strategy: Strategy, details: StrategyDetails, *, by: Actor) -> None:
    """Refused while its document is in review or approved."""
    documents.hold(strategy.document)
    changed = set_changed(strategy, _strategy_values(details, by))
    if changed:
        flag_modified(strategy.document, "edition")  # whoever decides has seen this version of it
        journal.record(StrategyChanged(strategy.document_id, changed), by=by)


def _strategy_values(details: StrategyDetails, by: Actor) -> dict[str, Any]:
    if details.review_on <= details.valid_from:
        raise Refused(lazy_gettext("It is reviewed after the day from which it is valid."), field="review_on")
    values = {"valid_from": details.valid_from, "review_on": details.review_on, **details.texts}
    return values if details.upload is None else values | {"file_id": uploads.keep(details.upload, by=by)}


# --- activities --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ActivityDetails:
    province_id: int
    kind: ActivityKind
    day: date
    title_tr: str
    title_en: str
    course_session_id: int | None
    reach: int | None
    reach_source: str
    approval: DonorApproval
    approval_day: date | None
    upload: Upload | None = field(default=None)


def add_activity(details: ActivityDetails, *, scope: Scope, by: Actor) -> Activity:
    activity = Activity(**_activity_values(details, scope, by))
    db.session.add(activity)
    db.session.flush()
    journal.record(ActivityAdded(activity.id, activity.province_id), by=by)
    return activity


def change_activity(activity: Activity, details: ActivityDetails, *, scope: Scope, by: Actor) -> None:
    changed = set_changed(activity, _activity_values(details, scope, by))
    if changed:
        journal.record(ActivityChanged(activity.id, changed), by=by)


def _activity_values(details: ActivityDetails, scope: Scope, by: Actor) -> dict[str, Any]:
    values = asdict(details)
    upload = values.pop("upload") and details.upload
    if not scope.covers_province(details.province_id):
        raise Refused(lazy_gettext("This choice is not available."), field="province_id")
    if details.day > today():
        raise Refused(lazy_gettext("This day is in the future."), field="day")
    if details.reach is not None and not details.reach_source:
        raise Refused(lazy_gettext("Say where this number comes from."), field="reach_source")
    if details.approval is DonorApproval.GIVEN and details.approval_day is None:
        raise Refused(lazy_gettext("Say on which day it was given."), field="approval_day")
    if details.course_session_id is not None:
        _check_place(details)
    return values | ({"file_id": uploads.keep(upload, by=by)} if upload else {})


def _check_place(details: ActivityDetails) -> None:
    """The form offers only sessions its writer runs; one of another province does not belong to it all the same."""
    place = sa.select(CourseSession.province_id).where(CourseSession.id == details.course_session_id)
    there = db.session.scalar(EVERYWHERE.restrict(place, CourseSession))  # whichever province it is of
    if there not in (None, details.province_id):
        raise Refused(lazy_gettext("This course session is in another province."), field="course_session_id")


# --- the checklist of an event -----------------------------------------------------------------------------


def answer(course_session: CourseSession, answers: Mapping[CheckItem, CheckAnswer | None], *, by: Actor) -> None:
    """Answer items of a session's checklist anew; None takes an answer back."""
    there = dict(queries.checks(course_session))
    changed = [item for item, said in answers.items() if said is not (there[item].answer if item in there else None)]
    for item in changed:
        said, row = answers[item], there.get(item)
        if row is not None and said is None:
            db.session.delete(there.pop(item))
        elif row is not None and said is not None:
            row.answer, row.by_id, row.at = said, by.id, now()
        elif said is not None:
            there[item] = EventCheck(course_session_id=course_session.id, item=item, answer=said, by_id=by.id)
            db.session.add(there[item])
    if changed:
        settled = len(CheckItem) - len(open_items({item: row.answer for item, row in there.items()}))
        journal.record(ChecklistAnswered(course_session.id, tuple(item.value for item in changed), settled), by=by)
