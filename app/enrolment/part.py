"""What part somebody plays in one session: who runs it, who may put their own people forward, who teaches, who asks."""

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


def part(caller: Caller, course_session: CourseSession, through: Scope | None = None) -> Part:
    """The furthest-reaching part a caller plays in a session they see; found once for a loaded session.

    `through`: the scope the session was loaded through, which need not be asked again.
    """
    known = sa.inspect(course_session).info.setdefault("parts", {})
    if caller.id not in known:
        known[caller.id] = _part(caller, course_session, through)
    found: Part = known[caller.id]
    return found


def _part(caller: Caller, course_session: CourseSession, through: Scope | None) -> Part:
    write = caller.scope_for(Permission.ENROLMENT_WRITE)
    if write.everything or (course_session.province_id is not None and course_session.province_id in write.provinces):
        return Part(Plays.RUNS, write)
    nominate = caller.scope_for(Permission.ENROLMENT_NOMINATE)
    if nominate != NOTHING and (nominate == through or _sees(nominate, course_session)):
        return Part(Plays.NOMINATES, nominate)
    teach = Scope(own_trainer=caller.id)
    if caller.is_a(Role.TRAINER) and (teach == through or _sees(teach, course_session)):
        return Part(Plays.TEACHES, teach)
    if write != NOTHING:
        # a session offered to their province and run by another: they see their own people on it and change nothing
        return Part(Plays.OWN, write)
    return Part(Plays.OWN, caller.scope_for(Permission.ENROLMENT_APPLY))


def _sees(scope: Scope, course_session: CourseSession) -> bool:
    found = scope.restrict(sa.select(CourseSession.id), CourseSession).where(CourseSession.id == course_session.id)
    return db.session.scalar(found) is not None
