"""What stands in the way of a plan, found in facts: pure, so no house is needed."""

from __future__ import annotations

from datetime import date, time

import pytest

from app.calendar.days import Calendar
from app.core.clock import at
from app.training.conflicts.models import ConflictKind, Occupied, Planned, RoomRow, Setting
from app.training.conflicts.rules import Search, blocking, found_in, past, untaught

K = ConflictKind
MONDAY = date(2026, 12, 7)
HALL = RoomRow(1, "Salon", "Hall", 20, step_free=False, online=False, province_id=27, usable=True)
ONLINE = RoomRow(2, "Çevrim içi", "Online", 500, step_free=True, online=True, province_id=None, usable=True)
CLOSED = RoomRow(3, "Eski salon", "Old hall", 90, step_free=True, online=False, province_id=27, usable=False)


def sitting(times: str, room: int | None = 1, *trainers: int, day: date = MONDAY) -> Planned:
    starts, ends = (time.fromisoformat(part) for part in times.split("-"))
    return Planned(day, starts, ends, room, trainers)


def taken(times: str, room: int = 1, *, code: str = "BK-02/1", draft: bool = False, trainer: int = 0) -> Occupied:
    starts, ends = (time.fromisoformat(part) for part in times.split("-"))
    return Occupied(MONDAY, starts, ends, code, 99, draft, room, 27, trainer)


def kinds(
    *planned: Planned, others: tuple[Occupied, ...] = (), lessons: tuple[Occupied, ...] = (), **setting: object
) -> list[K]:
    given = Setting(Calendar(), **{"capacity": 10, "province_id": 27, **setting})  # type: ignore[arg-type]  # by name, as a test needs it
    rooms = {room.id: room for room in (HALL, ONLINE, CLOSED)}
    names = {7: "Ümit Güneş"}
    found = found_in(Search(planned, given, rooms, others, lessons, names, ()))
    return [each.kind for each in found if each.kind is not K.NO_RELIGIOUS_HOLIDAYS]


@pytest.mark.parametrize(
    ("other", "meets"), [("08:00-09:00", False), ("08:00-09:01", True), ("10:29-12:00", True), ("10:30-12:00", False)]
)
def test_intervals_that_only_touch_do_not_overlap(other: str, meets: bool) -> None:
    assert sitting("09:00-10:30").meets(sitting(other)) is meets
    assert (K.ROOM_TAKEN in kinds(sitting("09:00-10:30"), others=(taken(other),))) is meets


def test_two_sittings_of_one_plan_do_not_overlap() -> None:
    assert K.OVERLAP in kinds(sitting("09:00-10:30"), sitting("10:00-11:00", 2))
    assert K.OVERLAP not in kinds(sitting("09:00-10:30"), sitting("10:30-11:00", 2))


def test_a_draft_holds_a_room_and_blocks_nobody() -> None:
    plan = sitting("09:00-10:30")
    assert K.ROOM_HELD in kinds(plan, others=(taken("09:00-10:30", draft=True),))
    assert K.ROOM_TAKEN in kinds(plan, others=(taken("09:00-10:30"),))
    assert kinds(sitting("09:00-10:30", 2), others=(taken("09:00-10:30", 2),)) == []  # online, everybody fits


def test_a_room_is_large_enough_and_has_no_steps_where_that_is_asked() -> None:
    assert kinds(sitting("09:00-10:30"), capacity=21) == [K.ROOM_SMALL]
    assert kinds(sitting("09:00-10:30"), step_free_needed=True) == [K.ROOM_STEPS]


def test_nobody_teaches_twice_at_once_or_more_than_six_hours_a_day() -> None:
    plan = sitting("09:00-12:00", 1, 7)
    assert K.TRAINER_TAKEN in kinds(plan, lessons=(taken("11:00-12:00", trainer=7),))
    assert kinds(plan, lessons=(taken("13:00-16:00", trainer=7),)) == []
    assert kinds(plan, lessons=(taken("13:00-16:01", trainer=7),)) == [K.TRAINER_HOURS]


def test_what_is_over_and_what_nobody_gives_wants_a_reason_and_blocks_nothing() -> None:
    noon = at(MONDAY, time(12))
    before, after = sitting("09:00-10:30"), sitting("14:00-15:00")
    assert [each.index for each in past([before, after], noon)] == [0]
    assert [each.index for each in untaught([before, after], noon)] == [1]
    assert blocking([*past([before], noon), *untaught([after], noon)]) == []
