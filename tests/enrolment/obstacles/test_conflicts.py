"""What stands in the way of a plan because of its participants."""

from __future__ import annotations

from datetime import time, timedelta

from app.core.clock import today
from app.enrolment.obstacles import conflicts
from app.training.conflicts.models import ConflictKind, Planned
from tests.cast import Cast
from tests.enrolment.stage import course, course_session, enrolled, trainer


def test_a_plan_hears_of_participants_elsewhere_and_of_a_trainer_with_a_seat(cast: Cast, elif_: int) -> None:
    other = course_session(course("BK-03", "Mülteci hukuku"), starts=time(14))
    enrolled(other, elif_)
    session = course_session()
    enrolled(session, elif_)
    giver = trainer(other, employee_id=elif_)
    day = today() + timedelta(days=40)
    plan = [
        Planned(day, time(9), time(10, 30), trainer_ids=(giver.id,)),
        Planned(day, time(15), time(16)),
        Planned(day, time(17, 15), time(18)),
    ]
    found = list(conflicts.conflicts(None, (session, plan)))  # type: ignore[arg-type]  # whoever asks
    assert [(c.kind, c.blocking, c.index) for c in found] == [
        (ConflictKind.TRAINER_PARTICIPANT, True, 0),
        (ConflictKind.PARTICIPANT_TAKEN, False, 1),
    ]
    assert "Ağaoğlu" not in found[1].sentence
