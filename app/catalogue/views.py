"""The course catalogue: looking through it, one course, adding and changing."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.catalogue import queries, services
from app.catalogue.forms import CourseForm, functions
from app.catalogue.models import Course
from app.catalogue.pages import filters
from app.core import slots
from app.language import gettext, in_language
from app.lists import pages as lists
from app.lists.events import Exported
from app.lists.models import Columns, ListOf
from app.web.door import require, traced
from app.web.render import done, form_page, render

bp = Blueprint("catalogue", __name__)


@bp.get("/courses")
@require(Permission.COURSE_READ)
@traced(Exported)
def show_courses() -> ResponseReturnValue:
    return lists.answer(
        COURSES,
        "catalogue/courses.html",
        by=caller,
        filters=filters(caller),
        may_write=caller.may(Permission.COURSE_WRITE),
        may_read_lists=caller.may(Permission.REFERENCE_READ),
    )


def _columns() -> Columns:
    return [
        (gettext("Code"), lambda row: row.code),
        (gettext("Course"), lambda row: in_language(row, "name")),
        (gettext("Thematic area"), lambda row: in_language(row, "theme")),
        (gettext("Level"), lambda row: row.level.label),
        (gettext("Delivery mode"), lambda row: row.delivery_mode.label),
        (gettext("Hours"), lambda row: row.hours),
        (gettext("Days"), lambda row: row.days),
        (gettext("Fewest participants"), lambda row: row.min_participants),
        (gettext("Most participants"), lambda row: row.max_participants),
    ]


COURSES = ListOf(
    name="courses",
    access=Permission.COURSE_READ,
    title=lambda: gettext("Course catalogue"),
    columns=_columns,
    rows=lambda _, query: queries.courses(query),
    sorts=queries.COURSE_SORTS,
    filters=("theme", "level", "mode", "competency", "active"),
)


@bp.get("/courses/<int:course_id>")
@require(Permission.COURSE_READ)
def show_course(course_id: int) -> ResponseReturnValue:
    course = queries.course(course_id)
    names = dict(functions())
    return render(
        "catalogue/course.html",
        course=course,
        competencies=queries.competencies_of(course),
        titles=[in_language(title, "name") for title in queries.titles_of(course)],
        prerequisites=queries.prerequisites_of(course),
        units=[names.get(slug, slug) for slug in course.target_units],
        sections=slots.collect("course.sections", caller, course),
        may_write=caller.may(Permission.COURSE_WRITE),
        may_plan=caller.may(Permission.SESSION_WRITE),
        may_read_lists=caller.may(Permission.REFERENCE_READ),
    )


@bp.route("/courses/new", methods=["GET", "POST"])
@require(Permission.COURSE_WRITE)
def create_course() -> ResponseReturnValue:
    form = CourseForm.of()
    if form.sent():
        with form.attempt():
            course = services.create_course(form.details(), by=caller)
            flash(gettext("%(name)s was added.", name=course.code))
            return done(url_for("catalogue.show_course", course_id=course.id))
    return _page(form)


def _page(form: CourseForm, course: Course | None = None) -> ResponseReturnValue:
    return form_page("catalogue/course_form.html", form, course=course)


@bp.route("/courses/<int:course_id>/edit", methods=["GET", "POST"])
@require(Permission.COURSE_WRITE)
def edit_course(course_id: int) -> ResponseReturnValue:
    course = queries.course(course_id)
    form = CourseForm.of(course)
    if form.sent():
        with form.attempt():
            form.same_version(course)
            services.change_course(course, form.details(), by=caller)
            flash(gettext("Changes saved."))
            return done(url_for("catalogue.show_course", course_id=course.id))
        course = queries.course(course_id)
    return _page(form, course)


@bp.post("/courses/<int:course_id>/activate", defaults={"active": True})
@bp.post("/courses/<int:course_id>/deactivate", defaults={"active": False})
@require(Permission.COURSE_WRITE)
def set_course_active(course_id: int, active: bool) -> ResponseReturnValue:
    course = queries.course(course_id)
    services.set_active(course, active, by=caller)
    flash(
        gettext("%(code)s is offered again.", code=course.code)
        if active
        else gettext("%(code)s is no longer offered. Its course sessions stay.", code=course.code)
    )
    return done(url_for("catalogue.show_course", course_id=course.id))
