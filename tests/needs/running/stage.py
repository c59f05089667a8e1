"""A round that asks Nizip and Şahinbey, made by the coordinator as their pages make it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from app.access.models import User
from app.access.permissions import Permission
from app.access.queries import caller_of
from app.access.scope import EVERYWHERE
from app.core.clock import today
from app.core.db import db
from app.jobs import runner
from app.needs.models import Asking, AssessmentRound
from app.needs.rounds import queries, services
from app.needs.rounds.services import Details
from app.needs.running import services as running
from tests.cast import Cast
from tests.needs.stage import NIZIP, SAHINBEY


def details(**values: Any) -> Details:
    plain: dict[str, Any] = {
        "name_tr": "Güz analizi",
        "name_en": "Autumn analysis",
        "starts_on": today(),
        "ends_on": today() + timedelta(days=10),
        "alpha": Decimal("0.5"),
        "asking": Asking.EVERYONE,
        "notice": "",
        "readers": ("administrator", "coordinator", "focal_point"),
        "paper": True,
        "organisations": (NIZIP, SAHINBEY),
    }
    return Details(**(plain | values))


def designed(cast: Cast, **values: Any) -> AssessmentRound:
    by = caller_of(EVERYWHERE.get(User, cast.users["coordinator"]))
    made = services.create_round(details(**values), scope=by.scope_for(Permission.NEED_RUN), by=by)
    db.session.commit()
    return made


def opened(cast: Cast, **values: Any) -> AssessmentRound:
    """The same, opened, with everybody's questionnaire."""
    made = designed(cast, **values)
    move(cast, made, "open")
    return made


def move(cast: Cast, made: AssessmentRound, what: str) -> None:
    """Open, close or publish it, with the job that follows."""
    by = caller_of(EVERYWHERE.get(User, cast.users["coordinator"]))
    if what == "open":
        job = running.open_round(made, queries.design(by.scope_for(Permission.NEED_RUN), made), by=by)
    elif what == "close":
        job = running.close_round(made, by=by)
    else:
        running.publish_round(made, by=by)
        db.session.commit()
        return
    db.session.commit()
    runner.run(job.id)
    db.session.expire_all()
