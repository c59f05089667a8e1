"""The pools of a session's seats: those kept for each institution, and the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Pools:
    """`quotas` and `taken` seats by the institution's id; no quotas once they are released. More may be taken than a
    quota says, or than there is room for: nobody loses a seat where either was lowered.
    """

    capacity: int
    quotas: Mapping[int, int] = field(default_factory=dict)
    taken: Mapping[int, int] = field(default_factory=dict)

    @property
    def free(self) -> int:
        return max(0, self.capacity - sum(self.taken.values()))

    def kept(self, organisation_id: int) -> int:
        """Seats still kept for an institution."""
        return max(0, self.quotas.get(organisation_id, 0) - self.taken.get(organisation_id, 0))

    @property
    def unreserved(self) -> int:
        """Seats left for anybody."""
        homes = {*self.quotas, *self.taken}
        used = sum(max(self.quotas.get(one, 0), self.taken.get(one, 0)) for one in homes)
        return max(0, self.capacity - used)

    def room(self, *organisation_ids: int) -> int:
        """How many more of an institution, or of several together, may sit."""
        return min(self.free, sum(map(self.kept, organisation_ids)) + self.unreserved)

    def with_one(self, organisation_id: int) -> Pools:
        """After one more of them has sat down."""
        taken = dict(self.taken)
        taken[organisation_id] = taken.get(organisation_id, 0) + 1
        return replace(self, taken=taken)


def turns(pools: Pools, line: Iterable[tuple[T, int]]) -> Iterator[T]:
    """Those of a line who may sit now, in its order; each stands in it with their institution."""
    for one, home in line:
        if pools.room(home):
            pools = pools.with_one(home)
            yield one


def in_front(pools: Pools, line: Iterable[tuple[T, int]], organisation_id: int) -> T | None:
    """The first of a line who waits for the seat that somebody of this institution would take; None if nobody does.
    Whoever has a seat kept for them waits for that one.
    """
    keeps = pools.kept(organisation_id) > 0
    for one, home in line:
        if home == organisation_id if keeps else not pools.kept(home):
            return one
        pools = pools.with_one(home)
    return None


def by_staff(seats: int, staff: Mapping[int, int]) -> dict[int, int]:
    """Seats shared out by how many work where; what is left over goes to those who came closest to one more."""
    total = sum(staff.values())
    if not total:
        return dict.fromkeys(staff, 0)
    shares = {home: seats * number // total for home, number in staff.items()}
    rest = sorted(staff, key=lambda home: (-(seats * staff[home] % total), home))
    for home in rest[: seats - sum(shares.values())]:
        shares[home] += 1
    return shares
