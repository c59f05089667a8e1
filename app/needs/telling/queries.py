"""Who has not finished, and whom a letter reaches."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload

from app.access.models import Organisation, User
from app.access.scope import EVERYWHERE, Scope, within
from app.core.clock import at, today
from app.core.db import db
from app.core.paging import Lines, ListQuery, Rows, narrowed
from app.language import in_language
from app.needs.models import AssessmentRound, Questionnaire, Rating, Respondent
from app.needs.team.queries import chief, owed, supervisor_today, with_supervisor
from app.needs.telling.models import MOST_REMINDERS, Reach, Reader, Supervisor, Waiting
from app.people.models import Employee, Unit
from app.post.models import InvalidAddress
from app.post.services import Place

rated = aliased(Employee)
OWNED = (Questionnaire, Respondent, Employee, User)
ADDRESS = sa.case((User.active.is_(True), User.email), else_=Employee.email)
WRITTEN = sa.and_(ADDRESS != "", InvalidAddress.id.is_(None))
"""Whether letters reach somebody."""


def _of(statement: Any) -> Any:
    """Questionnaires with whoever is to answer them and how to write to them."""
    return (
        statement.select_from(Questionnaire)
        .join(Questionnaire.respondent)
        .join(Employee, Employee.id == Respondent.person_id)
        .outerjoin(User, User.id == Employee.user_id)
        .outerjoin(InvalidAddress, InvalidAddress.address == sa.func.lower(ADDRESS))
    )


def _unfinished(scope: Scope, found: AssessmentRound, *columns: Any) -> Any:
    statement = _of(sa.select(*columns)).where(
        Questionnaire.round_id == found.id, Questionnaire.finished_at.is_(None), Employee.active.is_(True)
    )
    return scope.trusting(scope.restrict(statement, Respondent), *OWNED)


def _to_tell() -> sa.ColumnElement[bool]:
    return sa.and_(WRITTEN, Questionnaire.told_at.is_(None))


def _to_remind() -> sa.ColumnElement[bool]:
    """Told, not reminded today, not too often."""
    midnight = at(today(), time.min)
    lately = sa.or_(Questionnaire.reminded_at.is_(None), Questionnaire.reminded_at < midnight)
    again = sa.and_(Questionnaire.told_at < midnight, lately)
    return sa.and_(WRITTEN, again, Questionnaire.reminders < MOST_REMINDERS)


def reach(scope: Scope, found: AssessmentRound) -> Reach:
    numbers = (sa.func.sum(sa.case((one, 1), else_=0)) for one in (_to_tell(), sa.not_(WRITTEN), _to_remind()))
    row = db.session.execute(_unfinished(scope, found, sa.func.count(Questionnaire.id), *numbers)).one()
    return Reach(*(int(number or 0) for number in row))


def to_tell(scope: Scope, found: AssessmentRound) -> Sequence[int]:
    return db.session.scalars(_unfinished(scope, found, Questionnaire.id).where(_to_tell())).all()


def to_remind(scope: Scope, found: AssessmentRound) -> Sequence[int]:
    return db.session.scalars(_unfinished(scope, found, Questionnaire.id).where(_to_remind())).all()


def readers(ids: Collection[int]) -> list[Reader]:
    """Whoever is to answer these questionnaires (their ids came through a scope, or stand in a letter)."""
    columns = (Questionnaire, Employee, User, WRITTEN, Organisation)
    statement = (
        _of(sa.select(*columns))
        .join(Questionnaire.round)
        .join(Organisation, Organisation.id == Respondent.organisation_id)
        .options(contains_eager(Questionnaire.round), contains_eager(Questionnaire.respondent))
        .where(Questionnaire.id.in_(sorted(ids)), Employee.active.is_(True))
        .order_by(Questionnaire.id)
    )
    # whoever it is written to
    return [_reader(*row) for row in db.session.execute(EVERYWHERE.trusting(statement, *OWNED))]


def _reader(one: Questionnaire, person: Employee, user: User | None, written: bool, home: Organisation) -> Reader:
    signs_in = user is not None and user.active
    address = user.email if user is not None and user.active else person.email
    language = user.language if user is not None and user.active else "tr"
    place = Place(home.province_id, home.id)
    return Reader(one, person.id, person.name, address if written else "", language, signs_in, place)


def unwritten(scope: Scope, found: AssessmentRound, most: int) -> Sequence[Any]:
    """Rows (questionnaire, person with institution and unit) of those no letter reaches, by institution and name."""
    statement = (
        _unfinished(scope, found, Questionnaire, Employee)
        .join(Employee.organisation)
        .options(contains_eager(Employee.organisation), joinedload(Employee.unit))
        .where(sa.not_(WRITTEN))
        .order_by(Organisation.name_sort, Employee.name_sort, Employee.id)
        .limit(most)
    )
    return db.session.execute(statement).all()


def chosen(scope: Scope, found: AssessmentRound, ids: Collection[int]) -> Sequence[Any]:
    """The same of these people, whether a letter reaches them or not."""
    statement = (
        _unfinished(scope, found, Questionnaire, Employee)
        .join(Employee.organisation)
        .options(contains_eager(Employee.organisation), joinedload(Employee.unit))
        .where(Employee.id.in_(sorted(ids)))
        .order_by(Organisation.name_sort, Employee.name_sort, Employee.id)
    )
    return db.session.execute(statement).all()


# --- supervisors ------------------------------------------------------------------------------------------


def supervisors(
    scope: Scope, found: AssessmentRound, ids: Collection[int] | None = None, *, most: int | None = None
) -> list[Supervisor]:
    """Whoever has not rated all their people of this scope, by institution and name; `ids`: of these."""
    missing = sa.func.sum(owed())
    columns = (Employee, User, WRITTEN, sa.func.count(Respondent.id), missing)
    statement = (
        with_supervisor(sa.select(*columns).select_from(Respondent))
        .join(rated, rated.id == Respondent.person_id)
        .join(Employee, Employee.id == supervisor_today())
        .join(Employee.organisation)
        .join(Employee.unit)
        .outerjoin(User, User.id == Employee.user_id)
        .outerjoin(InvalidAddress, InvalidAddress.address == sa.func.lower(ADDRESS))
        .options(contains_eager(Employee.organisation), contains_eager(Employee.unit))
        .where(Respondent.round_id == found.id, Employee.active.is_(True), rated.active.is_(True))
        .where(rated.id != Employee.id)
        .group_by(Employee.id, User.id, InvalidAddress.id, Organisation.id, Unit.id)
        .having(missing > 0)
        .order_by(Organisation.name_sort, Employee.name_sort, Employee.id)
        .limit(most)
    )
    if ids is not None:
        statement = statement.where(Employee.id.in_(sorted(ids)))
    rows = db.session.execute(scope.trusting(scope.restrict(statement, Respondent), *OWNED, Rating, rated, chief))
    return [_supervisor(*row) for row in rows]


def _supervisor(person: Employee, user: User | None, written: bool, people: int, missing: int) -> Supervisor:
    signs_in = user is not None and user.active
    address = user.email if user is not None and user.active else person.email
    language = user.language if user is not None and user.active else "tr"
    place = Place(person.organisation.province_id, person.organisation_id)
    return Supervisor(person, people, int(missing), address if written else "", language, signs_in, place)


# --- the list of those who have not finished ------------------------------------------------------------

WAITING_SORTS = {
    "name": (Employee.name_sort, Questionnaire.id),
    "organisation": (Organisation.name_sort, Employee.name_sort, Questionnaire.id),
    "unit": (Unit.name_sort, Employee.name_sort, Questionnaire.id),
}


def waiting(scope: Scope, query: ListQuery, found: AssessmentRound) -> Rows[Waiting]:
    """Those of this scope who have not finished. Filters: organisation, state (untold, told, started)."""
    ids = _placed(_unfinished(scope, found, Questionnaire.id))
    ids = narrowed(ids, query, {"organisation": Respondent.organisation_id})
    state = query.filter("state")
    if state in ("untold", "told"):
        ids = ids.where(Questionnaire.started_at.is_(None), Questionnaire.told_at.is_(None) == (state == "untold"))
    elif state == "started":
        ids = ids.where(Questionnaire.started_at.is_not(None))
    shown = (Questionnaire, Employee, Organisation, Unit, WRITTEN)
    lines = within(Questionnaire).trusting(_placed(_of(sa.select(*shown))), *OWNED)
    return Lines(ids, WAITING_SORTS[query.sort], query, lines, lambda row: _waiting(*row))


def _placed(statement: Any) -> Any:
    return statement.join(Organisation, Organisation.id == Respondent.organisation_id).join(
        Unit, Unit.id == Respondent.unit_id
    )


def _waiting(one: Questionnaire, person: Employee, home: Organisation, unit: Unit, written: bool) -> Waiting:
    return Waiting(
        person.id,
        person.name,
        in_language(home, "name"),
        in_language(unit, "name"),
        person.phone,
        written,
        one.told_by,
        one.started_at,
        one.reminders,
    )
