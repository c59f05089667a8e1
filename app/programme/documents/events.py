from __future__ import annotations

from app.audit.journal import Event
from app.language import lazy_pgettext
from app.programme.documents.models import ProgrammeDocumentKind, ProgrammeDocumentStatus


class DocumentBegun(Event):
    name = "programme_document.begun"
    said = lazy_pgettext("event", "Document of the programme begun")
    words = {"programme_document_id": lazy_pgettext("fact", "Document of the programme")}
    values = {"kind": ProgrammeDocumentKind}
    programme_document_id: int
    kind: str


class DocumentMoved(Event):
    """It was submitted, returned, approved, or its next edition is written."""

    name = "programme_document.moved"
    said = lazy_pgettext("event", "Document of the programme submitted, returned, approved or revised")
    values = {"kind": ProgrammeDocumentKind, "status": ProgrammeDocumentStatus}
    programme_document_id: int
    kind: str
    status: str
    edition: int
