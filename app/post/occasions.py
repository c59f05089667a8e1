"""What messages are called: an occasion begins with its kind (invite:enrolment:7:v2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask

from app.core.hooks import Hook
from app.language.turkish import sort_key
from app.post.models import Message

Anew = Callable[[Message], tuple[str, str] | None]
"""Answers subject and body as they should be now; None where there is nothing to say any more."""

ABOUT_A_TRAINING = ("name", "course", "code", "date", "institution")


@dataclass(frozen=True)
class Letter:
    """A letter that may be reworded: its template, what it is called, and what may stand in braces in it."""

    template: str
    said: Any
    placeholders: tuple[str, ...]

    @property
    def key(self) -> str:
        """enrolment.notices.invitation, as addresses and the log have it."""
        return ".".join(part for part in self.template.removesuffix(".txt").split("/") if part != "mail")


KINDS: Hook[dict[str, Any]] = Hook("occasions", dict)
LETTERS: Hook[dict[str, Letter]] = Hook("letters", dict)
LEAVING: Hook[dict[str, Anew]] = Hook("leaving", dict)


def add(
    app: Flask, kind: str, said: Any, *, letter: str = "", placeholders: tuple[str, ...] = ABOUT_A_TRAINING
) -> None:
    """`said`: `lazy_pgettext("occasion", "Invitation")`. `letter`: a template of such messages that administrators may
    reword, with what stands in braces in it; where a kind has several, the first word is the kind's and each letter has
    its own.
    """
    KINDS.on(app).setdefault(kind, said)
    if letter:
        found = Letter(letter, said, placeholders)
        LETTERS.on(app)[found.key] = found


def on_leaving(app: Flask, kind: str, anew: Anew) -> None:
    """Messages of this kind are written anew each time they are about to leave."""
    LEAVING.on(app)[kind] = anew


def kind_of(occasion: str) -> str:
    return occasion.partition(":")[0]


def said(kind: str) -> str:
    """Its word; the kind itself where no room has one."""
    return str(KINDS.here.get(kind, kind))


def words() -> list[tuple[str, str]]:
    """Each word once, with the first of the kinds that go by it, as a filter offers them."""
    found: dict[str, str] = {}
    for kind in KINDS.here:
        found.setdefault(said(kind), kind)
    return sorted(((kind, word) for word, kind in found.items()), key=lambda each: sort_key(each[1]))


def alike(kind: str) -> list[str]:
    """The kinds that go by this one's word, itself among them."""
    return [kind, *(other for other in KINDS.here if other != kind and said(other) == said(kind))]
