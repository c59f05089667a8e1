"""Refusing a seat for what neither a reason nor waiting can mend."""

from __future__ import annotations

from app.core.errors import Refused
from app.enrolment.obstacles import queries
from app.enrolment.obstacles.rules import Obstacle
from app.people.models import Employee
from app.training.models import CourseSession


def passable(course_session: CourseSession, employee: Employee) -> list[Obstacle]:
    """What is in the way of a person and passes with a reason, or while waiting; refuses for whatever else is."""
    found = queries.in_the_way(course_session, employee.id)
    for obstacle in found:
        if not obstacle.passes:
            raise Refused(obstacle.sentence)
    return found
