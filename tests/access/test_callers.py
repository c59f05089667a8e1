"""Whoever asks, read in one statement: their grants and everything they reach."""

from __future__ import annotations

import sqlalchemy as sa

from app.access import queries
from app.access.models import Grant, Organisation, OrganisationKind, Province, SignIn, User
from app.access.permissions import Permission, Role
from app.access.scope import EVERYWHERE
from app.access.sign_in import queries as sign_in
from app.access.sign_in import secrets
from app.core.db import db
from tests import factories
from tests.cast import Cast
from tests.counting import statements


def signed_in(user_id: int) -> str:
    token = secrets.token()
    db.session.add(SignIn(token_hash=secrets.digest(token), user_id=user_id, device="test"))
    db.session.commit()
    return token


def test_the_open_sign_in_brings_what_the_grants_reach(cast: Cast) -> None:
    user_id = cast.users["nobody_special"]
    mine, other = (db.session.get_one(Province, key) for key in (cast.gaziantep, cast.erzurum))
    away = db.session.scalars(sa.select(Organisation).where(Organisation.province_id != mine.id)).first()
    assert away is not None
    db.session.add_all(
        [
            Grant(user_id=user_id, role=Role.COORDINATOR, province_id=mine.id),
            Grant(user_id=user_id, role=Role.FOCAL_POINT, organisation_id=away.id),
            Grant(user_id=user_id, role=Role.VIEWER),
        ]
    )
    token = signed_in(user_id)
    with statements() as seen:
        opened = sign_in.open_sign_in(token)
    assert opened is not None and len(seen) == 1
    assert opened.caller == queries.caller_of(EVERYWHERE.get(User, user_id))
    coordinator, focal, viewer = opened.caller.grants[-3:]
    theirs = frozenset(db.session.scalars(sa.select(Organisation.id).where(Organisation.province_id == mine.id)))
    assert theirs and (coordinator.province_id, coordinator.organisations) == (mine.id, theirs)
    assert (focal.organisation_id, focal.organisations) == (away.id, frozenset({away.id}))
    assert focal.organisation_province_id == away.province_id
    assert viewer.organisations is None
    assert other.id not in opened.caller.scope_for(Permission.PERSON_READ).provinces


def test_a_province_without_institutions_reaches_nobody(cast: Cast) -> None:
    empty = factories.province("Boş", "99")
    user_id = cast.users["nobody_special"]
    db.session.add(Grant(user_id=user_id, role=Role.COORDINATOR, province_id=empty.id))
    opened = sign_in.open_sign_in(signed_in(user_id))
    assert opened is not None
    assert opened.caller.grants[-1].organisations == frozenset()
    assert not opened.caller.scope_for(Permission.PERSON_READ).everything


def test_two_roles_over_one_place_stay_two_grants(cast: Cast) -> None:
    organisation = db.session.scalars(
        sa.select(Organisation).where(Organisation.kind == OrganisationKind.DISTRICT)
    ).first()
    assert organisation is not None
    user_id = cast.users["nobody_special"]
    for role in (Role.FOCAL_POINT, Role.STAFF):
        db.session.add(Grant(user_id=user_id, role=role, organisation_id=organisation.id))
    opened = sign_in.open_sign_in(signed_in(user_id))
    assert opened is not None
    assert [grant.role for grant in opened.caller.grants][-2:] == [Role.FOCAL_POINT, Role.STAFF]
