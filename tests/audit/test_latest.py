"""What a process keeps of what it counted: as long as the log says so, and not more than it has room for."""

from __future__ import annotations

from itertools import count

import pytest
from flask import Flask

from app.audit import latest


@pytest.fixture
def kept(app: Flask) -> latest.Kept[int, int]:
    assert app
    return latest.Kept()


def test_it_stands_while_the_log_does(kept: latest.Kept[int, int]) -> None:
    numbers = count(1)
    read = [kept.counted(1, (True, *log), lambda: next(numbers)) for log in ((7, "now"), (7, "now"), (8, "now"))]
    assert read == [1, 1, 2]
    assert kept.counted(2, (True, 8, "now"), lambda: next(numbers)) == 3, "another thing"


def test_what_is_counted_while_somebody_writes_is_not_kept(kept: latest.Kept[int, int]) -> None:
    numbers = count(1)
    read = [kept.counted(1, log, lambda: next(numbers)) for log in ((True, 7), (False, 8), (False, 8), (True, 7))]
    assert read == [1, 2, 3, 4], "what was kept before is not right any more"


def test_the_oldest_makes_room(kept: latest.Kept[int, int]) -> None:
    for key in range(latest.MOST + 1):
        kept.counted(key, (True, 7), lambda: 1)
    assert [kept.counted(key, (True, 7), lambda: 2) for key in (1, latest.MOST, 0)] == [1, 1, 2]
