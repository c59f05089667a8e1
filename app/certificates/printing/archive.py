"""All certificates of a session in one ZIP, read from the database a few at a time and never whole in memory."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import IO, Any

import sqlalchemy as sa

from app.access.scope import within
from app.certificates.models import Certificate
from app.core.db import db
from app.files.models import Document

AT_ONCE = 50
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f"\\/:*?<>|]+')


def of(certificate_ids: Sequence[int]) -> IO[bytes]:
    """The archive of certificates whose ids came through a scope, at its end; whoever asks closes it. Files are
    stored as they are.
    """
    with ExitStack() as unless_made:
        file = unless_made.enter_context(TemporaryFile())
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for start in range(0, len(certificate_ids), AT_ONCE):
                for row in _files(certificate_ids[start : start + AT_ONCE]):
                    day = row.issued_on
                    entry = zipfile.ZipInfo(
                        file_name(row.number, row.printed_name), (day.year, day.month, day.day, 0, 0, 0)
                    )
                    archive.writestr(entry, row.content)
        unless_made.pop_all()
    return file


def _files(keys: Sequence[int]) -> sa.Result[Any]:
    return db.session.execute(
        within(Certificate)
        .trusting(
            sa.select(Certificate.number, Certificate.printed_name, Certificate.issued_on, Document.content),
            Certificate,
        )
        .join(Document, Document.id == Certificate.document_id)
        .where(Certificate.id.in_(keys))
        .order_by(Certificate.name_sort, Certificate.id)
    )


def file_name(number: str, name: str) -> str:
    """Ayşe YILMAZ 2026-ERZ-0123.pdf"""
    return f"{_NOT_IN_NAMES.sub(' ', name)} {number.replace('/', '-')}.pdf"


def read(file: IO[bytes]) -> Iterator[bytes]:
    """From its beginning; whoever leaves off in the middle has closed it, too."""
    with file:
        file.seek(0)
        while part := file.read(1 << 16):
            yield part
