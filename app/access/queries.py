from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from app.access.caller import Caller, HeldGrant
from app.access.models import Grant, Organisation, Province, User
from app.access.permissions import Role
from app.access.scope import Scope, within
from app.core.db import db
from app.language.turkish import initials
from app.post.services import Place

home, member = aliased(Organisation), aliased(Organisation)
REACH = (Grant.role, Grant.province_id, Grant.organisation_id, home.province_id, member.id)


def caller_of(user: User) -> Caller:
    """The caller a user is, with everything their grants reach."""
    rows = db.session.execute(
        within(user)
        .restrict(sa.select(*REACH), Grant)
        .select_from(Grant)
        .outerjoin(home, home.id == Grant.organisation_id)
        .outerjoin(member, member.province_id == Grant.province_id)
        .order_by(Grant.id)
    ).all()
    return Caller(
        user.id, user.name, initials(user.given_name, user.family_name), user.email, held(rows), user.language
    )


def own_user(caller: Caller) -> User:
    """The account a caller signs in with."""
    return Scope(own_user=caller.id).get(User, caller.id)


def held(rows: Sequence[Any]) -> tuple[HeldGrant, ...]:
    """Grants from rows of `REACH`: a grant over a province has a row for each institution in it."""
    reached: dict[tuple[Role, int | None, int | None, int | None], set[int]] = {}
    for role, province, organisation, home, member in rows:
        if role is not None:  # somebody without any grant has one empty row
            reached.setdefault((role, province, organisation, home), set()).add(
                member if organisation is None else organisation
            )
    return tuple(
        HeldGrant(
            role,
            province,
            organisation,
            None if province is None and organisation is None else frozenset(found - {None}),
            home,
        )
        for (role, province, organisation, home), found in reached.items()
    )


def place_of(user: User) -> Place:
    """Who answers for letters to an account: its institution and that one's province, else the province it runs."""
    held = grants([user])[user.id]
    there = next((grant.organisation for grant in held if grant.organisation is not None), None)
    if there is not None:
        return Place(there.province_id, there.id)
    return Place(next((grant.province_id for grant in held if grant.province_id is not None), None))


def provinces() -> Sequence[Province]:
    return db.session.scalars(sa.select(Province).order_by(Province.name_sort)).all()


def organisations(scope: Scope, *, province_id: int | None = None) -> Sequence[Organisation]:
    """Institutions whose people this scope sees, by name; for choices in forms and filters."""
    statement = sa.select(Organisation).order_by(Organisation.name_sort)
    if not scope.everything:
        statement = statement.where(Organisation.id.in_(sorted(scope.organisations)))
    if province_id is not None:
        statement = statement.where(Organisation.province_id == province_id)
    return db.session.scalars(statement).all()


def grants(users: Sequence[User]) -> dict[int, list[Grant]]:
    """The grants of some users (loaded through a scope), with their province or organisation."""
    found = db.session.scalars(
        within(User)
        .select(Grant)
        .where(Grant.user_id.in_([user.id for user in users]))
        .options(joinedload(Grant.province), joinedload(Grant.organisation))
        .order_by(Grant.id)
    )
    result: dict[int, list[Grant]] = {user.id: [] for user in users}
    for grant in found:
        result[grant.user_id].append(grant)
    return result
