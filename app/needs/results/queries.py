"""What people need to learn: the ranking of a group, groups side by side, one competency, one person."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager

from app.access.models import Organisation, User
from app.access.scope import Scope, within
from app.catalogue.models import Competency, Course, CourseCompetency, Theme
from app.core.db import db
from app.core.errors import Missing
from app.core.paging import Lines, ListQuery, Rows, narrowed
from app.core.tables.written import written_once
from app.language import language
from app.needs.groups.models import Figures, Selection
from app.needs.groups.queries import figures_of, over_rounds
from app.needs.models import AssessmentRound, Need, Questionnaire, Respondent, RoundStatus
from app.needs.queries import is_high, latest_of_person, with_person
from app.needs.readers import SUPERVISOR
from app.needs.results.heat import Heat, heat
from app.needs.results.models import (
    LEVELS,
    Cell,
    Participation,
    Parts,
    PersonNeed,
    Result,
    ResultRow,
    Spread,
    TeamResult,
)
from app.needs.results.rules import cell_of, children, ordered, wanted
from app.needs.team.queries import beside_supervisor, chief, of_user, supervised_by
from app.people.models import Employee, Title, Unit
from app.people.queries import named


def _breadth() -> sa.ScalarSelect[int]:
    """How many competencies a course builds: the fewer, the more specific it is."""
    other = aliased(CourseCompetency)
    return sa.select(sa.func.count()).where(other.course_id == Course.id).correlate(Course).scalar_subquery()


def _today() -> sa.ColumnElement[int]:
    """What a `Competency` has become part of, or itself: courses build that."""
    return sa.func.coalesce(Competency.merged_into_id, Competency.id)


def most_specific_course() -> sa.ScalarSelect[int]:
    """The id of the active course beside a `Competency` that builds the fewest others; NULL without one."""
    return (
        sa.select(Course.id)
        .join(CourseCompetency, CourseCompetency.course_id == Course.id)
        .where(CourseCompetency.competency_id == _today(), Course.active.is_(True))
        .order_by(_breadth(), Course.code)
        .limit(1)
        .correlate(Competency)
        .scalar_subquery()
    )


def competency_with_courses(competency_id: int) -> tuple[Competency, list[Course]]:
    """The competency with this id, or Missing; and the active courses that build it, the most specific first."""
    found = db.session.execute(
        sa.select(Competency, Course)
        .outerjoin(CourseCompetency, CourseCompetency.competency_id == _today())
        .outerjoin(Course, sa.and_(Course.id == CourseCompetency.course_id, Course.active.is_(True)))
        .where(Competency.id == competency_id)
        .order_by(_breadth(), Course.code)
    ).all()
    if not found:
        raise Missing
    return found[0][0], [course for _, course in found if course is not None]


# --- groups -----------------------------------------------------------------------------------------------

_COMPETENCIES = (
    sa.select(Competency, most_specific_course())
    .join(Competency.theme)
    .options(contains_eager(Competency.theme))
    .order_by(Theme.position, Competency.name_sort)
)


def _competencies() -> Sequence[tuple[Competency, int | None]]:
    """Every competency with its theme, and beside it the id of the most specific course that builds it."""
    return [(competency, course_id) for competency, course_id in db.session.execute(_COMPETENCIES)]


def ranking(selection: Selection, query: ListQuery) -> Result:
    """Each competency that anybody of the chosen group rated, with the filters and the order of the address."""
    return _result(selection, query, figures_of(selection, parts=False))


def heat_map(selection: Selection, query: ListQuery, *, titles: bool, themes: bool) -> tuple[Result, Heat]:
    """Competencies (or `themes`) in the parts of the chosen group, or in the title groups of all the reader sees."""
    titles = selection.whole and (titles or selection.title is not None)
    found = figures_of(selection, parts=not titles, titles=titles, institutions=not titles)
    result = _result(selection, query, found)
    return result, heat(selection, found, result, titles=titles, themes=themes, kind=query.filter("kind"))


def _in_group(statement: sa.Select[Any], filters: Mapping[str, str]) -> sa.Select[Any]:
    """`statement` about respondents, kept to the group the filters name (province, organisation, unit, title, sex)."""
    query = ListQuery(filters=filters)
    if query.filter("province"):
        province = sa.func.coalesce(Organisation.province_id, 0)
        home = sa.select(Organisation.id).where(province == query.filter_id("province"))
        statement = statement.where(Respondent.organisation_id.in_(home))
    columns = {
        "organisation": Respondent.organisation_id,
        "unit": Respondent.unit_id,
        "title": Respondent.title_level,
        "sex": Respondent.sex,
    }
    return narrowed(statement, query, columns)


def participation(selection: Selection) -> Participation:
    """How many of the chosen group the round asked and how many answered; one statement."""
    asks = selection.round.designed
    counted: list[Any] = [Questionnaire.id, Questionnaire.finished_at] if asks else [Respondent.id]
    statement: Any = sa.select(*map(sa.func.count, counted)).select_from(Respondent)
    if asks:
        statement = statement.join(Questionnaire, Questionnaire.respondent_id == Respondent.id)
    statement = _in_group(statement, selection.group_filters).where(Respondent.round_id == selection.round.id)
    *asked, answered = db.session.execute(
        selection.scope.trusting(selection.scope.restrict(statement, Respondent), Questionnaire)
    ).one()
    return Participation(answered, *asked)


def _result(
    selection: Selection,
    query: ListQuery,
    found: Figures,
) -> Result:
    competencies = _competencies()
    measured = [
        ResultRow(
            competency,
            cell_of(found, competency.id, *selection.key),
            cell_of(found, competency.id, selection.base, None) if selection.narrowed else None,
            course_id,
        )
        for competency, course_id in competencies
        if found.n(competency.id, *selection.key) and wanted(competency, query)
    ]
    chosen = query.filter("class")
    rows = [row for row in measured if row.cell.priority_class == chosen] if chosen else measured
    themes = list({competency.theme_id: competency.theme for competency, _ in competencies}.values())
    return Result(ordered(rows, query), measured, themes)


def parts(selection: Selection, competency_id: int) -> Parts:
    found = figures_of(selection, parts=True, competency_id=competency_id)
    whole = cell_of(found, competency_id, *selection.key)
    compared = cell_of(found, competency_id, selection.base, None) if selection.narrowed else None
    cells = [
        cell_of(found, competency_id, child, None, selection.name_of(child))
        for child in ([] if selection.title else children(selection, found, selection.node))
        if found.n(competency_id, child)
    ]
    cells.sort(key=lambda cell: -1 if cell.priority is None else cell.priority, reverse=True)
    needs, rated = found.needs(competency_id, *selection.key), found.n(competency_id, *selection.key) > 0
    return Parts(whole, compared, cells, needs, rated)


def trend(selection: Selection, competency_id: int) -> Sequence[tuple[AssessmentRound, Cell]]:
    """One competency in the chosen group, round after round, the earliest first; only those that rated it."""
    found = over_rounds(selection, competency_id)
    rounds = sorted(selection.rounds, key=lambda one: (one.starts_on, one.id))
    return [(one, cell_of(found, one.id, selection.node, None)) for one in rounds if found.n(one.id, selection.node)]


def spread(selection: Selection, competency_id: int) -> Spread | None:
    """How many gave each level, by themselves and by their supervisors. None for whom the notice does not name: how a
    part of a group answered could be had by subtracting others.
    """
    if not selection.lists_people:
        return None
    sides: list[Any] = [Need.self_level, Need.supervisor_level]
    scope, statement = selection.scope, sa.select(*sides, sa.func.count()).select_from(Need)
    if selection.group_filters or not scope.everything:  # else nobody is left out, and nobody need be looked up
        statement = _in_group(scope.restrict(statement.join(Need.respondent), Respondent), selection.group_filters)
    asked = scope.trusting(statement, Need).where(Need.round_id == selection.round.id)
    asked = asked.where(Need.competency_id == competency_id).group_by(*sides)
    own, other = dict.fromkeys(LEVELS, 0), dict.fromkeys(LEVELS, 0)
    rows: Any = db.session.execute(asked)
    for self_level, supervisor_level, number in rows:
        for side, level in ((own, self_level), (other, supervisor_level)):
            if level is not None:
                side[level] += number
    return Spread(own, other)


# --- people -----------------------------------------------------------------------------------------------

PEOPLE_SORTS = {
    "gap": (Need.gap, Need.importance, Need.id),
    "name": (Employee.name_sort, Need.id),
    "organisation": (Organisation.name_sort, Need.id),
}


def _people(scope: Scope, round_id: int, competency_id: int, query: ListQuery) -> sa.Select[Any]:
    """Ids of the needs of a competency in the group the filters name (province, organisation, unit, title). What they
    are sorted by is joined, and nothing else: it would be looked up for each of thousands.

    Where few of those with the largest gaps are of the group, or another order is asked for, DISTINCT has SQLite begin
    with its people, and not with everybody in need.
    """
    who = (Respondent.round_id, Respondent.employee_id, Respondent.person_id, Respondent.organisation_id)
    group: Any = scope.restrict(sa.select(*who), Respondent).where(Respondent.round_id == round_id)
    if query.filter("title") or (query.sort != "gap" and not scope.everything):
        group = group.distinct()
    asked = _in_group(group, query.filters).subquery()
    theirs = sa.and_(Need.round_id == asked.c.round_id, Need.employee_id == asked.c.employee_id)
    ids: sa.Select[Any] = sa.select(Need.id).join(asked, theirs)
    if query.sort == "name":
        ids = ids.join(Employee, Employee.id == asked.c.person_id)
    elif query.sort == "organisation":
        ids = ids.join(Organisation, Organisation.id == asked.c.organisation_id)
    ids = ids.where(Need.round_id == round_id, Need.competency_id == competency_id, Need.need.is_(True))
    return cast("sa.Select[Any]", scope.trusting(ids, Need, Employee, Respondent))


@written_once
def _rows(spoken: str) -> sa.Select[Any]:
    """What a `PersonNeed` is made of, beside the institution that sees the person."""
    person = (Employee.organisation_id, Employee.id, Employee.given_name + " " + Employee.family_name)
    place = (named(each, spoken) for each in (Organisation, Unit, Title))
    rated = (Need.importance, Need.level, Need.gap, Need.single_source, Respondent.guessed)
    columns: list[Any] = [Need.id, *person, *place, *rated]
    rows: sa.Select[Any] = (
        within(Need)
        .trusting(with_person(sa.select(*columns)), Need, Respondent, Employee)
        .join(Organisation, Organisation.id == Respondent.organisation_id)
        .join(Unit, Unit.id == Respondent.unit_id)
        .join(Title, Title.id == Respondent.title_id)
    )
    return rows


def _person(scope: Scope) -> Callable[[Any], PersonNeed]:
    def make(row: Any) -> PersonNeed:
        need_id, home, key, *of_them = row
        return PersonNeed(need_id, key if scope.covers_organisation(home) else None, *of_them)

    return make


def people_in_need(
    scope: Scope, round_id: int, competency_id: int, query: ListQuery, *, total: int | None = None
) -> Rows[PersonNeed]:
    """People this scope sees with a need in a competency. Filters: province, organisation, unit, title (level).

    `total`: how many they are, where the figures of that very group said so.
    """
    ids = _people(scope, round_id, competency_id, query)
    return Lines(ids, PEOPLE_SORTS[query.sort], query, _rows(language()), _person(scope), total=total)


def courses_for(competency_ids: Collection[int]) -> dict[int, Course]:
    """The most specific course that builds each of these competencies, as far as one does."""
    best = (
        sa.select(Competency.id.label("competency_id"), most_specific_course().label("course_id"))
        .where(Competency.id.in_(sorted(competency_ids)))
        .subquery()
    )
    statement = sa.select(best.c.competency_id, Course).join(Course, Course.id == best.c.course_id)
    return dict(db.session.execute(statement).all())


def own_result(user_id: int) -> Any:
    """How many competencies the round that counts for whoever signs in with this account rated of them."""
    mine = latest_of_person(sa.select(sa.func.count(Need.id)).select_from(Need).join(Need.respondent))
    mine = mine.join(Employee, Employee.id == Respondent.person_id).where(Employee.user_id == user_id)
    return within(User).trusting(mine, Need, Respondent, Employee)


def needs_of(employee: Employee) -> Sequence[tuple[Need, bool]]:
    """Every rated competency of one person (loaded through a scope) in the latest round that asked them, largest gap
    first; with whether it is High. Of two records that were one person, the kept one's own answer counts.
    """
    rows = db.session.execute(
        within(employee)
        .trusting(latest_of_person(sa.select(Need, is_high()).join(Need.respondent)), Need, Respondent)
        .join(Need.competency)
        .join(Need.round)
        .options(
            contains_eager(Need.competency).load_only(Competency.name_tr, Competency.name_en),
            contains_eager(Need.round).load_only(
                AssessmentRound.name_tr, AssessmentRound.name_en, AssessmentRound.readers
            ),
        )
        .where(Respondent.person_id == employee.id)
        .order_by(Need.gap.desc(), Need.importance.desc(), Competency.name_sort)
    ).all()
    own = {need.competency_id for need, _ in rows if need.employee_id == employee.id}
    return [
        (need, bool(high)) for need, high in rows if need.employee_id == employee.id or need.competency_id not in own
    ]


# --- a supervisor's people ---------------------------------------------------------------------------------


def results_of_team(user_id: int) -> Sequence[TeamResult]:
    """Those whose supervisor this account's owner was when the latest published round met them (of one who left,
    whoever heads the unit today), as far as its notice names supervisors. One statement.
    """
    found = (
        sa.select(sa.func.count(Need.id))
        .where(Need.round_id == Respondent.round_id, Need.employee_id == Respondent.employee_id, Need.need.is_(True))
        .correlate(Respondent)
        .scalar_subquery()
    )
    statement = _team(user_id, Respondent.id, Employee, Unit, AssessmentRound, found)
    statement = statement.join(Unit, Unit.id == Respondent.unit_id).order_by(Employee.name_sort, Employee.id)
    rows: Any = db.session.execute(within(User).trusting(statement, Need))
    return [TeamResult(*row) for row in rows]


def size_of_team(user_id: int) -> Any:
    """How many they are."""
    return _team(user_id, sa.func.count(Respondent.id))


def _team(user_id: int, *columns: Any) -> Any:
    rater, named = of_user(user_id), sa.cast(AssessmentRound.readers, sa.String).contains(f'"{SUPERVISOR}"')
    statement = (
        beside_supervisor(sa.select(*columns).select_from(Respondent))
        .join(Employee, Employee.id == Respondent.person_id)
        .join(AssessmentRound, AssessmentRound.id == Respondent.round_id)
        .where(
            AssessmentRound.status == RoundStatus.PUBLISHED,
            AssessmentRound.answers_gone_at.is_(None),
            named,
            supervised_by(rater),
            Employee.active.is_(True),
        )
    )
    return within(User).trusting(latest_of_person(statement), Respondent, Employee, chief)


def result_of_member(user_id: int, respondent_id: int) -> TeamResult:
    """One of them; Missing for anybody else."""
    found = next((one for one in results_of_team(user_id) if one.respondent_id == respondent_id), None)
    if found is None:
        raise Missing
    return found
