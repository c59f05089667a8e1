"""Each page of the staff rooms asks the database eight times at most, sign-in and shell included."""

from __future__ import annotations

import pytest

from app.access.models import Grant
from app.access.permissions import Role
from app.core.db import db
from app.people.models import Unit
from tests.conftest import Stage
from tests.counting import statements
from tests.factories import employee
from tests.people.conftest import fresh

PAGES = [
    "/people/1",
    "/people/1/edit",
    "/people/1/merge",
    "/people/1/merge?with=2",
    "/people/1/merge?with=2&keep=1",
    "/people/1/transfer",
    "/people/1/transfer?organisation=2",
    "/people/1/deactivate",
    "/people/2/give-access",
    "/people/new?organisation=1",
    "/people/colleagues?organisation=1&supervisor=el",
    "/organisations",
    "/organisations/1",
    "/organisations/1/edit",
    "/organisations/new",
    "/organisations/1/units/1/edit",
    "/organisations/1/units/new",
]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_eight_times_at_most(stage: Stage, path: str) -> None:
    """Somebody with an account, a supervisor, a unit they head and people below them."""
    elif_ = fresh(1)
    elif_.supervisor_id = employee("Amir", "Bey", "N-900", 1).id
    fresh(2).supervisor_id = 1
    db.session.get_one(Unit, 1).head_id = 1
    db.session.add(Grant(user_id=elif_.user_id, role=Role.FOCAL_POINT, organisation_id=1))
    db.session.commit()
    stage.admin.get("/devices")  # signing in is seen once a minute
    with statements() as seen:
        assert stage.admin.get(path).status_code == 200
    assert len(seen) <= 8, "\n".join(seen)
