"""Accounts and roles under two people at the same moment, in sessions that know nothing of each other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from app.access import queries
from app.access.models import Grant, User
from app.access.permissions import Role
from app.access.scope import EVERYWHERE
from app.core.db import db
from app.users import services
from tests.cast import Cast
from tests.enrolment.stage import race
from tests.factories import user


def deactivates(key: int, by: int) -> None:
    services.set_active(EVERYWHERE.get(User, key), False, by=queries.caller_of(EVERYWHERE.get(User, by)))


def takes(key: int, by: int, role: Role = Role.ADMINISTRATOR) -> None:
    theirs = EVERYWHERE.get(User, key)
    (grant,) = (each for each in queries.grants([theirs])[key] if each.role is role)
    services.take_role(theirs, grant, by=queries.caller_of(EVERYWHERE.get(User, by)))


def administrators() -> int:
    active = sa.select(sa.func.count(Grant.id)).join(User, User.id == Grant.user_id)
    return db.session.scalar(
        EVERYWHERE.restrict(active.where(Grant.role == Role.ADMINISTRATOR, User.active == sa.true()), Grant, User)
    )


@pytest.mark.parametrize("_", range(4))
@pytest.mark.parametrize("ways", [(deactivates, deactivates), (deactivates, takes), (takes, takes)])
def test_two_administrators_who_let_each_other_go(
    app: Flask, cast: Cast, ways: tuple[Callable[[int, int], None], ...], _: int
) -> None:
    one = cast.users["admin"]
    other = user("admin2", "İkinci", "Yönetici", Grant(role=Role.ADMINISTRATOR), Grant(role=Role.VIEWER)).id
    db.session.add(Grant(user_id=one, role=Role.VIEWER))
    assert race(app, lambda: ways[0](other, one), lambda: ways[1](one, other)) == []
    assert administrators() == 1


@pytest.mark.parametrize("_", range(4))
def test_two_roles_taken_at_once_leave_one(app: Flask, cast: Cast, _: int) -> None:
    key = user("iki", "İki", "Rollü", Grant(role=Role.VIEWER), Grant(role=Role.STAFF, organisation_id=1)).id
    by = cast.users["admin"]
    assert race(app, lambda: takes(key, by, Role.VIEWER), lambda: takes(key, by, Role.STAFF)) == []
    assert len(queries.grants([EVERYWHERE.get(User, key)])[key]) == 1


@pytest.mark.parametrize("_", range(4))
def test_a_role_given_twice_at_once_is_given_once(app: Flask, cast: Cast, _: int) -> None:
    key, by = cast.users["staff"], cast.users["admin"]

    def gives() -> None:
        caller = queries.caller_of(EVERYWHERE.get(User, by))
        services.grant_role(EVERYWHERE.get(User, key), Role.VIEWER, services.Place(), by=caller)

    assert race(app, gives, gives) == []
