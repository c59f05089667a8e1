"""A session's seats as a state machine: whatever is tried in whatever order, with quotas and offers and while time goes
by, there are never more seats taken than there are, nobody is bypassed, and the history explains every state.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
import time_machine
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from app.access.scope import EVERYWHERE
from app.core.clock import at, now
from app.core.db import db
from app.core.errors import Refused
from app.enrolment import queries
from app.enrolment.models import SEAT_HOLDING, Enrolment, EnrolmentChange, EnrolmentStatus
from app.enrolment.nominations import services as nominations
from app.enrolment.quotas import services as quotas
from app.enrolment.seats import services as seats
from app.enrolment.waiting import services as waiting
from app.training import queries as trainings
from app.training import services as training
from app.training.models import CourseSession, SessionStatus
from app.training.sessions import services as sessions
from tests import databases, factories
from tests.cast import By, assemble
from tests.enrolment.stage import course_session, need, person

S = EnrolmentStatus
MONDAY = date(2026, 3, 16)
STARTS = ("2026-03-05 09:00", "2026-03-10 09:00", "2026-03-16 07:00")
"""When it begins to be played: a freed seat is given, then offered (from the 10th), then given by hand only."""
PEOPLE = st.integers(0, 6)
HERS = st.booleans()

Line = list[tuple[tuple[int, datetime, int], int, int]]
"""Who waits: what orders them, their enrolment, where they work."""


class Seats(RuleBasedStateMachine):
    app: Flask
    fresh: Any

    @initialize(start=st.sampled_from(STARTS), kept=st.integers(0, 3), filled=st.sampled_from([5, 5, 0]))
    def begin(self, start: str, kept: int, filled: int) -> None:
        self.clock = time_machine.travel(datetime.fromisoformat(f"{start}+03:00"), tick=False)
        self.traveller = self.clock.start()
        self.fresh()
        cast = assemble()
        self.homes = [cast.nizip, cast.sahinbey]
        self.people = [cast.employees[name] for name in ("elif", "isik", "sukru")]
        for number in range(4):
            self.people.append(factories.employee("Kişi", f"{number}", f"K-{number}", self.homes[number % 2]).id)
        db.session.commit()
        need(self.people[1], "5", "2")
        need(self.people[4], "3", "1")
        self.id = course_session(capacity=3, day=MONDAY, nominations_close_at=at(MONDAY, time(8))).id
        for number in range(filled):
            self.nominate(number)
        if kept:
            self.reserve(kept, 0, None)
        if filled:
            self.give_up(0)

    def teardown(self) -> None:
        db.session.rollback()
        if hasattr(self, "clock"):
            self.clock.stop()

    @property
    def session(self) -> CourseSession:
        return trainings.course_session(EVERYWHERE, self.id)

    def enrolments(self) -> list[Enrolment]:
        return list(
            db.session.scalars(
                EVERYWHERE.select(Enrolment)
                .where(Enrolment.course_session_id == self.id)
                .options(sa.orm.joinedload(Enrolment.employee))
                .execution_options(populate_existing=True)
            )
        )

    # --- what is tried ------------------------------------------------------------------------------------

    def tried(self, work: Callable[[], object]) -> None:
        """Done, or refused and undone; either way what must hold holds, judged by how it was before."""
        before = self.enrolments()
        waited: Line = [
            ((one.priority, one.queued_at, one.id), one.id, one.employee.organisation_id)
            for one in before
            if one.status is S.WAITLISTED
        ]
        last = db.session.scalar(EVERYWHERE.restrict(sa.select(sa.func.max(EnrolmentChange.id)), EnrolmentChange)) or 0
        held = Counter(one.organisation_id for one in before if one.status in SEAT_HOLDING)
        db.session.rollback()
        try:
            work()
            db.session.commit()
        except Refused:
            db.session.rollback()
        self.holds(last, held, waited)
        db.session.rollback()

    def one_of(self, number: int, do: Callable[[Enrolment], object]) -> None:
        def work() -> None:
            found = queries.enrolment_of(self.session, person(self.people[number]))
            if found is not None:
                do(queries.enrolment(EVERYWHERE, found.id))

        self.tried(work)

    @rule(number=PEOPLE)
    def nominate(self, number: int) -> None:
        self.tried(lambda: nominations.nominate(self.session, person(self.people[number]), by=By()))

    @rule()
    def newcomer(self) -> None:
        listed = {one.employee_id for one in self.enrolments()}
        for number in [number for number, key in enumerate(self.people) if key not in listed][:1]:
            self.nominate(number)

    @rule(number=PEOPLE)
    def enrol(self, number: int) -> None:
        self.tried(lambda: seats.enrol(self.session, person(self.people[number]), by=By()))

    @rule(number=PEOPLE)
    def accept(self, number: int) -> None:
        self.one_of(number, lambda one: seats.accept(one, by=By()))

    @rule(number=PEOPLE)
    def give_up(self, number: int) -> None:
        self.one_of(number, lambda one: seats.withdraw(one, by=By(), reason="Görev"))

    @rule(number=PEOPLE)
    def remove(self, number: int) -> None:
        self.one_of(number, lambda one: seats.remove(one, by=By(), reason="Görev"))

    @rule(number=PEOPLE)
    def take_offer(self, number: int) -> None:
        self.one_of(number, lambda one: seats.take_offer(one, by=By()))

    @rule(number=PEOPLE)
    def take_back(self, number: int) -> None:
        self.one_of(number, lambda one: seats.take_back(one, by=By()))

    @rule()
    def change_of_mind(self) -> None:
        """Of whoever gave their seat up: by now it may be somebody else's."""
        gone = {one.employee_id for one in self.enrolments() if one.status is S.DECLINED}
        for number in [number for number, key in enumerate(self.people) if key in gone][:1]:
            self.take_back(number)

    @rule()
    def serve(self) -> None:
        """Whoever waits longest, by hand."""
        line = sorted(
            (one.priority, one.queued_at, one.employee_id) for one in self.enrolments() if one.status is S.WAITLISTED
        )
        for *_, key in line[:1]:
            self.accept(self.people.index(key))

    @rule(first=st.integers(0, 3), second=st.integers(0, 3), release=st.sampled_from([None, 1, 5]))
    def reserve(self, first: int, second: int, release: int | None) -> None:
        shares = dict(zip(self.homes, (first, second), strict=True))
        until = now() + timedelta(days=release) if release else None
        self.tried(lambda: quotas.reserve(self.session, shares, release_at=until, by=By()))

    @rule(capacity=st.integers(1, 5))
    def resize(self, capacity: int) -> None:
        def work() -> None:
            session = self.session
            sessions.change(session, sessions.Details(capacity, 1, provinces=(1,)), by=By())

        self.tried(work)

    @rule(hours=st.sampled_from([1, 24, 60]))
    def wait(self, hours: int) -> None:
        self.traveller.shift(timedelta(hours=hours))

    @rule()
    def sweep(self) -> None:
        self.tried(waiting.sweep)

    @precondition(lambda self: hasattr(self, "id"))
    @rule()
    def postpone_or_reopen(self) -> None:
        def work() -> None:
            session = self.session
            away = session.status is SessionStatus.POSTPONED
            training.move(session, SessionStatus.OPEN if away else SessionStatus.POSTPONED, by=By(), reason="Kar")

        with suppress(Refused):
            self.tried(work)

    # --- what must hold -------------------------------------------------------------------------------------

    def holds(self, last: int, held: Counter[int | None], waited: Line) -> None:
        rows = {one.id: one for one in self.enrolments()}
        steps = db.session.scalars(EVERYWHERE.select(EnrolmentChange).order_by(EnrolmentChange.id)).all()
        self.never_more_than_there_are(rows)
        self.history_explains(rows, list(steps))
        self.nobody_is_bypassed(rows, [step for step in steps if step.id > last], held, waited)

    def never_more_than_there_are(self, rows: dict[int, Enrolment]) -> None:
        taken = [one for one in rows.values() if one.status in SEAT_HOLDING]
        assert len(taken) <= self.session.capacity
        assert all(one.offered_until for one in taken if one.status is S.OFFERED)

    def history_explains(self, rows: dict[int, Enrolment], steps: list[EnrolmentChange]) -> None:
        told: dict[int, list[EnrolmentChange]] = defaultdict(list)
        for step in steps:
            told[step.enrolment_id].append(step)
        assert told.keys() == rows.keys()
        for key, line in told.items():
            assert [step.old for step in line] == ["", *(step.new for step in line[:-1])]
            assert all(S(step.new) in S(step.old).next for step in line if step.old)
            assert line[-1].new == rows[key].status.value

    def nobody_is_bypassed(
        self, rows: dict[int, Enrolment], steps: list[EnrolmentChange], held: Counter[int | None], waited: Line
    ) -> None:
        """Step by step: a seat was there in a pool of theirs, and nobody who waited longer for that pool is left."""
        session = self.session
        released = session.quota_release_at is not None and session.quota_release_at <= now()
        kept = {} if released else {one.organisation_id: one.seats for one in quotas.queries.quotas(session)}
        order = {key: place for place, key, _ in waited}
        for step in steps:
            home = rows[step.enrolment_id].organisation_id
            if step.old in SEAT_HOLDING and step.new not in SEAT_HOLDING:
                held[home] -= 1
            if step.new not in SEAT_HOLDING or step.old in SEAT_HOLDING:
                continue
            assert sum(held.values()) < session.capacity
            own = held[home] < kept.get(home or 0, 0)  # type: ignore[arg-type]  # whoever has a seat has an institution
            if not own:
                used = sum(max(kept.get(one or 0, 0), held[one]) for one in {*kept, *held})
                assert used < session.capacity, "a seat that is kept for others"
            mine = order.get(step.enrolment_id)
            for place, key, other in waited:
                still = rows[key].status is S.WAITLISTED and key != step.enrolment_id
                same = other == home if own else held[other] >= kept.get(other, 0)
                assert not (still and same and (mine is None or place < mine)), "somebody was bypassed"
            held[home] += 1


def test_seats_as_a_state_machine(app: Flask) -> None:
    """One database, emptied for each run."""

    def fresh() -> None:
        db.session.rollback()
        db.session.remove()
        if databases.postgresql():
            databases.empty()
        else:
            db.drop_all()
            db.create_all()

    Seats.app, Seats.fresh = app, staticmethod(fresh)
    run_state_machine_as_test(
        Seats,
        settings=settings(
            max_examples=25, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
