"""The letters: a text template each, first line the subject, in the language of whoever gets it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.enrolment.notices.queries import Recipient
from app.language import lazy_pgettext
from app.post.links import LINK
from app.training import letters
from app.training.models import CourseSession, Sitting

NAMES = {
    "invitation": ("invite", lazy_pgettext("occasion", "Invitation")),
    "regrouped": ("invite", lazy_pgettext("occasion", "Moved to another group")),
    "change": ("change", lazy_pgettext("occasion", "Change of a training")),
    "postponement": ("postpone", lazy_pgettext("occasion", "Training postponed")),
    "new_dates": ("dates", lazy_pgettext("occasion", "New dates")),
    "cancellation": ("cancel", lazy_pgettext("occasion", "Training cancelled")),
    "seat": ("seat", lazy_pgettext("occasion", "Place given")),
    "waiting": ("waiting", lazy_pgettext("occasion", "On the waiting list")),
    "answer_wanted": ("ask", lazy_pgettext("occasion", "Answer wanted")),
    "offer": ("offer", lazy_pgettext("occasion", "Offer of a place")),
    "offer_expired": ("out", lazy_pgettext("occasion", "Offer run out")),
    "rejected": ("out", lazy_pgettext("occasion", "Not accepted")),
    "removed": ("out", lazy_pgettext("occasion", "Place taken back")),
    "given_up": ("out", lazy_pgettext("occasion", "Place given up")),
}
"""Of each letter the kind of its occasion, and what it is called."""


def write(
    name: str,
    to: Recipient,
    course_session: CourseSession,
    sittings: Sequence[Sitting],
    trainers: Mapping[int, str],
    *,
    answers: bool,
    **more: Any,
) -> tuple[str, str]:
    """(subject, body) of the letter `name` in the recipient's language; one that `answers` leads to where they do."""
    dateless = sum(1 for sitting in sittings if sitting.date is None)
    about = (to.name, to.language, course_session, sittings, trainers)
    url = LINK if answers else to.url
    template = f"enrolment/notices/mail/{name}.txt"
    return letters.write(template, *about, dateless=dateless, url=url, answers=answers, **more)
