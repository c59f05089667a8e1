"""A trainer answers."""

from __future__ import annotations

import pytest

from app.core.db import db
from app.training import queries
from app.training.assignments import queries as assignments
from app.training.assignments import services as assignments_services
from app.training.models import (
    AssignmentAnswer,
    SessionStatus,
)
from tests.cast import By, Cast
from tests.training.stage import MONDAY, Props, at, make, refusal

Status = SessionStatus
ME = By(2)


pytestmark = pytest.mark.usefixtures("props")


def test_accepting_after_all_looks_for_a_clash(cast: Cast, props: Props) -> None:
    umit = props.trainers["umit"]
    made = make(cast, at(MONDAY, "09:00-10:30", props.hall, umit), status=Status.OPEN)
    db.session.commit()
    (assignment,) = assignments.own_assignments(cast.users["trainer"])
    assignments_services.answer(assignment, AssignmentAnswer.DECLINED, by=By(cast.users["trainer"]), reason="Rapor")
    assert queries.trainers_of(made) == []
    make(cast, at(MONDAY, "10:00-11:00", props.spare, umit), status=Status.OPEN)
    message, _ = refusal(assignments_services.answer, assignment, AssignmentAnswer.ACCEPTED, by=ME)
    assert "BK-02/2" in message
