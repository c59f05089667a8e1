"""All certificates of a session in one ZIP, read from the database a few at a time and never whole in memory."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from tempfile import TemporaryFile
from typing import IO, Any

import sqlalchemy as sa

from app.access.scope import within
from app.certificates.models import Certificate
from app.core.db import db
from app.files.models import Document

AT_ONCE = 50
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f"\\/:*?<>|]+')


def of(certificate_ids: Sequence[int]) -> tuple[int, Iterator[bytes]]:
    """Size and bytes of the archive of certificates whose ids came through a scope; files are stored as they are."""
    file = TemporaryFile()  # noqa: SIM115 - closed by whoever reads it to its end
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for start in range(0, len(certificate_ids), AT_ONCE):
            for row in _files(certificate_ids[start : start + AT_ONCE]):
                day = row.issued_on
                entry = zipfile.ZipInfo(
                    file_name(row.number, row.printed_name), (day.year, day.month, day.day, 0, 0, 0)
                )
                archive.writestr(entry, row.content)
    size = file.tell()
    file.seek(0)
    return size, _read(file)


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


def _read(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while part := file.read(1 << 16):
            yield part
