"""The figures against the rows they come from, and against somebody who adds and subtracts all of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

import pytest
import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.core.db import db
from app.oversight.figures.services import recount_by_hand
from app.training.models import CourseSession
from tests import factories
from tests.conftest import Browser, Stage
from tests.counting import statements
from tests.oversight.reading import ALL, Place, Read, everything, from_file, from_page
from tests.oversight.stage import Took, arrange

PROVINCES = {"Diyarbakır": 3, "Erzurum": 2, "Gaziantep": 1}
YEARS = ["2025", "2026"]
PRIME = 1_000_000_007


def holds(place: Place, took: Took) -> bool:
    return (
        place.year in (ALL, str(took.year))
        and place.province in (ALL, str(took.province))
        and place.category in (ALL, f"kind {took.kind}", f"theme {took.theme}", f"certified {took.certified}")
        and place.sex in (ALL, took.sex)
    )


def count(place: Place, rows: list[Took]) -> tuple[int, int]:
    mine = [took for took in rows if holds(place, took)]
    return len({took.person for took in mine}), len(mine)


# --- exact: the figures of whoever sees the people ---------------------------------------------------------------


@pytest.mark.parametrize("moving", [0, 0.4])
@pytest.mark.parametrize(
    ("who", "mine"), [("admin", None), ("coordinator", ["Gaziantep"]), ("coordinator_of_two", ["Gaziantep", "Erzurum"])]
)
def test_exact_figures_are_those_of_the_rows(stage: Stage, who: str, mine: list[str] | None, moving: float) -> None:
    """Also of people who take part from another province the next time: one in each, and one in all."""
    rows = [took for took in arrange(stage.cast, moving=moving) if mine is None or took.province in mine]
    read = everything(getattr(stage, who), YEARS, PROVINCES, "tr")
    assert len(read) > (250 if who == "admin" else 90)
    for place, number in read.items():
        assert number is not None, place
        persons, times = count(place, rows)
        assert number[0] == persons, place
        assert number[1] in (times, -1), place
    whole, parts = read[Place()], [read[Place(province=name)] for name in PROVINCES if Place(province=name) in read]
    elsewhere = count(Place(province="None"), rows)
    assert whole is not None
    together = sum(part[0] for part in parts if part) + elsewhere[0]
    assert together > whole[0] if moving and mine != ["Gaziantep"] else together == whole[0]


def test_coordinator_who_is_a_viewer_too_reads_her_own_province(stage: Stage) -> None:
    rows = [took for took in arrange(stage.cast) if took.province == "Gaziantep"]
    read = from_file(stage.coordinator_viewer, Place(), "/reports")
    assert read[Place()] == count(Place(), rows)
    assert Place(province="Erzurum") not in read


# --- published: the adversary ------------------------------------------------------------------------------------


class Equations:
    """Sums somebody knows, and whether another sum follows from them (elimination, modulo a prime)."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, dict[int, int]]] = []

    def _rest(self, vector: dict[int, int]) -> dict[int, int]:
        rest = dict(vector)
        for pivot, row in self.rows:
            factor = rest.get(pivot, 0)
            if factor:
                for key, value in row.items():
                    left = (rest.get(key, 0) - factor * value) % PRIME
                    if left:
                        rest[key] = left
                    else:
                        del rest[key]
        return rest

    def learn(self, vector: dict[int, int]) -> None:
        rest = self._rest(vector)
        if rest:
            pivot, value = next(iter(rest.items()))
            inverse = pow(value, -1, PRIME)
            self.rows.append((pivot, {key: other * inverse % PRIME for key, other in rest.items()}))

    def tells(self, vector: dict[int, int]) -> bool:
        return not self._rest(vector)


def atoms(rows: list[Took]) -> list[Took]:
    """Every kind of participation there could be, as far as the rows' words go."""
    sides: list[list[object]] = [
        sorted({getattr(took, side) for took in rows}, key=str)
        for side in ("year", "province", "kind", "theme", "sex", "certified")
    ]
    return [Took(0, *words) for words in product(*sides)]  # type: ignore[arg-type]  # words of each side, in order


def places(rows: list[Took]) -> list[Place]:
    """Every cell of the lattice, shown anywhere or not."""
    categories = {ALL} | {f"{side} {getattr(took, side)}" for took in rows for side in ("kind", "theme", "certified")}
    return [
        Place(*words)
        for words in product(
            sorted({ALL} | {str(took.year) for took in rows}),
            sorted({ALL} | {str(took.province) for took in rows}),
            sorted(categories),
            sorted({ALL} | {took.sex for took in rows}),
        )
    ]


def wider(place: Place) -> Iterator[Place]:
    fixed = [side for side, word in enumerate(place) if word != ALL]
    for number in range(1, len(fixed) + 1):
        for sides in combinations(fixed, number):
            yield Place(*(ALL if side in sides else word for side, word in enumerate(place)))


def leaks(rows: list[Took], read: Read) -> list[str]:
    """What somebody who read all this can work out about one to four people."""
    shown = {place: number for place, number in read.items() if number is not None}
    possible = _possible(rows, read)

    def vector(place: Place) -> dict[int, int]:
        return {number: 1 for number, atom in enumerate(possible) if holds(place, atom)}

    known = Equations()
    for place in shown:
        known.learn(vector(place))
    inside = {place: [took for took in rows if holds(place, took)] for place in places(rows)}
    found = []
    for place, mine in inside.items():
        people = {took.person for took in mine}
        if 0 < len(people) < 5 and known.tells(vector(place)):
            found.append(f"{place}: {len(people)}")
        for outer in wider(place) if mine else ():
            between = {took.person for took in inside[outer] if not holds(place, took)}
            difference = dict.fromkeys(vector(outer).keys() - vector(place).keys(), 1)
            if 0 < len(between) < 5 and known.tells(difference):
                found.append(f"{outer} less {place}: {len(between)}")
            if {outer, place} <= shown.keys() and 0 < shown[outer][0] - shown[place][0] < 5:
                found.append(f"persons of {outer} less those of {place}: {shown[outer][0] - shown[place][0]}")
    return found


def _possible(rows: list[Took], read: Read) -> list[Took]:
    """The atoms somebody may be in. Nobody is in an empty cell, nor in a row that was left out."""
    empty = [
        place
        for place in places(rows)
        if read.get(place, (1, 1)) == (0, 0)
        or (place not in read and place.sex == ALL and "None" not in place and "certified" not in place.category)
    ]
    return [atom for atom in atoms(rows) if not any(holds(place, atom) for place in empty)]


def visited(browser: Browser, language: str) -> Read:
    return everything(browser, YEARS, PROVINCES, language)


@pytest.mark.parametrize(
    ("seed", "people", "language", "moving"),
    [(1, 90, "tr", 0), (1, 90, "en", 0), (2, 90, "tr", 0.3), (3, 60, "en", 0), (4, 300, "tr", 0), (5, 150, "tr", 0.1)],
)
def test_no_combination_of_addresses_tells_of_a_few_people(
    stage: Stage, seed: int, people: int, language: str, moving: float
) -> None:
    rows = arrange(stage.cast, seed, people, moving)
    read = visited(stage.viewer, language)
    assert leaks(rows, read) == []
    assert None in read.values(), "the programme of the test has small cells"
    for place in (Place(), Place(province="Gaziantep"), Place(year="2025"), Place(sex="woman")):
        assert read[place] == count(place, rows), "what hides nobody stands"
    if people > 200:
        shown = sum(number is not None for number in read.values())
        assert shown > len(read) / 2, (shown, len(read))


def test_what_is_shown_to_a_viewer_is_true(stage: Stage) -> None:
    rows = arrange(stage.cast)
    for place, number in visited(stage.viewer, "tr").items():
        if number is not None:
            persons, times = count(place, rows)
            assert number[0] == persons, place
            assert number[1] in (times, -1), place


def test_viewers_of_provinces_read_parts_of_the_same_publication(stage: Stage) -> None:
    """Two who compare what they read learn no more than one who reads it all."""
    arrange(stage.cast)
    whole = visited(stage.viewer, "tr")
    for who, names in (("viewer_here", {"Gaziantep"}), ("viewer_of_two", {"Gaziantep", "Erzurum"})):
        browser: Browser = getattr(stage, who)
        for year, name in product((ALL, *YEARS), sorted(names)):
            address = f"/reports?province={PROVINCES[name]}" + (f"&year={year}" if year != ALL else "")
            for place, number in from_file(browser, Place(year, name), address).items():
                assert whole[place] == number, (who, place)
        foreign = from_file(browser, Place(province="Diyarbakır"), "/reports?province=3")
        assert foreign == dict.fromkeys(foreign, (0, 0)), "another province is empty to her"
        assert from_page(browser, Place(province=min(names)), "/")
    assert "Tüm iller" not in stage.viewer_of_two.page("/reports").text, "the sum of two provinces is not published"


def test_a_change_is_seen_at_once(stage: Stage) -> None:
    rows = arrange(stage.cast)
    assert from_file(stage.admin, Place(), "/reports")[Place()] == count(Place(), rows)
    elif_ = stage.cast.employees["elif"]
    session_id = db.session.scalars(
        EVERYWHERE.trusting(sa.select(CourseSession.id).where(CourseSession.year == 2025), CourseSession)
    ).first()
    made = factories.enrolment(session_id or 0, elif_)
    factories.outcome(made.id)
    recount_by_hand()
    db.session.commit()
    more = Took(elif_, 2025, "Gaziantep", "district", "Sağlık", "woman", False)
    read = from_file(stage.admin, Place(), "/reports")
    assert read[Place()] == count(Place(), [*rows, more])
    assert read[Place(year="2025", sex="woman")] == count(Place(year="2025", sex="woman"), [*rows, more])


def test_a_table_says_why_it_adds_up_to_more(stage: Stage) -> None:
    """Areas and years always may; provinces and kinds once somebody took part from two. Else not a word."""
    why = "her birinde"
    arrange(stage.cast)
    assert stage.admin.page("/reports").text.count(why) == 2
    assert stage.viewer.page("/reports").text.count(why) >= 2
    assert why not in stage.coordinator.page("/reports?year=2024").text


def test_it_says_so_of_those_who_moved_too(stage: Stage) -> None:
    arrange(stage.cast, moving=0.4)
    assert stage.admin.page("/reports").text.count("her birinde") > 2


def test_figures_cost_few_statements(stage: Stage) -> None:
    arrange(stage.cast)
    for browser in (stage.viewer, stage.coordinator, stage.admin):
        for address in ("/reports", "/reports?year=2026&province=1"):
            with statements() as seen:
                browser.page(address)
            assert len(seen) <= 8, seen
