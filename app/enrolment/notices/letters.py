"""The letters: a text template each, first line the subject, in the language of whoever gets it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.enrolment.notices.queries import Recipient
from app.training import letters
from app.training.models import CourseSession, Sitting


def write(
    name: str,
    to: Recipient,
    course_session: CourseSession,
    sittings: Sequence[Sitting],
    trainers: Mapping[int, str],
    **more: Any,
) -> tuple[str, str]:
    """(subject, body) of the letter `name` in the recipient's language."""
    dateless = sum(1 for sitting in sittings if sitting.date is None)
    about = (to.name, to.language, course_session, sittings, trainers)
    return letters.write(f"enrolment/notices/mail/{name}.txt", *about, dateless=dateless, url=to.url, **more)
