"""Whose link a token is, and how many of somebody's still work."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from app.access.scope import EVERYWHERE, within
from app.access.sign_in.secrets import digest
from app.core.clock import today
from app.core.db import db
from app.paper import codes
from app.people.links.models import PURPOSES
from app.people.models import Employee, PersonalLink


def canonical(token: str) -> str:
    """As it was made, where somebody typed it from paper."""
    return codes.read(token) or token


def opened_by(token: str) -> PersonalLink | None:
    """The link, with whose it is; None for one that is unknown, revoked, expired or of somebody who has left."""
    found = db.session.scalar(
        EVERYWHERE.restrict(sa.select(PersonalLink), PersonalLink, Employee)  # the token is the key
        .join(PersonalLink.employee)
        .where(PersonalLink.token_hash == digest(canonical(token)), _stands(), Employee.active.is_(True))
        .options(contains_eager(PersonalLink.employee))
    )
    return found if found is not None and _lives(found) else None


def living(employee: Employee) -> Sequence[PersonalLink]:
    """Those of a person (loaded through a scope) that still lead somewhere, latest first."""
    found = within(employee).select(PersonalLink).where(_stands()).order_by(PersonalLink.id.desc())
    return [link for link in db.session.scalars(found) if _lives(link)]


def _stands() -> sa.ColumnElement[bool]:
    return PersonalLink.revoked_at.is_(None)


def _lives(link: PersonalLink) -> bool:
    purpose = PURPOSES.here.get(link.purpose)
    if purpose is None:
        return False
    until = purpose.until(link)
    return until is None or today() <= until
