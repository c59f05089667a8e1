"""How a session came to where it is: kept step by step, shown newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.access.models import User
from app.access.scope import within
from app.core.db import db
from app.language import gettext, ngettext
from app.training.models import ChangeKind, ConflictOverride, CourseSession, SessionChange, SessionStatus

OVERRIDE = "override"
LIVE = (SessionStatus.OPEN.value, SessionStatus.CONFIRMED.value)


@dataclass(frozen=True)
class Step:
    """One thing that happened, as `ui.history` shows it. `lang`: the language of a text kept as it was said."""

    at: datetime
    text: str
    by: str
    reason: str
    icon: str
    lang: str = ""


def why_postponed(course_session: CourseSession) -> str:
    """Why its sittings lost their date, where that was the last thing that happened to them."""
    last = sa.select(SessionChange.kind, SessionChange.reason).order_by(SessionChange.id.desc()).limit(1)
    row = db.session.execute(within(course_session).restrict(last, SessionChange)).one_or_none()
    return row.reason if row is not None and row.kind is ChangeKind.UNDATED else ""


def moved_since(course_session: CourseSession, moment: datetime) -> bool:
    """Whether days, hours or places have changed after that moment."""
    kinds = (ChangeKind.MOVED, ChangeKind.UNDATED)
    later = sa.select(SessionChange.id).where(SessionChange.kind.in_(kinds), SessionChange.at > moment).limit(1)
    return db.session.scalar(within(course_session).restrict(later, SessionChange)) is not None


def had_been_open(course_session: CourseSession) -> bool:
    """Whether it ever ceased to be open: to be so again is a change, not new."""
    left = sa.select(SessionChange.id).where(SessionChange.old.in_(LIVE)).limit(1)
    return db.session.scalar(within(course_session).restrict(left, SessionChange)) is not None


def of(course_session: CourseSession) -> Sequence[Step]:
    """Everything that happened to a session, newest first, warnings that were overridden among it; one statement.

    For those who run the session.
    """
    changes = sa.select(
        SessionChange.at,
        SessionChange.kind.cast(sa.String).label("kind"),
        SessionChange.old,
        SessionChange.new,
        SessionChange.sittings,
        SessionChange.by_id,
        SessionChange.reason,
        SessionChange.id.label("row"),
    ).where(SessionChange.course_session_id == course_session.id)
    overrides = sa.select(
        ConflictOverride.at,
        sa.literal(OVERRIDE),
        ConflictOverride.detail,
        sa.literal(""),
        sa.literal(0),
        ConflictOverride.by_id,
        ConflictOverride.reason,
        ConflictOverride.id,
    ).where(ConflictOverride.course_session_id == course_session.id)
    both = sa.union_all(changes, overrides).subquery()
    statement = (
        sa.select(both, User.given_name, User.family_name)
        .outerjoin(User, User.id == both.c.by_id)
        .order_by(both.c.at.desc(), both.c.kind != OVERRIDE, both.c.row.desc())
    )
    found = db.session.execute(within(course_session).trusting(statement, SessionChange, ConflictOverride, User))
    return [
        _step(at, kind, was, now, sittings, reason, " ".join(part for part in name if part))
        for at, kind, was, now, sittings, _, reason, _, *name in found
    ]


def _step(at: datetime, kind: str, was: str, now: str, sittings: int, reason: str, by: str) -> Step:
    if kind == OVERRIDE:
        return Step(at, was, by, reason, "triangle-alert", "tr")
    if kind == ChangeKind.MOVED:
        text = ngettext(
            "Day, hour or room changed: %(num)s sitting", "Day, hour or room changed: %(num)s sittings", sittings
        )
        return Step(at, text, by, reason, "calendar-clock")
    if kind == ChangeKind.UNDATED:
        text = ngettext(
            "Postponed: %(num)s sitting lost its date", "Postponed: %(num)s sittings lost their date", sittings
        )
        return Step(at, text, by, reason, "hourglass")
    if kind == ChangeKind.TRAINERS:
        text = ngettext("Trainer taken off %(num)s sitting", "Trainers taken off %(num)s sittings", sittings)
        return Step(at, text, by, reason, "user-x")
    status = SessionStatus(now)
    if not was:
        return Step(at, gettext("The draft was made"), by, reason, status.icon)
    return Step(at, f"{SessionStatus(was).label} → {status.label}", by, reason, status.icon)
