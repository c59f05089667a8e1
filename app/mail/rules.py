from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import count

from app.post.models import Message, MessageStatus
from app.post.queries import AGAIN


def may_resend(message: Message, at: datetime) -> bool:
    """Not what waits anyway, nor what says what is past, nor words that are kept no longer."""
    past = message.not_after is not None and message.not_after <= at
    return message.status is not MessageStatus.QUEUED and bool(message.body) and not past


def again(occasion: str, taken: Callable[[str], bool]) -> str:
    """The next occasion of the same thing: `invite:enrolment:7:v2:again-1`."""
    first = occasion.partition(AGAIN)[0]
    return next(name for n in count(1) if not taken(name := f"{first}{AGAIN}{n}"))
