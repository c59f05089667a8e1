from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Progress(NamedTuple):
    """How much of a plan is done: `done` of the `planned` groups; what goes beyond a row of it is `surplus`."""

    planned: int = 0
    done: int = 0
    surplus: int = 0

    @property
    def tenths(self) -> int | None:
        """Σ min(done, planned) / Σ planned in tenths of a percent; None where nothing is planned."""
        return self.done * 1000 // self.planned if self.planned else None


def progress(rows: Iterable[tuple[int, int]]) -> Progress:
    """Of rows (planned, done): a group beyond one row makes up for none that is missing in another."""
    found = Progress()
    for planned, done in rows:
        kept = min(done, planned)
        found = Progress(found.planned + planned, found.done + kept, found.surplus + done - kept)
    return found
