from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.access import queries as access
from app.access.models import Grant, User
from app.access.permissions import Role
from app.access.scope import Scope, within
from app.core.db import db
from app.core.errors import Missing
from app.core.paging import ListQuery, Rows, in_order
from app.core.search import matches
from app.users.models import Invitation

USER_SORTS: dict[str, tuple[Any, ...]] = {
    "name": (User.name_sort, User.id),
    "email": (User.email, User.id),
    "seen": (sa.nulls_first(User.last_seen_at), User.id),
}


@dataclass(frozen=True)
class UserRow:
    id: int
    name: str
    email: str
    active: bool
    last_seen_at: datetime | None
    grants: tuple[Grant, ...]


def user(scope: Scope, user_id: int) -> User:
    return scope.get(User, user_id)


def users(scope: Scope, query: ListQuery) -> Rows[UserRow]:
    """Accounts this scope sees. Filters: role, active (yes, no)."""
    return Rows(_ids(scope, query), USER_SORTS[query.sort], query, _rows)


def _ids(scope: Scope, query: ListQuery) -> sa.Select[Any]:
    ids = scope.restrict(sa.select(User.id), User).where(matches(User, query.q))
    if query.filter("role"):
        roles = [role for role in Role if role == query.filter("role")]
        ids = scope.trusting(ids.where(User.id.in_(sa.select(Grant.user_id).where(Grant.role.in_(roles)))), Grant)
    if query.filter("active"):
        ids = ids.where(User.active.is_(query.filter("active") == "yes"))
    return ids


def _rows(keys: Sequence[int]) -> Sequence[UserRow]:
    """The lines of users whose ids came through a scope, in that order, with all their roles."""
    found = db.session.scalars(within(User).trusting(sa.select(User), User).where(User.id.in_(keys))).all()
    held = access.grants(found)
    rows = [UserRow(u.id, u.name, u.email, u.active, u.last_seen_at, tuple(held[u.id])) for u in found]
    return in_order(keys, rows, lambda row: row.id)


def invitation(user: User) -> Invitation | None:
    """When a user, found through a scope, was invited."""
    return db.session.scalar(within(user).select(Invitation))


INVITATION_SORTS: dict[str, tuple[Any, ...]] = {"invited": (Invitation.invited_at, Invitation.id)}


def invitations(scope: Scope, query: ListQuery) -> Rows[Invitation]:
    """Who was invited, each with the user. Filter: accepted (yes, no)."""
    ids = scope.restrict(sa.select(Invitation.id), Invitation)
    if query.q:
        found = sa.select(User.id).where(matches(User, query.q))
        ids = scope.trusting(ids.where(Invitation.user_id.in_(found)), User)
    if query.filter("accepted"):
        ids = ids.where(Invitation.accepted_at.is_not(None) == sa.literal(query.filter("accepted") == "yes"))

    def load(keys: Sequence[int]) -> Sequence[Invitation]:
        rows = within(User).trusting(sa.select(Invitation).where(Invitation.id.in_(keys)), Invitation, User)
        return in_order(keys, db.session.scalars(rows.options(joinedload(Invitation.user))).all(), lambda row: row.id)

    return Rows(ids, INVITATION_SORTS["invited"], query, load)


def grants(user: User) -> Sequence[Grant]:
    """The roles of a user found through a scope, oldest first, with province and organisation."""
    return access.grants([user])[user.id]


def grant(user: User, grant_id: int) -> Grant:
    """One role of a user found through a scope."""
    found = next((held for held in grants(user) if held.id == grant_id), None)
    if found is None:
        raise Missing
    return found
