"""What a personal link is for, as upper rooms say it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core.errors import Text
from app.core.hooks import Hook
from app.people.models import PersonalLink

TRAININGS = "trainings"
"""Their own trainings, the answer to an invitation, their certificates."""
ANSWER = "answer"
"""Whether they come to one training (`about` its session), and nothing else of theirs: letters are forwarded."""
TEACHING = "teaching"
"""Whether they teach in one (`about` its session): of trainers who are on the staff of an institution."""


@dataclass(frozen=True)
class Purpose:
    """`page` answers a link that was opened, with its token; `until` is the last day on which it leads anywhere, None
    while that is not known. It is asked each time: what a link is about may be put off. `said`: what it opens.
    """

    page: Callable[[PersonalLink, str], Any]
    until: Callable[[PersonalLink], date | None]
    said: Text


OTHERS: Hook[list[Callable[[str], Any]]] = Hook("others' links", list)
"""What answers tokens of people who are on nobody's staff, each None for one it does not know."""
PURPOSES: Hook[dict[str, Purpose]] = Hook("purposes", dict)
