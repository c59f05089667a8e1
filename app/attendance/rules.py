"""Attendance in minutes: what one person's marks in one course session add up to.

Pure integers; nothing here reads a clock or a database. With D(s) the effective minutes of a shortened sitting
and else its planned minutes, and R the sittings that were not called off and that the person is not exempt from:

    credit     D for present and for late within the grace; max(0, D - missed) for late beyond it (all minutes
               missed count, the grace too) and for left early (no grace); 0 for absent; excused by policy
    passed     100 * credit >= threshold * base            base = sum of D over R; no rounding up
    allowance  floor(base * (100 - threshold) / 100) - sum of (D - credit) over the marked sittings
    best case  credit plus D of every sitting not yet marked, against the same threshold

A sitting that was over when the person's seat was given, and that nobody marked, counts in allowance and best case as
absent: nobody who joins late can still attend it. It stays unmarked until somebody says absent or exempt.

A mark is written as one word (`spell`): in a cell of the grid, in the history, in what a page sends back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.attendance.models import NEEDS_MINUTES, Person, Presence, SittingRow, Words
from app.training.models import CourseSession, ExcusedPolicy, SessionStatus, SittingState

GRACE_MINUTES = 15
DEFAULT_THRESHOLD = 80
MARKABLE = (SessionStatus.OPEN, SessionStatus.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Cell:
    """One person at one sitting. All times are minutes.

    `planned` > 0; `effective` (0 < effective <= planned) belongs to a shortened sitting and is ignored otherwise;
    `minutes` >= 0 missed belongs to late and left early and is ignored otherwise. Anything else raises ValueError.
    """

    planned: int
    state: SittingState = SittingState.HELD
    mark: Presence | None = None
    minutes: int | None = None
    effective: int | None = None
    before: bool = False
    """Whether the sitting was over when the person's seat was given."""

    def __post_init__(self) -> None:
        if self.planned <= 0:
            raise ValueError("a sitting has at least one planned minute")
        if self.state == SittingState.SHORTENED and not (self.effective and 0 < self.effective <= self.planned):
            raise ValueError("a shortened sitting has between one and its planned minutes")
        if self.mark in NEEDS_MINUTES and (self.minutes is None or self.minutes < 0):
            raise ValueError("late and left early need the minutes missed")

    @property
    def duration(self) -> int:
        """D(s): the minutes that count for this sitting."""
        if self.state == SittingState.SHORTENED and self.effective is not None:
            return self.effective
        return self.planned

    def counts(self, policy: ExcusedPolicy = ExcusedPolicy.AS_ABSENT) -> bool:
        """Whether the sitting belongs to R, the sittings the person is measured by."""
        if self.state == SittingState.NOT_HELD or self.mark == Presence.EXEMPT:
            return False
        return not (self.mark == Presence.EXCUSED and policy == ExcusedPolicy.EXCLUDE)

    def credit(self, grace: int = GRACE_MINUTES) -> int:
        """The minutes credited; 0 for a sitting outside R and for an unmarked one."""
        if self.state == SittingState.NOT_HELD:
            return 0
        if self.mark == Presence.LATE and (self.minutes or 0) <= grace:
            return self.duration
        return self.attended()

    def attended(self) -> int:
        """The minutes the person was in the room, without any grace."""
        if self.state == SittingState.NOT_HELD or self.mark is None:
            return 0
        if self.mark == Presence.PRESENT:
            return self.duration
        if self.mark in NEEDS_MINUTES:
            return max(0, self.duration - (self.minutes or 0))
        return 0


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands in a course session. All times are minutes, percentages tenths cut off (833 = 83.3)."""

    credit: int
    """Minutes credited so far."""
    base: int
    """Minutes of all sittings the person is measured by, marked or not."""
    marked_base: int
    """The part of `base` that is marked."""
    lost: int
    """Minutes of `base` that can no longer be credited."""
    unmarked: int
    """How many sittings of R carry no mark yet."""
    before: int
    """How many of these were over when the seat was given."""
    allowance: int
    """Minutes that may still be missed; negative when too many were."""
    best_case_ok: bool
    """Whether the threshold is still within reach if every sitting that can be is attended in full."""
    passed: bool
    """Whether the credit reaches the threshold of `base`; never for somebody exempt from everything."""
    attended_minutes: int
    """Minutes in the room, without grace: at 0 a person who does not pass never came."""
    complete: bool
    """Whether no sitting of R is unmarked."""
    exempt: bool
    """Whether R is empty: shown as a dash, no document."""

    @property
    def final_tenths(self) -> int | None:
        """Credit against all of R in tenths of a per cent, cut off; None when exempt."""
        return _tenths(self.credit, self.base)

    @property
    def so_far_tenths(self) -> int | None:
        """Credit against the marked part of R in tenths of a per cent, cut off; None before the first mark."""
        return _tenths(self.credit, self.marked_base)

    @property
    def best_case_tenths(self) -> int | None:
        """What is still reachable in tenths of a per cent, cut off; None when exempt."""
        return _tenths(self.base - self.lost, self.base)


def _tenths(part: int, whole: int) -> int | None:
    return part * 1000 // whole if whole else None


@dataclass(frozen=True, slots=True)
class Weight:
    """What one cell adds to the sums, in minutes. `base` 0: the sitting is outside R."""

    base: int
    marked: bool
    credit: int
    attended: int
    lost: int


_NOTHING = Weight(0, True, 0, 0, 0)


def weigh(cell: Cell, policy: ExcusedPolicy = ExcusedPolicy.AS_ABSENT, grace: int = GRACE_MINUTES) -> Weight:
    """A cell's part in its person's sums."""
    if not cell.counts(policy):
        return _NOTHING
    if cell.mark is None:
        return Weight(cell.duration, False, 0, 0, cell.duration if cell.before else 0)
    credit = cell.credit(grace)
    return Weight(cell.duration, True, credit, cell.attended(), cell.duration - credit)


def total(weights: Iterable[Weight], *, threshold: int = DEFAULT_THRESHOLD) -> Standing:
    """Add up one person's cells, weighed.

    `threshold` is the per cent of minutes to be credited, 0 to 100; outside it raises ValueError.
    """
    if not 0 <= threshold <= 100:
        raise ValueError("the threshold is a per cent between 0 and 100")
    base = marked_base = credit = attended = lost = unmarked = before = 0
    for weight in weights:
        base += weight.base
        credit += weight.credit
        attended += weight.attended
        lost += weight.lost
        if weight.marked:
            marked_base += weight.base
        else:
            unmarked += 1
            before += weight.lost > 0
    return Standing(
        credit=credit,
        base=base,
        marked_base=marked_base,
        lost=lost,
        unmarked=unmarked,
        before=before,
        allowance=base * (100 - threshold) // 100 - lost,
        best_case_ok=100 * (base - lost) >= threshold * base,
        passed=base > 0 and 100 * credit >= threshold * base,
        attended_minutes=attended,
        complete=not unmarked,
        exempt=base == 0,
    )


def standing(
    cells: Iterable[Cell],
    *,
    threshold: int = DEFAULT_THRESHOLD,
    policy: ExcusedPolicy = ExcusedPolicy.AS_ABSENT,
    grace: int = GRACE_MINUTES,
) -> Standing:
    """Add up one person's cells, one for each sitting of the session; `threshold` as in `total`."""
    return total((weigh(cell, policy, grace) for cell in cells), threshold=threshold)


def spell(kind: Presence | None, minutes: int | None = None) -> str:
    """A mark as one word: `present`, `late:20`, "" for unmarked."""
    if kind is None:
        return ""
    return f"{kind.value}:{minutes}" if minutes is not None else kind.value


def unspell(word: str) -> tuple[Presence | None, int | None]:
    """The mark a word of `spell` stands for; anything else raises ValueError."""
    if not word:
        return None, None
    kind, _, minutes = word.partition(":")
    return Presence(kind), int(minutes) if minutes else None


def cell_of(sitting: SittingRow, word: str, *, before: bool = False) -> Cell:
    """A cell for the arithmetic: its sitting, and its mark as `spell` writes it."""
    kind, minutes = unspell(word)
    return Cell(
        planned=sitting.minutes,
        state=sitting.state,
        mark=kind,
        minutes=minutes,
        effective=sitting.effective_minutes,
        before=before,
    )


def threshold_of(course_session: CourseSession, values: Mapping[str, Any]) -> int:
    """The per cent of minutes to be credited: the session's own, before it opened that of the settings."""
    return int(values["threshold"]) if course_session.threshold is None else course_session.threshold


def add_up(
    course_session: CourseSession,
    rows: Sequence[SittingRow],
    marked: Mapping[int, Words],
    given: Mapping[int, datetime | None],
    values: Mapping[str, Any],
) -> dict[int, Standing]:
    """Each enrolment's standing from all sittings of the session, what its cells say and when its seat was given;
    `values` are the settings.
    """
    threshold = threshold_of(course_session, values)
    grace = int(values["late_grace_minutes"])
    policy = course_session.excused_policy
    weighed: dict[tuple[int, str, bool], Weight] = {}  # most people's cells say the same
    known: dict[datetime | None, frozenset[int]] = {}  # and most seats were given together

    def weight(row: SittingRow, word: str, before: bool) -> Weight:
        found = weighed.get((row.id, word, before))
        if found is None:
            found = weighed[row.id, word, before] = weigh(cell_of(row, word, before=before), policy, grace)
        return found

    def one(said: Words, moment: datetime | None) -> Standing:
        if moment not in known:
            known[moment] = frozenset(row.id for row in rows if row.before(moment))
        early = known[moment]
        return total([weight(row, said.get(row.id, ""), row.id in early) for row in rows], threshold=threshold)

    return {key: one(said, given.get(key)) for key, said in marked.items()}


def missing(cells: Sequence[tuple[str, bool]]) -> list[int]:
    """Where, of (what a cell says, whether its seat was given after the sitting), somebody is still to be marked at
    the sitting itself. Who joined later is not, unless all did: then the whole session was entered afterwards.
    """
    afterwards = all(before for _, before in cells)
    return [n for n, (word, before) in enumerate(cells) if not word and (afterwards or not before)]


def joined_later(
    rows: Iterable[SittingRow], people: Iterable[tuple[Person, Words, datetime | None]]
) -> dict[int, list[SittingRow]]:
    """The unmarked sittings that were over when the seat was given, by enrolment; those who have none left out."""
    held = [row for row in rows if row.state is not SittingState.NOT_HELD]
    found = {
        person.enrolment_id: [row for row in held if row.id not in said and row.before(given)]
        for person, said, given in people
    }
    return {key: sittings for key, sittings in found.items() if sittings}
