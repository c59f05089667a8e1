"""What the generators share: the day it is, chance that repeats, the calendar, and who is already there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from random import Random

from app.audit.journal import Event
from app.audit.models import AuditEntry
from app.calendar.days import SATURDAY, Calendar, Holiday
from app.core.clock import at, local
from app.files.models import Document
from app.refdata import load
from app.setup.ledger import Ledger
from app.setup.reference import Reference

FIRST_YEAR_WITH_HOLIDAYS = 2026
OPENS, CLOSES = time(8, 30), time(17)


@dataclass(slots=True)
class Person:
    """A member of staff, as the generators need them."""

    id: int
    given: str
    family: str
    organisation: int
    organisation_tr: str
    organisation_en: str
    province: str
    unit: str
    title: str
    email: str
    registry_no: str
    supervisor: int | None = None
    gaps: dict[str, Decimal] = field(default_factory=dict)
    high: set[str] = field(default_factory=set)


@dataclass(slots=True)
class TrainerFacts:
    id: int
    name: str
    province: str
    competencies: frozenset[str]
    employee: int | None
    institution: str
    called: str
    email: str
    signs_in: bool
    days: set[date] = field(default_factory=set)


@dataclass
class World:
    """One load: `today` is its day, `seed` its luck, `scale` how many times the ordinary staff and history."""

    ledger: Ledger
    reference: Reference
    today: date
    seed: int
    scale: int
    public_url: str
    people: list[Person] = field(default_factory=list)
    by_province: dict[str, list[Person]] = field(default_factory=lambda: defaultdict(list))
    trainers: list[TrainerFacts] = field(default_factory=list)
    users: dict[str, int] = field(default_factory=dict)
    member: Person | None = None
    plan_items: dict[tuple[str, str], int] = field(default_factory=dict)
    events: list[tuple[datetime, int, Event]] = field(default_factory=list)
    password_hash: str = ""
    course_scores: dict[tuple[str, str], float] = field(default_factory=dict)

    def chance(self, purpose: str) -> Random:
        """Luck of its own for each purpose, so that a change in one part leaves the others as they were."""
        return Random(f"{self.seed}/{purpose}")

    def keep_pdf(self, content: bytes, filename: str, moment: datetime, by: int) -> int:
        """The id of a paper that was attached to something."""
        return self.ledger.add(
            Document,
            sha256=sha256(content).hexdigest(),
            media_type="application/pdf",
            filename=filename,
            size=len(content),
            content=content,
            created_at=moment,
            created_by=by,
        )

    @property
    def now(self) -> datetime:
        """The moment of loading: the morning of `today`, before the first sitting."""
        return at(self.today, time(8))

    def office(self, moment: datetime) -> datetime:
        """The same, or the next moment at which somebody is in the office; the last one where that is still to come."""
        there = local(moment)
        day, hour = there.date(), there.time()
        working = self.calendar.is_working_day(day)
        if working and OPENS <= hour <= CLOSES and moment < self.now:
            return moment
        if not working or hour > CLOSES:
            day = self.calendar.add_working_days(day, 1)
        found = at(day, time(OPENS.hour + 1, there.minute))
        return found if found < self.now else at(self.calendar.add_working_days(self.today, -1), time(16, there.minute))

    @property
    def year(self) -> int:
        """The programme year: the one most of the history lies in."""
        return (self.today - timedelta(days=120)).year

    @cached_property
    def calendar(self) -> Calendar:
        return Calendar.of(Holiday.from_row(row) for row in load("holidays"))

    @cached_property
    def history_starts(self) -> date:
        """About nine months back (more at a larger scale), in years whose holidays are known where that suffices."""
        start = self.today - timedelta(days=285 + 22 * (self.scale - 1))
        known = date(FIRST_YEAR_WITH_HOLIDAYS, 1, 5)
        return max(start, known) if self.scale == 1 and (self.today - known).days > 150 else start

    @cached_property
    def days(self) -> list[date]:
        """Days fit for training from the start of the history on: no weekend, no holiday, not even half of one."""
        found: list[date] = []
        day, last = self.history_starts, self.today + timedelta(days=120)
        while day <= last:
            if day.weekday() < SATURDAY and self.calendar.holiday_on(day) is None:
                found.append(day)
            day += timedelta(days=1)
        return found

    @cached_property
    def next_day(self) -> int:
        """Where today, or the next day fit for training, stands among `days`."""
        return next(place for place, day in enumerate(self.days) if day >= self.today)

    def log(self, event: Event, at: datetime, by: int) -> None:
        """Something that happened, for the audit: written at the end, in the order of time."""
        self.events.append((at, by, event))

    def write_log(self) -> None:
        for at_, by, event in sorted(self.events, key=lambda entry: entry[0]):
            self.ledger.add(AuditEntry, at=at_, actor_id=by, event=event.name, facts=asdict(event))
        self.ledger.flush()

    def coordinator(self, province: str) -> int:
        """The user id of a province's coordinator."""
        return self.users[f"koordinator.{PROVINCE_SLUGS[province]}"]


PROVINCE_SLUGS: dict[str, str] = {row["code"]: row["slug"] for row in load("provinces")}
PROVINCE_ABBR: dict[str, str] = {row["code"]: row["doc_abbr"] for row in load("provinces")}
COURSES = {row["code"]: row for row in load("courses")}
