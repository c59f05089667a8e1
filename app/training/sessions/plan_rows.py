"""What was opened from the rows of a plan, for the pages of the plan below and the figures above; and the rows that
want another group, for whoever opens one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from markupsafe import Markup
from sqlalchemy.orm import aliased, contains_eager

from app.access.caller import Caller
from app.access.models import Organisation
from app.access.permissions import Permission
from app.access.scope import EVERYWHERE, Scope
from app.catalogue.models import Course
from app.core.db import db
from app.core.tables.functions import among, year_of
from app.core.tables.written import written_once
from app.language import gettext, in_language
from app.plans.models import PlanItem, TrainingPlan
from app.plans.queries import Asked, Opened, PlannedSession
from app.post.addresses import paths_to
from app.training.models import CourseSession, SessionStatus

YEAR = sa.func.coalesce(year_of(CourseSession.ends_on), CourseSession.year)
"""The year a session belongs to: the one it ends in, as in all reports; without dates that of its code."""
_other = aliased(CourseSession)
OPENED = (SessionStatus.OPEN, SessionStatus.CONFIRMED, SessionStatus.FINALISED, SessionStatus.POSTPONED)


def fills_a_group(*states: SessionStatus) -> sa.ColumnElement[bool]:
    """Whether a session in one of these states is a group of its row's plan; beside `TrainingPlan`."""
    return sa.and_(CourseSession.status.in_(states), TrainingPlan.year == YEAR)


def provide(caller: Caller, asked: Asked) -> Iterator[Opened]:
    """What was opened from each of these plan items; in their order the first sessions the caller sees.

    All of them are counted: a row plans for everybody it is about, whoever may open which session. The database does:
    a row may have been a hundred groups by now, and a page names eight.
    """
    if not asked.item_ids:
        return
    statement = _opened(caller.scope_for(Permission.SESSION_READ), asked.most)
    rows = db.session.execute(statement, {"items": asked.item_ids})
    page = paths_to("sessions.show_session", "course_session_id")
    for item_id, group in groupby(rows, key=lambda row: row.item_id):
        lines = list(group)
        first = lines[0]
        sessions = [_planned(row, page(row.id)) for row in lines if row.id is not None]
        yield Opened(item_id, first.opened, first.delivered, first.seen, sessions)


@written_once
def _opened(scope: Scope, most: int | None) -> sa.Select[Any]:
    """Of the rows of plans it is told: what was opened, and the first sessions that are seen, so many of each."""
    counts = _counts(sa.true() if scope.everything else CourseSession.__scope__.visible(CourseSession, scope))
    shown = _shown(scope, most, counts.c.item_id).correlate(counts)
    # what a page says of a session is read of those it names alone
    columns = (CourseSession.id, CourseSession.ordinal, CourseSession.status, YEAR.label("year"), Course.code)
    statement = (
        sa.select(counts, *columns)
        .select_from(counts)
        .outerjoin(CourseSession, among(CourseSession.id, shown.scalar_subquery()))
        .outerjoin(Course, Course.id == CourseSession.course_id)
        .order_by(counts.c.item_id, CourseSession.year, CourseSession.ordinal, CourseSession.id)
    )
    return EVERYWHERE.restrict(statement, CourseSession, _other)  # a row plans for everybody


def _counts(seen: sa.ColumnElement[bool]) -> sa.Subquery:
    """Of each item: its plan's year, how many groups were opened and delivered, and how many sessions are seen."""

    def number(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.count(sa.case((condition, 1)))

    columns = (
        PlanItem.id.label("item_id"),
        sa.func.max(TrainingPlan.year).label("of_plan"),
        number(fills_a_group(*OPENED)).label("opened"),
        number(fills_a_group(SessionStatus.FINALISED)).label("delivered"),
        number(seen).label("seen"),
    )
    # by the rows, not by the pointers at them: a plan is looked up for each row, not for each of its sessions
    these = PlanItem.id.in_(sa.bindparam("items", expanding=True))
    statement = sa.select(*columns).select_from(CourseSession).join(CourseSession.plan_item).join(PlanItem.plan)
    return statement.where(these).group_by(PlanItem.id).subquery()


def _shown(scope: Scope, most: int | None, item_id: Any) -> sa.Select[Any]:
    """The ids of an item's first sessions that are seen: a few of each are looked for, not all of them put in turn."""
    theirs = scope.restrict(sa.select(_other.id), _other).where(_other.plan_item_id == item_id)
    in_turn = theirs.order_by(_other.year, _other.ordinal, _other.id)
    return in_turn if most is None else in_turn.limit(most)


def _planned(row: Any, url: str) -> PlannedSession:
    return PlannedSession(
        f"{row.code}/{row.ordinal}",
        url,
        row.status,
        None if row.year == row.of_plan else int(row.year),
    )


def _done() -> sa.ScalarSelect[int]:
    """Groups opened from a `PlanItem`, beside its `TrainingPlan`."""
    return (
        sa.select(sa.func.count(CourseSession.id))
        .where(CourseSession.plan_item_id == PlanItem.id, fills_a_group(*OPENED))
        .correlate(PlanItem, TrainingPlan)
        .scalar_subquery()
    )


def _late(scope: Scope, day: date) -> sa.ColumnElement[bool]:
    """Rows of this year's plans whose quarter is over while a group of theirs is not opened, as far as this scope runs
    sessions where they apply. A year that is over cannot be caught up with.
    """
    over = sa.and_(TrainingPlan.year == day.year, PlanItem.quarter < _quarter(day))
    theirs = sa.true() if scope.everything else PlanItem.province_id.in_(sorted(scope.provinces))
    return sa.and_(PlanItem.approved.is_(True), over, theirs, _done() < PlanItem.groups)


@written_once
def number_behind(scope: Scope, day: date) -> sa.Select[Any]:
    """How many rows `behind` finds."""
    rows = _this_year(scope, day)
    late = sa.and_(rows.c.quarter < _quarter(day), rows.c.done < rows.c.groups)
    return sa.select(sa.func.count()).select_from(rows).where(late)


@written_once
def _this_year(scope: Scope, day: date) -> sa.CTE:
    """The rows of this year's plans, as `_late` has them, with the groups opened (`done`) of each. An overview asks
    several things of them: one object is counted once.
    """
    theirs = sa.true() if scope.everything else PlanItem.province_id.in_(sorted(scope.provinces))
    of_row = sa.and_(CourseSession.plan_item_id == PlanItem.id, fills_a_group(*OPENED))
    done = sa.func.count(CourseSession.id).label("done")
    return (
        sa.select(PlanItem.id, PlanItem.province_id, PlanItem.quarter, PlanItem.groups, done)
        .join(PlanItem.plan)
        .outerjoin(CourseSession, of_row)
        .where(PlanItem.approved.is_(True), theirs, TrainingPlan.year == day.year)
        .group_by(PlanItem.id)
        .cte()
    )


def _quarter(day: date) -> int:
    return (day.month + 2) // 3


def progress(scope: Scope, day: date) -> sa.Select[Any]:
    """Of this year's plans, for each province this scope runs (None: of the whole programme's rows): its id, groups
    `planned` and `opened`; of each row at most as many as it plans.
    """
    rows = _this_year(scope, day)
    opened = sa.func.sum(sa.case((rows.c.done < rows.c.groups, rows.c.done), else_=rows.c.groups))
    columns: tuple[Any, ...] = (rows.c.province_id, sa.func.sum(rows.c.groups).label("planned"), opened.label("opened"))
    return sa.select(*columns).group_by(rows.c.province_id)


def behind(scope: Scope, day: date) -> list[tuple[PlanItem, int]]:
    """Rows behind their quarter with the groups opened of each, first due first; course, place and plan loaded."""
    statement = (
        sa.select(PlanItem, _done())
        .join(PlanItem.plan)
        .join(PlanItem.course)
        .outerjoin(PlanItem.province)
        .outerjoin(PlanItem.organisation)
        .options(
            contains_eager(PlanItem.plan),
            contains_eager(PlanItem.course),
            contains_eager(PlanItem.province),
            contains_eager(PlanItem.organisation),
        )
        .where(_late(scope, day))
        .order_by(PlanItem.quarter, Course.code, PlanItem.id)
    )
    rows = db.session.execute(EVERYWHERE.trusting(statement, CourseSession))  # a row plans for everybody
    return [(item, done) for item, done in rows]


def open_rows(
    course_id: int, province_id: int | None, years: tuple[int, int | None], *, besides: int | None = None
) -> list[tuple[int, str]]:
    """(id, what it is called) of the rows a new group of this course there would fill, first due first: of the
    province, of its institutions and of the whole programme, short of groups, in plans from one year to another. And
    the one row it is about anyhow, `besides`, if it is one of this course.
    """
    done = _done()
    everywhere = sa.and_(PlanItem.province_id.is_(None), PlanItem.organisation_id.is_(None))
    there = sa.or_(PlanItem.province_id == province_id, Organisation.province_id == province_id)
    place = everywhere if province_id is None else sa.or_(everywhere, there)
    first, last = years
    due = TrainingPlan.year >= first if last is None else TrainingPlan.year.between(first, last)
    short = sa.and_(place, due, PlanItem.approved.is_(True), done < PlanItem.groups)
    statement = (
        sa.select(PlanItem, done)
        .join(PlanItem.plan)
        .outerjoin(PlanItem.province)
        .outerjoin(PlanItem.organisation)
        .where(PlanItem.course_id == course_id, sa.or_(short, PlanItem.id == (besides or 0)))
        .options(
            contains_eager(PlanItem.plan), contains_eager(PlanItem.province), contains_eager(PlanItem.organisation)
        )
        .order_by(TrainingPlan.year, everywhere, PlanItem.quarter, PlanItem.id)
    )
    rows = db.session.execute(EVERYWHERE.trusting(statement, CourseSession))  # a row plans for everybody
    return [(item.id, _with_groups(item, opened)) for item, opened in rows]


def rows_of(course_session: CourseSession) -> list[tuple[int, str]]:
    """The same for a session that is there: of the year it belongs to, and its own row."""
    year = (course_session.ends_on or date(course_session.year, 1, 1)).year
    own = course_session.plan_item_id
    return open_rows(course_session.course_id, course_session.province_id, (year, year), besides=own)


def _with_groups(item: PlanItem, opened: int) -> str:
    groups = gettext("groups opened: %(done)s / %(planned)s", done=opened, planned=item.groups)
    return Markup("{} ({})").format(called(item), groups)


def called(item: PlanItem, named: Callable[[Any, str], str] = in_language) -> str:
    """A row by its plan's year, its quarter and whom it is for; needs plan, province and institution loaded. `named`:
    `spoken` where no choice is named, but an element's content.
    """
    whose = item.organisation or item.province
    when = gettext("%(year)s, quarter %(quarter)s", year=item.plan.year, quarter=item.quarter)
    return Markup("{} · {}").format(when, named(whose, "name") if whose else gettext("Whole programme"))
