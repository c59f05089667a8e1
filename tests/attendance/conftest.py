"""What the tests of attendance stand on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from app.attendance import queries
from tests.cast import DURING, Group, group
from tests.conftest import Stage

MUCH_LATER = datetime(2026, 12, 8, 9, 0, tzinfo=UTC)


@pytest.fixture
def stands(stage: Stage) -> Iterator[Group]:
    with time_machine.travel(DURING, tick=False):
        yield group(stage.cast)


def fields(
    stands: Group, position: int, marks: dict[str, str], *, seen: dict[str, str] | None = None
) -> dict[str, str]:
    """A sent sheet: who is marked how (`late:20` in two fields), and what the page had shown."""
    sent = {}
    for name, word in marks.items():
        slug = f"{stands.sittings[position]}-{stands.enrolments[name]}"
        kind, _, minutes = word.partition(":")
        sent |= {f"m-{slug}": kind, f"n-{slug}": minutes, f"w-{slug}": (seen or {}).get(name, "")}
    return sent


def cells(stands: Group, position: int) -> dict[str, str]:
    """What is marked at a sitting, by name of the person."""
    found = {key[1]: m.spelled for key, m in queries.marks([stands.sittings[position]]).items()}
    return {name: found[key] for name, key in stands.enrolments.items() if key in found}
