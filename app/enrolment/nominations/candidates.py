"""Whom one could put on a session's list: found by name, or suggested because of a gap."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any, cast

import sqlalchemy as sa

from app.access.models import Organisation
from app.access.scope import Scope
from app.catalogue.models import Competency, CourseCompetency, CourseTitle
from app.catalogue.queries import built_by
from app.core.db import db
from app.core.search import matches
from app.core.tables.written import written_once
from app.enrolment.completed import completed, reading, who_completed
from app.enrolment.models import CURRENT, Enrolment
from app.enrolment.obstacles.queries import NOTHING, OFTEN_FROM, Survey, survey
from app.enrolment.obstacles.rules import Kind
from app.enrolment.quotas.rules import Pools, turns
from app.language import language
from app.needs.models import SCALE, Need, Respondent
from app.needs.queries import also, is_high, latest_of_person, need_in, needs_in, with_person
from app.people.models import Employee, Sex, Title, Unit
from app.people.queries import named
from app.training.models import CourseSession, SessionStatus

LEAST_TYPED = 2
RUNNING = (SessionStatus.OPEN, SessionStatus.CONFIRMED, SessionStatus.POSTPONED)


@dataclass(frozen=True)
class Candidate:
    """Somebody who could be put on the list. `why`: the competency with its gap, for a suggestion."""

    employee_id: int
    name: str
    home_id: int
    organisation: str
    title: str
    sex: Sex
    why: str = ""
    gap: Decimal | None = None
    high: bool = False


@dataclass(frozen=True)
class Wish:
    """Whom one looks for. `need`: of class High alone (`HIGH`), anybody of the staff whoever was rated or not
    (`ANYBODY`), or those who completed the course (`TRAINED`), who are left out otherwise; else those with a need.
    """

    typed: str = ""
    organisation_id: int | None = None
    unit: str = ""
    sex: Sex | None = None
    need: str = ""

    @property
    def narrowed(self) -> bool:
        return bool(self.organisation_id or self.unit or self.sex or self.need)

    @property
    def trained(self) -> bool:
        return self.need == TRAINED

    @property
    def staff(self) -> bool:
        """Whether the staff is looked through, not the needs."""
        return self.need in (ANYBODY, TRAINED)

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """Of people."""
        found: list[sa.ColumnElement[bool]] = []
        if self.organisation_id is not None:
            found.append(Employee.organisation_id == self.organisation_id)
        if self.unit:
            found.append(Employee.unit_id.in_(sa.select(Unit.id).where(Unit.name_tr == self.unit)))
        if self.sex is not None:
            found.append(Employee.sex == self.sex)
        return found


HIGH, ANYBODY, TRAINED = NEEDS = "high", "anybody", "trained"
NOTHING_SAID = Wish()


SESSION: sa.BindParameter[int] = sa.bindparam("session", type_=sa.Integer())
COURSE: sa.BindParameter[int] = sa.bindparam("course", type_=sa.Integer())
"""Which session it is, and of which course: a statement is told when it is carried out (`of`)."""


def of(course_session: CourseSession) -> dict[str, int]:
    return {"session": course_session.id, "course": course_session.course_id}


def _person(spoken: str) -> tuple[Any, ...]:
    """What a `Candidate` is made of, in this order; beside its institution and title."""
    return (
        Employee.id,
        Employee.given_name + " " + Employee.family_name,
        Employee.organisation_id,
        named(Organisation, spoken),
        named(Title, spoken),
        Employee.sex,
    )


def _by_name(ids: sa.Select[Any], spoken: str, limit: int | None = None) -> sa.Select[Any]:
    """People by name. Their ids come first, from the index of names: with the titles beside them everybody in question
    would be sorted for the first few.
    """
    chosen = ids.order_by(Employee.name_sort, Employee.id).limit(limit).correlate(None)
    return (
        sa.select(*_person(spoken))
        .select_from(Employee)
        .join(Employee.organisation)
        .join(Employee.title)
        .where(Employee.id.in_(chosen))
        .order_by(Employee.name_sort, Employee.id)
        .execution_options(**ids.get_execution_options())
    )


def _candidates(statement: sa.Select[Any], course_session: CourseSession) -> list[Candidate]:
    return [Candidate(*row) for row in db.session.execute(statement, of(course_session))]


def _listed() -> sa.Select[Any]:
    return sa.select(Enrolment.employee_id).where(Enrolment.course_session_id == SESSION, Enrolment.status.in_(CURRENT))


def _not_listed(scope: Scope) -> sa.Select[Any]:
    """Ids of people the scope sees who are on the staff and not yet on the session's list."""
    ids: sa.Select[Any] = scope.trusting(scope.restrict(sa.select(Employee.id), Employee), Enrolment)
    return ids.where(Employee.active.is_(True), Employee.merged_into_id.is_(None), Employee.id.not_in(_listed()))


def found_people(scope: Scope, course_session: CourseSession, wish: Wish, limit: int = 30) -> list[Candidate]:
    """People this scope sees whose name, number or address holds what was typed and who are not on the list yet."""
    if len(wish.typed.strip()) < LEAST_TYPED:
        return []
    found = _not_listed(scope).where(matches(Employee, wish.typed), *wish.conditions())
    return _candidates(_by_name(found, language(), limit), course_session)


def ticked_people(scope: Scope, course_session: CourseSession, keys: Collection[int]) -> list[Candidate]:
    """People who had been ticked when a form came back."""
    if not keys:
        return []
    return _candidates(_by_name(_not_listed(scope).where(Employee.id.in_(keys)), language()), course_session)


MOST_NEEDS = 8
"""How many needs a suggested person may have among what one course builds, before others are left out for them."""


FOREMOST, FOREMOST_OF_SOME = 24, 96
"""For each person wanted so many needs are looked through first, those with the largest gap, more where not everybody's
people come into question: seldom are all of them wanted.
"""
ALL = 50_000
"""More needs are not looked through: these would be the foremost of those of everybody there is."""


def suggested_people(
    scope: Scope, course_session: CourseSession, limit: int = 40, *, wish: Wish = NOTHING_SAID
) -> list[Candidate]:
    """People this scope sees with a gap in what the course builds and an eligible title, who neither have a place in
    this course nor completed it; largest gap first, with the reason. One statement, a second where the foremost needs
    are mostly of people who do not come into question.
    """
    told, asking = of(course_session), partial(_suggestions, scope, replace(wish, typed=""), language())
    widely = (scope.everything or bool(scope.provinces)) and wish.organisation_id is None
    if widely:
        foremost = limit * (FOREMOST if scope.everything else FOREMOST_OF_SOME)
        rows = db.session.execute(asking(limit * MOST_NEEDS, foremost), told).all()
        found = _people([row for row in rows if row.certain], limit)
        if len(found) == limit or (rows and rows[0].all_of_them):
            return found
    return _people(db.session.execute(asking(limit * MOST_NEEDS, ALL if widely else None), told).all(), limit)


def _people(rows: Sequence[Any], limit: int) -> list[Candidate]:
    """Each once, for the first of their needs."""
    found: dict[int, Candidate] = {}
    for row in rows:
        if row.id not in found and len(found) < limit:
            found[row.id] = replace(Candidate(*row[:6]), why=row.why, gap=row.gap, high=bool(row.high))
    return list(found.values())


def _foremost(number: int) -> sa.CTE:
    """So many needs in what a course builds, those with the largest gap. The number stands in the text: SQLite expects
    no more rows of it then, and does not read all the staff for a filter to put before looking people up.
    """
    weight = (Need.gap * SCALE * 10 + Need.importance).label("weight")  # by the gap, then by the importance
    needs = sa.select(Need.id, weight).where(need_in(built_by(COURSE)), Need.need.is_(True))
    largest = needs.order_by(Need.gap.desc(), Need.importance.desc())
    return largest.limit(sa.literal_column(str(number))).cte("foremost")


@written_once
def _suggestions(scope: Scope, wish: Wish, spoken: str, limit: int, foremost: int | None = None) -> Any:
    """People with the needs they are suggested for, largest gap first. Of the `foremost` needs alone: whether these
    are `all_of_them`, and whether a row's place is `certain`: others might weigh as much as the last of the foremost.
    """
    why = named(Competency, spoken).label("why")
    columns: tuple[Any, ...] = (*_person(spoken), why, Need.gap, is_high().label("high"))
    some = None if foremost is None else _foremost(foremost)
    statement = (
        of_need(scope.restrict(sa.select(*columns), Employee), some)
        .join(Employee.organisation)
        .join(Employee.title)
        .join(Need.competency)
        .where(
            Need.need.is_(True),
            Employee.active.is_(True),
            Employee.merged_into_id.is_(None),
            Employee.id.not_in(_listed()),
            *_without_it(trained=wish.trained),
            *wish.conditions(),
            *([is_high()] if wish.need == HIGH else []),
        )
        .order_by(Need.gap.desc(), Need.importance.desc(), Employee.name_sort, Need.id)
        .limit(limit)
    )
    if some is not None:
        number, least = (
            sa.select(function(some.c.weight)).scalar_subquery() for function in (sa.func.count, sa.func.min)
        )
        whole = number < foremost
        certain = sa.or_(whole, some.c.weight > least)
        statement = statement.add_columns(whole.label("all_of_them"), certain.label("certain"))
    return reading(scope.trusting(statement, Need, Respondent, Enrolment, CourseSession))


def anybody_rated(scope: Scope, course_session: CourseSession) -> bool:
    """Whether the needs analysis asked anybody this scope sees for what the course builds."""
    statement = of_need(scope.restrict(sa.select(Need.id), Employee)).limit(1)
    return db.session.scalar(scope.trusting(statement, Need, Respondent), of(course_session)) is not None


def people_in_need(scope: Scope, course_ids: Collection[int]) -> dict[int, int]:
    """How many people this scope sees would be suggested for each of these courses; none of whom nobody would be."""
    wanting = _wanting(scope, course_ids).subquery()
    titles = sa.select(CourseTitle.title_id).where(CourseTitle.course_id == wanting.c.course_id).correlate(wanting)
    placed = (
        sa.select(Enrolment.id)
        .join(CourseSession, CourseSession.id == Enrolment.course_session_id)
        .where(Enrolment.employee_id == wanting.c.id, CourseSession.course_id == wanting.c.course_id)
        .where(Enrolment.status.in_(CURRENT), CourseSession.status.in_(RUNNING))
        .correlate(wanting)
    )
    counted = sa.select(wanting.c.course_id, sa.func.count()).where(
        sa.or_(sa.not_(titles.exists()), wanting.c.title_id.in_(titles)),
        sa.not_(placed.exists()),
        sa.not_(completed(wanting.c.id, wanting.c.course_id)),
    )
    models = (Employee, Need, Respondent, also, Enrolment, CourseSession)
    found = scope.trusting(counted.group_by(wanting.c.course_id), *models)
    return {row[0]: row[1] for row in db.session.execute(reading(found))}


def _wanting(scope: Scope, course_ids: Collection[int]) -> sa.Select[Any]:
    """Each of these courses with everybody on the staff who needs something it builds. Each step is DISTINCT, so that
    SQLite takes them one after the other: first the few who were asked, not the whole staff for each course.
    """
    who = (Employee.id, Employee.title_id, Respondent.round_id, Respondent.employee_id)
    rows = sa.select(*who).select_from(Respondent).join(Employee, Employee.id == Respondent.person_id).distinct()
    rows = rows.where(Employee.active.is_(True), Employee.merged_into_id.is_(None))
    asked, builds = latest_of_person(scope.restrict(rows, Employee)).subquery(), _builds(course_ids).subquery()
    theirs = sa.and_(Need.round_id == asked.c.round_id, Need.employee_id == asked.c.employee_id)
    wanting = sa.select(builds.c.course_id, asked.c.id, asked.c.title_id).select_from(asked).join(Need, theirs)
    return wanting.join(builds, builds.c.id == Need.competency_id).where(Need.need.is_(True)).distinct()


def _builds(course_ids: Collection[int]) -> sa.CompoundSelect[Any]:
    """What each of these courses builds: `course_id`, and the `id` of a competency or of what became part of it."""
    which = CourseCompetency.course_id.in_(sorted(course_ids))
    own = sa.select(CourseCompetency.course_id, CourseCompetency.competency_id.label("id")).where(which)
    joined = CourseCompetency.competency_id == Competency.merged_into_id
    parts = sa.select(CourseCompetency.course_id, Competency.id).join(Competency, joined).where(which)
    return sa.union_all(own, parts)


def unrated_people(
    scope: Scope, course_session: CourseSession, limit: int = 100, *, wish: Wish = NOTHING_SAID
) -> list[Candidate]:
    """Whom the course is for, by name: what one has to choose from where nobody was asked what they need."""
    return _candidates(_unrated(scope, replace(wish, typed=""), language(), limit), course_session)


@written_once
def _unrated(scope: Scope, wish: Wish, spoken: str, limit: int) -> sa.Select[Any]:
    ids = _not_listed(scope).where(*_without_it(trained=wish.trained), *wish.conditions())
    return _by_name(reading(scope.trusting(ids, Enrolment, CourseSession)), spoken, limit)


def _without_it(*, trained: bool = False) -> tuple[sa.ColumnElement[bool], ...]:
    """Of people: they have an eligible title and no place in this course; completed it or, without `trained`, not."""
    done = Employee.id.in_(who_completed(COURSE))
    titles = sa.select(CourseTitle.title_id).where(CourseTitle.course_id == COURSE)
    elsewhere = (
        sa.select(Enrolment.employee_id)
        .join(CourseSession, CourseSession.id == Enrolment.course_session_id)
        .where(Enrolment.status.in_(CURRENT), CourseSession.course_id == COURSE, CourseSession.status.in_(RUNNING))
    )
    return (
        sa.or_(sa.not_(titles.exists()), Employee.title_id.in_(titles)),
        Employee.id.not_in(elsewhere),
        done if trained else sa.not_(done),
    )


def of_need(statement: sa.Select[Any], some: sa.CTE | None = None) -> sa.Select[Any]:
    """A statement about people with their needs of what a course builds (or with `some` of them), by the latest round
    that asked each; it is told the course when it is carried out.
    """
    needs = needs_in(built_by(COURSE).subquery()) if some is None else sa.join(some, Need, Need.id == some.c.id)
    return cast("sa.Select[Any]", latest_of_person(with_person(statement.select_from(needs)), Employee.id))


@dataclass(frozen=True)
class Choice:
    """What the page offers to tick, and what is to be known about each of them before.

    `rated`: False where nobody is suggested because nobody was asked; `unrated` is then the staff there is, as it is
    where anybody is looked for.
    """

    wish: Wish
    found: Sequence[Candidate]
    suggested: Sequence[Candidate]
    ticked: Collection[int] = ()
    known: Survey = NOTHING
    rated: bool = True
    unrated: Sequence[Candidate] = ()

    @property
    def everybody(self) -> list[Candidate]:
        return [*self.found, *self.suggested, *self.unrated]

    @property
    def chosen(self) -> list[Candidate]:
        """Those ticked."""
        return [one for one in self.everybody if one.employee_id in self.ticked]

    def picked(self, pick: str, number: int, pools: Callable[[], Pools]) -> Choice:
        """The same with others ticked: `all` who are shown, `none`, the `first` so many whom nothing keeps away, or by
        `quota` those who would have a seat.
        """
        if pick == "all":
            return replace(self, ticked={one.employee_id for one in self.everybody})
        free = [one for one in self.everybody if not self.known.obstacles.get(one.employee_id)]
        if pick == "first":
            return replace(self, ticked={one.employee_id for one in free[:number]})
        if pick == "quota":
            return replace(self, ticked=set(turns(pools(), [(one.employee_id, one.home_id) for one in free])))
        return replace(self, ticked=frozenset()) if pick == "none" else self


MOST_SHOWN = 40, 200
"""So many are suggested, and so many of those one looks for."""


def choice(scope: Scope, course_session: CourseSession, wish: Wish, ticked: Collection[int], *, asks: bool) -> Choice:
    """Those ticked already and people found for what was typed, and those suggested besides: first those whom nothing
    keeps from a seat, each part by its gap. Where nobody was rated (`asks`: whether anybody was, `Places.rated`) nobody
    is suggested.
    """
    kept = ticked_people(scope, course_session, ticked)
    found = [*kept, *(one for one in found_people(scope, course_session, wish) if one not in kept)]
    there = {one.employee_id for one in found}
    most = MOST_SHOWN[wish.narrowed]
    asks = asks and not wish.staff
    asked = suggested_people(scope, course_session, most, wish=wish) if asks else []
    suggested = [one for one in asked if one.employee_id not in there]
    rated = not wish.staff and bool(asked or found or (asks and anybody_rated(scope, course_session)))
    staff = [] if rated else unrated_people(scope, course_session, MOST_SHOWN[True], wish=wish)
    unrated = [one for one in staff if one.employee_id not in there]
    keys = there | {one.employee_id for one in (*suggested, *unrated)}
    known = survey(course_session, keys, often=OFTEN_FROM, ticked=ticked)
    found.sort(key=lambda one: any(o.kind is Kind.COMPLETED for o in known.obstacles.get(one.employee_id, [])))
    for part in (suggested, unrated):
        part.sort(key=lambda one: bool(known.obstacles.get(one.employee_id)))
    return Choice(wish, found, suggested, frozenset(ticked), known, rated, unrated)
