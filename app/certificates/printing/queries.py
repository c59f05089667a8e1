"""What is printed of a session."""

from __future__ import annotations

from collections.abc import Sequence

from app.access.scope import within
from app.certificates.models import Certificate, CertificateStatus
from app.core.db import db
from app.training.models import CourseSession


def to_print(course_session: CourseSession) -> Sequence[Certificate]:
    """The valid certificates of a session loaded through a scope, by name, whole."""
    return db.session.scalars(
        within(course_session)
        .select(Certificate)
        .where(Certificate.status == CertificateStatus.VALID)
        .order_by(Certificate.name_sort, Certificate.id)
    ).all()
