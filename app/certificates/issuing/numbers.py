"""Numbers such as 2026/ERZ/0123: one sequence for each year of issue and province, without gap or duplicate."""

from __future__ import annotations

from datetime import date

from app.certificates.models import CertificateCounter
from app.certificates.rules import number
from app.core.db import db, insert_or_update

#: The series of sessions that belong to no province.
PROGRAMME = "PRG"


def take(issued_on: date, province: str | None) -> str:
    """The next number of its sequence, taken in the caller's transaction: undone with it, held by nobody else.

    `issued_on` is the date in Istanbul, `province` the abbreviation documents carry. The counter's row stays locked
    until the transaction ends, so the next number waits for this one.
    """
    series = province or PROGRAMME
    last = db.session.scalar(
        insert_or_update(CertificateCounter)
        .values(year=issued_on.year, series=series, last=1)
        .on_conflict_do_update(
            index_elements=[CertificateCounter.year, CertificateCounter.series],
            set_={"last": CertificateCounter.last + 1},
        )
        .returning(CertificateCounter.last)
    )
    return number(issued_on.year, series, int(last or 0))
