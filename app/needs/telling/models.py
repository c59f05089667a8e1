from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.needs.models import Questionnaire, Told
from app.people.models import Employee
from app.post.services import Place

MOST_REMINDERS = 4


@dataclass(frozen=True)
class Reader:
    """Somebody who is to answer: how to write to them. Without an address nothing is sent."""

    questionnaire: Questionnaire
    employee_id: int
    name: str
    address: str
    language: str
    signs_in: bool
    place: Place


@dataclass(frozen=True)
class Reach:
    """Of those who have not finished: whom a letter is still to tell, whom none reaches, whom one can remind."""

    unfinished: int
    to_tell: int
    unwritten: int
    to_remind: int


@dataclass(frozen=True)
class Waiting:
    """Somebody who has not finished, and how far they are; never what they answered."""

    employee_id: int
    name: str
    organisation: str
    unit: str
    phone: str
    written: bool
    told_by: Told | None
    started_at: datetime | None
    reminders: int


@dataclass(frozen=True)
class Supervisor:
    """Whoever rates people in a round and has not rated all of them: how many people, how many ratings are missing, how
    to write to them. Without an address nothing is sent.
    """

    person: Employee
    people: int
    missing: int
    address: str
    language: str
    signs_in: bool
    place: Place
