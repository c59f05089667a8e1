"""Whatever takes a room or a trainer passes `settle`."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.audit import journal
from app.audit.journal import Actor
from app.calendar.days import Calendar
from app.core.clock import now
from app.core.db import db
from app.core.errors import Refused
from app.language import lazy_gettext
from app.settings.queries import calendar
from app.trainers.models import Trainer
from app.training import queries as training
from app.training.conflicts import queries, rules
from app.training.conflicts.events import ConflictsOverridden
from app.training.conflicts.models import Conflict, ConflictKind, Planned
from app.training.conflicts.rules import planned_of, setting_of
from app.training.models import ConflictOverride, CourseSession, Sitting
from app.training.services import changeable, locked
from app.venues.models import Room

ROOM_MISFITS = (ConflictKind.ROOM_SMALL, ConflictKind.ROOM_STEPS)


def hold(planned: Sequence[Planned]) -> None:
    """Take turns with whoever wants the same rooms or trainers (SQLite: the whole transaction takes turns)."""
    # rooms before trainers, each by id: in one order, so that no two wait for each other
    rooms = sorted({each.room_id for each in planned if each.room_id is not None})
    trainers = sorted({trainer for each in planned for trainer in each.trainer_ids})
    if rooms:
        db.session.execute(sa.select(Room.id).where(Room.id.in_(rooms)).order_by(Room.id).with_for_update())
    if trainers:
        statement = sa.select(Trainer.id).where(Trainer.id.in_(trainers)).order_by(Trainer.id).with_for_update()
        db.session.execute(EVERYWHERE.restrict(statement, Trainer))  # a lock, not a look


def settle(
    course_session: CourseSession,
    planned: Sequence[Planned],
    *,
    by: Actor,
    reason: str,
    also: Sequence[Conflict],
    standing: Sequence[Sitting] = (),
    opening: bool = False,
) -> None:
    """Refuse what blocks; keep who went ahead in spite of what warns, and why. Nobody else changes the session
    meanwhile, nor takes what it takes.
    """
    locked(course_session)
    changeable(course_session)
    hold(planned)
    found = [*look(course_session, planned, calendar(), standing=standing, opening=opening), *also]
    for conflict in rules.blocking(found):
        raise Refused(conflict.sentence, field=conflict.field)
    _overrule(course_session, found, by=by, reason=reason)


def look(
    course_session: CourseSession,
    planned: Sequence[Planned],
    days: Calendar,
    *,
    standing: Sequence[Sitting] = (),
    opening: bool = False,
) -> list[Conflict]:
    """All this room knows of a plan. `standing`: the sittings as they are; `opening`: for the first time."""
    found = [
        *queries.find(planned, setting_of(course_session, days)),
        *rules.past(planned, now(), standing),
    ]
    return [*found, *rules.untaught(planned, now())] if opening else found


def check_rooms(course_session: CourseSession, *, by: Actor, reason: str) -> None:
    """Whether the rooms its sittings have still suit a session whose numbers change; a misfit asks for a reason."""
    planned = planned_of(training.sittings(course_session), ())
    found = queries.find(planned, setting_of(course_session, calendar()))
    _overrule(course_session, [each for each in found if each.kind in ROOM_MISFITS], by=by, reason=reason, said=True)


def _overrule(
    course_session: CourseSession, found: Sequence[Conflict], *, by: Actor, reason: str, said: bool = False
) -> None:
    """Keep why somebody goes ahead in spite of warnings nobody has answered yet. `said`: name them in the refusal,
    for a page that does not show them beside the form.
    """
    known = queries.overridden(course_session)
    fresh = [each for each in found if (each.kind.value, each.detail) not in known]
    if not fresh:
        return
    if not reason.strip() or by.id is None:
        words = lazy_gettext("There are warnings. Change the plan, or say why you go ahead.")
        sentences = [each.sentence for each in fresh] if said else []
        raise Refused(" ".join([*sentences, str(words)]), field="override_reason")
    for conflict in fresh:
        db.session.add(
            ConflictOverride(
                course_session_id=course_session.id,
                kind=conflict.kind.value,
                detail=conflict.detail,
                reason=reason.strip(),
                by_id=by.id,
            )
        )
    kinds = tuple(sorted({conflict.kind.value for conflict in fresh}))
    journal.record(ConflictsOverridden(course_session.id, kinds), by=by)
