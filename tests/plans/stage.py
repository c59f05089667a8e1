"""A plan of Gaziantep that is drafted from the six people of the worked example, and who decides it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.access.models import Grant
from app.access.permissions import Role
from app.core.clock import today
from app.core.db import db
from app.needs.models import AssessmentRound, RoundStatus
from app.needs.services import recompute_needs
from app.plans.models import PlanItem, TrainingPlan
from tests import factories
from tests.conftest import Browser, Stage
from tests.needs.stage import scenery, worked_example

YEAR = today().year + 1
BOTH, ONE = 1, 2
"""The courses that build two of the worked example's competencies, and one."""


def needs() -> None:
    """The worked example in a published round; committed."""
    scenery()
    people = worked_example()
    found = db.session.get_one(AssessmentRound, 1)
    recompute_needs(found, list(people.values()))
    found.status = RoundStatus.PUBLISHED
    db.session.commit()


def another_administrator(stage: Stage) -> Browser:
    made = factories.user("admin2", "Çiğdem", "Onay", Grant(role=Role.ADMINISTRATOR))
    stage.cast.users["admin_two"] = made.id
    db.session.commit()
    return stage.admin_two


def begun(browser: Browser, province: str = "1", **values: Any) -> int:
    """The draft of a plan, by its page; its id."""
    answer = browser.post("/plans/new", data={"year": YEAR, "province": province, **values})
    assert answer.status_code == 303, answer.text
    return int(answer.location.split("/")[2])


ROW = {"course": BOTH, "place": "p1", "origin": "needs", "groups": 2, "quarter": 1, "cost": 5000, "reason": "Açık var"}


def add(browser: Browser, plan_id: int, **values: Any) -> int:
    """A row of the draft, by its page; its id."""
    answer = browser.post(f"/plans/{plan_id}/rows/new", data=ROW | values)
    assert answer.status_code == 303, answer.text
    db.session.expire_all()
    found: int = db.session.scalar(sa.select(sa.func.max(PlanItem.id)))  # type: ignore[assignment]  # one was made
    return found


def decide(browser: Browser, plan_id: int, step: str, status: int = 303, **values: Any) -> str:
    """Submit, approve or return the plan as it is now."""
    db.session.expire_all()
    version = db.session.get_one(TrainingPlan, plan_id).version
    answer = browser.post(f"/plans/{plan_id}/{step}", data={"version": version, **values})
    assert answer.status_code == status, answer.text
    return answer.text


def plan_now(plan_id: int) -> TrainingPlan:
    db.session.expire_all()
    return db.session.get_one(TrainingPlan, plan_id)


def row_now(item_id: int) -> PlanItem:
    db.session.expire_all()
    return db.session.get_one(PlanItem, item_id)
