"""What part somebody plays in one session: who runs it, who may put her own people forward, who teaches, who asks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from app.access.caller import Caller
from app.access.permissions import Permission, Role
from app.access.scope import NOTHING, Scope
from app.core.db import db
from app.training.models import CourseSession


class Plays(StrEnum):
    RUNS = "runs"
    NOMINATES = "nominates"
    TEACHES = "teaches"
    OWN = "own"


@dataclass(frozen=True)
class Part:
    """`scope` reaches the people and enrolments this part may see in the session."""

    plays: Plays
    scope: Scope

    @property
    def runs(self) -> bool:
        return self.plays is Plays.RUNS

    @property
    def nominates(self) -> bool:
        return self.plays is Plays.NOMINATES

    @property
    def manages(self) -> bool:
        """Whether others may be put on the list at all."""
        return self.plays in (Plays.RUNS, Plays.NOMINATES)


def part(caller: Caller, course_session: CourseSession) -> Part:
    """The furthest-reaching part a caller plays in a session she sees."""
    write = caller.scope_for(Permission.ENROLMENT_WRITE)
    if write.everything or (course_session.province_id is not None and course_session.province_id in write.provinces):
        return Part(Plays.RUNS, write)
    nominate = caller.scope_for(Permission.ENROLMENT_NOMINATE)
    if _sees(nominate, course_session):
        return Part(Plays.NOMINATES, nominate)
    if caller.is_a(Role.TRAINER) and _sees(Scope(own_trainer=caller.id), course_session):
        return Part(Plays.TEACHES, Scope(own_trainer=caller.id))
    if write != NOTHING:
        # a session offered to her province and run by another: she sees her own people on it and changes nothing
        return Part(Plays.OWN, write)
    return Part(Plays.OWN, caller.scope_for(Permission.ENROLMENT_APPLY))


def _sees(scope: Scope, course_session: CourseSession) -> bool:
    if scope == NOTHING:
        return False
    found = scope.restrict(sa.select(CourseSession.id), CourseSession).where(CourseSession.id == course_session.id)
    return db.session.scalar(found) is not None
