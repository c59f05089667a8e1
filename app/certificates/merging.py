"""Two records of one person become one: what becomes of their certificates."""

from __future__ import annotations

import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.audit.journal import Actor
from app.certificates import queries
from app.certificates.models import Certificate
from app.core.db import db
from app.core.errors import Refused
from app.enrolment.events import EnrolmentsMerged
from app.language import lazy_gettext
from app.people.events import EmployeesMerged


def guard(event: EmployeesMerged, by: Actor) -> None:
    """One person, one session, one valid certificate: until one is revoked the two records stay two."""
    pairs = queries.twice_certified([event.kept_id, event.merged_id])
    if pairs:
        raise Refused(
            lazy_gettext(
                "Both records hold a valid certificate for the same course session: %(first)s and %(second)s."
                " Revoke one of them first.",
                first=pairs[0][0],
                second=pairs[0][1],
            )
        )


def follow(event: EnrolmentsMerged, by: Actor) -> None:
    """The one enrolment that is left of two carries the certificates of both; two valid ones are refused by `guard`."""
    kept, merged = event.kept_id, event.merged_id
    if all(queries.number_held(Certificate.enrolment_id == key) for key in (kept, merged)):
        return
    moved = sa.update(Certificate).where(Certificate.enrolment_id == merged).values(enrolment_id=kept)
    db.session.execute(EVERYWHERE.trusting(moved, Certificate))  # one person's, wherever they took part
