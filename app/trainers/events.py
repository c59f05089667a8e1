from __future__ import annotations

from dataclasses import dataclass

from app.audit.journal import Event


@dataclass(frozen=True)
class TrainerViewed(Event):
    """Somebody looked at a trainer's card, which shows how to reach them."""

    name = "trainer.viewed"
    trainer_id: int


@dataclass(frozen=True)
class TrainerCreated(Event):
    name = "trainer.created"
    trainer_id: int


@dataclass(frozen=True)
class TrainerChanged(Event):
    """`fields`: the columns that changed, and expertise where its list did."""

    name = "trainer.changed"
    trainer_id: int
    fields: tuple[str, ...]


@dataclass(frozen=True)
class TrainerActivated(Event):
    """`active` False: no longer offered for sittings; those they have stay."""

    name = "trainer.activated"
    trainer_id: int
    active: bool


@dataclass(frozen=True)
class AbsenceAdded(Event):
    """Days on which a trainer cannot teach, both included, in ISO form."""

    name = "trainer.absence_added"
    trainer_id: int
    first_day: str
    last_day: str


@dataclass(frozen=True)
class AbsenceRemoved(Event):
    name = "trainer.absence_removed"
    trainer_id: int
    first_day: str
    last_day: str


@dataclass(frozen=True)
class TrainerLinked(Event):
    """An account was given to a trainer."""

    name = "trainer.linked"
    trainer_id: int
    user_id: int


@dataclass(frozen=True)
class TrainerUnlinked(Event):
    """The account no longer acts for the trainer."""

    name = "trainer.unlinked"
    trainer_id: int
    user_id: int
