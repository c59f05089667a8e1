from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from app.audit import journal
from app.audit.journal import Actor
from app.catalogue import queries
from app.catalogue.events import CourseActivated, CourseChanged, CourseCreated
from app.catalogue.models import (
    Course,
    CourseCompetency,
    CourseLevel,
    CoursePrerequisite,
    CourseTitle,
    DeliveryMode,
)
from app.core.db import db, set_changed
from app.core.errors import Refused
from app.language import lazy_gettext
from app.language.turkish import search_key, sort_key


@dataclass(frozen=True)
class CourseDetails:
    """Everything about a course that its form sets. `pass_mark` is dropped where there is no test."""

    code: str
    theme_id: int
    name_tr: str
    name_en: str
    hours: int
    days: int
    level: CourseLevel
    delivery_mode: DeliveryMode
    min_participants: int
    max_participants: int
    has_test: bool
    pass_mark: int | None
    threshold: int
    attendance_document_on_fail: bool
    sheet_required: bool
    objectives_tr: str
    objectives_en: str
    target_units: Sequence[str] = ()
    competency_ids: Sequence[int] = ()
    title_ids: Sequence[int] = ()
    required_ids: Sequence[int] = ()

    def columns(self) -> dict[str, Any]:
        """The values of the course's own row."""
        joined = {"competency_ids", "title_ids", "required_ids"}
        values = {name: getattr(self, name) for name in self.__dataclass_fields__ if name not in joined}
        return values | {
            "target_units": list(self.target_units),
            "pass_mark": self.pass_mark if self.has_test else None,
        }


def create_course(details: CourseDetails, *, by: Actor) -> Course:
    _check(details, None)
    course = Course(active=True, **details.columns())
    _set_keys(course)
    db.session.add(course)
    db.session.flush()
    _join(course, details)
    journal.record(CourseCreated(course.id), by=by)
    return course


def change_course(course: Course, details: CourseDetails, *, by: Actor) -> None:
    """Set what the form shows. Sessions that are open already keep what they were opened with."""
    _check(details, course.id)
    changed = set_changed(course, details.columns())
    _set_keys(course)
    lists = _join(course, details)
    if lists:
        flag_modified(course, "code")  # lists stand in other tables; whoever edits at the same time must be told
    if changed or lists:
        journal.record(CourseChanged(course.id, (*changed, *lists)), by=by)


def set_active(course: Course, active: bool, *, by: Actor) -> None:
    """Offer a course again, or no longer. Asking twice does nothing."""
    if course.active is not active:
        course.active = active
        journal.record(CourseActivated(course.id, active), by=by)


def _set_keys(course: Course) -> None:
    course.name_sort = sort_key(course.name_tr)
    course.search_text = search_key(f"{course.code} {course.name_tr} {course.name_en}")


def _check(details: CourseDetails, course_id: int | None) -> None:
    if queries.code_taken(details.code, besides=course_id):
        raise Refused(lazy_gettext("Another course has this code."), field="code")
    if details.min_participants > details.max_participants:
        raise Refused(lazy_gettext("The most participants cannot be fewer than the fewest."), field="max_participants")
    if details.has_test and details.pass_mark is None:
        raise Refused(lazy_gettext("A course with a test needs a pass mark."), field="pass_mark")
    if course_id is not None and _waits_for(course_id, details.required_ids):
        raise Refused(
            lazy_gettext("One of these courses asks for this very course, directly or through another one."),
            field="required_ids",
        )


def _waits_for(course_id: int, required: Sequence[int]) -> bool:
    """Whether following the prerequisites of `required` leads back to the course."""
    net, seen, pending = queries.prerequisites(), set[int](), set(required)
    while pending:
        current = pending.pop()
        if current == course_id:
            return True
        seen.add(current)
        pending |= net.get(current, set()) - seen
    return False


def _join(course: Course, details: CourseDetails) -> tuple[str, ...]:
    """Make the three lists of a course what they should be: the names of those that changed."""
    now = queries.links(course)
    changed = []
    for name, model, column, was, wanted in (
        ("competencies", CourseCompetency, "competency_id", now.competency_ids, details.competency_ids),
        ("titles", CourseTitle, "title_id", now.title_ids, details.title_ids),
        ("prerequisites", CoursePrerequisite, "required_id", now.required_ids, details.required_ids),
    ):
        gone, fresh = set(was) - set(wanted), sorted(set(wanted) - set(was))
        kind: Any = model
        if gone:
            db.session.execute(
                sa.delete(kind).where(kind.course_id == course.id, getattr(kind, column).in_(sorted(gone)))
            )
        db.session.add_all([kind(course_id=course.id, **{column: key}) for key in fresh])
        if gone or fresh:
            changed.append(name)
    return tuple(changed)
