"""What trainers show around their pages: a place in the menu, hits of a search, the filters of their list; what is
stored of one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.language import gettext, in_language
from app.trainers import queries
from app.trainers.models import TrainerKind
from app.web.parts import Hit, Hits, NavItem, Stored

SHOWN_HITS = 5


def nav(caller: Caller, _: object) -> Iterator[NavItem]:
    if caller.may(Permission.TRAINER_READ):
        yield NavItem(gettext("Trainers"), url_for("trainers.show_trainers"), "user-round", 60)


def hits(caller: Caller, typed: str) -> Hits | None:
    """The first trainers a typed text finds, and the way to all of them."""
    if not (caller.may(Permission.TRAINER_READ) and caller.may_search and typed.strip()):
        return None
    found = queries.found_trainers(caller.scope_for(Permission.TRAINER_READ), typed, SHOWN_HITS)
    if not found:
        return None
    shown = tuple(
        Hit(row.name, url_for("trainers.show_trainer", trainer_id=row.id), row.institution)
        for row in found[:SHOWN_HITS]
    )
    more = url_for("trainers.show_trainers", q=typed) if len(found) > SHOWN_HITS else None
    return Hits(gettext("Trainers"), shown, more, order=40)


def filters() -> list[tuple[str, str, list[tuple[Any, str]]]]:
    """The list's filters as (argument, label, choices)."""
    everything: list[tuple[Any, str]] = [("", gettext("All"))]
    provinces, competencies = queries.choices()
    return [
        ("province", gettext("Province"), everything + [(one.id, in_language(one, "name")) for one in provinces]),
        (
            "competency",
            gettext("Competency"),
            everything + [(one.id, in_language(one, "name")) for one in competencies],
        ),
        ("kind", gettext("Kind"), everything + [(kind.value, kind.label) for kind in TrainerKind]),
        ("active", gettext("State"), [("", gettext("Active")), ("no", gettext("No longer active"))]),
    ]


def own_data(caller: Caller, _: object) -> Stored | None:
    """What is stored of whoever asks, if they are a trainer."""
    trainer = queries.trainer_of_user(caller.id)
    if trainer is None:
        return None
    rows = (
        (gettext("Name"), trainer.name),
        (gettext("Kind"), trainer.kind.label),
        (gettext("E-mail"), trainer.email),
        (gettext("Institution"), trainer.institution),
        (gettext("Competencies"), ", ".join(in_language(one, "name") for one in queries.expertise_of(trainer))),
    )
    return Stored(gettext("Trainer"), (gettext("What"), gettext("Stored")), rows, order=35)
