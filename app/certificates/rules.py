"""What holds of all certificates: which sittings count, what stands in the way, how numbers and files are known."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from app.core.errors import Text
from app.language import lazy_gettext
from app.settings.models import Signatory
from app.training.models import Sitting, SittingState


def number(year: int, series: str, ordinal: int) -> str:
    """2026/ERZ/0123; from 10000 on it simply grows."""
    return f"{year}/{series}/{ordinal:04d}"


def held(sittings: Iterable[Sitting]) -> tuple[Sitting, ...]:
    """Those that took place."""
    return tuple(sitting for sitting in sittings if sitting.state is not SittingState.NOT_HELD)


def subject(course_session_id: int) -> str:
    """What the jobs of a session are filed under."""
    return f"course_session:{course_session_id}"


def digest(data: bytes) -> str:
    """What a file is recognised by."""
    return hashlib.sha256(data).hexdigest()


def obstacle(held: Sequence[Sitting], signatories: Sequence[Signatory]) -> Text | None:
    """Why nothing can be issued."""
    if not held:
        return lazy_gettext("No sitting of this course session was held, so there is nothing to certify.")
    if not signatories:
        return lazy_gettext("Nobody signs certificates yet. Enter a signatory in the settings first.")
    return None
