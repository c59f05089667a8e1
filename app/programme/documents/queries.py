from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, defer, joinedload

from app.access.models import Grant, Province, User
from app.access.permissions import Role
from app.access.scope import EVERYWHERE, Scope, within
from app.core.db import db
from app.core.errors import Missing
from app.core.paging import ListQuery, Page, Rows, in_order, narrowed
from app.programme.documents.models import (
    ProgrammeDocument,
    ProgrammeDocumentStatus,
    ProgrammeDocumentStep,
    ProgrammeDocumentVersion,
)

D = ProgrammeDocument
EDITIONS = 20
"""So many on a page of one's document."""
SORTS: dict[str, tuple[Any, ...]] = {
    "province": (Province.name_sort, D.kind, D.id),
    "submitted": (sa.nulls_first(D.submitted_at), D.id),
    "approved": (sa.nulls_first(D.approved_at), D.id),
}


def document(scope: Scope, document_id: int) -> ProgrammeDocument:
    """One of this scope's, with its province, or Missing."""
    return scope.get(D, document_id, joinedload(D.province))


def documents(scope: Scope, query: ListQuery) -> Rows[ProgrammeDocument]:
    """Filters: kind, province, status, decide ("yes": what waits for a decision of whose scope it is)."""
    ids = scope.restrict(sa.select(D.id).join(D.province), D)
    if query.filter("decide"):
        another = sa.or_(D.submitted_by.is_(None), D.submitted_by != scope.own_user)
        ids = ids.where(D.status == ProgrammeDocumentStatus.SUBMITTED, another)
    ids = narrowed(ids, query, {"kind": D.kind, "status": D.status, "province": D.province_id})

    def load(keys: Sequence[int]) -> Sequence[ProgrammeDocument]:
        rows = scope.select(D).join(D.province).options(contains_eager(D.province)).where(D.id.in_(keys))
        return in_order(keys, db.session.scalars(rows).all(), lambda row: row.id)

    return Rows(ids, SORTS[query.sort], query, load)


def steps(document: ProgrammeDocument, first: int = 1, last: int | None = None) -> Sequence[ProgrammeDocumentStep]:
    """What became of a document, latest first, with whoever did it: of its editions from the first to the last."""
    taken = within(document).select(ProgrammeDocumentStep).options(joinedload(ProgrammeDocumentStep.changer))
    taken = taken.where(ProgrammeDocumentStep.edition.between(first, last or document.edition))
    return db.session.scalars(taken.order_by(ProgrammeDocumentStep.id.desc())).all()


def last_step(document: ProgrammeDocument) -> ProgrammeDocumentStep | None:
    taken = within(document).select(ProgrammeDocumentStep).order_by(ProgrammeDocumentStep.id.desc())
    return db.session.scalar(taken.limit(1))


def versions(document: ProgrammeDocument, number: int = 1) -> Page[ProgrammeDocumentVersion]:
    """The editions that were approved, latest first, without what they say. Each up to the one in force is there."""
    page = Page[ProgrammeDocumentVersion]([], number, document.in_force or 0, EDITIONS)
    page = replace(page, number=min(max(1, number), page.last))
    newest = page.total - (page.number - 1) * EDITIONS
    kept = within(document).select(ProgrammeDocumentVersion).options(defer(ProgrammeDocumentVersion.passages))
    kept = kept.where(ProgrammeDocumentVersion.edition.between(newest - EDITIONS + 1, newest))
    return replace(page, rows=db.session.scalars(kept.order_by(ProgrammeDocumentVersion.edition.desc())).all())


def version(document: ProgrammeDocument, edition: int) -> ProgrammeDocumentVersion:
    kept = within(document).select(ProgrammeDocumentVersion).where(ProgrammeDocumentVersion.edition == edition)
    found = db.session.scalar(kept.options(joinedload(ProgrammeDocumentVersion.approver)))
    if found is None:
        raise Missing
    return found


def decided_by_another(user_id: int | None) -> bool:
    """Whether somebody else is there who decides."""
    found = EVERYWHERE.restrict(sa.select(Grant.id), Grant, User)  # administrators decide for all
    found = found.join(User, User.id == Grant.user_id)
    found = found.where(Grant.role == Role.ADMINISTRATOR, User.active == sa.true(), User.id != user_id)
    return db.session.scalar(found.limit(1)) is not None
