"""What stands in the way of a sitting: found for all sittings of a plan at once, in a fixed number of queries.

Times are half-open: two sittings that touch do not meet. Cancelled and postponed sessions and sittings that were
not held never stand in the way. Clashes of participants are known to upper rooms (slot `course_session.conflicts`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from app.calendar.days import Calendar, Remark, RemarkKind
from app.core.errors import Text
from app.core.status import Worded
from app.language import LazyDate, force_locale, in_language, lazy_gettext
from app.trainers import absences
from app.training import occupancy
from app.training.occupancy import Occupied, RoomRow

MINUTES_A_DAY = 360


class ConflictKind(Worded):
    OVERLAP = "overlap", "Overlap within the session"
    ROOM_TAKEN = "room_taken", "Room taken"
    ROOM_HELD = "room_held", "Room held by a draft"
    ROOM_SMALL = "room_small", "Room too small"
    ROOM_STEPS = "room_steps", "Room not step-free"
    TRAINER_TAKEN = "trainer_taken", "Trainer assigned elsewhere"
    TRAINER_AWAY = "trainer_away", "Trainer not available"
    TRAINER_PROVINCE = "trainer_province", "Trainer in another province"
    TRAINER_HOURS = "trainer_hours", "Trainer over six hours"
    TRAINER_PARTICIPANT = "trainer_participant", "Trainer is a participant"
    PARTICIPANT_TAKEN = "participant_taken", "Participant elsewhere"
    HOLIDAY = "holiday", "Public holiday"
    HALF_HOLIDAY = "half_holiday", "Half-day holiday"
    OFF_DAY = "off_day", "Off-day"
    WEEKEND = "weekend", "Weekend"
    FRIDAY_BREAK = "friday_break", "Friday noon"
    OUTSIDE_HOURS = "outside_hours", "Outside working hours"
    NO_RELIGIOUS_HOLIDAYS = "no_religious_holidays", "Religious holidays not entered"
    PAST = "past", "In the past"
    NO_TRAINER = "no_trainer", "No trainer yet"


@dataclass(frozen=True)
class Planned:
    """A sitting as it shall be, saved already (`sitting_id`) or not. `trainer_ids`: who gives it."""

    date: date
    starts: time
    ends: time
    room_id: int | None = None
    trainer_ids: tuple[int, ...] = ()
    sitting_id: int | None = None

    @property
    def minutes(self) -> int:
        return (self.ends.hour - self.starts.hour) * 60 + self.ends.minute - self.starts.minute

    def meets(self, other: Planned | Occupied) -> bool:
        return self.date == other.date and self.starts < other.ends and other.starts < self.ends


@dataclass(frozen=True)
class Conflict:
    """One sentence with the way out.

    `blocking` refuses; the others ask for a reason. What a coordinator may override with a reason (a participant's
    clash) is not blocking. `index` counts in the list of planned sittings, None where it concerns all of them;
    `field` is the form's field it belongs to.
    """

    kind: ConflictKind
    blocking: bool
    index: int | None
    message: Text
    way_out: Text | None = None
    field: str | None = None

    @property
    def sentence(self) -> str:
        return f"{self.message} {self.way_out}" if self.way_out is not None else str(self.message)

    @property
    def tone(self) -> str:
        return "cancel" if self.blocking else "warn"

    @property
    def detail(self) -> str:
        """The message in the programme's own language, by which an override is known again."""
        with force_locale("tr"):
            return str(self.message)[:300]


@dataclass(frozen=True)
class Setting:
    """What a plan is checked against. `course_session_id` is None for a session not saved yet."""

    calendar: Calendar
    capacity: int
    step_free_needed: bool = False
    province_id: int | None = None
    course_session_id: int | None = None


@dataclass(frozen=True)
class _Named:
    """A stored name in the language of whoever reads the sentence."""

    thing: Any

    def __str__(self) -> str:
        return in_language(self.thing, "name")


@dataclass
class _Search:
    planned: Sequence[Planned]
    setting: Setting
    rooms: dict[int, RoomRow]
    others: Sequence[Occupied]
    lessons: Sequence[Occupied]
    names: dict[int, str]
    away: Sequence[tuple[int, date, date]]
    found: list[Conflict] = field(default_factory=list)

    def add(self, kind: ConflictKind, index: int | None, message: Text, **rest: Any) -> None:
        conflict = Conflict(kind, rest.pop("blocking", False), index, message, **rest)
        if all(conflict.message != other.message for other in self.found):
            self.found.append(conflict)


def find(planned: Sequence[Planned], setting: Setting) -> list[Conflict]:
    """Every conflict of a plan, in the order of its sittings, the same sentence once. Eight tables, five queries."""
    if not planned:
        return []
    days = {each.date for each in planned}
    trainers = {trainer for each in planned for trainer in each.trainer_ids}
    own = {each.sitting_id for each in planned if each.sitting_id is not None}
    rooms = occupancy.rooms(setting.province_id, {each.room_id for each in planned if each.room_id is not None})
    search = _Search(
        planned,
        setting,
        rooms,
        occupancy.of_rooms(rooms, days, leaving_out=own, own=setting.course_session_id),
        occupancy.of_trainers(trainers, days, leaving_out=own, own=setting.course_session_id),
        occupancy.trainer_names(trainers),
        absences.away(sorted(trainers), min(days), max(days)),
    )
    for look in LOOKS:
        look(search)
    order = {id(conflict): position for position, conflict in enumerate(search.found)}
    return sorted(search.found, key=lambda c: (-1 if c.index is None else c.index, not c.blocking, order[id(c)]))


def _own(search: _Search, other: Occupied) -> bool:
    """Another sitting of the session that is being planned: it overlaps or it does not, nothing else."""
    return other.course_session_id == search.setting.course_session_id


def _overlaps(search: _Search) -> None:
    for index, each in enumerate(search.planned):
        beside: list[Planned | Occupied] = [one for one in search.others if _own(search, one)]
        if any(each.meets(one) for one in [*beside, *search.planned[:index]]):
            search.add(
                ConflictKind.OVERLAP,
                index,
                lazy_gettext(
                    "Two sittings of this session overlap: %(date)s, %(time)s.", date=_day(each), time=_span(each)
                ),
                way_out=lazy_gettext("Choose another time for one of them."),
                blocking=True,
                field="starts",
            )


def _rooms(search: _Search) -> None:
    for index, each in enumerate(search.planned):
        room = search.rooms.get(each.room_id or 0)
        if room is None:
            continue
        for other in search.others:
            if other.room_id != room.id or room.online or _own(search, other) or not each.meets(other):
                continue
            kind = ConflictKind.ROOM_HELD if other.draft else ConflictKind.ROOM_TAKEN
            words = (
                lazy_gettext("A draft holds the room on %(date)s: %(code)s.", date=_day(each), code=other.code)
                if other.draft
                else lazy_gettext("The room is taken on %(date)s: %(code)s.", date=_day(each), code=other.code)
            )
            search.add(kind, index, words, way_out=_free(search, each), blocking=not other.draft, field="room_id")
        if room.capacity < search.setting.capacity:
            search.add(
                ConflictKind.ROOM_SMALL,
                index,
                lazy_gettext(
                    "The room has fewer places than the session: %(room)s, %(places)s places for %(capacity)s.",
                    room=_Named(room),
                    places=room.capacity,
                    capacity=search.setting.capacity,
                ),
                way_out=_larger(search, each),
                field="room_id",
            )
        if search.setting.step_free_needed and not room.step_free:
            search.add(
                ConflictKind.ROOM_STEPS,
                index,
                lazy_gettext("The room has no step-free access: %(room)s.", room=_Named(room)),
                way_out=_step_free(search, each),
                field="room_id",
            )


def _free_rooms(search: _Search, each: Planned) -> list[RoomRow]:
    """Rooms of the province nobody holds at that time, those that suit best first; online rooms are no answer."""
    held = {other.room_id for other in search.others if each.meets(other)}
    held |= {other.room_id for other in search.planned if other is not each and each.meets(other)}
    fits = [
        room
        for room in search.rooms.values()
        if room.usable and not room.online and room.id not in held and room.id != each.room_id
    ]
    needed = search.setting
    return sorted(
        (room for room in fits if room.step_free or not needed.step_free_needed),
        key=lambda room: (room.capacity < needed.capacity, room.capacity, room.id),
    )


def _free(search: _Search, each: Planned) -> Text:
    """No words about rooms that are too small: they would only raise the next conflict."""
    fits = [room for room in _free_rooms(search, each) if room.capacity >= search.setting.capacity][:2]
    if not fits:
        return lazy_gettext("No other room is free at that time; choose another day or time.")
    return lazy_gettext("Free at the same time: %(rooms)s.", rooms=_Names(tuple(fits)))


def _larger(search: _Search, each: Planned) -> Text:
    fits = [room for room in _free_rooms(search, each) if room.capacity >= search.setting.capacity][:2]
    if not fits:
        return lazy_gettext("Lower the capacity, or choose another day or time.")
    return lazy_gettext("Large enough and free: %(rooms)s.", rooms=_Names(tuple(fits)))


def _step_free(search: _Search, each: Planned) -> Text:
    fits = _free_rooms(search, each)[:2]
    if not fits:
        return lazy_gettext("No step-free room is free at that time; choose another day or time.")
    return lazy_gettext("Step-free and free: %(rooms)s.", rooms=_Names(tuple(fits)))


@dataclass(frozen=True)
class _Names:
    rooms: tuple[RoomRow, ...]

    def __str__(self) -> str:
        return ", ".join(in_language(room, "name") for room in self.rooms)


def _trainers(search: _Search) -> None:
    hours: dict[tuple[int, date], int] = defaultdict(int)
    for lesson in search.lessons:
        hours[lesson.trainer_id, lesson.date] += lesson.minutes
    for each in search.planned:
        for trainer in each.trainer_ids:
            hours[trainer, each.date] += each.minutes
    for index, each in enumerate(search.planned):
        for trainer in each.trainer_ids:
            if trainer in search.names:
                _trainer(search, index, trainer, hours[trainer, each.date])


def _trainer(search: _Search, index: int, trainer: int, minutes: int) -> None:
    each, name = search.planned[index], search.names[trainer]
    if any(key == trainer and first <= each.date <= last for key, first, last in search.away):
        search.add(
            ConflictKind.TRAINER_AWAY,
            index,
            lazy_gettext("%(name)s is not available on %(date)s.", name=name, date=_day(each)),
            way_out=lazy_gettext("Choose another trainer or another day."),
            field="trainer_ids",
        )
    for lesson in search.lessons:
        if lesson.trainer_id != trainer or lesson.date != each.date or _own(search, lesson):
            continue
        if each.meets(lesson):
            words = {"date": _day(each), "name": name, "code": lesson.code}
            search.add(
                ConflictKind.TRAINER_TAKEN,
                index,
                lazy_gettext(
                    "%(name)s is assigned to another sitting at that time on %(date)s: %(code)s (awaiting answer).",
                    **words,
                )
                if lesson.pending
                else lazy_gettext(
                    "%(name)s is assigned to another sitting at that time on %(date)s: %(code)s.", **words
                ),
                way_out=lazy_gettext("Choose another trainer or another time."),
                blocking=True,
                field="trainer_ids",
            )
        elif _province(search, each) not in (None, lesson.province_id) and lesson.province_id is not None:
            search.add(
                ConflictKind.TRAINER_PROVINCE,
                index,
                lazy_gettext(
                    "%(name)s is in another province on %(date)s: %(code)s.",
                    name=name,
                    date=_day(each),
                    code=lesson.code,
                ),
                way_out=lazy_gettext("Choose another trainer or another day."),
                field="trainer_ids",
            )
    if minutes > MINUTES_A_DAY:
        search.add(
            ConflictKind.TRAINER_HOURS,
            index,
            lazy_gettext("%(name)s would give more than 6 hours on %(date)s.", name=name, date=_day(each)),
            way_out=lazy_gettext("Share the day between two trainers."),
            field="trainer_ids",
        )


def _province(search: _Search, each: Planned) -> int | None:
    """Where one has to be for a sitting; nowhere for an online one."""
    room = search.rooms.get(each.room_id or 0)
    if room is None:
        return search.setting.province_id
    return None if room.online else room.province_id


def _days(search: _Search) -> None:
    for index, each in enumerate(search.planned):
        for remark in search.setting.calendar.remarks(each.date, each.starts, each.ends):
            search.add(
                ConflictKind(remark.kind.value),
                None if remark.kind is RemarkKind.NO_RELIGIOUS_HOLIDAYS else index,
                _remarked(remark, each),
                way_out=_around(remark, each, search.setting.calendar),
                field="start",
            )


def _remarked(remark: Remark, each: Planned) -> Text:
    words: dict[str, Any] = {"date": _day(each), "name": _Named(remark.holiday) if remark.holiday else ""}
    if remark.off_day is not None:
        words["name"] = remark.off_day.name
    return {
        RemarkKind.HOLIDAY: lambda: lazy_gettext("%(date)s is a public holiday: %(name)s.", **words),
        RemarkKind.HALF_HOLIDAY: lambda: lazy_gettext("On %(date)s the afternoon is a holiday: %(name)s.", **words),
        RemarkKind.OFF_DAY: lambda: lazy_gettext("%(date)s is an off-day: %(name)s.", **words),
        RemarkKind.WEEKEND: lambda: lazy_gettext("%(date)s is at the weekend.", date=_day(each)),
        RemarkKind.FRIDAY_BREAK: lambda: lazy_gettext(
            "On Friday %(date)s the sitting runs into the noon break (12:00–14:00).", date=_day(each)
        ),
        RemarkKind.OUTSIDE_HOURS: lambda: lazy_gettext(
            "The sitting is outside working hours (08:00–18:00): %(date)s, %(time)s.", date=_day(each), time=_span(each)
        ),
        RemarkKind.NO_RELIGIOUS_HOLIDAYS: lambda: lazy_gettext(
            "The dates of the religious holidays of %(year)s have not been entered yet.", year=each.date.year
        ),
    }[remark.kind]()


def _around(remark: Remark, each: Planned, calendar: Calendar) -> Text:
    """The way out of a remarkable day or hour."""
    if remark.kind is RemarkKind.NO_RELIGIOUS_HOLIDAYS:
        return lazy_gettext("Ask the programme administrator to enter them in the settings.")
    if remark.kind is RemarkKind.FRIDAY_BREAK:
        return lazy_gettext("Let it end by 12:00 or begin at 14:00.")
    if remark.kind is RemarkKind.OUTSIDE_HOURS:
        return lazy_gettext("Choose hours between 08:00 and 18:00.")
    following = LazyDate(calendar.add_working_days(each.date, 1))
    if remark.kind is RemarkKind.HALF_HOLIDAY and remark.holiday is not None:
        return lazy_gettext(
            "Let it end by %(time)s. Next working day: %(date)s.", time=f"{remark.holiday.begins:%H:%M}", date=following
        )
    return lazy_gettext("Next working day: %(date)s.", date=following)


def _day(each: Planned) -> LazyDate:
    return LazyDate(each.date)


def _span(each: Planned | Occupied) -> str:
    return f"{each.starts:%H:%M}–{each.ends:%H:%M}"


LOOKS: tuple[Callable[[_Search], None], ...] = (_overlaps, _rooms, _trainers, _days)


def blocking(conflicts: Iterable[Conflict]) -> list[Conflict]:
    return [conflict for conflict in conflicts if conflict.blocking]
