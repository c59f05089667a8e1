"""Attendance in minutes: the worked examples, and properties against a slow oracle in fractions."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.attendance.models import Presence
from app.attendance.rules import Cell, Standing, missing, spell, standing, unspell
from app.training.models import ExcusedPolicy, SittingState

P, L, E, A = Presence.PRESENT, Presence.LATE, Presence.LEFT_EARLY, Presence.ABSENT
FIFTY = 50


def blocks(marks: str, *, planned: int = FIFTY) -> list[Cell]:
    """One cell for each letter: p present, a absent, u unmarked, x exempt, e excused, n not held."""
    kinds = {"p": P, "a": A, "u": None, "x": Presence.EXEMPT, "e": Presence.EXCUSED, "n": None}
    return [
        Cell(planned, SittingState.NOT_HELD if letter == "n" else SittingState.HELD, kinds[letter]) for letter in marks
    ]


def test_half_a_day_missed_of_three_days_passes() -> None:
    result = standing(blocks("p" * 15 + "aaa"))
    assert (result.credit, result.base, result.final_tenths) == (750, 900, 833)
    assert result.passed
    assert result.complete
    assert result.allowance == 30


def test_two_late_arrivals_more_and_it_fails() -> None:
    late = Cell(FIFTY, mark=L, minutes=20)
    result = standing([*blocks("p" * 13 + "aaa"), late, late])
    assert (result.credit, result.base, result.final_tenths) == (710, 900, 788)
    assert not result.passed
    assert not result.best_case_ok
    assert result.allowance == -10


def test_a_half_day_not_held_lowers_what_is_needed() -> None:
    result = standing(blocks("p" * 12 + "aaa" + "nnn"))
    assert (result.credit, result.base) == (600, 750)
    assert result.passed
    assert result.allowance == 0


def test_the_threshold_is_reached_exactly_and_missed_by_a_minute() -> None:
    cells = [Cell(90, mark=P), Cell(90, mark=E, minutes=36)]
    assert standing(cells).passed
    assert not standing([cells[0], replace(cells[1], minutes=37)]).passed


def test_percentages_are_cut_not_rounded() -> None:
    result = standing([Cell(600, mark=P), Cell(200, mark=E, minutes=161)])
    assert 100 * result.credit / result.base == pytest.approx(79.875)
    assert result.final_tenths == 798
    assert not result.passed


@pytest.mark.parametrize(("missed", "credit"), [(0, 90), (15, 90), (16, 74), (40, 50), (90, 0), (120, 0)])
def test_grace_is_fifteen_minutes_and_then_all_of_them_count(missed: int, credit: int) -> None:
    assert standing([Cell(90, mark=L, minutes=missed)]).credit == credit


@pytest.mark.parametrize(("missed", "credit"), [(0, 90), (1, 89), (15, 75), (90, 0), (91, 0)])
def test_leaving_early_has_no_grace(missed: int, credit: int) -> None:
    assert standing([Cell(90, mark=E, minutes=missed)]).credit == credit


def test_a_shortened_sitting_counts_its_effective_minutes() -> None:
    cells = [
        Cell(90, SittingState.SHORTENED, P, effective=60),
        Cell(90, SittingState.SHORTENED, A, effective=30),
    ]
    result = standing(cells)
    assert (result.credit, result.base) == (60, 90)


def test_excused_is_absent_unless_the_policy_leaves_it_out() -> None:
    cells = blocks("pppe")
    assert standing(cells).final_tenths == 750
    assert standing(cells, policy=ExcusedPolicy.EXCLUDE).final_tenths == 1000


def test_nothing_to_measure_is_exempt_and_no_pass() -> None:
    for cells in ([], blocks("xxx"), blocks("nn"), blocks("xn")):
        result = standing(cells)
        assert result.exempt
        assert not result.passed
        assert result.final_tenths is None
        assert result.so_far_tenths is None
        assert result.allowance == 0
        assert result.best_case_ok
    assert standing(blocks("e"), policy=ExcusedPolicy.EXCLUDE).exempt


def test_so_far_looks_only_at_what_is_marked() -> None:
    result = standing(blocks("paauuu"))
    assert (result.so_far_tenths, result.final_tenths, result.best_case_tenths) == (333, 166, 666)
    assert result.unmarked == 3
    assert result.base - result.marked_base == 150
    assert not result.complete
    assert not result.best_case_ok
    assert standing(blocks("uu")).so_far_tenths is None


def test_who_joins_after_two_of_five_days_can_no_longer_reach_80_per_cent() -> None:
    """720 of 1,800 minutes were over when the seat was given and nobody marked them."""
    joined = [Cell(360, before=day < 2) for day in range(5)]
    result = standing(joined)
    assert (result.allowance, result.best_case_ok, result.best_case_tenths) == (360 - 720, False, 600)
    assert (result.so_far_tenths, result.unmarked, result.before, result.complete) == (None, 5, 2, False)
    exempt = [replace(cell, mark=Presence.EXEMPT) if cell.before else cell for cell in joined]
    assert (standing(exempt).allowance, standing(exempt).best_case_ok) == (216, True)
    absent = [replace(cell, mark=A) if cell.before else cell for cell in joined]
    assert standing(absent).allowance == result.allowance


def test_a_mark_from_before_the_seat_counts_as_it_stands() -> None:
    assert standing([Cell(90, mark=P, before=True), Cell(90)]) == standing([Cell(90, mark=P), Cell(90)])


def test_minutes_in_the_room_ignore_the_grace() -> None:
    result = standing([Cell(90, mark=L, minutes=15), Cell(90, mark=E, minutes=10), Cell(90, mark=A)])
    assert result.credit == 170
    assert result.attended_minutes == 155


@pytest.mark.parametrize(
    "wrong",
    [
        {"planned": 0},
        {"planned": 90, "state": SittingState.SHORTENED},
        {"planned": 90, "state": SittingState.SHORTENED, "effective": 0},
        {"planned": 90, "state": SittingState.SHORTENED, "effective": 91},
        {"planned": 90, "mark": L},
        {"planned": 90, "mark": E, "minutes": -1},
    ],
)
def test_an_impossible_cell_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"sitting|minutes"):
        Cell(**wrong)  # type: ignore[arg-type]  # the keywords come from a table


def test_an_impossible_threshold_is_refused() -> None:
    with pytest.raises(ValueError, match="threshold"):
        standing([], threshold=101)


@st.composite
def cells(draw: st.DrawFn, *, marked: bool = False) -> Cell:
    planned = draw(st.integers(1, 240))
    kinds = list(Presence) if marked else [*Presence, None]
    return Cell(
        planned=planned,
        state=draw(st.sampled_from(SittingState)),
        mark=draw(st.sampled_from(kinds)),
        minutes=draw(st.integers(0, 300)),
        effective=draw(st.integers(1, planned)),
        before=draw(st.booleans()),
    )


grids = st.lists(cells(), max_size=12)
complete_grids = st.lists(cells(marked=True), max_size=12)
thresholds = st.integers(0, 100)
policies = st.sampled_from(ExcusedPolicy)


def oracle(grid: list[Cell], threshold: int, policy: ExcusedPolicy) -> dict[str, object]:
    """The rules again, sentence by sentence, in exact fractions of the base."""
    measured: list[tuple[int, int | None]] = []
    gone = 0
    for cell in grid:
        length = cell.effective if cell.state == "shortened" else cell.planned
        assert length is not None
        assert cell.minutes is not None
        if cell.state == "not_held" or cell.mark == "exempt":
            continue
        if cell.mark == "excused" and policy == "exclude":
            continue
        if cell.mark is None:
            measured.append((length, None))
            gone += length if cell.before else 0
        elif cell.mark == "present" or (cell.mark == "late" and cell.minutes <= 15):
            measured.append((length, length))
        elif cell.mark in ("late", "left_early"):
            measured.append((length, max(0, length - cell.minutes)))
        else:
            measured.append((length, 0))
    base = sum(length for length, _ in measured)
    credit = sum(got for _, got in measured if got is not None)
    lost = sum(length - got for length, got in measured if got is not None) + gone
    best = credit + sum(length for length, got in measured if got is None) - gone
    needed = Fraction(threshold * base, 100)
    spare = Fraction(base) - needed
    return {
        "base": base,
        "credit": credit,
        "passed": bool(measured) and credit >= needed,
        "best_case_ok": best >= needed,
        "allowance": spare.numerator // spare.denominator - lost,
        "final": int(Fraction(credit * 1000, base)) if base else None,
        "unmarked": sum(got is None for _, got in measured),
    }


@given(grids, thresholds, policies)
def test_agrees_with_the_rules_read_aloud(grid: list[Cell], threshold: int, policy: ExcusedPolicy) -> None:
    result = standing(grid, threshold=threshold, policy=policy)
    assert {
        "base": result.base,
        "credit": result.credit,
        "passed": result.passed,
        "best_case_ok": result.best_case_ok,
        "allowance": result.allowance,
        "final": result.final_tenths,
        "unmarked": result.unmarked,
    } == oracle(grid, threshold, policy)
    assert 0 <= result.credit <= result.marked_base <= result.base
    assert result.attended_minutes <= result.credit


@given(complete_grids, thresholds, policies)
def test_a_complete_sheet_passes_exactly_while_something_may_be_missed(
    grid: list[Cell], threshold: int, policy: ExcusedPolicy
) -> None:
    result = standing(grid, threshold=threshold, policy=policy)
    assert result.complete
    if not result.exempt:
        assert result.passed == (result.allowance >= 0)
        assert result.passed == result.best_case_ok


@given(grids, thresholds)
def test_hope_ends_when_the_allowance_is_overdrawn(grid: list[Cell], threshold: int) -> None:
    result = standing(grid, threshold=threshold)
    assert result.best_case_ok == (result.allowance >= 0)


@given(grids, thresholds, st.data())
def test_being_present_never_lowers_anything(grid: list[Cell], threshold: int, data: st.DataObject) -> None:
    assume(grid)
    place = data.draw(st.integers(0, len(grid) - 1))
    assume(grid[place].mark not in (Presence.EXEMPT, None))
    before = standing(grid, threshold=threshold)
    after = standing(
        [replace(cell, mark=P) if n == place else cell for n, cell in enumerate(grid)], threshold=threshold
    )
    assert after.credit >= before.credit
    assert after.allowance >= before.allowance
    assert after.passed >= before.passed
    assert after.base == before.base


@given(grids, cells(), thresholds, policies)
def test_sittings_that_do_not_count_change_nothing(
    grid: list[Cell], extra: Cell, threshold: int, policy: ExcusedPolicy
) -> None:
    def sums(grid: list[Cell]) -> Standing:
        return standing(grid, threshold=threshold, policy=policy)

    assert sums([*grid, replace(extra, state=SittingState.NOT_HELD)]) == sums(grid)
    assert sums([*grid, replace(extra, mark=Presence.EXEMPT)]) == sums(grid)
    assert sums(grid[::-1]) == sums(grid)


@pytest.mark.parametrize("word", ["", "present", "late:20", "left_early:5", "exempt"])
def test_a_mark_is_written_as_one_word(word: str) -> None:
    assert spell(*unspell(word)) == word


def test_who_joined_later_is_not_missing_unless_all_did() -> None:
    assert missing([("", False), ("", True), ("present", False)]) == [0]
    assert missing([("", True), ("absent", True)]) == [0]
