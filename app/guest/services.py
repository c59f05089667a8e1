"""What whoever holds a personal link answers, and what is noted of it."""

from __future__ import annotations

from collections.abc import Sequence

from app.audit.journal import SYSTEM, Actor
from app.core.errors import Refused
from app.language import lazy_gettext
from app.people.events import EmployeesMerged
from app.settings.notice import queries, services
from app.settings.notice.services import person_reader
from app.training.assignments import services as assignments
from app.training.models import AssignmentAnswer, TrainerAssignment


def accept(asked: Sequence[TrainerAssignment]) -> None:
    """What a trainer is asked to give."""
    if not asked:
        raise Refused(lazy_gettext("There is nothing to answer any more."))
    for each in asked:
        assignments.answer(each, AssignmentAnswer.ACCEPTED, by=SYSTEM)


def decline(asked: Sequence[TrainerAssignment], reason: str) -> None:
    """The same, given back with the reason."""
    if not asked:
        raise Refused(lazy_gettext("There is nothing to answer any more."))
    for each in asked:
        assignments.answer(each, AssignmentAnswer.DECLINED, by=SYSTEM, reason=reason)


def keep_reading(employee_id: int) -> None:
    """Whoever answered had the notice on the page they answered from."""
    notice = queries.current()
    if notice is not None:
        services.shown(notice, person_reader(employee_id))


def employees_merged(event: EmployeesMerged, by: Actor) -> None:
    """What either record was shown, the one person was."""
    services.hand_on(person_reader(event.merged_id), person_reader(event.kept_id))
