from __future__ import annotations

from app.audit.journal import Event
from app.language import lazy_pgettext


class CourseCreated(Event):
    name = "course.created"
    said = lazy_pgettext("event", "Course added")
    words = {"course_id": lazy_pgettext("fact", "Course")}
    course_id: int


class CourseChanged(Event):
    """`fields`: the columns that changed, and competencies, titles, prerequisites where their lists did."""

    name = "course.changed"
    said = lazy_pgettext("event", "Course changed")
    words = {
        "code": lazy_pgettext("fact", "Code"),
        "theme_id": lazy_pgettext("fact", "Thematic area"),
        "level": lazy_pgettext("fact", "Level"),
        "days": lazy_pgettext("fact", "Days"),
        "hours": lazy_pgettext("fact", "Hours"),
        "delivery_mode": lazy_pgettext("fact", "Delivery"),
        "target_units": lazy_pgettext("fact", "Target units"),
        "objectives_tr": lazy_pgettext("fact", "Objectives in Turkish"),
        "objectives_en": lazy_pgettext("fact", "Objectives in English"),
        "min_participants": lazy_pgettext("fact", "Fewest participants"),
        "max_participants": lazy_pgettext("fact", "Most participants"),
        "threshold": lazy_pgettext("fact", "Attendance threshold"),
        "excused_policy": lazy_pgettext("fact", "Excused absences"),
        "has_test": lazy_pgettext("fact", "Test"),
        "pass_mark": lazy_pgettext("fact", "Pass mark"),
        "attendance_document_on_fail": lazy_pgettext("fact", "Attendance document after a failed test"),
        "sheet_required": lazy_pgettext("fact", "Signed sheet required"),
        "prerequisites": lazy_pgettext("fact", "Prerequisites"),
    }
    course_id: int
    fields: tuple[str, ...]


class CourseActivated(Event):
    """`active` False: it is no longer offered; sessions that were keep it."""

    name = "course.activated"
    said = lazy_pgettext("event", "Course offered or withdrawn")
    course_id: int
    active: bool
