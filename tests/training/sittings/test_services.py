"""Sittings that are added, moved, given new dates, taken away."""

from __future__ import annotations

from datetime import date, time

import pytest

from app.access.scope import EVERYWHERE
from app.audit import journal
from app.core.errors import Refused
from app.settings.queries import calendar
from app.training import queries
from app.training.events import SittingRemoved
from app.training.models import (
    AssignmentAnswer,
    SessionStatus,
    SittingState,
)
from app.training.sessions import services as sessions
from app.training.sittings import rules as sittings
from app.training.sittings import services as sittings_services
from tests.cast import By, Cast
from tests.training.stage import FRIDAY, MONDAY, Props, at, make, recorded, refusal

Status = SessionStatus
ME = By(2)


pytestmark = pytest.mark.usefixtures("props")


def test_new_dates_leave_every_sitting_its_room_and_its_place_in_the_day(cast: Cast, props: Props) -> None:
    hours = ("09:00-10:30", "10:45-12:15")
    days = ((MONDAY, props.hall), (date(2026, 12, 8), props.class_room))
    plan = [at(day, span, room) for day, room in days for span in hours]
    made = make(cast, *plan)
    before = [(each.id, each.room_id) for each in queries.sittings(made)]
    sessions.postpone(made, reason="Kar", kept=(), by=ME)
    sittings_services.redate(made, date(2026, 12, 14), range(5), by=ME)
    assert [(each.id, each.room_id) for each in queries.sittings(made)] == before


def test_new_dates_keep_order_rooms_and_trainers_and_follow_the_weekday(cast: Cast, props: Props) -> None:
    umit = props.trainers["umit"]
    days = sittings.days_of(MONDAY, 2, range(5), calendar())
    planned = sittings.on_days(days, room_id=props.hall, trainer_ids=[umit])
    made = make(cast, *planned)
    sessions.postpone(made, reason="Kar", kept=(), by=ME)
    sittings_services.redate(made, date(2026, 12, 18), range(5), by=ME)
    again = queries.sittings(made)
    assert [(each.date, each.starts) for each in again[:4]] == [
        (date(2026, 12, 18), wall) for wall in (time(8, 30), time(10, 15), time(14), time(15, 45))
    ], "a Friday leaves noon free"
    assert {each.date for each in again[4:]} == {date(2026, 12, 21)}
    assert {each.room_id for each in again} == {props.hall}
    assert len(queries.assignments(made)) == 8
    assert (made.starts_on, made.ends_on) == (date(2026, 12, 18), date(2026, 12, 21))


def test_who_is_moved_is_asked_anew_and_who_is_taken_off_is_gone(cast: Cast, props: Props) -> None:
    umit, ayla = props.trainers["umit"], props.trainers["ayla"]
    made = make(cast, at(MONDAY, "09:00-10:30", props.hall, umit))
    (sitting,) = queries.sittings(made)
    (assignment,) = queries.assignments(made)
    assignment.answer = AssignmentAnswer.ACCEPTED
    sittings_services.change(made, [sitting], [at(MONDAY, "11:00-12:00", props.hall, umit)], by=ME)
    assert (assignment.answer, sitting.minutes, sitting.sequence) == (AssignmentAnswer.PENDING, 60, 1)
    sittings_services.change(made, [sitting], [at(MONDAY, "11:00-12:00", props.hall, ayla)], by=ME)
    assert [each.trainer_id for each in queries.assignments(made)] == [ayla]
    assert sitting.sequence == 1, "another trainer is no change for the participants' calendars"


def test_a_listener_may_refuse_that_a_sitting_goes(cast: Cast, props: Props) -> None:
    made = make(cast, at(MONDAY, "09:00-10:30", props.hall, props.trainers["umit"]), at(FRIDAY, "09:00-10:30"))
    first, last = queries.sittings(made)
    seen: list[int] = []

    def listener(event: SittingRemoved, _: object) -> None:
        seen.append(event.sitting_id)
        if event.sitting_id == last.id:
            raise Refused("Bu oturumda yoklama alındı.")

    journal.LISTENERS.here[SittingRemoved].append(listener)
    try:
        sittings_services.remove(made, first, by=ME)
        assert made.starts_on == FRIDAY
        assert refusal(sittings_services.remove, made, last, by=ME)[0] == "Bu oturumda yoklama alındı."
        assert len(seen) == 2
    finally:
        journal.LISTENERS.here[SittingRemoved].remove(listener)


def test_how_a_sitting_went(cast: Cast, props: Props) -> None:
    made = make(cast, at(MONDAY, "09:00-10:30", props.hall), status=Status.CONFIRMED)
    sitting = queries.sitting(EVERYWHERE, queries.sittings(made)[0].id)
    state = sittings_services.set_state
    assert refusal(state, sitting, SittingState.NOT_HELD, None, "", by=ME)[1] == "reason"
    for minutes in (None, 0, 90):
        assert refusal(state, sitting, SittingState.SHORTENED, minutes, "Elektrik", by=ME)[1] == "effective_minutes"
    state(sitting, SittingState.SHORTENED, 60, "Elektrik", by=ME)
    assert (sitting.state, sitting.effective_minutes) == (SittingState.SHORTENED, 60)
    state(sitting, SittingState.HELD, 60, "", by=ME)
    assert (sitting.state, sitting.effective_minutes, sitting.state_reason) == (SittingState.HELD, None, "")
    assert recorded()[-1] == "sitting.state_set"
