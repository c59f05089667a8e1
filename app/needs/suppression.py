"""The rule of five: which cells of a table stay hidden.

A figure about fewer than five people is hidden, and so is whatever would give it away: where a total is
shown and all but one of its groups, the missing one is a subtraction. Hidden groups therefore always come
with enough others that what is left over by subtraction is at least two groups of at least five people
together.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
Row = TypeVar("Row", bound=Hashable)
Side = TypeVar("Side", bound=Hashable)

MINIMUM = 5


def hidden(n: int, minimum: int = MINIMUM) -> bool:
    """Return whether a figure about `n` people must not be shown."""
    return n < minimum


def suppress(groups: Mapping[Key, int], minimum: int = MINIMUM) -> set[Key]:
    """Return the groups to hide beside their total, `groups` saying how many people each holds.

    All groups below `minimum`; and while what is hidden has a person in it but can be had by subtracting
    the shown groups from the total (only one group that is not empty, or fewer than `minimum` people in
    all), the smallest shown group as well, the one named first among equals. When every group is hidden
    the total may still be shown unless `hidden(total)`. Empty groups alone need no company: the
    subtraction gives 0, which is nobody's answer.
    """
    found = {key for key, n in groups.items() if hidden(n, minimum)}
    return _close(groups, found, minimum) if found else found


def suppress_beside(
    groups: Mapping[Key, int], pieces: Mapping[frozenset[Key], int], minimum: int = MINIMUM
) -> set[Key]:
    """The groups to hide where the same people are shown divided another way, too.

    `pieces` is that other division (what of it is hidden together is one piece): how many people stand in pieces that
    hold some of just these groups. Some groups that lie wholly inside some pieces are subtracted from these: what is
    left over must be nobody, or `minimum` people. While it is not, the smallest shown group is hidden as well.
    """
    found = suppress(groups, minimum)
    while _overlaps(groups, found, pieces, minimum):
        shown = [key for key in groups if key not in found and groups[key]]
        if not shown:
            break
        found = _close(groups, found | {min(shown, key=lambda key: groups[key])}, minimum)
    return found


def _overlaps(groups: Mapping[Key, int], veiled: set[Key], pieces: Mapping[frozenset[Key], int], minimum: int) -> bool:
    """Whether some groups and the pieces they lie in differ by somebody, but by fewer than `minimum`.

    Sets of groups are the bits of a number, what is hidden together being one of them. Those pieces a set does not
    touch lie in the rest: counted for every set at once, a bit after the other.
    """
    lines = [[key] for key in groups if key not in veiled and groups[key]]
    lines.append([key for key in veiled if groups[key]])
    bits = {key: 1 << at for at, line in enumerate(lines) for key in line}
    sets = 1 << len(lines)
    inside, within = [0] * sets, [0] * sets
    for held, n in pieces.items():
        touched = 0
        for key in held:
            touched |= bits[key]
        within[touched] += n
    for key, bit in bits.items():
        for one in range(sets):
            if one & bit:
                inside[one] += groups[key]
    for at in range(len(lines)):
        for one in range(sets):
            if one & 1 << at:
                within[one] += within[one ^ 1 << at]
    everybody = within[-1]
    return any(0 < everybody - within[sets - 1 - one] - inside[one] < minimum for one in range(sets))


def suppress_table(cells: Mapping[tuple[Row, Side], int], minimum: int = MINIMUM) -> set[tuple[Row, Side]]:
    """Return the cells to hide in a table of rows and sides whose totals are shown both ways.

    `suppress` along every row and every column, again and again until neither finds more. A total below
    `minimum` is not shown either; that is for the caller, with `hidden`.
    """
    found = {key for key, n in cells.items() if hidden(n, minimum)}
    lines = [
        {key: n for key, n in cells.items() if key[side] == value}
        for side in (0, 1)
        for value in _in_order(key[side] for key in cells)
    ]
    while True:
        before = len(found)
        for line in lines:
            found |= _close(line, found & line.keys(), minimum)
        if len(found) == before:
            return found


def _close(groups: Mapping[Key, int], found: set[Key], minimum: int) -> set[Key]:
    """Add the smallest shown groups until nothing can be had by subtraction."""
    shown = sorted((key for key in groups if key not in found and groups[key]), key=lambda key: groups[key])
    found = set(found)
    for smallest in shown:
        filled = [groups[key] for key in found if groups[key]]
        if not filled or (len(filled) > 1 and sum(filled) >= minimum):
            break
        found.add(smallest)
    return found


def _in_order(values: Iterable[Hashable]) -> list[Hashable]:
    return list(dict.fromkeys(values))
