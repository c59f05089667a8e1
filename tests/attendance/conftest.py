"""What the tests of attendance stand on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.attendance.stage import DURING, Group, group
from tests.conftest import Stage


@pytest.fixture
def stands(stage: Stage) -> Iterator[Group]:
    with time_machine.travel(DURING, tick=False):
        yield group(stage.cast)
