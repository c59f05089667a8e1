"""A round keeps who people were: nothing that happens to them later changes what a closed round says."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine

from app.access.models import Organisation, Role, User
from app.access.queries import caller_of
from app.access.scope import EVERYWHERE
from app.audit import journal
from app.core.db import db
from app.needs import services
from app.needs.models import AssessmentRound, Need, NeedSum, Rating, Respondent, RoundStatus
from app.needs.queries import priority_classes
from app.needs.results.queries import needs_of
from app.people.employees import services as employees
from app.people.events import EmployeeChanged, EmployeeTransferred
from app.people.leaving import services as leaving
from app.people.merging import services as merging
from app.people.models import Employee, EmploymentType, Sex
from app.people.queries import employee
from app.people.transfers.services import NewPlace, transfer
from tests.conftest import Stage
from tests.factories import employee as hire
from tests.laws.schema import Installation
from tests.needs.stage import (
    CASE_MANAGEMENT,
    NIZIP,
    PLAIN_LANGUAGE,
    SAHINBEY,
    YAKUTIYE,
    name_all,
    people,
    rate,
    scenery,
)

FOURS = ((5, 2, 5, 2), (4, 1, None, None), (5, 1, 4, 2), (2, 5, 3, 4))
READERS = ("admin", "coordinator", "coordinator_elsewhere", "focal_point", "focal_point_elsewhere")
PLACES = ("", "province=1", "organisation=1", "organisation=2", "organisation=1&unit=1", "organisation=1&unit=11",
          "organisation=2&unit=2", "title=manager", "title=specialist")  # fmt: skip


@pytest.fixture
def answered(stage: Stage) -> Stage:
    """A published round: nine people in Nizip, eight in Şahinbey and Yakutiye, in two units and title groups each."""
    scenery()
    ids: list[int] = []
    for organisation, prefix, count in ((NIZIP, "N", 9), (SAHINBEY, "S", 8), (YAKUTIYE, "Y", 8)):
        ids += people(count, organisation, prefix)
        ids += people(6, organisation, f"{prefix}M", title_id=2, unit_id=10 + organisation)
    for at, key in enumerate(ids):
        for competency in (CASE_MANAGEMENT, PLAIN_LANGUAGE):
            rate(key, competency, FOURS[(at + competency) % 4])
    services.recompute_needs(db.session.get_one(AssessmentRound, 1), ids)
    db.session.get_one(AssessmentRound, 1).status = RoundStatus.PUBLISHED
    db.session.commit()
    return stage


def told(stage: Stage) -> dict[tuple[str, str], list[list[str]]]:
    """Whatever a closed round tells anybody: rankings, matrices, lists of names, as files."""
    pages = ["/needs", "/needs?view=matrix", "/needs?view=matrix&rows=title", f"/needs/{CASE_MANAGEMENT}"]
    found = {}
    for name, page, place in product(READERS, pages, PLACES):
        address = f"{page}{'&' if '?' in page else '?'}{place}&format=csv"
        answer = getattr(stage, name).get(address)
        text = answer.data.decode("utf-8-sig") if answer.status_code == 200 else str(answer.status_code)
        found[name, address] = sorted(csv.reader(io.StringIO(text), delimiter=";"))
    return found


def kept() -> list[tuple[object, ...]]:
    """The rows beneath: sums, needs, ratings."""
    db.session.expire_all()
    return [
        tuple(row)
        for model in (NeedSum, Need, Rating)
        for row in db.session.execute(EVERYWHERE.restrict(sa.select(*model.__table__.columns), model))  # type: ignore[attr-defined]  # Table
    ]


def somebody(registry_no: str) -> int:
    statement = EVERYWHERE.restrict(sa.select(Employee.id), Employee).where(Employee.registry_no == registry_no)
    return int(db.session.scalars(statement).one())


def moves(stage: Stage, registry_no: str, organisation_id: int, title_id: int = 2) -> int:
    """To another institution."""
    by = caller_of(EVERYWHERE.get(User, stage.cast.users["admin"]))
    place = NewPlace(organisation_id, title_id, f"new-{registry_no}", EmploymentType.CONTRACT, "")
    key = somebody(registry_no)
    transfer(employee(EVERYWHERE, key), db.session.get_one(Organisation, organisation_id), place, by=by)
    return key


def merges(stage: Stage, kept_id: int, merged_id: int) -> None:
    by = caller_of(EVERYWHERE.get(User, stage.cast.users["admin"]))
    merging.merge(employee(EVERYWHERE, kept_id), employee(EVERYWHERE, merged_id), by=by)


def test_nothing_that_happens_later_changes_a_closed_round(answered: Stage) -> None:
    employee(EVERYWHERE, somebody("Y-3")).set_identity("Kişi4", "Yoğlu", "Y-3", "")  # two records of one person
    db.session.commit()
    before, rows = told(answered), kept()
    assert sum(len(lines) > 2 for lines in before.values()) > 60
    moves(answered, "N-1", SAHINBEY)
    moves(answered, "NM-2", YAKUTIYE)
    by = caller_of(EVERYWHERE.get(User, answered.cast.users["admin"]))
    person = employee(EVERYWHERE, somebody("N-3"))
    changed = employees.Details(
        person.given_name, person.family_name, "N-3", 11, 2, EmploymentType.COMPANY, Sex.WOMAN,
        supervisor_id=somebody("N-4"),
    )  # fmt: skip
    employees.change_employee(person, changed, by=by)
    person = employee(EVERYWHERE, somebody("N-5"))
    leaving.leave(person, by=by)
    merges(answered, somebody("S-1"), hire("Kişi1", "Soğlu", "double", NIZIP).id)
    twin = hire("Kişi2", "Soğlu", "twin", NIZIP, title_id=2, unit_id=11).id
    merges(answered, twin, somebody("S-2"))
    merges(answered, hire("Kişi2", "Soğlu", "third", SAHINBEY).id, twin)
    merges(answered, somebody("Y-4"), somebody("Y-3"))
    db.session.commit()
    assert kept() == rows
    assert told(answered) == before
    for again in ({}, {"round_id": 1}):
        services.recompute_sums(**again)
        db.session.commit()
        assert told(answered) == before, "made anew they are the same"


def test_the_old_institution_keeps_the_name_and_the_new_one_the_person(answered: Stage) -> None:
    name_all()
    key = moves(answered, "N-1", YAKUTIYE)
    db.session.commit()
    old = answered.focal_point.page(f"/needs/{CASE_MANAGEMENT}?sort=name")
    assert "Kişi1 Noğlu" in old.text
    assert f"/people/{key}" not in old.links, "whom she no longer sees she is not led to"
    assert f"/people/{somebody('N-2')}" in old.links
    assert answered.focal_point.get(f"/people/{key}").status_code == 404
    assert "Vaka yönetimi" in answered.focal_point_elsewhere.page(f"/people/{key}").text
    assert "Kişi1 Noğlu" not in answered.focal_point_elsewhere.page(f"/needs/{CASE_MANAGEMENT}?sort=name").text


def test_whoever_a_merge_kept_has_the_needs_of_both(answered: Stage) -> None:
    """Where both were rated the kept record's own answer is shown, and both go on counting in the closed round."""
    new = hire("Kişi2", "Soğlu", "new", NIZIP)
    merges(answered, new.id, somebody("N-2"))
    merges(answered, somebody("N-3"), somebody("N-4"))
    db.session.commit()
    assert {need.competency_id for need, _ in needs_of(new)} == {CASE_MANAGEMENT, PLAIN_LANGUAGE}
    assert priority_classes([new.id], [CASE_MANAGEMENT]) == {new.id: 1}
    both = needs_of(employee(EVERYWHERE, somebody("N-3")))
    assert [need.employee_id for need, _ in both] == [somebody("N-3")] * 2
    linked = EVERYWHERE.restrict(sa.select(Respondent.employee_id), Respondent)
    assert set(db.session.scalars(linked.where(Respondent.person_id == somebody("N-3")))) == {
        somebody("N-3"),
        somebody("N-4"),
    }


def migrated(stage: Stage, *revisions: str) -> Iterator[None]:
    """The database taken to one revision after another; between them a look at its rows."""
    db.session.remove()
    db.engine.dispose()
    house = Installation(Path(stage.app.instance_path) / "none", address=stage.app.config["SQLALCHEMY_DATABASE_URI"])
    house.run("stamp", "head")
    for revision in revisions:
        down = revision != "head"
        house.run("downgrade" if down else "upgrade", revision, x=("discard=yes",) if down else ())
        yield
        db.session.remove()
        db.engine.dispose()


def counted() -> dict[int, int]:
    """How many people answered about one competency, by institution; read from the kept sums."""
    statement = EVERYWHERE.restrict(sa.select(NeedSum.organisation_id, NeedSum.n), NeedSum).where(
        NeedSum.unit_id.is_(None), NeedSum.competency_id == CASE_MANAGEMENT
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def test_an_upgrade_changes_no_figure(answered: Stage) -> None:
    before = told(answered)
    for _ in migrated(answered, "0009", "head"):
        pass
    assert told(answered) == before
    assert db.session.scalar(sa.select(AssessmentRound.status)) is RoundStatus.PUBLISHED
    assert not any(db.session.scalars(EVERYWHERE.restrict(sa.select(Respondent.guessed), Respondent)))


@pytest.mark.sqlite  # another day of an entry is written where nothing keeps it from being
def test_an_upgrade_gives_the_old_institution_its_people_back(answered: Stage) -> None:
    """The audit knows who was transferred since, and when; what else was changed it cannot give back, and flags."""
    before = told(answered)
    key = moves(answered, "N-1", YAKUTIYE, title_id=1)
    moves(answered, "new-N-1", SAHINBEY, title_id=1)
    journal.record(EmployeeChanged(somebody("S-1"), ("sex",)), by=journal.SYSTEM)
    journal.record(EmployeeChanged(somebody("S-2"), ("phone",)), by=journal.SYSTEM)
    with time_machine.travel("2026-04-30T20:59:00Z", tick=False):  # the last minute of the round
        journal.record(EmployeeTransferred(somebody("S-3"), NIZIP, SAHINBEY, ()), by=journal.SYSTEM)
        db.session.commit()
    steps = migrated(answered, "0009", "head")
    next(steps)
    assert counted() == {NIZIP: 14, SAHINBEY: 15, YAKUTIYE: 14}, "as the older program counted"
    next(steps)
    assert counted() == {NIZIP: 15, SAHINBEY: 14, YAKUTIYE: 14}
    assert told(answered) == before
    guessed = EVERYWHERE.restrict(sa.select(Respondent.employee_id), Respondent).where(Respondent.guessed)
    assert set(db.session.scalars(guessed)) == {key, somebody("S-1")}
    db.session.get_one(AssessmentRound, 1).readers = [Role.ADMINISTRATOR.value]  # none are named in what is that old
    db.session.commit()
    assert answered.admin.page(f"/needs/{CASE_MANAGEMENT}").text.count("Sonradan, eldeki bilgilerle") == 2


def test_a_round_that_asks_meets_people_as_they_are_and_once(answered: Stage) -> None:
    """What a person was when the round met them stays theirs in it, too."""
    db.session.get_one(AssessmentRound, 1).status = RoundStatus.OPEN
    moves(answered, "N-1", SAHINBEY)
    new = hire("Kişi2", "Soğlu", "new", SAHINBEY)
    merges(answered, new.id, somebody("N-2"))
    db.session.commit()
    assert counted() == {NIZIP: 15, SAHINBEY: 14, YAKUTIYE: 14}
    assert {need.employee_id for need, _ in needs_of(new)} == {new.id}
    met = EVERYWHERE.restrict(sa.select(Respondent.id), Respondent).where(Respondent.employee_id == somebody("N-2"))
    assert db.session.scalar(met) is None
