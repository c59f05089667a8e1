from __future__ import annotations

from app.enrolment.quotas.rules import Pools, by_staff, in_front, turns

A, B, C = 1, 2, 3


def test_without_quotas_all_seats_are_anybodys() -> None:
    pools = Pools(3, {}, {A: 2})
    assert (pools.free, pools.unreserved, pools.room(B)) == (1, 1, 1)


def test_a_seat_kept_for_one_is_nobody_elses() -> None:
    pools = Pools(5, {A: 2, B: 2}, {A: 2, C: 1})
    assert (pools.kept(A), pools.kept(B), pools.unreserved) == (0, 2, 0)
    assert (pools.room(A), pools.room(B), pools.room(C)) == (0, 2, 0)


def test_a_quota_below_what_is_taken_counts_as_what_is_taken() -> None:
    pools = Pools(5, {A: 1, B: 2}, {A: 3})
    assert (pools.kept(A), pools.unreserved, pools.room(B)) == (0, 0, 2)


def test_what_is_kept_never_lets_more_in_than_there_are_seats() -> None:
    pools = Pools(4, {A: 2, B: 2}, {C: 3})
    assert (pools.free, pools.room(A), pools.room(B)) == (1, 1, 1)
    assert list(turns(pools, [("first", A), ("second", B)])) == ["first"]


def test_a_line_is_served_in_its_order_each_from_a_pool_that_has_a_seat() -> None:
    pools = Pools(4, {B: 1}, {A: 2})
    line = [("a1", A), ("a2", A), ("b1", B), ("c1", C)]
    assert list(turns(pools, line)) == ["a1", "b1"]


def test_nobody_is_in_front_who_waits_for_another_pool() -> None:
    full = Pools(3, {B: 1}, {A: 2})
    assert in_front(full, [("a1", A)], B) is None, "the seat that is left is kept for B"
    assert in_front(full, [("a1", A)], C) == "a1"
    assert in_front(full, [("a1", A), ("b1", B)], B) == "b1"


def test_whoever_has_a_seat_kept_for_them_is_in_nobodys_way() -> None:
    pools = Pools(3, {B: 1}, {A: 1})
    assert in_front(pools, [("b1", B)], C) is None
    assert in_front(pools, [("b1", B), ("b2", B)], C) == "b2", "only one of them has"


def test_seats_are_shared_out_by_how_many_work_where() -> None:
    assert by_staff(10, {A: 60, B: 25, C: 15}) == {A: 6, B: 3, C: 1}
    assert by_staff(1, {A: 1, B: 1}) == {A: 1, B: 0}
    assert by_staff(5, {A: 0}) == {A: 0}
