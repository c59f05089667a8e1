"""What waits for whoever calls the roll."""

from __future__ import annotations

from datetime import timedelta

import time_machine

from app.access.scope import EVERYWHERE
from app.attendance.sheets import waiting
from app.core.clock import now
from tests.cast import DURING, EVENING, Cast, group, mark


def test_what_waits_are_sheets_that_are_over_with_somebody_unmarked(cast: Cast) -> None:
    stands = group(cast)
    mark(stands, 0, "elif", "present")
    with time_machine.travel(DURING + timedelta(hours=2), tick=False):
        found = waiting.unmarked_sheets(EVERYWHERE, EVERYWHERE)
        assert [(sheet.id, sheet.seats, sheet.marked, sheet.missing) for sheet in found] == [
            (stands.sittings[0], 3, 1, 2)
        ]
    with time_machine.travel(EVENING, tick=False):
        assert len(waiting.unmarked_sheets(EVERYWHERE, EVERYWHERE)) == 4
        assert now() == EVENING
