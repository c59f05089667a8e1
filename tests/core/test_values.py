"""Our dataclasses are those of the standard library, except that mypy keeps the frozen ones."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from app.core import values


def _point(dataclass: Any) -> Any:
    @dataclass(frozen=True)
    class Point:
        x: int
        y: list[int] | int = 0
        seen: str = dataclasses.field(default="", compare=False, repr=False)

    return Point


def _pair(dataclass: Any) -> Any:
    @dataclass(slots=True)
    class Pair:
        """With a word about itself."""

        one: str
        other: Any = None

    return Pair


def _nothing(dataclass: Any) -> Any:
    @dataclass(frozen=True)
    class Nothing:
        pass

    return Nothing


def _own(dataclass: Any) -> Any:
    @dataclass(frozen=True)
    class Own:
        secret: str

        def __repr__(self) -> str:
            return "not told"

    return Own


def _itself(dataclass: Any) -> Any:
    @dataclass(frozen=True, eq=False)
    class Itself:
        name: str

    return Itself


MADE = {
    _point: [(1,), (1, 2), (1, 0, "yesterday"), (1, [2])],
    _pair: [("a",), ("a", "b"), ("a", None)],
    _nothing: [(), ()],
    _own: [("a",), ("b",), ("a",)],
    _itself: [("a",), ("a",)],
}


@pytest.mark.parametrize("make", MADE)
def test_they_say_and_compare_as_the_standard_library_does(make: Any) -> None:
    ours, theirs = make(values.dataclass), make(dataclasses.dataclass)
    one, other = ([kind(*each) for each in MADE[make]] for kind in (ours, theirs))
    for n, mine in enumerate(one):
        assert "<locals>." + repr(mine).rpartition(".")[2] == "<locals>." + repr(other[n]).rpartition(".")[2]
        assert dataclasses.astuple(mine) == dataclasses.astuple(other[n])
        assert dataclasses.replace(mine) == mine or make is _itself
        assert mine != other[n] and mine != MADE[make][n], "of another class"
        assert [mine == each for each in one] == [other[n] == each for each in other]
        assert _hashed(mine, one) == _hashed(other[n], other)


def _hashed(one: Any, all_of_them: list[Any]) -> Any:
    """Which of them a set takes for this one; or that it may not stand in one."""
    try:
        return [hash(one) == hash(each) for each in all_of_them if not isinstance(getattr(each, "y", 0), list)]
    except TypeError as error:
        return type(error)


def test_what_stands_below_another_is_compared_by_its_own_fields() -> None:
    base = _point(values.dataclass)

    @values.dataclass(frozen=True)
    class Named(base):  # type: ignore[misc]  # made by a function
        name: str = ""

    assert Named(1, name="a") == Named(1, name="a") != Named(1, name="b")
    assert Named(1) != base(1)
    assert len({Named(1), Named(1), Named(1, name="b")}) == 2
    assert repr(Named(1)).endswith("Named(x=1, y=0, name='')")


def test_an_order_has_to_be_asked_of_the_standard_library() -> None:
    with pytest.raises(ValueError, match="eq must be true"):
        values.dataclass(order=True)(type("Ordered", (), {}))
