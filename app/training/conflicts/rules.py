"""What stands in the way of a plan, found in facts read beforehand; and what wants a reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.calendar.days import Calendar, Remark, RemarkKind
from app.core.clock import local
from app.core.errors import Text
from app.language import LazyDate, format_time, in_language, lazy_gettext
from app.training.conflicts.models import Conflict, ConflictKind, Occupied, Planned, RoomRow, Setting
from app.training.models import AssignmentAnswer, CourseSession, Sitting, TrainerAssignment
from app.training.rules import over

MINUTES_A_DAY = 360


@dataclass(frozen=True)
class _Named:
    """A stored name in the language of whoever reads the sentence."""

    thing: Any

    def __str__(self) -> str:
        return in_language(self.thing, "name")


@dataclass
class Search:
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


def _own(search: Search, other: Occupied) -> bool:
    """Another sitting of the session that is being planned: it overlaps or it does not, nothing else."""
    return other.course_session_id == search.setting.course_session_id


def _overlaps(search: Search) -> None:
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


def _rooms(search: Search) -> None:
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


def _free_rooms(search: Search, each: Planned) -> list[RoomRow]:
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


def _free(search: Search, each: Planned) -> Text:
    """No words about rooms that are too small: they would only raise the next conflict."""
    fits = [room for room in _free_rooms(search, each) if room.capacity >= search.setting.capacity][:2]
    if not fits:
        return lazy_gettext("No other room is free at that time; choose another day or time.")
    return lazy_gettext("Free at the same time: %(rooms)s.", rooms=_Names(tuple(fits)))


def _larger(search: Search, each: Planned) -> Text:
    fits = [room for room in _free_rooms(search, each) if room.capacity >= search.setting.capacity][:2]
    if not fits:
        return lazy_gettext("Lower the capacity, or choose another day or time.")
    return lazy_gettext("Large enough and free: %(rooms)s.", rooms=_Names(tuple(fits)))


def _step_free(search: Search, each: Planned) -> Text:
    fits = _free_rooms(search, each)[:2]
    if not fits:
        return lazy_gettext("No step-free room is free at that time; choose another day or time.")
    return lazy_gettext("Step-free and free: %(rooms)s.", rooms=_Names(tuple(fits)))


@dataclass(frozen=True)
class _Names:
    rooms: tuple[RoomRow, ...]

    def __str__(self) -> str:
        return ", ".join(in_language(room, "name") for room in self.rooms)


def _trainers(search: Search) -> None:
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


def _trainer(search: Search, index: int, trainer: int, minutes: int) -> None:
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
        if lesson.trainer_id == trainer and lesson.date == each.date and not _own(search, lesson):
            _other_lesson(search, index, lesson)
    if minutes > MINUTES_A_DAY:
        search.add(
            ConflictKind.TRAINER_HOURS,
            index,
            lazy_gettext("%(name)s would give more than 6 hours on %(date)s.", name=name, date=_day(each)),
            way_out=lazy_gettext("Share the day between two trainers."),
            field="trainer_ids",
        )


def _other_lesson(search: Search, index: int, lesson: Occupied) -> None:
    """What else a trainer gives on the day of a planned sitting: at the same time, or too far away."""
    each = search.planned[index]
    words = {"date": _day(each), "name": search.names[lesson.trainer_id], "code": lesson.code}
    if each.meets(lesson):
        search.add(
            ConflictKind.TRAINER_TAKEN,
            index,
            lazy_gettext(
                "%(name)s is assigned to another sitting at that time on %(date)s: %(code)s (awaiting answer).", **words
            )
            if lesson.pending
            else lazy_gettext("%(name)s is assigned to another sitting at that time on %(date)s: %(code)s.", **words),
            way_out=lazy_gettext("Choose another trainer or another time."),
            blocking=True,
            field="trainer_ids",
        )
    elif _province(search, each) not in (None, lesson.province_id) and lesson.province_id is not None:
        search.add(
            ConflictKind.TRAINER_PROVINCE,
            index,
            lazy_gettext("%(name)s is in another province on %(date)s: %(code)s.", **words),
            way_out=lazy_gettext("Choose another trainer or another day."),
            field="trainer_ids",
        )


def _province(search: Search, each: Planned) -> int | None:
    """Where one has to be for a sitting; nowhere for an online one."""
    room = search.rooms.get(each.room_id or 0)
    if room is None:
        return search.setting.province_id
    return None if room.online else room.province_id


def _days(search: Search) -> None:
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


LOOKS: tuple[Callable[[Search], None], ...] = (_overlaps, _rooms, _trainers, _days)


def found_in(search: Search) -> list[Conflict]:
    """Every conflict of a plan, in the order of its sittings, the same sentence once."""
    for look in LOOKS:
        look(search)
    order = {id(conflict): position for position, conflict in enumerate(search.found)}
    return sorted(search.found, key=lambda c: (-1 if c.index is None else c.index, not c.blocking, order[id(c)]))


def blocking(conflicts: Iterable[Conflict]) -> list[Conflict]:
    return [conflict for conflict in conflicts if conflict.blocking]


def setting_of(course_session: CourseSession, days: Calendar) -> Setting:
    return Setting(
        days,
        course_session.capacity,
        course_session.step_free_needed,
        course_session.province_id,
        course_session.id,
    )


def planned_of(sittings: Sequence[Sitting], assignments: Sequence[TrainerAssignment]) -> list[Planned]:
    """Saved sittings that have a date as conflicts read them; a declined trainer does not count.

    `assignments` may be those of the whole session, where `sittings` are some of its own.
    """
    giving: dict[int, list[int]] = {each.id: [] for each in sittings}
    for assignment in assignments:
        if assignment.answer is not AssignmentAnswer.DECLINED and assignment.sitting_id in giving:
            giving[assignment.sitting_id].append(assignment.trainer_id)
    return [
        Planned(each.date, each.starts, each.ends, each.room_id, tuple(giving[each.id]), each.id)
        for each in sittings
        if each.date is not None
    ]


def past(planned: Sequence[Planned], moment: datetime, standing: Sequence[Sitting] = ()) -> list[Conflict]:
    """Days that are over by then, each once; nothing of a sitting that stands there already (`standing`) and stays."""
    there = {(each.id, each.date, each.starts, each.ends) for each in standing}
    found: dict[object, Conflict] = {}
    for index, each in enumerate(planned):
        if not over(each.date, each.ends, moment) or (each.sitting_id, each.date, each.starts, each.ends) in there:
            continue
        hours = f", {format_time(each.starts)}–{format_time(each.ends)}" if each.date == local(moment).date() else ""
        when = LazyDate(each.date, hours)
        words = lazy_gettext("This is in the past: %(when)s. No invitation is sent for it.", when=when)
        found.setdefault((each.date, hours), Conflict(ConflictKind.PAST, False, index, words, field="start"))
    return list(found.values())


def untaught(planned: Sequence[Planned], moment: datetime) -> list[Conflict]:
    """Days with sittings nobody gives, each once; one that is over already looks for nobody."""
    found: dict[object, Conflict] = {}
    for index, each in enumerate(planned):
        if each.trainer_ids or over(each.date, each.ends, moment):
            continue
        words = lazy_gettext("No trainer yet on %(date)s.", date=LazyDate(each.date))
        way_out = lazy_gettext("Choose one among the sittings, or go ahead and say why.")
        found.setdefault(each.date, Conflict(ConflictKind.NO_TRAINER, False, index, words, way_out, "trainer_ids"))
    return list(found.values())
