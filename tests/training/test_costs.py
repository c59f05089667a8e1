"""What each page of the room costs: its SQL statements, sign-in and shell included, whatever it shows."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
import time_machine

from app.core.clock import at as moment
from app.core.db import db
from app.training.models import SessionStatus
from tests.cast import Cast
from tests.conftest import Browser, Stage
from tests.counting import statements
from tests.training.stage import MONDAY, NOW, Props, at, make, sittings

MOST = 8
NEAR = moment(MONDAY - timedelta(days=6), time(9))
"""Where the calendar decides whether nominations are closed."""


def cost(browser: Browser, path: str) -> int:
    browser.page(path)  # last seen is written once a minute
    with statements() as seen:
        browser.page(path)
    return len(seen)


def furnish(cast: Cast, props: Props, first: int, count: int) -> None:
    for n in range(first, first + count):
        day = MONDAY + timedelta(days=7 * (n // 4))
        span = f"{8 + 2 * (n % 4):02}:00-{9 + 2 * (n % 4):02}:30"
        make(cast, at(day, span, props.hall, props.trainers["umit"]), status=SessionStatus.OPEN, reason="İstendi")
    db.session.commit()


LISTS = (
    "/sessions",
    "/sessions?status=in_progress&q=proje",
    "/sessions/calendar?month=2026-12",
    f"/sessions/on/{MONDAY}",
    "/trainers",
    "/trainers/1",
    "/trainers/1/edit",
    "/trainers/1/absences",
    "/trainers/new",
    "/venues",
    "/venues/1",
    "/venues/1/edit",
    "/venues/new",
    "/venues/1/rooms/1",
    "/venues/1/rooms/1/edit",
    "/venues/1/rooms/new",
    "/courses",
    "/courses/1",
)
FORMS = (
    "/sessions/new",
    "/sessions/new?course=1",
    "/sessions/new?course=1&province=1&organisation=1&competency=1",
)
PAGES = (
    "/sessions/{session}",
    "/sessions/{session}/sittings",
    "/sessions/{session}/sittings/new",
    "/sessions/{session}/sittings/apply",
    "/sessions/{session}/sittings/redate",
    "/sessions/{session}/edit",
    "/sessions/{session}/copy",
    "/sessions/{session}/postpone",
    "/sessions/{session}/cancel",
    "/sittings/{sitting}/edit",
)


@pytest.mark.parametrize("path", [*LISTS, *FORMS])
def test_more_rows_cost_no_more(stage: Stage, cast: Cast, props: Props, path: str) -> None:
    furnish(cast, props, 0, 1)
    before = cost(stage.coordinator, path)
    furnish(cast, props, 1, 9)
    assert cost(stage.coordinator, path) == before <= MOST


@pytest.mark.parametrize("now", [NOW, NEAR])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_a_session(stage: Stage, cast: Cast, props: Props, path: str, now: datetime) -> None:
    hall, umit = props.hall, props.trainers["umit"]
    few = make(cast, at(MONDAY, "09:00-10:30", hall, umit), status=SessionStatus.OPEN)
    many = [at(date(2026, 12, 14) + timedelta(days=n), "09:00-10:30", hall, umit) for n in range(3)]
    more = make(cast, *many, status=SessionStatus.OPEN)
    keys = few.id, more.id
    db.session.commit()
    first, last = sittings()[0].id, sittings()[-1].id
    with time_machine.travel(now, tick=False):
        one = cost(stage.coordinator, path.format(session=keys[0], sitting=first))
        other = cost(stage.coordinator, path.format(session=keys[1], sitting=last))
    assert max(one, other) <= MOST, (one, other)


@pytest.mark.parametrize("path", ["/assignments", "/sessions", "/sessions/{session}"])
def test_a_trainers_pages(stage: Stage, cast: Cast, props: Props, path: str) -> None:
    furnish(cast, props, 0, 1)
    before = cost(stage.trainer, path.format(session=1))
    furnish(cast, props, 1, 6)
    assert cost(stage.trainer, path.format(session=1)) == before <= MOST


def test_looking_at_a_plan_reads_what_holds_rooms_and_trainers_once(stage: Stage, cast: Cast, props: Props) -> None:
    """With days, a room and a trainer chosen; what is sent costs the edge four (the form's key, the settings anew)."""
    hall, umit = props.hall, props.trainers["umit"]
    made = make(cast, at(MONDAY, "09:00-10:30", hall, umit), status=SessionStatus.CONFIRMED, reason="İstendi").id
    db.session.commit()
    new = f"/sessions/new?course=1&province=1&day=2026-12-10&room={hall}&trainer={umit}"
    assert cost(stage.coordinator, new) <= 10
    typed = {"room_id": str(hall), "trainer_ids": [str(umit)], "set_trainers": "1", "count": "1", "unit": "weeks"}
    more = {"start": "2026-12-07", "days": "2", "weekdays": list("01234"), "month": "2026-12", "capacity": "9"}
    for path, check, most in (
        (new, "/sessions/new/check", 13),
        (f"/sessions/{made}/move", f"/sessions/{made}/move/check", 17),
    ):
        hidden = stage.coordinator.page(path).hidden(path.partition("?")[0])
        with statements() as seen:
            answer = stage.coordinator.post(check, data=hidden | typed | more)
        assert answer.status_code == 200 and "BK-02/1" in answer.text
        assert len(seen) <= most, "\n".join(seen)
