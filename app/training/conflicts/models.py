"""What a plan is checked for: sittings as they shall be, what is taken already, and what stands in their way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from app.calendar.days import Calendar
from app.core.errors import Text
from app.core.status import Worded
from app.language import force_locale, gettext, in_language


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
class RoomRow:
    id: int
    name_tr: str
    name_en: str
    capacity: int
    step_free: bool
    online: bool
    province_id: int | None
    usable: bool
    venue_tr: str = ""
    venue_en: str = ""

    @property
    def label(self) -> str:
        """Room and venue, once where both have one name, and how many fit in."""
        place = ", ".join(dict.fromkeys(in_language(self, name) for name in ("name", "venue")))
        return gettext("%(place)s (%(places)s places)", place=place, places=self.capacity)


@dataclass(frozen=True)
class Occupied:
    """A sitting of some session that holds a room (`room_id`) or a trainer (`trainer_id`, else 0).

    `province_id` is where one has to be for it; None for an online one.
    """

    date: date
    starts: time
    ends: time
    code: str
    course_session_id: int
    draft: bool
    room_id: int | None
    province_id: int | None
    trainer_id: int = 0
    pending: bool = False

    @property
    def minutes(self) -> int:
        return (self.ends.hour - self.starts.hour) * 60 + self.ends.minute - self.starts.minute
