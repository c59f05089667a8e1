from __future__ import annotations

from dataclasses import dataclass

from app.audit.journal import Event


@dataclass(frozen=True)
class CourseCreated(Event):
    name = "course.created"
    course_id: int


@dataclass(frozen=True)
class CourseChanged(Event):
    """`fields`: the columns that changed, and competencies, titles, prerequisites where their lists did."""

    name = "course.changed"
    course_id: int
    fields: tuple[str, ...]


@dataclass(frozen=True)
class CourseActivated(Event):
    """`active` False: it is no longer offered; sessions that were keep it."""

    name = "course.activated"
    course_id: int
    active: bool
