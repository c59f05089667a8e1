from __future__ import annotations

import pytest

from app.access.models import Organisation
from app.core.identity import HIDDEN
from app.enrolment.models import Enrolment, EnrolmentStatus
from app.enrolment.nominations.rules import Tally, line_of, named_in, refusals
from app.files.workbook import pasted_rows
from app.people.models import Employee

S = EnrolmentStatus
HOME, OTHER = Organisation(id=1), Organisation(id=2)
HERE, THERE = Employee(id=1, organisation_id=1), Employee(id=2, organisation_id=2)


def called(name: str) -> Employee:
    return Employee(given_name=name, family_name="Kaya")


def named(text: str) -> list[tuple[int, str, str]]:
    return [(row.number, number, home) for row, number, home in named_in(pasted_rows(text))]


@pytest.mark.parametrize("line", ["A-1\tAnkara", "A-1;Ankara", "A-1 , Ankara", " A-1\t Ankara\t"])
def test_a_line_holds_a_number_and_perhaps_an_institution(line: str) -> None:
    assert named(line) == [(1, "A-1", "Ankara")]
    assert named("A-1\n\n\t B-2") == [(1, "A-1", ""), (2, "", "B-2")]
    assert named("") == []


def test_a_line_of_headings_says_what_stands_where() -> None:
    assert named("Adı Soyadı\tSicil No\tKurumu\nAli CAN\tA-1\tAnkara\nVeli\t\t") == [(2, "A-1", "Ankara"), (3, "", "")]
    assert named("SİCİL NO\nA-1") == [(2, "A-1", "")]


def test_an_identity_number_is_not_shown_again() -> None:
    assert named("10000000146")[0][1] == HIDDEN


def test_a_line_names_the_one_person_who_works_there() -> None:
    assert line_of(1, "", [HERE, THERE], HOME, named=True).employee is HERE
    assert line_of(1, "", [THERE], None, named=False).employee is THERE


@pytest.mark.parametrize(
    ("people", "home", "by_name"),
    [([HERE, THERE], None, False), ([HERE], None, True), ([HERE], OTHER, True), ([], None, False)],
)
def test_what_names_nobody_or_several_says_so(people: list[Employee], home: Organisation | None, by_name: bool) -> None:
    line = line_of(1, "", people, home, named=by_name)
    assert line.employee is None
    assert line.problem is not None


def test_one_reason_is_said_once_with_everybody_it_holds_for() -> None:
    tally = Tally(refused=[(called("Ayla"), "Full."), (called("Ümit"), "Late."), (called("Işık"), "Full.")])
    assert tally.nobody
    assert refusals(tally) == [("Ayla Kaya, Işık Kaya: Full.", 2), ("Ümit Kaya: Late.", 1)]


def test_a_tally_sorts_people_by_what_they_got() -> None:
    tally, people = Tally(), [called(name) for name in ("Ayla", "Ümit", "Işık")]
    for person, status in zip(people, (S.ENROLLED, S.WAITLISTED, S.NOMINATED), strict=True):
        tally.add(Enrolment(status=status), person)
    assert [tally.seated, tally.waiting, tally.nominated] == [[one] for one in people]
    assert not tally.nobody
