from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.access.models import Organisation
from app.access.scope import Scope, within
from app.audit import journal
from app.audit.journal import Actor
from app.core.clock import today
from app.core.db import db, set_changed
from app.core.errors import Refused, Stale
from app.language import format_date, lazy_gettext
from app.programme import uploads
from app.programme.pilots.models import Pilot
from app.programme.sustainability.events import MeasureAdded, MeasureChanged, MeasureMoved
from app.programme.sustainability.models import (
    Measure,
    MeasureKind,
    MeasureLevel,
    MeasureScope,
    MeasureStatus,
    MeasureStep,
)
from app.programme.uploads import Upload


@dataclass(frozen=True)
class MeasureDetails:
    """All that the form of a measure sets."""

    province_id: int | None
    organisation_id: int | None
    pilot_id: int | None
    level: MeasureLevel
    scope: MeasureScope
    kind: MeasureKind
    component: str
    text_tr: str
    text_en: str
    responsible: str
    due: date | None


@dataclass(frozen=True)
class Stand:
    """How a measure stands since a day, and what shows it."""

    status: MeasureStatus
    day: date
    evidence: str
    reason: str
    upload: Upload | None = None


def add(details: MeasureDetails, day: date, *, scope: Scope, by: Actor) -> Measure:
    """A measure that was proposed that day; `scope` is what the caller may write."""
    if day > today():
        raise Refused(lazy_gettext("This day is in the future."), field="day")
    measure = Measure(status=MeasureStatus.PROPOSED, **_checked(details, scope))
    db.session.add(measure)
    db.session.flush()
    db.session.add(MeasureStep(measure_id=measure.id, status=measure.status, day=day, by_id=by.id))
    journal.record(MeasureAdded(measure.id, measure.province_id), by=by)
    return measure


def change(measure: Measure, details: MeasureDetails, *, scope: Scope, by: Actor) -> None:
    changed = set_changed(measure, _checked(details, scope))
    if changed:
        journal.record(MeasureChanged(measure.id, changed), by=by)


def _checked(details: MeasureDetails, scope: Scope) -> dict[str, Any]:
    """The values of the row: of a province the scope reaches, with an institution and a pilot of it."""
    if not scope.covers_province(details.province_id):
        raise Refused(lazy_gettext("Please choose one."), field="province_id")
    if details.organisation_id is not None and details.province_id is not None:
        place = db.session.scalar(sa.select(Organisation.province_id).where(Organisation.id == details.organisation_id))
        if place not in (None, details.province_id):
            raise Refused(lazy_gettext("This institution is in another province."), field="organisation_id")
    if details.pilot_id is not None and details.province_id is not None:
        there = scope.restrict(sa.select(Pilot.province_id), Pilot).where(Pilot.id == details.pilot_id)
        if db.session.scalar(there) != details.province_id:
            raise Refused(lazy_gettext("This pilot project is in another province."), field="pilot_id")
    return asdict(details)


def stand(measure: Measure, stand: Stand, *, by: Actor) -> None:
    """Say how a measure stands, and what shows it; where only the evidence is another, that is a change of it."""
    loaded = measure.version
    db.session.refresh(measure, ["status", "version"], with_for_update=True)
    if measure.version != loaded:
        raise Stale(lazy_gettext("Somebody else changed this meanwhile. Compare both values, then save again."))
    was, moved = measure.status, stand.status is not measure.status
    if moved:
        _check_step(measure, stand)
    values: dict[str, Any] = {"evidence": stand.evidence}
    if stand.upload is not None:
        values["document_id"] = uploads.keep(stand.upload, by=by)
    changed = set_changed(measure, values)
    if stand.status is MeasureStatus.IN_PLACE and not (measure.evidence or measure.document_id):
        raise Refused(
            lazy_gettext("Write what shows that it is in place, or attach a file that shows it."), field="evidence"
        )
    if changed:
        journal.record(MeasureChanged(measure.id, changed), by=by)
    if moved:
        measure.status = stand.status
        row = {"status": stand.status, "day": stand.day, "reason": stand.reason}
        db.session.add(MeasureStep(measure_id=measure.id, by_id=by.id, **row))
        journal.record(MeasureMoved(measure.id, was.value, stand.status.value), by=by)


def _check_step(measure: Measure, stand: Stand) -> None:
    measure.status.to(stand.status)
    if stand.day > today():
        raise Refused(lazy_gettext("This day is in the future."), field="day")
    latest = within(measure).restrict(sa.select(sa.func.max(MeasureStep.day)), MeasureStep)
    before = db.session.scalar(latest)
    if before is not None and stand.day < before:
        raise Refused(
            lazy_gettext("Its last step is of %(day)s; this one cannot be earlier.", day=format_date(before)),
            field="day",
        )
    if stand.status is MeasureStatus.DROPPED and not stand.reason:
        raise Refused(lazy_gettext("Write why it is dropped."), field="reason")
