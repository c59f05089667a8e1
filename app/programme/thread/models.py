from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.access.models import Province
from app.catalogue.models import Competency, Course
from app.core.status import Worded
from app.plans.models import PlanItem, TrainingPlan
from app.programme.asks.models import Line
from app.training.models import SessionStatus


class Reach(Worded):
    """How far a chain has come."""

    ASKED = "asked", "Asked for, not planned"
    PLANNED = "planned", "Planned, no session yet"
    OPENED = "opened", "Session open or confirmed"
    DELIVERED = "delivered", "Session finalised"


@dataclass(frozen=True)
class Given:
    """A session given for a row of a plan, as its reader sees it, with its valid certificates."""

    id: int
    code: str
    status: SessionStatus
    certificates: int


@dataclass(frozen=True)
class Chain:
    """What asks, and what became of it. `sessions` are those the reader may see; `closed`: the share of the gap that
    closed among people who completed one, where a follow-up asked at least five of them.
    """

    line: Line
    competency: Competency
    province: Province | None
    item: PlanItem | None
    plan: TrainingPlan | None
    course: Course | None
    sessions: Sequence[Given] = ()
    closed: Fraction | None = None

    @property
    def certificates(self) -> int:
        return sum(session.certificates for session in self.sessions)

    @property
    def closed_tenths(self) -> int | None:
        """In tenths of a percent, cut off."""
        return None if self.closed is None else int(self.closed * 1000)
