from __future__ import annotations

from collections.abc import Mapping
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
from app.programme.sustainability.models import Measure, MeasureStatus, MeasureStep
from app.programme.uploads import Upload


def add(values: Mapping[str, Any], day: date, *, scope: Scope, by: Actor) -> Measure:
    """A measure that was proposed that day, by the values of its columns; `scope` is what the caller may write."""
    if day > today():
        raise Refused(lazy_gettext("This day is in the future."), field="day")
    _check_place(values, scope)
    measure = Measure(status=MeasureStatus.PROPOSED, **values)
    db.session.add(measure)
    db.session.flush()
    db.session.add(MeasureStep(measure_id=measure.id, status=measure.status, day=day, by_id=by.id))
    journal.record(MeasureAdded(measure.id, measure.province_id), by=by)
    return measure


def change(measure: Measure, values: Mapping[str, Any], *, scope: Scope, by: Actor) -> None:
    _check_place(values, scope)
    changed = set_changed(measure, {**values})
    if changed:
        journal.record(MeasureChanged(measure.id, changed), by=by)


def _check_place(values: Mapping[str, Any], scope: Scope) -> None:
    """It is of a province the scope reaches, with an institution that belongs to it."""
    province_id, organisation_id = values["province_id"], values["organisation_id"]
    if not scope.covers_province(province_id):
        raise Refused(lazy_gettext("Please choose one."), field="province_id")
    if organisation_id is not None and province_id is not None:
        place = db.session.scalar(sa.select(Organisation.province_id).where(Organisation.id == organisation_id))
        if place not in (None, province_id):
            raise Refused(lazy_gettext("This institution is in another province."), field="organisation_id")
    if (pilot_id := values["pilot_id"]) is not None and province_id is not None:
        there = scope.restrict(sa.select(Pilot.province_id), Pilot).where(Pilot.id == pilot_id)
        if db.session.scalar(there) != province_id:
            raise Refused(lazy_gettext("This pilot project is in another province."), field="pilot_id")


def stand(
    measure: Measure, step: Mapping[str, Any], evidence: str = "", upload: Upload | None = None, *, by: Actor
) -> None:
    """Say how a measure stands (`step`: its status, day and reason) and what shows it; where only the evidence is
    another, that is a change of it.
    """
    loaded, status = measure.version, step["status"]
    db.session.refresh(measure, ["status", "version"], with_for_update=True)
    if measure.version != loaded:
        raise Stale(lazy_gettext("Somebody else changed this meanwhile. Compare both values, then save again."))
    was = measure.status
    if status is not was:
        _check_step(measure, status, step["day"], step["reason"])
    changed = set_changed(measure, uploads.attached({"evidence": evidence}, "document_id", upload, by=by))
    if status is MeasureStatus.IN_PLACE and not (measure.evidence or measure.document_id):
        raise Refused(
            lazy_gettext("Write what shows that it is in place, or attach a file that shows it."), field="evidence"
        )
    if changed:
        journal.record(MeasureChanged(measure.id, changed), by=by)
    if status is not was:
        measure.status = status
        db.session.add(MeasureStep(measure_id=measure.id, by_id=by.id, **step))
        journal.record(MeasureMoved(measure.id, was.value, status.value), by=by)


def _check_step(measure: Measure, status: MeasureStatus, day: date, reason: str) -> None:
    measure.status.to(status)
    if day > today():
        raise Refused(lazy_gettext("This day is in the future."), field="day")
    latest = within(measure).restrict(sa.select(sa.func.max(MeasureStep.day)), MeasureStep)
    before = db.session.scalar(latest)
    if before is not None and day < before:
        raise Refused(
            lazy_gettext("Its last step is of %(day)s; this one cannot be earlier.", day=format_date(before)),
            field="day",
        )
    if status is MeasureStatus.DROPPED and not reason:
        raise Refused(lazy_gettext("Write why it is dropped."), field="reason")
