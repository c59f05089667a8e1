"""Which records may be one person: the same number or name in one institution, the same address anywhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from rapidfuzz import fuzz

from app.people.matching import names
from app.people.merging.duplicates import Sign

MOST_OF_A_KIND = 6
"""More who share a sign are namesakes, or use one letter box: it says nothing of them."""
MOST_COMPARED = 40
"""Names with a word in common: with more, that word says nothing."""
MOST_BY_NAME = 300
"""Pairs of one institution by their names alone: the likeliest."""
WEIGHT = {Sign.EMAIL: 50, Sign.REGISTRY: 40, Sign.NAME: 0}


class Someone(NamedTuple):
    id: int
    organisation_id: int
    name: str
    registry_key: str
    email: str


class Pair(NamedTuple):
    """Two ids, the lower first, with their institutions; words of `Sign` with spaces between."""

    first_id: int
    second_id: int
    first_organisation_id: int
    second_organisation_id: int
    signs: str
    score: int


def pairs(people: Sequence[Someone]) -> list[Pair]:
    """The likely ones among everybody, the likeliest first."""
    by_id = {one.id: one for one in people}
    signs: dict[tuple[int, int], set[Sign]] = defaultdict(set)
    for sign, groups in (
        (Sign.REGISTRY, _alike(people, lambda one: (one.organisation_id, one.registry_key))),
        (Sign.EMAIL, _alike(people, lambda one: one.email)),
        (Sign.NAME, _named(people)),
    ):
        for pair in groups:
            signs[pair].add(sign)
    made = [_pair(by_id[one], by_id[other], found) for (one, other), found in signs.items()]
    by_name: dict[int, int] = defaultdict(int)
    kept = []
    for each in sorted(made, key=lambda one: (-one.score, one)):
        by_name[each.first_organisation_id] += each.signs == Sign.NAME
        if each.signs != Sign.NAME or by_name[each.first_organisation_id] <= MOST_BY_NAME:
            kept.append(each)
    return kept


def _alike(people: Iterable[Someone], sign: Callable[[Someone], object]) -> Iterator[tuple[int, int]]:
    groups: dict[object, list[int]] = defaultdict(list)
    for one in people:
        if key := sign(one):
            groups[key].append(one.id)
    return _within(groups.values())


def _within(groups: Iterable[Sequence[int]]) -> Iterator[tuple[int, int]]:
    for group in groups:
        if 1 < len(group) <= MOST_OF_A_KIND:
            yield from combinations(sorted(group), 2)


def _named(people: Iterable[Someone]) -> Iterator[tuple[int, int]]:
    """The same name once folded, the words in any order; or one that is written a little differently."""
    ids: dict[tuple[int, str], list[int]] = defaultdict(list)
    for one in people:
        ids[one.organisation_id, " ".join(sorted(names.folded(one.name).split()))].append(one.id)
    yield from _within(ids.values())
    beginnings: dict[tuple[int, str], list[str]] = defaultdict(list)
    for home, name in ids:
        words = list(dict.fromkeys(name.split()))
        # of two spellings one word is whole as a rule
        for word in words if len(words) < 5 else words[:4]:
            beginnings[home, word].append(name)
    for (home, _), those in beginnings.items():
        for name, like in combinations(those, 2) if len(those) <= MOST_COMPARED else ():
            if fuzz.ratio(name, like) >= names.ALIKE:
                for first in ids[home, name][:MOST_OF_A_KIND]:
                    yield from ((min(first, second), max(first, second)) for second in ids[home, like][:MOST_OF_A_KIND])


def _pair(one: Someone, other: Someone, signs: set[Sign]) -> Pair:
    likeness = fuzz.token_sort_ratio(names.folded(one.name), names.folded(other.name))
    score = round(likeness) + sum(WEIGHT[sign] for sign in signs)
    told = " ".join(sign.value for sign in Sign if sign in signs)
    return Pair(one.id, other.id, one.organisation_id, other.organisation_id, told, score)
