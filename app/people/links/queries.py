"""Whose link a token is, and how many of somebody's still work."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from app.access.models import User
from app.access.scope import EVERYWHERE, Scope, within
from app.access.sign_in.secrets import digest
from app.core.clock import today
from app.core.db import db
from app.paper import codes
from app.people.links.models import PURPOSES
from app.people.models import Employee, PersonalLink
from app.post.addresses import public_address


def canonical(token: str) -> str:
    """As it was made, where somebody typed it from paper."""
    return codes.read(token) or token


def address(token: str) -> str:
    """Where a link leads, as letters and slips say it."""
    return public_address("links.open_link", token=token)


def opened_by(token: str) -> PersonalLink | None:
    """The link, with whose it is; None for one that is unknown, revoked, expired or of somebody who has left."""
    found = db.session.scalar(
        EVERYWHERE.restrict(sa.select(PersonalLink), PersonalLink, Employee)  # the token is the key
        .join(PersonalLink.employee)
        .where(PersonalLink.token_hash == digest(canonical(token)), _stands(), Employee.active.is_(True))
        .options(contains_eager(PersonalLink.employee))
    )
    return found if found is not None and _lives(found) else None


def chosen(scope: Scope, ids: Collection[int]) -> Sequence[Employee]:
    """Those of these people who are on the staff, by name, with institution and unit."""
    statement = scope.select(Employee).where(Employee.id.in_(ids), Employee.active.is_(True))
    whole = joinedload(Employee.organisation), joinedload(Employee.unit)
    return db.session.scalars(statement.options(*whole).order_by(Employee.name_sort, Employee.id)).all()


def without_address(ids: Collection[int]) -> set[int]:
    """Those of these people (their ids came through a scope) whom no letter reaches."""
    reached = sa.select(User.id).where(User.active.is_(True))
    statement = within(Employee).trusting(sa.select(Employee.id), Employee, User)
    unwritten = sa.or_(Employee.user_id.is_(None), Employee.user_id.not_in(reached))
    return set(db.session.scalars(statement.where(Employee.id.in_(ids), Employee.email == "", unwritten)))


def living(employee: Employee) -> Sequence[PersonalLink]:
    """Those of a person (loaded through a scope) that still lead somewhere, latest first."""
    found = within(employee).select(PersonalLink).where(_stands()).order_by(PersonalLink.id.desc())
    return [link for link in db.session.scalars(found) if _lives(link)]


def own(user_id: int) -> Sequence[PersonalLink]:
    """All that were ever made for whoever signs in with this account, latest first."""
    found = within(Employee).restrict(sa.select(PersonalLink), PersonalLink).join(PersonalLink.employee)
    theirs = within(User).trusting(found, Employee).where(Employee.user_id == user_id)
    return db.session.scalars(theirs.order_by(PersonalLink.id.desc())).all()


def _stands() -> sa.ColumnElement[bool]:
    return PersonalLink.revoked_at.is_(None)


def _lives(link: PersonalLink) -> bool:
    purpose = PURPOSES.here.get(link.purpose)
    if purpose is None:
        return False
    until = purpose.until(link)
    return until is None or today() <= until
