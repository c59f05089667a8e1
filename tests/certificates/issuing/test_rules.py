"""Who is due a document and who holds one, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.certificates.issuing.rules import DIRECT_PAGES, Candidate, Given, ThanksRow, before_the_end, latest_of
from app.certificates.models import CertificateStatus
from app.completion.models import DocumentKind, Result

FINISHED = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
NOBODY = Candidate(1, "Elif", "Nizip", "Nizip", Result.COMPLETED_SUCCESS, DocumentKind.SUCCESS, None)


def given(status: CertificateStatus, ended: datetime | None = None) -> Given:
    return Given(7, "2026/GAZ/0007", status, ended, 1, None, FINISHED)


def holder(status: CertificateStatus, ended: datetime | None = None) -> Candidate:
    return replace(NOBODY, latest=latest_of(given(status, ended), FINISHED))


@pytest.mark.parametrize(
    ("candidate", "holds", "due", "may_be_issued"),
    [
        (NOBODY, False, True, True),
        (replace(NOBODY, document=None), False, False, False),
        (holder(CertificateStatus.VALID), True, False, False),
        (holder(CertificateStatus.REVOKED, FINISHED - timedelta(days=1)), False, True, True),
        (holder(CertificateStatus.REVOKED, FINISHED + timedelta(days=1)), False, False, True),
        (holder(CertificateStatus.REVOKED, None), False, False, True),
    ],
    ids=["never", "no document", "valid", "revoked before finalising", "revoked since", "revoked at no known moment"],
)
def test_who_is_due_a_document(candidate: Candidate, holds: bool, due: bool, may_be_issued: bool) -> None:
    assert (candidate.holds, candidate.due, candidate.may_be_issued) == (holds, due, may_be_issued)


def test_whoever_was_given_nothing_has_no_latest() -> None:
    assert latest_of(None, FINISHED) is None


def test_a_page_counts_its_rows() -> None:
    held, revoked = holder(CertificateStatus.VALID), holder(CertificateStatus.REVOKED, FINISHED)
    rows = (NOBODY, held, revoked, replace(NOBODY, document=None))
    thanks = (ThanksRow(1, "Dr. Ümit GÜNEŞ", 9, "2026/GAZ/0009"), ThanksRow(2, "Ayla İNCE", None, ""))
    board = replace(before_the_end(()), finalised=True, candidates=rows, trainers=thanks)
    assert (board.due, board.held, board.without, board.revoked, board.valid) == (1, 1, 1, 1, 2)


@pytest.mark.parametrize(("count", "directly"), [(0, True), (DIRECT_PAGES, True), (DIRECT_PAGES + 1, False)])
def test_a_small_print_file_is_drawn_on_the_spot(count: int, directly: bool) -> None:
    board = replace(before_the_end(()), candidates=(holder(CertificateStatus.VALID),) * count)
    assert board.print_directly is directly
