from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from app.core.db import db
from app.training.models import SessionStatus
from tests.cast import Cast
from tests.training.stage import MONDAY, NOW, Props, at, furnish, make


@pytest.fixture
def props(cast: Cast) -> Props:
    return furnish(cast)


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def draft(cast: Cast, props: Props) -> int:
    made = make(cast, at(MONDAY, "09:00-10:30", props.hall, props.trainers["umit"]))
    db.session.commit()
    return made.id


@pytest.fixture
def open_one(cast: Cast, props: Props) -> int:
    made = make(cast, at(MONDAY, "09:00-10:30", props.hall, props.trainers["umit"]), status=SessionStatus.OPEN)
    db.session.commit()
    return made.id
