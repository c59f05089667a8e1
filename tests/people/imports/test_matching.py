"""What the words of a list mean, and whom its rows are about."""

from __future__ import annotations

import pytest

from app.language.turkish import normalise
from app.people.matching.names import alike, changes, divided, folded, spelled
from app.people.matching.places import Index, Place, stem, without_acting
from app.people.matching.reading import Line
from app.people.matching.rules import Checked, Known, Outcome, Person
from app.people.models import EmploymentType, Sex

UNITS = [
    Place(
        1,
        "fen-isleri",
        "Fen İşleri Müdürlüğü",
        ("Fen İşleri Müdürlüğü", "Fen İşleri Dairesi Başkanlığı", "Public Works"),
    ),
    Place(2, "zabita", "Zabıta Müdürlüğü", ("Zabıta Müdürlüğü",)),
]
TITLES = [Place(1, "mudur", "Müdür", ("Müdür",)), Place(2, "uzman", "Uzman", ("Uzman", "Specialist"))]
WHOLE = {"unit": "Fen İşleri Müdürlüğü", "title": "Uzman", "employment_type": "Memur"}


def person(key: int, name: str, registry_no: str, **values: object) -> Person:
    given, _, family = name.rpartition(" ")
    plain: dict[str, object] = {
        "id": key,
        "given_name": given,
        "family_name": family,
        "registry_no": registry_no,
        "registry_key": registry_no,
        "unit_id": 1,
        "title_id": 2,
        "employment_type": EmploymentType.CIVIL_SERVANT,
        "sex": Sex.WOMAN,
        "email": "",
        "phone": "",
        "supervisor_id": None,
        "active": True,
        "version": 1,
    }
    return Person(**(plain | values))  # type: ignore[arg-type]


def outcomes(
    *rows: dict[str, str], staff: list[Person] | None = None, choices: dict[str, int] | None = None
) -> list[Outcome]:
    lines = [Line(at, "", at + 2, "", {k: normalise(v) for k, v in row.items() if v}) for at, row in enumerate(rows)]
    known = Known(staff or [], Index(UNITS, stems=True), Index(TITLES), choices=choices or {})
    return list(Checked(lines, known).outcomes())


def kinds(found: list[Outcome]) -> list[str]:
    return [one.kind.value for one in found]


@pytest.mark.parametrize(
    ("typed", "given", "family"),
    [
        ("Azad KARACA", "Azad", "Karaca"),
        ("KARACA Azad", "Azad", "Karaca"),
        ("AZAD KARACA", "Azad", "Karaca"),
        ("Mehmet Ali ŞAHİN", "Mehmet Ali", "Şahin"),
        ("Gülşah ÜNLÜ AĞAOĞLU", "Gülşah", "Ünlü Ağaoğlu"),
        ("Karaca, Azad", "Azad", "Karaca"),
        ("ışık ilhan", "Işık", "İlhan"),
        ("A. KARACA", "A.", "Karaca"),
        ("AHMET ÖRNEK 2", "Ahmet", "Örnek"),
        ("Ahmet ÖRNEK (2)", "Ahmet", "Örnek"),
        ("TEKAD", "", "Tekad"),
    ],
)
def test_the_family_name_stands_in_capitals(typed: str, given: str, family: str) -> None:
    assert divided(typed) == (given, family)


def test_names_are_spelled_by_turkish_rules() -> None:
    assert [spelled(word) for word in ("İLHAN", "IŞIK", "AL-HASAN", "McDonald")] == [
        "İlhan",
        "Işık",
        "Al-Hasan",
        "McDonald",
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Mohammad Al Halabi", "Muhammad Al-Halabi", True),
        ("A. Karaca", "Azad Karaca", True),
        ("Karaca Azad", "Azad Karaca", True),
        ("Azad Karaca", "Rojin Karaca", False),
        ("Ahmet Örnek 2", "Ahmet Örnek", True),
    ],
)
def test_names_alike(one: str, other: str, same: bool) -> None:
    assert alike(folded(one), folded(other)) is same


def test_letters_lost_on_the_way_are_no_change() -> None:
    assert not changes("AZAD KARACA", "Azad Karaca")
    assert not changes("Isik Cinar", "Işık Çınar")
    assert changes("Işık Çınar", "Isik Cinar") and changes("Elif Yılmaz", "Elif Ağaoğlu")


@pytest.mark.parametrize(
    "typed", ["FEN İŞLERİ MÜDÜRLÜĞÜ", "Fen İşleri", "Fen İşleri Daire Başkanlığı", "fen isleri mud.", "Public Works"]
)
def test_a_unit_is_found_by_what_it_does(typed: str) -> None:
    assert Index(UNITS, stems=True).find(typed) == 1
    assert stem(typed) in ("fen isleri", "public works")


def test_a_part_of_a_long_name_is_near() -> None:
    index = Index([Place(1, "basin", "Basın", ("Basın Yayın ve Halkla İlişkiler Müdürlüğü",)), *UNITS[1:]], stems=True)
    assert (index.find("Basın Yayın"), index.nearest("Basın Yayın"), index.nearest("Bilgi İşlem Müdürlüğü")) == (
        None,
        1,
        None,
    )


def test_what_is_nearest_is_told_and_what_was_said_by_hand_is_known() -> None:
    index = Index(UNITS, {"uzay isleri": 2}, stems=True)
    assert (index.find("Uzay İşleri"), index.find("Zabıtta Müdürlüğü"), index.nearest("Zabıtta Müdürlüğü")) == (
        2,
        None,
        2,
    )


def test_what_all_units_have_in_their_names_makes_none_near() -> None:
    index = Index([Place(3, "saglik", "Sağlık", ("Sağlık İşleri Müdürlüğü",)), *UNITS], stems=True)
    assert index.nearest("Muhtarlık İşleri Müdürlüğü") is None
    assert (index.nearest("Salık İşleri Müdürlüğü"), index.nearest("Fenn İşleri Müd.")) == (3, 1)


@pytest.mark.parametrize("typed", ["Müdür V.", "Müdür Vekili", "Müdür (V)", "Vekâleten Müdür", "Müdür Vek."])
def test_acting_posts(typed: str) -> None:
    assert without_acting(typed) == ("mudur", True)


def test_all_errors_of_a_row_are_told() -> None:
    (found,) = outcomes({"name": "TEKAD", "unit": "Uzay", "title": "Astronot", "email": "bozuk", "phone": "x"})
    assert {error["code"] for error in found.errors} == {
        "unknown_unit", "unknown_title", "email", "phone", "no_given_name", "no_registry", "no_employment",
    }  # fmt: skip


def test_the_main_post_counts_where_a_number_stands_twice() -> None:
    row = {"registry_no": "1", "name": "Azad KARACA"} | WHOLE
    acting, own = outcomes(row | {"title": "Müdür V."}, row)
    assert (acting.kind.value, own.kind.value, own.values["title_id"]) == ("repeated", "new", 2)
    assert own.notes[0]["code"] == "also_acting"
    # where it is all that is known of somebody, it is their title; of somebody who is there it changes none
    assert outcomes(row | {"title": "Müdür V."})[0].values["title_id"] == 1
    (there,) = outcomes(row | {"title": "Müdür V."}, staff=[person(1, "Azad Karaca", "1")])
    assert there.kind.value == "same"


def test_a_number_without_its_zeros_is_only_possible() -> None:
    staff = [person(1, "Azad Karaca", "000456")]
    row = {"registry_no": "456", "name": "Rojin ÖZ"} | WHOLE
    assert [(one.kind.value, one.twins) for one in outcomes(row, staff=staff)] == [("possible", [1])]
    assert kinds(outcomes(row, staff=staff, choices={"0": 0})) == ["new"]
    (same,) = outcomes(row, staff=staff, choices={"0": 1})
    assert (same.kind.value, same.values["registry_no"]) == ("changed", "456")


def test_a_number_in_another_spelling_is_the_same_one() -> None:
    staff = [person(1, "Azad Karaca", "1192-000")]
    assert kinds(outcomes({"registry_no": "1192 – 000", "name": "Azad KARACA"} | WHOLE, staff=staff)) == ["same"]


def test_an_address_tells_who_it_is_within_the_institution() -> None:
    staff = [person(1, "Azad Karaca", "1", email="azad@x.example")]
    row = {"registry_no": "77", "name": "Azad KARACA", "email": "AZAD@x.example"} | WHOLE
    (found,) = outcomes(row, staff=staff)
    assert (found.kind.value, found.values) == ("changed", {"registry_no": "77"})
    assert kinds(outcomes(row | {"name": "Şükran UÇAR"}, staff=staff)) == ["possible"]


def test_a_name_alone_is_only_possible_and_namesakes_with_numbers_of_their_own_are_none() -> None:
    staff = [person(1, "Ahmet Örnek", "1"), person(2, "Elif Öz", "2")]
    first = {"registry_no": "1", "name": "Ahmet ÖRNEK"} | WHOLE
    namesake = {"registry_no": "9", "name": "AHMET ÖRNEK 2"} | WHOLE
    assert kinds(outcomes(namesake, staff=staff)) == ["possible"]
    assert kinds(outcomes(first, namesake, staff=staff)) == ["same", "new"]


def test_a_number_of_somebody_else_altogether_needs_a_word() -> None:
    staff = [person(1, "Azad Karaca", "1")]
    row = {"registry_no": "1", "name": "Şükran UÇAR"} | WHOLE
    assert [(one.kind.value, one.twins) for one in outcomes(row, staff=staff)] == [("possible", [1])]
    (other,) = outcomes(row, staff=staff, choices={"0": 0})
    assert [error["code"] for error in other.errors] == ["taken"]


def test_sex_is_never_guessed() -> None:
    row = {"registry_no": "1", "name": "Elif ÖZ", "sex": "1"} | WHOLE
    (found,) = outcomes(row)
    assert (found.values["sex"], found.notes[0]["code"]) == (Sex.NOT_STATED, "sex")


def test_supervisors_may_stand_in_the_same_list() -> None:
    chief = {"registry_no": "1", "name": "Elif ÖZ"} | WHOLE
    staff_member = {"registry_no": "2", "name": "Azad KARACA", "supervisor": "1"} | WHOLE
    assert [one.supervisor for one in outcomes(chief, staff_member)] == ["", "1"]
    (lost,) = outcomes(staff_member)
    assert [error["code"] for error in lost.errors] == ["unknown_chief"]
    (own,) = outcomes(staff_member | {"supervisor": "2"})
    assert [error["code"] for error in own.errors] == ["own_chief"]


def test_who_comes_back_is_active_again_and_who_leaves_is_offered_later() -> None:
    row = {"registry_no": "1", "name": "Azad KARACA"} | WHOLE
    (back,) = outcomes(row, staff=[person(1, "Azad Karaca", "1", active=False)])
    assert back.values == {"active": True}
    (gone,) = outcomes(row | {"active": "Ayrıldı"}, staff=[person(1, "Azad Karaca", "1")])
    assert (gone.kind.value, gone.leaves) == ("same", True)
