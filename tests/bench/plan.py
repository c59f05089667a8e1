"""A plan of 300 rows, made once in the data being measured."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from app.access.models import Organisation
from app.catalogue.models import Course
from app.core.clock import now
from app.core.db import db
from app.plans.models import PlanStatus, TrainingPlan
from tests import factories

YEAR, ROWS = 2090, 300


def three_hundred_rows(app: Flask) -> int:
    """The id of the programme's plan of a year nobody plans, approved: every course for one institution after another."""
    with app.app_context():
        found = db.session.scalar(sa.select(TrainingPlan.id).where(TrainingPlan.year == YEAR))
        if found is not None:
            return found
        made = factories.plan(YEAR, status=PlanStatus.APPROVED, approved_at=now()).id
        courses = db.session.scalars(sa.select(Course).order_by(Course.id)).all()
        homes = db.session.scalars(sa.select(Organisation).order_by(Organisation.id)).all()
        for at in range(ROWS):
            course, home = courses[at % len(courses)], homes[at // len(courses) % len(homes)]
            place = {"province_id": home.province_id, "organisation_id": home.id}
            factories.plan_item(course.id, plan_id=made, position=at, **place)
        db.session.commit()
        return made
