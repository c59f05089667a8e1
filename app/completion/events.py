from __future__ import annotations

from dataclasses import dataclass

from app.audit.journal import Event


@dataclass(frozen=True)
class ScoresChanged(Event):
    """Whose scores were entered or corrected; the scores themselves stand in their table."""

    name = "completion.scores_changed"
    course_session_id: int
    enrolment_ids: tuple[int, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class SessionFinalised(Event):
    """`overridden`: an administrator did it although the checklist was not empty; the reason stands at the session."""

    name = "session.finalised"
    course_session_id: int
    outcomes: int
    overridden: bool
