"""Of two records that were one person nothing goes on pointing at the one that is merged, but what says who somebody was."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from app.access.scope import EVERYWHERE
from app.core.db import Base, db
from app.needs.models import AssessmentRound, RatingSource, RoundStatus
from app.oversight.figures.services import recount
from app.people.links import services as links
from app.people.links.models import TRAININGS
from app.people.merging import services as merging
from app.people.models import Employee, EmployeePair, Unit
from app.training.models import SessionStatus
from tests import factories
from tests.cast import By, Cast
from tests.enrolment.stage import course_session, enrolled, person
from tests.laws.rooms import told

STAYS = {
    "needs.employee_id": "the record a round asked, whose answers stay as they were; person_id says whose they are",
    "ratings.employee_id": "as needs",
    "respondents.employee_id": "as needs",
    "respondents.supervisor_id": "who somebody's supervisor was when the round met them",
}
"""Columns that may go on pointing at a merged record."""
ONE_OF_TWO = {"employee_pairs.first_id"}
"""The first of two is the one that is older."""


def pointers() -> list[sa.Column[int]]:
    return [
        key.parent
        for table in db.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "employees"
    ]


def pointing(column: sa.Column[int], key: int) -> int:
    found = sa.select(sa.func.count()).select_from(column.table).where(column == key)
    return db.session.scalar(EVERYWHERE.trusting(found, *(m.class_ for m in Base.registry.mappers))) or 0


@pytest.fixture
def merged(cast: Cast) -> Employee:
    """Işık once more, with a row in each table that points at people."""
    twin = factories.employee("Işık", "Çınar", "N-777", 1)
    staff = factories.employee("Zeynep", "Yıldız", "N-778", 1, supervisor_id=twin.id)
    factories.employee("Işık", "Çınar", "N-779", 1, merged_into_id=twin.id, active=False)
    db.session.get_one(Unit, twin.unit_id).head_id = twin.id
    factories.trainer("Işık", employee_id=twin.id)
    for asked in (twin, staff):
        factories.need(asked.id)
        factories.rating(asked.id, 1, RatingSource.SELF)
    first, second = sorted((cast.employees["elif"], twin.id))
    places = {"first_organisation_id": 1, "second_organisation_id": 1}
    db.session.add(EmployeePair(first_id=first, second_id=second, signs="name", **places))
    db.session.add(EmployeePair(first_id=cast.employees["sukru"], second_id=twin.id, signs="name", **places))
    EVERYWHERE.get(AssessmentRound, 1).status = RoundStatus.CLOSED
    links.make(twin.id, TRAININGS, by=By())
    factories.group_member(factories.action_group().id, employee_id=twin.id)
    session = course_session()
    factories.outcome(enrolled(session, twin.id)[0].id)
    session.status = SessionStatus.FINALISED
    db.session.flush()
    factories.pilot_staff(factories.pilot().id, twin.id)
    recount(sa.select(Employee.id).where(Employee.id == twin.id))
    return twin


def test_nothing_points_at_a_merged_record(app: Flask, cast: Cast, merged: Employee) -> None:
    columns = {f"{column.table.name}.{column.name}": column for column in pointers()}
    bare = [name for name, column in columns.items() if not pointing(column, merged.id)]
    assert not set(bare) - ONE_OF_TWO, told(bare, "The fixture `merged` has no row for these: add one.")
    merging.merge(person(cast.employees["isik"]), merged, by=By())
    db.session.commit()
    left = {name for name, column in columns.items() if pointing(column, merged.id)}
    assert not left - set(STAYS), told(
        sorted(left - set(STAYS)),
        "These still point at a record that is no more: let the room follow EmployeesMerged (merging.py), or say in"
        " STAYS why they do.",
    )
    assert not set(STAYS) - left, told(sorted(set(STAYS) - left), "STAYS names what moves: take it out.")
