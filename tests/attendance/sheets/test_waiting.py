"""What waits for whoever calls the roll."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from app.access.scope import EVERYWHERE
from app.attendance.sheets import waiting
from app.core.clock import now
from tests.cast import DURING, EVENING, Cast, group, mark
from tests.conftest import Stage
from tests.counting import as_if_full, plans, statements


def test_what_waits_are_sheets_that_are_over_with_somebody_unmarked(cast: Cast) -> None:
    stands = group(cast)
    mark(stands, 0, "elif", "present")
    with time_machine.travel(DURING + timedelta(hours=2), tick=False):
        found = waiting.unmarked_sheets(EVERYWHERE, EVERYWHERE)
        assert [(sheet.id, sheet.missing) for sheet in found] == [(stands.sittings[0], 2)]
    with time_machine.travel(EVENING, tick=False):
        assert len(waiting.unmarked_sheets(EVERYWHERE, EVERYWHERE)) == 4
        assert now() == EVENING


def test_sheets_come_in_turn_however_many_are_asked_for_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    stands = group(cast)
    with time_machine.travel(EVENING, tick=False):
        monkeypatch.setattr(waiting, "AT_ONCE", 2)
        with statements() as seen:
            found = waiting.unmarked_sheets(EVERYWHERE, EVERYWHERE, limit=1)
        assert [sheet.id for sheet in found] == stands.sittings[:1] and len(seen) == 1
        assert [sheet.id for sheet in waiting.unmarked_sheets(EVERYWHERE, EVERYWHERE, limit=3)] == stands.sittings[:3]
        assert [sheet.id for sheet in waiting.unmarked_sheets(EVERYWHERE, EVERYWHERE)] == stands.sittings[:4]


@pytest.mark.parametrize("who", ["admin", "coordinator", "trainer"])
def test_what_waits_is_found_from_the_sessions_that_go_on(stage: Stage, who: str) -> None:
    with time_machine.travel(EVENING, tick=False):
        group(stage.cast)
        getattr(stage, who).page("/")
        as_if_full()
        with plans() as found:
            getattr(stage, who).page("/")
    asked = [steps for statement, steps in found.items() if "closed_sheets" in statement]
    assert asked
    for steps in asked:
        assert not [s for s in steps if s.startswith(("SCAN sittings", "SCAN enrolments"))], steps
        assert not [s for s in steps if "ix_sittings_date_starts" in s], steps
