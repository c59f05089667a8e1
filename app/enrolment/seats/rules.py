"""A session's list as it is counted and asked for, and what an enrolment's page offers to whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from app.core.paging import ListQuery, Page
from app.enrolment.models import CURRENT, SEAT_HOLDING, Answer, Enrolment, EnrolmentStatus
from app.enrolment.quotas.queries import Kept
from app.enrolment.quotas.rules import Pools
from app.enrolment.rules import CLOSED, TAKING, begun
from app.people.models import Sex
from app.post.models import MessageStatus
from app.training.models import SessionStatus

S = EnrolmentStatus
MAY_WITHDRAW = frozenset({S.APPLIED, S.NOMINATED, S.WAITLISTED, S.OFFERED, S.ENROLLED})


@dataclass(frozen=True)
class Row:
    """One line of a session's list. Institution, unit and title in the reader's language.

    `home_id`: the institution whose seat it is, or is waited for. `since`: their last step. `invitation`: what became
    of the last one, None where none was written. `on_staff`: has not left. `completed_on`: when the person last
    completed this course.
    """

    id: int
    employee_id: int
    name: str
    home_id: int
    organisation: str
    unit: str
    title: str
    registry_no: str
    email: str
    phone: str
    sex: Sex
    status: EnrolmentStatus
    answer: Answer
    answered_at: datetime | None
    priority: int
    queued_at: datetime
    offered_until: datetime | None
    since: datetime | None
    invitation: MessageStatus | None
    on_staff: bool
    completed_on: date | None


@dataclass(frozen=True)
class Counts:
    """How many of a session's people, as far as a scope sees them, stand where; and women and men with a seat."""

    states: dict[EnrolmentStatus, int]
    seats: dict[Sex, int]

    @property
    def current(self) -> int:
        return sum(number for status, number in self.states.items() if status in CURRENT)

    @property
    def ended(self) -> int:
        return sum(number for status, number in self.states.items() if status not in CURRENT)

    @property
    def seated(self) -> int:
        return sum(self.seats.values())

    @property
    def waiting(self) -> int:
        return self.states.get(EnrolmentStatus.WAITLISTED, 0)

    @property
    def women(self) -> int:
        return self.seats.get(Sex.WOMAN, 0)

    @property
    def men(self) -> int:
        return self.seats.get(Sex.MAN, 0)

    @property
    def share_of_women(self) -> int | None:
        """In tenths of a percent of women and men together; None where there is neither."""
        both = self.women + self.men
        return self.women * 1000 // both if both else None

    def with_more(self, people: Iterable[Sex]) -> Counts:
        """As it would be if these had seats, too."""
        seats = dict(self.seats)
        for sex in people:
            seats[sex] = seats.get(sex, 0) + 1
        return Counts(self.states, seats)


@dataclass(frozen=True)
class Listed:
    """Everybody on a session's list a scope sees, read in one statement: a list is as long as a session is large.

    `fitting` are those that were asked for, in the order asked for; `taken` is how many seats are held in all;
    `quotas`: seats kept for institutions, by their id, none once they are released.
    """

    everybody: Sequence[Row]
    fitting: Sequence[Row]
    taken: int
    quotas: Mapping[int, Kept] = field(default_factory=dict)

    def pools(self, capacity: int) -> Pools:
        """Those who hold seats and are not seen count as of one institution more, which has no id."""
        taken = Counter(row.home_id for row in self.everybody if row.status in SEAT_HOLDING)
        taken[0] += self.taken - taken.total()
        return Pools(capacity, {home: one.seats for home, one in self.quotas.items()}, taken)

    @cached_property
    def counts(self) -> Counts:
        states, seats = Counter(row.status for row in self.everybody), Counter[Sex]()
        for row in self.everybody:
            seats[row.sex] += row.status in SEAT_HOLDING
        return Counts({status: states[status] for status in EnrolmentStatus if status in states}, dict(seats))

    @property
    def line(self) -> Sequence[Row]:
        """Those who wait, in their order."""
        waiting = [row for row in self.everybody if row.status is EnrolmentStatus.WAITLISTED]
        return sorted(waiting, key=lambda row: (row.priority, row.queued_at, row.id))

    def page(self, query: ListQuery) -> Page[Row]:
        last = max(1, -(-len(self.fitting) // query.size))
        number = min(max(1, query.number), last)
        start = (number - 1) * query.size
        return Page(self.fitting[start : start + query.size], number, len(self.fitting), query.size)


SILENT = "silent"
"""The filter for those who have a seat and have not answered."""


def asked_for(row: Row, state: str) -> bool:
    """Whether a list filtered like this shows a line: a status, `ended`, `SILENT`, or nothing for all current."""
    if state == SILENT:
        return row.status is EnrolmentStatus.ENROLLED and row.answer is Answer.NONE
    if state == "ended":
        return row.status not in CURRENT
    return row.status.value == state if state else row.status in CURRENT


class Waits(StrEnum):
    """What somebody on the list waits for."""

    INSTITUTION = "institution"
    DECISION = "decision"
    SEAT = "seat"
    OFFER = "offer"
    ANSWER = "answer"


def waits(row: Row, status: SessionStatus, *, closed: bool) -> Waits | None:
    """In a session of this status; `closed`: institutions can no longer say anything."""
    if status not in TAKING:
        return None
    if row.status is S.ENROLLED:
        asked = status is SessionStatus.CONFIRMED and row.answer is Answer.NONE
        return Waits.ANSWER if asked else None
    return {
        S.APPLIED: Waits.DECISION if closed else Waits.INSTITUTION,
        S.NOMINATED: Waits.DECISION,
        S.WAITLISTED: Waits.SEAT,
        S.OFFERED: Waits.OFFER,
    }.get(row.status)


@dataclass(frozen=True)
class Moves:
    """What a caller may do with one enrolment now; what only looks possible is refused by the services."""

    support: bool = False
    accept: bool = False
    reject: bool = False
    remove: bool = False
    withdraw: bool = False
    answer: bool = False
    phone: bool = False
    take_back: bool = False

    @property
    def any(self) -> bool:
        return any((self.support, self.accept, self.reject, self.remove, self.withdraw, self.answer, self.phone))


def moves(
    enrolment: Enrolment, *, runs: bool, own: bool, hers: bool, supportable: bool, returnable: bool, day: date
) -> Moves:
    """On this day, for an enrolment loaded with its session. The caller `runs` the session; it is their `own`, or one
    of `hers`: a focal point's people. `supportable`: a focal point can decide; `returnable`: the seat is still there.
    """
    course_session, status = enrolment.course_session, enrolment.status
    if course_session.status in CLOSED or enrolment.merged_into_id is not None:
        return Moves()
    takes = course_session.status in TAKING
    asked = takes and (status is S.OFFERED or (status is S.ENROLLED and not begun(course_session, day)))
    supportable = takes and status is S.APPLIED and supportable
    acceptable = status in (S.NOMINATED, S.WAITLISTED) or (status is S.APPLIED and not supportable)
    return Moves(
        support=hers and supportable,
        accept=runs and takes and acceptable,
        reject=(runs and status in (S.APPLIED, S.NOMINATED, S.WAITLISTED)) or (hers and status is S.APPLIED),
        remove=runs and status is S.ENROLLED,
        withdraw=(own or hers) and status in MAY_WITHDRAW and not (hers and not own and status is S.APPLIED),
        answer=own and asked,
        phone=(hers or runs) and not own and asked,
        take_back=(own or hers or runs) and returnable,
    )
