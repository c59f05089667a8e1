"""What is kept of participations is what the rows say, whatever changes them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.audit import journal
from app.audit.journal import SYSTEM
from app.catalogue.events import CourseChanged
from app.catalogue.models import Course
from app.certificates.register.queries import certificate
from app.certificates.register.services import reissue, revoke
from app.certificates.reopening.services import reopen
from app.core.db import db
from app.oversight.figures.models import SIDES, Participation
from app.oversight.figures.services import recount
from app.people.events import EmployeeChanged
from app.people.merging.services import merge
from app.people.models import Sex
from app.training.models import SessionStatus
from app.training.services import move
from tests import factories
from tests.cast import Cast
from tests.certificates.stage import Given, arrange, issued, person, session_of, took_part
from tests.oversight import stage as programme

COLUMNS = Participation.__table__.c
Change = Callable[[Cast, Given], object]


def kept() -> list[tuple[object, ...]]:
    db.session.flush()
    rows = db.session.execute(EVERYWHERE.trusting(sa.select(*COLUMNS).order_by(COLUMNS.id), Participation))
    return [tuple(row) for row in rows]


@pytest.fixture
def given(cast: Cast) -> Given:
    """Elif has her certificate; Zeynep's other record took part as well, in Gaziantep."""
    made = arrange(cast)
    cast.employees["zeyneb"] = factories.employee("Zeyneb", "Ak", "Z-1", 1).id
    took_part(made.session, cast.employees["zeyneb"])
    factories.theme("Barınma", id=77, prefix="BA", position=7)
    recount()
    issued(made, "elif")
    return made


def _opened_again(_: Cast, given: Given) -> None:
    reopen(session_of(given, elsewhere=True), "Yoklama", by=SYSTEM)


def _finalised(cast: Cast, given: Given) -> None:
    _opened_again(cast, given)
    factories.outcome(factories.enrolment(given.elsewhere, cast.employees["elif"]).id)
    move(session_of(given, elsewhere=True), SessionStatus.FINALISED, by=SYSTEM)


def _issued(_: Cast, given: Given) -> None:
    issued(given, "isik")


def _revoked(_: Cast, given: Given) -> None:
    revoke(issued(given, "isik"), "Yanlış kişi", by=SYSTEM)
    revoke(issued(given, "zeynep"), "Yanlış kişi", by=SYSTEM)
    issued(given, "zeynep")


def _reissued(cast: Cast, given: Given) -> None:
    _issued(cast, given)
    reissue(certificate(EVERYWHERE, issued(given, "zeynep").id), "Ad yanlış", by=SYSTEM)


def _merged(cast: Cast, _: Given) -> None:
    merge(person(cast, "zeynep"), person(cast, "zeyneb"), by=SYSTEM)


def _another_sex(cast: Cast, _: Given) -> None:
    person(cast, "elif").sex = Sex.NOT_STATED
    journal.record(EmployeeChanged(cast.employees["elif"], ("sex",)), by=SYSTEM)


def _another_theme(_: Cast, given: Given) -> None:
    db.session.get_one(Course, given.course).theme_id = 77
    journal.record(CourseChanged(given.course, ("theme_id",)), by=SYSTEM)


@pytest.mark.parametrize(
    "change", [_opened_again, _finalised, _issued, _revoked, _reissued, _merged, _another_sex, _another_theme]
)
def test_what_changes_a_participation_has_it_made_anew(cast: Cast, given: Given, change: Change) -> None:
    before = kept()
    change(cast, given)
    after = kept()
    assert after != before
    recount()
    assert kept() == after


def test_two_records_that_become_one_count_once(cast: Cast, given: Given) -> None:
    _merged(cast, given)
    firsts = [row for row in kept() if row[1] == cast.employees["zeynep"]]
    assert len(firsts) == 2
    assert [bool(int(str(row[-1])) & 1) for row in firsts] == [True, False], "one person, two participations"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_person_is_first_once_in_whatever_is_alike(cast: Cast, seed: int) -> None:
    """Counted naively, person by person: of several years, provinces, areas and kinds of institution."""
    programme.arrange(cast, seed, moving=0.4)
    rows = [dict(zip(COLUMNS.keys(), row, strict=True)) for row in kept()]
    assert len(rows) > 80
    for number, alike in enumerate(SIDES):
        seen = set()
        for row in rows:
            key = (row["employee_id"], *(row[name] for name in alike))
            assert bool(int(str(row["firsts"])) >> number & 1) == (key not in seen), (alike, row)
            seen.add(key)
