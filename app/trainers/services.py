from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from app.access.scope import Scope
from app.audit import journal
from app.audit.journal import Actor
from app.core.db import db, set_changed
from app.core.errors import Refused
from app.language import lazy_gettext
from app.people.events import EmployeesMerged
from app.trainers import queries
from app.trainers.events import TrainerActivated, TrainerChanged, TrainerCreated
from app.trainers.models import Trainer, TrainerExpertise, TrainerKind


@dataclass(frozen=True)
class TrainerDetails:
    """Everything about a trainer that a form sets; `employee_id` is somebody the caller may see."""

    given_name: str
    family_name: str
    academic_title: str
    kind: TrainerKind
    institution: str
    province_id: int | None
    email: str
    employee_id: int | None = None
    competency_ids: Sequence[int] = ()

    def columns(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "competency_ids"}


def create_trainer(details: TrainerDetails, *, scope: Scope, by: Actor) -> Trainer:
    """`scope` is what the caller may write: a trainer of their provinces, or of none."""
    _check(details, scope, None)
    trainer = Trainer(active=True, **details.columns())
    trainer.set_identity(details.given_name, details.family_name, details.email)
    db.session.add(trainer)
    db.session.flush()
    _set_expertise(trainer, details.competency_ids)
    journal.record(TrainerCreated(trainer.id), by=by)
    return trainer


def change_trainer(trainer: Trainer, details: TrainerDetails, *, scope: Scope, by: Actor) -> None:
    _check(details, scope, trainer)
    changed = [*set_changed(trainer, details.columns())]
    if changed:
        trainer.set_identity(details.given_name, details.family_name, details.email)
    if _set_expertise(trainer, details.competency_ids):
        flag_modified(trainer, "kind")  # expertise stands in another table; whoever edits meanwhile must be told
        changed.append("expertise")
    if changed:
        journal.record(TrainerChanged(trainer.id, tuple(changed)), by=by)


def set_active(trainer: Trainer, active: bool, *, by: Actor) -> None:
    """They teach again, or no longer. Asking twice does nothing."""
    if trainer.active is not active:
        trainer.active = active
        journal.record(TrainerActivated(trainer.id, active), by=by)


def _check(details: TrainerDetails, scope: Scope, trainer: Trainer | None) -> None:
    if details.province_id is not None and not scope.covers_province(details.province_id):
        raise Refused(lazy_gettext("This choice is not available."), field="province_id")
    if details.employee_id is None:
        return
    if details.kind is not TrainerKind.INTERNAL:
        raise Refused(lazy_gettext("Only an internal trainer is on an institution's staff."), field="colleague")
    other = queries.trainer_of_employee(details.employee_id)
    if other is not None and (trainer is None or other.id != trainer.id):
        raise Refused(lazy_gettext("This person is a trainer already."), field="colleague")


def _set_expertise(trainer: Trainer, wanted: Sequence[int]) -> bool:
    """Make the list what it should be; whether it changed."""
    was = set(queries.expertise_ids(trainer))
    gone, fresh = was - set(wanted), sorted(set(wanted) - was)
    if gone:
        db.session.execute(
            sa.delete(TrainerExpertise).where(
                TrainerExpertise.trainer_id == trainer.id, TrainerExpertise.competency_id.in_(sorted(gone))
            )
        )
    db.session.add_all([TrainerExpertise(trainer_id=trainer.id, competency_id=key) for key in fresh])
    return bool(gone or fresh)


def follow_merge(event: EmployeesMerged, by: Actor) -> None:
    """Two records were one person: the trainer they are now points at the one that stays."""
    merged, kept = queries.trainer_of_employee(event.merged_id), queries.trainer_of_employee(event.kept_id)
    if merged is None:
        return
    if kept is not None:
        raise Refused(
            lazy_gettext(
                "Both are trainers: %(one)s and %(other)s. Unlink one of them from the staff first.",
                one=kept.name,
                other=merged.name,
            )
        )
    merged.employee_id = event.kept_id
    journal.record(TrainerChanged(merged.id, ("employee_id",)), by=by)
