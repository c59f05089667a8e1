"""Which days are worked, and what is remarkable about a sitting's date and hours.

A working day is no weekend, no full public holiday and no extra off-day; the day of a half-day holiday counts.
Everything here is a pure value: whoever holds the rows builds a `Calendar` from them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

FRIDAY = 4
SATURDAY = 5
DAY_STARTS = dt.time(8)
DAY_ENDS = dt.time(18)
FRIDAY_BREAK_STARTS = dt.time(12)
FRIDAY_BREAK_ENDS = dt.time(14)
HALF_DAY_STARTS = dt.time(13)


class HolidayKind(StrEnum):
    """Whether a public holiday takes the whole day or only the afternoon."""

    FULL = "full"
    HALF = "half"


class HolidayBasis(StrEnum):
    """Whether a holiday returns on the same date each year or follows the lunar calendar."""

    FIXED = "fixed"
    RELIGIOUS = "religious"


@dataclass(frozen=True, slots=True)
class Holiday:
    """A public holiday. `from_time` (wall time) says when a half-day holiday begins and is None for a full day."""

    date: dt.date
    kind: HolidayKind
    from_time: dt.time | None
    name_tr: str
    name_en: str
    basis: HolidayBasis

    @property
    def begins(self) -> dt.time:
        """The wall time from which nobody works that day."""
        if self.kind == HolidayKind.FULL:
            return dt.time.min
        return self.from_time or HALF_DAY_STARTS

    @classmethod
    def from_row(cls, row: Mapping[str, str | None]) -> Holiday:
        """Build a holiday from a row of the shipped data (`date` and `from_time` in ISO form)."""
        from_time = row["from_time"]
        return cls(
            date=dt.date.fromisoformat(str(row["date"])),
            kind=HolidayKind(str(row["kind"])),
            from_time=dt.time.fromisoformat(from_time) if from_time else None,
            name_tr=str(row["name_tr"]),
            name_en=str(row["name_en"]),
            basis=HolidayBasis(str(row["basis"])),
        )


@dataclass(frozen=True, slots=True)
class OffDay:
    """An extra day off that somebody decreed (administrative leave), with the name it was given."""

    date: dt.date
    name: str = ""


class RemarkKind(StrEnum):
    """What can be remarkable about a sitting's date and hours. Each warns; none of them forbids."""

    HOLIDAY = "holiday"
    HALF_HOLIDAY = "half_holiday"
    OFF_DAY = "off_day"
    WEEKEND = "weekend"
    FRIDAY_BREAK = "friday_break"
    OUTSIDE_HOURS = "outside_hours"
    NO_RELIGIOUS_HOLIDAYS = "no_religious_holidays"


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark; `holiday` or `off_day` names what the date falls on, where the kind has one."""

    kind: RemarkKind
    date: dt.date
    holiday: Holiday | None = None
    off_day: OffDay | None = None


@dataclass(frozen=True)
class Calendar:
    """An unchangeable set of holidays and off-days."""

    holidays: frozenset[Holiday] = frozenset()
    off_days: frozenset[OffDay] = frozenset()
    _holiday: dict[dt.date, Holiday] = field(init=False, repr=False, compare=False)
    _off_day: dict[dt.date, OffDay] = field(init=False, repr=False, compare=False)
    _religious_years: frozenset[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Where two holidays share a date the one that begins earlier decides what is worked.
        by_date = {day.date: day for day in sorted(self.holidays, key=lambda day: day.begins, reverse=True)}
        religious = {day.date.year for day in self.holidays if day.basis == HolidayBasis.RELIGIOUS}
        object.__setattr__(self, "_holiday", by_date)
        object.__setattr__(self, "_off_day", {day.date: day for day in self.off_days})
        object.__setattr__(self, "_religious_years", frozenset(religious))

    @classmethod
    def of(cls, holidays: Iterable[Holiday], off_days: Iterable[OffDay] = ()) -> Calendar:
        """Build a calendar from any iterables."""
        return cls(frozenset(holidays), frozenset(off_days))

    def holiday_on(self, date: dt.date) -> Holiday | None:
        """Return the public holiday on `date`, the longer one if there are two, or None."""
        return self._holiday.get(date)

    def off_day_on(self, date: dt.date) -> OffDay | None:
        """Return the extra off-day on `date`, or None."""
        return self._off_day.get(date)

    def knows_religious_holidays(self, year: int) -> bool:
        """Whether any religious holiday of `year` has been entered."""
        return year in self._religious_years

    def is_working_day(self, date: dt.date) -> bool:
        """No weekend, no full holiday, no off-day; a half-day holiday is a working day."""
        if date.weekday() >= SATURDAY or date in self._off_day:
            return False
        holiday = self._holiday.get(date)
        return holiday is None or holiday.kind == HolidayKind.HALF

    def add_working_days(self, date: dt.date, n: int) -> dt.date:
        """Return the n-th working day after `date`, or before it where `n` is negative; 0 returns `date` itself."""
        step = dt.timedelta(days=1 if n > 0 else -1)
        left = abs(n)
        while left:
            date += step
            left -= self.is_working_day(date)
        return date

    def working_days_between(self, start: dt.date, end: dt.date) -> int:
        """Count the working days after `start` up to and including `end`; negative where `end` comes first.

        The inverse of `add_working_days`: between a day and the n-th working day after it lie n.
        """
        if end < start:
            return -sum(self.is_working_day(end + dt.timedelta(days=n)) for n in range((start - end).days))
        return sum(self.is_working_day(start + dt.timedelta(days=n + 1)) for n in range((end - start).days))

    def remarks(self, date: dt.date, start: dt.time, end: dt.time) -> list[Remark]:
        """Return what is remarkable about a sitting on `date` from `start` until `end` (wall times, half-open)."""
        found: list[Remark] = []
        holiday = self.holiday_on(date)
        if holiday is not None and holiday.kind == HolidayKind.FULL:
            found.append(Remark(RemarkKind.HOLIDAY, date, holiday=holiday))
        elif holiday is not None and end > holiday.begins:
            found.append(Remark(RemarkKind.HALF_HOLIDAY, date, holiday=holiday))
        off_day = self.off_day_on(date)
        if off_day is not None:
            found.append(Remark(RemarkKind.OFF_DAY, date, off_day=off_day))
        if date.weekday() >= SATURDAY:
            found.append(Remark(RemarkKind.WEEKEND, date))
        if date.weekday() == FRIDAY and start < FRIDAY_BREAK_ENDS and end > FRIDAY_BREAK_STARTS:
            found.append(Remark(RemarkKind.FRIDAY_BREAK, date))
        if start < DAY_STARTS or end > DAY_ENDS:
            found.append(Remark(RemarkKind.OUTSIDE_HOURS, date))
        if not self.knows_religious_holidays(date.year):
            found.append(Remark(RemarkKind.NO_RELIGIOUS_HOLIDAYS, date))
        return found
