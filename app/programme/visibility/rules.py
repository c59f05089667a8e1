"""What a strategy says as passages of its document, and when an event's checklist is complete."""

from __future__ import annotations

from collections.abc import Mapping

from app.programme.documents.rules import Passage
from app.programme.groups.models import GroupMeeting
from app.programme.visibility.models import Activity, CheckAnswer, CheckItem, Strategy
from app.training.models import CourseSession, SessionStatus

SETTLED = (CheckAnswer.YES, CheckAnswer.NOT_NEEDED)
HEADINGS = {
    "goals": ("Hedefler", "Goals"),
    "audiences": ("Hedef kitleler", "Audiences"),
    "messages": ("İletiler", "Messages"),
    "channels": ("Kanallar", "Channels"),
    "rules": ("Görünürlük kuralları", "Visibility rules"),
}
"""Kept with each version in both languages, whoever approves it."""
MUST = ("goals", "messages")


def passages(strategy: Strategy) -> list[Passage]:
    days = (strategy.valid_from, strategy.review_on)
    turkish = "Yürürlük: {:%d.%m.%Y}\nGözden geçirme: {:%d.%m.%Y}".format(*days)
    english = "Valid from: {:%-d %B %Y}\nReview: {:%-d %B %Y}".format(*days)
    told = [
        Passage(key, *titles, getattr(strategy, f"{key}_tr"), getattr(strategy, f"{key}_en"))
        for key, titles in HEADINGS.items()
    ]
    return [Passage("validity", "Geçerlilik", "Validity", turkish, english), *told]


def lacking(strategy: Strategy) -> list[str]:
    """The keys of what a strategy cannot be submitted without."""
    return [key for key in MUST if not getattr(strategy, f"{key}_tr")]


def called_off(event: CourseSession | GroupMeeting | Activity) -> bool:
    """Such an event needs no checklist; after any other its material is still archived."""
    if isinstance(event, CourseSession):
        return event.status is SessionStatus.CANCELLED
    return isinstance(event, GroupMeeting) and event.cancelled_at is not None


def open_items(answers: Mapping[CheckItem, CheckAnswer], *, before: bool = False) -> list[CheckItem]:
    """What is not settled: not answered, or answered with no. `before`: only what the event cannot begin without."""
    return [item for item in CheckItem if answers.get(item) not in SETTLED and (item.before or not before)]
