from __future__ import annotations

import pytest

from app.core.identity import HIDDEN
from app.enrolment.models import Enrolment, EnrolmentStatus
from app.enrolment.nominations.rules import Line, Said, Tally, line_of, refusals, said_in
from app.files.workbook import pasted_rows
from app.people.models import Employee

S = EnrolmentStatus
HERE = Employee(
    id=1, organisation_id=1, given_name="Elif", family_name="Ağaoğlu", registry_no="N-001", email="e@x.example"
)
THERE = Employee(id=2, organisation_id=2, given_name="Elif", family_name="Ağaoğlu", registry_no="N-001", email="")
NEAR = Employee(id=3, organisation_id=1, given_name="Şükrü", family_name="İğneci", registry_no="Ş-001", email="")
ANKARA = "ankara"


def called(name: str) -> Employee:
    return Employee(given_name=name, family_name="Kaya")


def said(text: str) -> list[Said]:
    return said_in(pasted_rows(text), [ANKARA])


def line(text: str, homes: set[int] | None = None) -> Line:
    return line_of(said(text)[0], [HERE, THERE, NEAR], homes)


@pytest.mark.parametrize(
    "text",
    [
        "N-001\tElif Ağaoğlu\tAnkara",
        "Ankara;ELİF AĞAOĞLU;N-001",
        "Elif Agaoglu , N–001 , Ankara",
        "N-001 Elif Ağaoğlu\tAnkara",
        "Elif AĞAOĞLU N - 001\t Ankara\t",
    ],
)
def test_a_line_says_number_name_and_institution_in_any_order(text: str) -> None:
    (one,) = said(text)
    assert ("n-001" in {number.lower() for number in one.numbers}, one.name, one.home) == (True, "elif agaoglu", ANKARA)


def test_an_address_is_found_wherever_it_stands() -> None:
    (one,) = said("Elif Ağaoğlu <E@X.example>")
    assert (one.addresses, one.name) == ({"e@x.example"}, "elif agaoglu")


def test_a_line_of_headings_says_nothing() -> None:
    assert [one.typed for one in said("Adı Soyadı\tSicil No\tKurumu\nAli CAN\tA-1\tAnkara")] == ["Ali CAN A-1 Ankara"]
    assert [one.typed for one in said("SİCİL NO\nA-1")] == ["A-1"]
    assert said("") == []


def test_an_identity_number_is_not_shown_again() -> None:
    assert said("10000000146")[0].typed == HIDDEN


@pytest.mark.parametrize(
    "text", ["N-001", "Elif Ağaoğlu", "AĞAOĞLU Elif", "elif agaoglu", "e@x.example", "Ağaoğlu N-001"]
)
def test_a_line_names_the_one_person_who_works_there(text: str) -> None:
    assert line(text, {1}).employee is HERE


@pytest.mark.parametrize(
    ("text", "homes", "maybe"),
    [
        ("N-001", None, [HERE, THERE]),
        ("Elif Ağaoğlu", None, [HERE, THERE]),
        ("E. Ağaoğlu", {1}, [HERE]),
        ("Şükrü İğnecil", None, [NEAR]),
        ("N-001", set(), []),
        ("N-001", {9}, []),
        ("Hiç Kimse", None, []),
        ("X-9", None, []),
        ("y@x.example", None, []),
    ],
)
def test_whoever_is_not_certain_is_offered_and_nobody_said(
    text: str, homes: set[int] | None, maybe: list[Employee]
) -> None:
    found = line(text, homes)
    assert found.employee is None
    assert list(found.maybe) == maybe
    assert (found.problem is None) is bool(maybe)


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
