"""What the needs of a group of people say for each course: its score, who is eligible, what it could close."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.access.models import Organisation
from app.access.scope import EVERYWHERE, Scope
from app.audit import latest
from app.catalogue.events import CourseChanged
from app.catalogue.models import Competency, Course, CourseCompetency, CourseTitle
from app.core.db import db
from app.core.paging import ListQuery
from app.core.tables.written import written_once
from app.needs.events import RatingsImported
from app.needs.groups.models import Selection
from app.needs.groups.queries import figures_of, select_group
from app.needs.models import SCALE, Need, Respondent, RoundStatus
from app.needs.queries import scaled
from app.needs.rules import FOUR_PLACES
from app.needs.suppression import MINIMUM, hidden
from app.people.events import EmployeesMerged, OrganisationChanged
from app.people.models import Title
from app.plans.figures.models import Frozen, Proposed
from app.plans.rules import plan_score
from app.reference.events import CompetenciesMerged, TitlesMerged
from app.retention.events import DataDestroyed
from app.settings import queries as settings


def selected(
    scope: Scope, province_id: int | None, organisation_id: int | None = None, *, round_id: int | None = None
) -> Selection | None:
    """The people a row is planned for, in this round or the one readers begin with; None before any was published.

    Whoever reads a plan is nobody the notice of a round names: the rule of five holds. What the scope does not see is
    Missing.
    """
    named = {"province": province_id, "organisation": organisation_id, "round": round_id}
    query = ListQuery(filters={name: str(key) for name, key in named.items() if key is not None})
    selection = select_group(scope, query)
    if selection is None or selection.round.status is RoundStatus.CLOSED:
        return None
    return replace(selection, named=False, minimum=max(MINIMUM, int(settings.value("suppress_under"))))


def proposals(selection: Selection, course_ids: Collection[int] | None = None) -> list[Proposed]:
    """Of every course in use that builds something (or of these alone); two statements, three after a change."""
    found, told = figures_of(selection, parts=False), {"courses": sorted(course_ids or ())}
    rows: Any = db.session.execute(_proposals(course_ids is not None), told).all()
    if not rows:
        return []
    counts = _counts(selection, rows[0][2:])
    scores: dict[Course, list[Fraction | None]] = defaultdict(list)
    for course, competency_id, *_ in rows:
        figures = found.shown(competency_id, *selection.key)
        scores[course].append(figures.priority if figures else None)
    nobody = (0, 0, 0)
    return [
        _proposed(course, plan_score(each), counts.get(course.id, nobody), selection.minimum)
        for course, each in scores.items()
    ]


COURSES: sa.BindParameter[int] = sa.bindparam("courses", type_=sa.Integer(), expanding=True)


@written_once
def _proposals(some: bool) -> Any:
    """Courses (`COURSES` alone, or all in use), each with what it builds, beside a row of `LOG`."""
    statement = (
        sa.select(Course, Competency.id, LOG)
        .join(CourseCompetency, CourseCompetency.course_id == Course.id)
        .join(Competency, _today(Competency) == CourseCompetency.competency_id)
        .join(LOG, sa.true())
        .where(Course.id.in_(COURSES) if some else Course.active.is_(True))
        .order_by(Course.code, Competency.id)
    )
    return EVERYWHERE.trusting(statement, *READ)  # only whether anything was added


def _proposed(course: Course, score: Fraction | None, counts: Counts, minimum: int) -> Proposed:
    """Also hidden where the others in need, by subtraction, are too few."""
    needing, eligible, points = counts
    if any(part and hidden(part, minimum) for part in (eligible, needing - eligible)):
        return Proposed(course, score, None, None)
    return Proposed(course, score, eligible, Fraction(points, SCALE))


def _today(thing: Any) -> Any:
    """What a term has become part of, or itself: courses name that."""
    return sa.func.coalesce(thing.merged_into_id, thing.id)


# --- who is eligible ---------------------------------------------------------------------------------------

Counts = tuple[int, int, int]
"""People in need of something a course builds; those of them it is meant for; their gaps, as ten-thousandths."""
CHANGING = (
    *(RatingsImported, DataDestroyed, EmployeesMerged),
    *(CourseChanged, CompetenciesMerged, TitlesMerged, OrganisationChanged),
)
"""After these a need is another, or whose it is, or where; or a course is for something else. A round that asks people
itself is read once it is published, and is another no more.
"""
READ = (Need, Respondent)
LOG = latest.state(*(kind.name for kind in CHANGING), models=(*READ, CourseCompetency, CourseTitle))
_memory: latest.Kept[Any, Mapping[int, Counts]] = latest.Kept()


def _counts(selection: Selection, log: Sequence[Any]) -> Mapping[int, Counts]:
    """Of each course in the chosen group: kept, for some hundred thousand needs are added up. `log`: a row of `LOG`."""
    scope, home = selection.scope, selection.organisation
    told = {
        "round": selection.round.id,
        "organisation": home.id if home is not None else None,
        "province": selection.province_id,
    }
    group = "organisation" if home is not None else "province" if selection.province_id is not None else ""
    key = (scope.everything, scope.organisations, *told.values())

    def count() -> Mapping[int, Counts]:
        rows: Any = db.session.execute(_counted(scope, group), told)
        return {course_id: (int(needing), int(eligible), int(points)) for course_id, needing, eligible, points in rows}

    return _memory.counted(key, log, count)


@written_once
def _counted(scope: Scope, group: str) -> Any:
    """The same, of a `group` (a kind: which one, and of which `round`, it is told when it is carried out)."""
    own, any_title = aliased(CourseTitle), aliased(CourseTitle)
    meant_for_all = sa.not_(sa.select(any_title.id).where(any_title.course_id == CourseCompetency.course_id).exists())
    of_each = (
        sa.select(
            CourseCompetency.course_id,
            Respondent.person_id,
            sa.func.max(sa.case((Need.need.is_(True), 1), else_=0)).label("in_need"),
            sa.func.max(sa.case((sa.or_(own.id.is_not(None), meant_for_all), 1), else_=0)).label("meant"),
            sa.func.sum(scaled(Need.gap)).label("points"),
        )
        .select_from(Need)
        .join(Need.respondent)
        .join(Organisation, Organisation.id == Respondent.organisation_id)
        .join(Title, Title.id == Respondent.title_id)
        .join(Competency, Competency.id == Need.competency_id)
        .join(CourseCompetency, CourseCompetency.competency_id == _today(Competency))
        .outerjoin(own, sa.and_(own.course_id == CourseCompetency.course_id, own.title_id == _today(Title)))
        .where(Need.round_id == sa.bindparam("round", type_=sa.Integer()), Need.gap > 0, *_in_group(group))
        .group_by(Respondent.person_id, CourseCompetency.course_id)  # as they are read: sorted sooner
    )
    scoped: Any = scope.restrict(scope.trusting(of_each, Need), Respondent).subquery()
    eligible = sa.and_(scoped.c.in_need == 1, scoped.c.meant == 1)
    statement = sa.select(
        scoped.c.course_id,
        sa.func.sum(scoped.c.in_need),
        sa.func.count(sa.case((eligible, 1))),
        sa.func.sum(sa.case((eligible, scoped.c.points), else_=0)),
    )
    return scope.trusting(statement.group_by(scoped.c.course_id), *READ)


def _in_group(group: str) -> list[sa.ColumnElement[bool]]:
    home = {"organisation": Respondent.organisation_id, "province": sa.func.coalesce(Organisation.province_id, 0)}
    return [home[group] == sa.bindparam(group, type_=sa.Integer())] if group else []


def frozen(selection: Selection, found: Proposed) -> Frozen:
    """The figures of a course for a row of a plan; empty where nothing of it was measured."""
    if found.score is None:
        return Frozen()
    return Frozen(selection.round.id, _four(found.score), found.eligible, _four(found.gap_points))


def _four(figure: Fraction | None) -> Decimal | None:
    if figure is None:
        return None
    return (Decimal(figure.numerator) / figure.denominator).quantize(FOUR_PLACES)


def with_planned(found: list[Proposed], planned: Mapping[int, int]) -> list[Proposed]:
    """`planned`: groups by course."""
    return [replace(one, planned=planned.get(one.course.id, 0)) for one in found]
