from __future__ import annotations

from app.audit.journal import Event
from app.completion.models import TestKind
from app.language import lazy_pgettext


class ScoresChanged(Event):
    """Whose scores were entered or corrected; the scores themselves stand in their table."""

    name = "completion.scores_changed"
    said = lazy_pgettext("event", "Test scores changed")
    values = {"kinds": TestKind}
    course_session_id: int
    enrolment_ids: tuple[int, ...]
    kinds: tuple[str, ...]


class SessionFinalised(Event):
    """`overridden`: an administrator did it although the checklist was not empty; the reason stands at the session."""

    name = "session.finalised"
    said = lazy_pgettext("event", "Course session finalised")
    words = {"outcomes": lazy_pgettext("fact", "Outcomes"), "overridden": lazy_pgettext("fact", "Despite open items")}
    course_session_id: int
    outcomes: int
    overridden: bool
