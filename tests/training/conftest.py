from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.cast import Cast
from tests.training.stage import NOW, Props, furnish


@pytest.fixture
def props(cast: Cast) -> Props:
    return furnish(cast)


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield
