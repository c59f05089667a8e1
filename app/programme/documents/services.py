"""The steps of a document: each is somebody's decision on what it says at that moment."""

from __future__ import annotations

from collections.abc import Sequence

from app.audit import journal
from app.audit.journal import Actor
from app.core.clock import now
from app.core.db import db
from app.core.errors import Refused, Stale, Text
from app.language import lazy_gettext
from app.programme.documents.events import DocumentBegun, DocumentMoved
from app.programme.documents.models import (
    ProgrammeDocument,
    ProgrammeDocumentKind,
    ProgrammeDocumentStatus,
    ProgrammeDocumentStep,
    ProgrammeDocumentVersion,
)
from app.programme.documents.rules import Passage

S = ProgrammeDocumentStatus


def begin(
    kind: ProgrammeDocumentKind,
    names: tuple[str, str],
    province_id: int,
    organisation_id: int | None = None,
    *,
    by: Actor,
) -> ProgrammeDocument:
    """An empty one for its owner to point at; `names` in Turkish and English."""
    made = ProgrammeDocument(
        kind=kind, name_tr=names[0], name_en=names[1], province_id=province_id, organisation_id=organisation_id
    )
    db.session.add(made)
    db.session.flush()
    journal.record(DocumentBegun(made.id, kind.value), by=by)
    return made


def hold(document: ProgrammeDocument) -> None:
    """Whoever changes what it says takes turns with whoever submits it, and finds it shut where that was first."""
    db.session.refresh(document, ["status", "version"], with_for_update=True)
    if not document.editable:
        raise Refused(lazy_gettext("It cannot be changed while it is in review or approved. Write the next version."))


def barred(document: ProgrammeDocument, status: S, by: Actor) -> Text | None:
    """Why somebody cannot bring it there now; None where they can. Nobody decides what they submitted, and nobody else
    takes it back.
    """
    own = document.submitted_by == by.id
    if status not in document.status.next:
        return _elsewhere(document)
    if own and status in (S.APPROVED, S.RETURNED):
        return lazy_gettext("You submitted this document: somebody else decides it.")
    if not own and document.status is S.SUBMITTED and status is S.DRAFT:
        return lazy_gettext("Somebody else submitted this document: return it with remarks.")
    return None


def _elsewhere(document: ProgrammeDocument) -> Text:
    return lazy_gettext("This step is not open now: the document is “%(state)s”.", state=document.status.label)


def _move(document: ProgrammeDocument, status: S, *, by: Actor, reason: str = "") -> None:
    """Two who decide at once take turns: the second finds it done."""
    loaded = document.version
    db.session.refresh(document, ["status", "edition", "submitted_by", "version"], with_for_update=True)
    if document.version != loaded:
        raise Stale(lazy_gettext("Somebody else changed this document just now. Look at it again."))
    if (no := barred(document, status, by)) is not None:
        raise Refused(no)
    document.edition += document.status is S.APPROVED  # the next one
    document.status = status
    step = ProgrammeDocumentStep(document_id=document.id, edition=document.edition, status=status, reason=reason)
    step.changed_by = by.id
    db.session.add(step)
    journal.record(DocumentMoved(document.id, document.kind.value, status.value, document.edition), by=by)


def submit(document: ProgrammeDocument, reason: str, *, lacking: Text | None, by: Actor) -> None:
    """`reason`: what this edition changes, asked of every one but the first. `lacking`: why it is not ready yet."""
    _move(document, S.SUBMITTED, by=by, reason=reason)
    if lacking is not None:
        raise Refused(lacking)
    if document.edition > 1 and not reason:
        raise Refused(lazy_gettext("Say what changed and why."), field="reason")
    document.reason, document.submitted_by, document.submitted_at = reason, by.id, now()


def return_document(document: ProgrammeDocument, remarks: str, *, by: Actor) -> None:
    _move(document, S.RETURNED, by=by, reason=remarks)


def approve(document: ProgrammeDocument, passages: Sequence[Passage], *, by: Actor) -> ProgrammeDocumentVersion:
    """It is in force from now on, and what it says is kept as it is."""
    _move(document, S.APPROVED, by=by)
    document.approved_at = now()
    made = ProgrammeDocumentVersion(
        document_id=document.id,
        edition=document.edition,
        name_tr=document.name_tr,
        name_en=document.name_en,
        approved_at=document.approved_at,
        approved_by=by.id,
        submitted_by=document.submitted_by,
        reason=document.reason,
        passages=[one.written() for one in passages],
    )
    db.session.add(made)
    return made


def draft_again(document: ProgrammeDocument, was: S, *, by: Actor) -> None:
    """Of an approved one the next edition: the one in force counts until that is approved. One in review is taken back.
    `was`: what whoever asks saw.
    """
    if document.status is not was:
        raise Refused(_elsewhere(document))
    _move(document, S.DRAFT, by=by)
    document.reason = "" if was is S.APPROVED else document.reason
    document.submitted_by, document.submitted_at = None, None
