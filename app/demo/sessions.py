"""About 75 course sessions in every state, with sittings, rooms and trainers that never collide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from app.calendar.pattern import PlannedSitting, sittings_from_pattern
from app.core.clock import at
from app.demo.world import COURSES, TrainerFacts, World
from app.plans.models import PlanItem
from app.setup.reference import RoomFacts
from app.training.models import (
    Acceptance,
    AssignmentAnswer,
    CourseSession,
    SessionAudience,
    SessionStatus,
    Sitting,
    SittingState,
    TrainerAssignment,
)

FINALISED_DAYS = 142
# How many of them in each province, beside `OURS`.
SHARES = {"21": 13, "25": 10, "27": 13, "63": 12}
# The finalised ones the account of the staff member and of the trainer take part in.
OURS: tuple[tuple[str, str], ...] = (("KU-01", "63"), ("SH-02", "63"), ("TT-01", "63"))


@dataclass(frozen=True)
class Wanted:
    """A session to be placed. `offset`: working days of its first sitting from the next working day on."""

    state: SessionStatus
    course: str
    province: str
    offset: int
    role: str = ""


S = SessionStatus
WANTED = (
    Wanted(S.CONFIRMED, "SH-02", "27", -5, "ready"),
    Wanted(S.CONFIRMED, "TT-01", "63", -3, "unmarked"),
    Wanted(S.CONFIRMED, "BK-06", "25", -8, "tests missing"),
    Wanted(S.CONFIRMED, "KU-02", "63", -1, "ours"),
    Wanted(S.CONFIRMED, "PL-01", "21", -2, "running"),
    Wanted(S.CONFIRMED, "BK-02", "27", -2, "running"),
    Wanted(S.CONFIRMED, "SG-02", "63", 5, "mine"),
    Wanted(S.CONFIRMED, "BK-03", "21", 3),
    Wanted(S.CONFIRMED, "AL-01", "25", 7),
    Wanted(S.CONFIRMED, "EG-02", "27", 8),
    Wanted(S.CONFIRMED, "BK-08", "63", 12),
    Wanted(S.CONFIRMED, "IS-01", "21", 11),
    Wanted(S.OPEN, "BK-01", "63", 18, "full"),
    Wanted(S.OPEN, "SH-01", "63", 23, "mine"),
    Wanted(S.OPEN, "PL-03", "27", 19, "full"),
    Wanted(S.OPEN, "BR-02", "25", 21, "few"),
    Wanted(S.OPEN, "KU-01", "63", 26, "by hand"),
    Wanted(S.OPEN, "TT-02", "21", 16, "few"),
    Wanted(S.DRAFT, "BK-07", "27", 30),
    Wanted(S.DRAFT, "KU-03", "63", 32),
    Wanted(S.DRAFT, "SG-01", "25", 28),
    Wanted(S.POSTPONED, "IS-02", "21", 6),
    Wanted(S.POSTPONED, "BR-01", "63", 9),
    Wanted(S.CANCELLED, "AL-02", "25", -40),
    Wanted(S.CANCELLED, "EG-01", "27", 10),
)
REASONS = {
    S.POSTPONED: "Eğitmenin mazereti nedeniyle yeni tarih belirlenecek.",
    S.CANCELLED: "Yeterli sayıda başvuru olmadı.",
}


@dataclass(frozen=True, slots=True)
class Placed:
    """A session that has found its days, a room and who teaches."""

    wanted: Wanted
    days: list[date]
    room: RoomFacts
    trainers: list[TrainerFacts]


@dataclass(slots=True)
class SittingFacts:
    id: int
    date: date
    starts: datetime
    planned: int
    minutes: int
    state: SittingState
    trainer: TrainerFacts

    @property
    def held(self) -> bool:
        return self.state is not SittingState.NOT_HELD


@dataclass
class SessionFacts:
    """A placed session as enrolments, marks and certificates need it. `settled`: when it was confirmed, postponed or
    cancelled.
    """

    id: int
    ordinal: int
    wanted: Wanted
    capacity: int
    days: list[date]
    room: RoomFacts
    opened: datetime
    settled: datetime
    finalised: datetime | None
    sittings: list[SittingFacts] = field(default_factory=list)
    trainers: list[TrainerFacts] = field(default_factory=list)


class Timetable:
    """Places sessions: rooms and trainers are taken for whole days, so that nothing can overlap."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.taken: set[tuple[int, date]] = set()
        self.ordinals: dict[tuple[str, str, int], int] = {}
        self.chance = world.chance("timetable")

    def sessions(self) -> Iterator[SessionFacts]:
        """All of them, written in the order of time, so that groups are numbered as they were held.

        What is now and to come is placed first: it must stand on its days, the past gives way.
        """
        world = self.world
        placed = [self._place(wanted, world.next_day + wanted.offset) for wanted in WANTED]
        past = _past(world)
        last = world.next_day - 13
        ours = _our_places(len(past) - len(OURS))
        for place, (course, province) in enumerate(past):
            share = (place + self.chance.random() * 0.6) / len(past)
            start = int(share * (last - COURSES[course]["days"]))
            wanted = Wanted(S.FINALISED, course, province, 0, "ours" if place in ours else "")
            placed.append(self._place(wanted, start))
        placed.sort(key=lambda found: (found.days[0], found.wanted.province, found.wanted.course))
        self._quarters(placed)
        for found in placed:
            yield self._write(found.wanted, found.days, found.room, found.trainers)

    def _quarters(self, placed: list[Placed]) -> None:
        """A planned course was planned for the quarter its first group was given in."""
        seen: set[int] = set()
        for found in placed:
            item = self.world.plan_items.get((found.wanted.province, found.wanted.course))
            if item and item not in seen and found.days[0].year == self.world.year:
                seen.add(item)
                self.world.ledger.change(PlanItem, item, quarter=(found.days[0].month + 2) // 3)

    def _place(self, wanted: Wanted, start: int) -> Placed:
        """At `start` (a place among the world's days) or the nearest later one where all is free."""
        world, course = self.world, COURSES[wanted.course]
        fixed = wanted.role in ("ours", "running", "ready", "unmarked") and wanted.state is S.CONFIRMED
        for later in range(1 if fixed else 400):
            first = (start + later) % (world.next_day - 13) if wanted.state is S.FINALISED else start + later
            days = world.days[first : first + course["days"]]
            one_week = len({day.isocalendar()[:2] for day in days}) == 1
            if not one_week and not fixed and later < 12:
                continue
            room = self._room(wanted, days)
            trainers = self._trainers(wanted, days)
            if room and trainers:
                if wanted.state not in (S.POSTPONED, S.CANCELLED):
                    self.taken.update((room.id, day) for day in days)
                    for trainer in trainers:
                        trainer.days.update(days)
                return Placed(wanted, days, room, trainers)
        raise RuntimeError(f"no place for {wanted.course} in {wanted.province}")

    def _room(self, wanted: Wanted, days: list[date]) -> RoomFacts | None:
        course = COURSES[wanted.course]
        online = course["delivery_mode"] == "cevrim-ici"
        rooms = [
            room
            for room in self.world.reference.rooms
            if (room.type == "cevrim-ici" if online else room.province == wanted.province)
            and room.capacity >= course["max_participants"]
        ]
        laboratory = wanted.course in ("PL-01", "BK-05")
        rooms.sort(key=lambda room: (laboratory != (room.type == "bilgisayar-laboratuvari"), room.capacity))
        if online:
            return rooms[0]
        return next((room for room in rooms if all((room.id, day) not in self.taken for day in days)), None)

    def _trainers(self, wanted: Wanted, days: list[date]) -> list[TrainerFacts]:
        """One who knows the subject, for courses of three days and more a second; empty if nobody is free."""
        subjects = set(COURSES[wanted.course]["competencies"])
        ours = self.world.trainers[0]
        free = [t for t in self.world.trainers if not t.days.intersection(days) and t.competencies & subjects]
        if wanted.role in ("ours", "mine"):
            return [ours] if ours in free else []
        self.chance.shuffle(free)
        free.sort(key=lambda t: (t is ours, t.province != wanted.province, -len(t.competencies & subjects)))
        return free[: 2 if len(days) >= 3 and self.chance.random() < 0.7 else 1]

    def _write(self, wanted: Wanted, days: list[date], room: RoomFacts, trainers: list[TrainerFacts]) -> SessionFacts:
        world, ledger, course = self.world, self.world.ledger, COURSES[wanted.course]
        state, province_id = wanted.state, world.reference.provinces[wanted.province]
        lead = timedelta(days=self.chance.randint(30, 44))
        opened = world.office(
            min(at(days[0], time(10, 5)) - lead, world.now - timedelta(days=6, minutes=self.chance.randint(5, 600)))
        )
        settled = world.office(max(at(days[0], time(14, 20)) - timedelta(days=12), opened + timedelta(days=2)))
        finalised = _finalised_at(world, days, self.chance) if state is S.FINALISED else None
        ordinal_of = (wanted.course, wanted.province, days[0].year)
        self.ordinals[ordinal_of] = ordinal = self.ordinals.get(ordinal_of, 0) + 1
        snapshot = {} if state is S.DRAFT else _snapshot(course)
        dated = state is not S.POSTPONED
        item = world.plan_items.get((wanted.province, wanted.course))
        key = ledger.add(
            CourseSession,
            course_id=world.reference.courses[wanted.course],
            province_id=province_id,
            year=days[0].year,
            ordinal=ordinal,
            status=state,
            status_reason=REASONS.get(state, ""),
            capacity=course["max_participants"],
            minimum=course["min_participants"],
            acceptance=Acceptance.BY_HAND if wanted.role == "by hand" else Acceptance.AUTOMATIC,
            nominations_close_at=at(world.calendar.add_working_days(days[0], -5), time(17)) if dated else None,
            step_free_needed=False,
            plan_item_id=item,
            competency_id=world.reference.competencies[course["competencies"][0]] if item else None,
            starts_on=days[0] if dated else None,
            ends_on=days[-1] if dated else None,
            created_by=world.coordinator(wanted.province),
            created_at=world.office(opened - timedelta(days=2)),
            finalised_at=finalised,
            **snapshot,
        )
        ledger.add(SessionAudience, course_session_id=key, province_id=province_id)
        facts = SessionFacts(key, ordinal, wanted, course["max_participants"], days, room, opened, settled, finalised)
        self._sittings(facts, trainers)
        return facts

    def _sittings(self, facts: SessionFacts, trainers: list[TrainerFacts]) -> None:
        state = facts.wanted.state
        half = len(facts.days) // 2
        for planned in sittings_from_pattern(facts.days):
            second = len(trainers) > 1 and facts.days.index(planned.date) >= half
            trainer = trainers[1] if second else trainers[0]
            if trainer not in facts.trainers:
                facts.trainers.append(trainer)
            facts.sittings.append(self._sitting(facts, planned, trainer, state))

    def _sitting(
        self, facts: SessionFacts, planned: PlannedSitting, trainer: TrainerFacts, state: SessionStatus
    ) -> SittingFacts:
        became, effective, reason = SittingState.HELD, None, ""
        luck = self.chance.random()
        if state is S.FINALISED and luck < 0.012 and facts.wanted.role != "ours":
            became, reason = SittingState.NOT_HELD, "Salondaki elektrik kesintisi nedeniyle yapılamadı."
        elif state is S.FINALISED and luck < 0.03:
            became, effective, reason = SittingState.SHORTENED, planned.minutes - 30, "Eğitmen geç geldi."
        key = self.world.ledger.add(
            Sitting,
            course_session_id=facts.id,
            date=planned.date if state is not S.POSTPONED else None,
            starts=planned.start,
            ends=planned.end,
            minutes=planned.minutes,
            room_id=facts.room.id,
            state=became,
            effective_minutes=effective,
            state_reason=reason,
            sequence=1 if state is S.POSTPONED else 0,
        )
        if state is not S.DRAFT:
            waits = state is S.OPEN
            self.world.ledger.add(
                TrainerAssignment,
                sitting_id=key,
                trainer_id=trainer.id,
                answer=AssignmentAnswer.PENDING if waits else AssignmentAnswer.ACCEPTED,
                answered_at=None if waits else self.world.office(facts.opened + timedelta(days=1, hours=3)),
            )
        starts = at(planned.date, planned.start)
        return SittingFacts(key, planned.date, starts, planned.minutes, effective or planned.minutes, became, trainer)


def _snapshot(course: dict[str, object]) -> dict[str, object]:
    """What a session takes over from its course when it opens."""
    return {
        "threshold": course["min_attendance_pct"],
        "pass_mark": course["pass_mark"],
        "test_required": course["has_pre_post_test"],
        "attendance_document_on_fail": True,
        "sheet_required": True,
    }


def _finalised_at(world: World, days: list[date], chance: Random) -> datetime:
    """Four to nine working days after the last sitting."""
    day = world.calendar.add_working_days(days[-1], chance.randint(4, 9))
    return world.office(at(day, time(chance.randint(9, 16), chance.randrange(60))))


def _our_places(count: int) -> tuple[int, ...]:
    """Where in the past the sessions stand that the accounts took part in."""
    return tuple(count * (5 + place * 2) // 12 + place for place in range(len(OURS)))


def _past(world: World) -> list[tuple[str, str]]:
    """(course, province) of the finalised sessions in the order of time: about 142 days of training for each scale."""
    chance = world.chance("past")
    own = sum(COURSES[code]["days"] for code, _ in OURS)
    chosen: list[tuple[str, str]] = []
    tries = 0
    while len(chosen) < sum(SHARES.values()) * world.scale:
        tries += 1
        batch = [pair for province, share in SHARES.items() for pair in _courses(world, province, share, chance)]
        off = abs(sum(COURSES[code]["days"] for code, _ in batch) + own - FINALISED_DAYS)
        if off <= 2 + tries // 100:
            chance.shuffle(batch)
            chosen += batch
    for place, ours in zip(_our_places(len(chosen)), OURS, strict=True):
        chosen.insert(place, ours)
    return chosen


def _courses(world: World, province: str, count: int, chance: Random) -> list[tuple[str, str]]:
    """`count` groups for a province: rather of courses that are planned or score high there, of none more than two."""
    twice = [code for code in sorted(COURSES) for _ in range(2)]
    drawn = [(chance.random() ** (1 / _weight(world, province, code)), code) for code in twice]
    return [(code, province) for _, code in sorted(drawn, reverse=True)[:count]]


def _weight(world: World, province: str, code: str) -> float:
    planned = 60 if (province, code) in world.plan_items else 0
    return world.course_scores.get((province, code), 0) + 8 + planned
