from __future__ import annotations

from datetime import date

from app.audit.journal import Event
from app.language import lazy_pgettext


class TrainerViewed(Event):
    """Somebody looked at a trainer's card, which shows how to reach them."""

    name = "trainer.viewed"
    said = lazy_pgettext("event", "Trainer's record viewed")
    words = {"trainer_id": lazy_pgettext("fact", "Trainer")}
    trainer_id: int


class TrainerCreated(Event):
    name = "trainer.created"
    said = lazy_pgettext("event", "Trainer added")
    trainer_id: int


class TrainerChanged(Event):
    """`fields`: the columns that changed, and expertise where its list did."""

    name = "trainer.changed"
    said = lazy_pgettext("event", "Trainer changed")
    words = {
        "academic_title": lazy_pgettext("fact", "Academic title"),
        "institution": lazy_pgettext("fact", "Institution"),
        "competency_ids": lazy_pgettext("fact", "Competencies"),
    }
    trainer_id: int
    fields: tuple[str, ...]


class TrainerActivated(Event):
    """`active` False: no longer offered for sittings; those they have stay."""

    name = "trainer.activated"
    said = lazy_pgettext("event", "Trainer activated or deactivated")
    trainer_id: int
    active: bool


class AbsenceAdded(Event):
    """Days on which a trainer cannot teach, both included, in ISO form."""

    name = "trainer.absence_added"
    said = lazy_pgettext("event", "Trainer's absence added")
    words = {"first_day": lazy_pgettext("fact", "First day"), "last_day": lazy_pgettext("fact", "Last day")}
    values = {"first_day": date, "last_day": date}
    trainer_id: int
    first_day: str
    last_day: str


class AbsenceRemoved(Event):
    name = "trainer.absence_removed"
    said = lazy_pgettext("event", "Trainer's absence removed")
    values = {"first_day": date, "last_day": date}
    trainer_id: int
    first_day: str
    last_day: str


class TrainerLinked(Event):
    """An account was given to a trainer."""

    name = "trainer.linked"
    said = lazy_pgettext("event", "Account given to a trainer")
    trainer_id: int
    user_id: int


class TrainerUnlinked(Event):
    """The account no longer acts for the trainer."""

    name = "trainer.unlinked"
    said = lazy_pgettext("event", "Account taken from a trainer")
    trainer_id: int
    user_id: int
