"""A document on the page of its owner, and what waits on the overview."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.core import slots
from app.core.errors import Missing, Text
from app.core.paging import ListQuery
from app.language import gettext, lazy_gettext, ngettext
from app.programme.documents import queries
from app.programme.documents.models import (
    ProgrammeDocument,
    ProgrammeDocumentKind,
    ProgrammeDocumentStatus,
    ProgrammeDocumentStep,
)
from app.programme.documents.rules import Passage, mark
from app.programme.parts import Filter, flag_filter, kind_filter, province_filter
from app.web.parts import Counted, Task


@dataclass(frozen=True)
class Owner:
    """What the owner of a document answers the slot `programme.document`: where it is written and, once that
    is asked, what it says now and why it cannot be submitted yet.
    """

    url: str
    read: Callable[[], tuple[Sequence[Passage], Text | None]]

    @cached_property
    def _said(self) -> tuple[Sequence[Passage], Text | None]:
        return self.read()

    @property
    def passages(self) -> Sequence[Passage]:
        return self._said[0]

    @property
    def lacking(self) -> Text | None:
        return self._said[1]


def owner(caller: Caller, document: ProgrammeDocument) -> Owner:
    found = slots.collect("programme.document", caller, document)
    if not found:
        raise Missing
    answer: Owner = found[0]
    return answer


def seen(document: ProgrammeDocument, owner: Owner) -> str:
    """What a page that asks for a decision shows. What a document says may change without it: an action of a plan."""
    return f"{document.version}-{mark(owner.passages)}"


def lacking(caller: Caller, owner: Owner) -> Text | None:
    """Why it cannot be submitted yet: what it says, or nobody would be there to decide."""
    if owner.lacking is None and not queries.decided_by_another(caller.id):
        return lazy_gettext("Nobody else is there to decide it. Add another administrator first.")
    return owner.lacking


@dataclass(frozen=True)
class Standing:
    """How a document stands, for `programme/documents/_state.html`: `last` is its latest step, with its remarks."""

    document: ProgrammeDocument
    last: ProgrammeDocumentStep | None
    writes: bool
    decides: bool
    takes_back: bool

    @property
    def remarks(self) -> str:
        return self.last.reason if self.last and self.document.status is ProgrammeDocumentStatus.RETURNED else ""


def standing(caller: Caller, document: ProgrammeDocument) -> Standing:
    """One statement."""
    writes, decides = (
        caller.scope_for(permission).covers_province(document.province_id)
        for permission in (Permission.PROGRAMME_WRITE, Permission.PROGRAMME_APPROVE)
    )
    last = queries.last_step(document)
    own = document.submitted_by == caller.id
    return Standing(document, last, writes, decides and not own, writes and own)


def filters(caller: Caller) -> list[Filter]:
    own = flag_filter("decide", gettext("Decision"), "yes", gettext("Waits for my decision"))
    return [
        kind_filter("kind", gettext("Kind"), ProgrammeDocumentKind),
        province_filter(caller),
        kind_filter("status", gettext("Status"), ProgrammeDocumentStatus),
        *([own] if caller.may(Permission.PROGRAMME_APPROVE) else []),
    ]


def counted(caller: Caller, _: object) -> Iterator[Counted]:
    """Documents that wait for a decision of whoever may make it, and those returned to whoever writes them."""
    returned = {"status": ProgrammeDocumentStatus.RETURNED.value}
    for permission, which, task in (
        (Permission.PROGRAMME_APPROVE, {"decide": "yes"}, _to_decide),
        (Permission.PROGRAMME_WRITE, returned, _to_mend),
    ):
        if caller.may(permission):
            listed = queries.documents(caller.scope_for(permission), ListQuery(sort="province", filters=which))
            yield Counted(listed.number, (ProgrammeDocument,), task)


def _to_decide(number: int) -> Task:
    title = ngettext(
        "%(num)s document of the programme is in review", "%(num)s documents of the programme are in review", number
    )
    url = url_for("documents.show_documents", decide="yes")
    return Task(title, url, gettext("Approve it, or return it with remarks."), "circle-check")


def _to_mend(number: int) -> Task:
    title = ngettext(
        "%(num)s document of the programme was returned", "%(num)s documents of the programme were returned", number
    )
    url = url_for("documents.show_documents", status=ProgrammeDocumentStatus.RETURNED.value)
    return Task(title, url, gettext("Change what the remarks name, submit it again."), "undo-2")
