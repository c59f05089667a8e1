"""A round as a state machine: whatever is tried in whatever order, what was closed does not change, and what was saved
is not lost.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from app.access.models import User
from app.access.permissions import Permission
from app.access.queries import caller_of
from app.access.scope import EVERYWHERE
from app.core.clock import today
from app.core.db import db
from app.core.errors import Refused
from app.jobs import worker
from app.needs.answers import queries as answers
from app.needs.answers import services as answering
from app.needs.models import AssessmentRound, Need, Questionnaire, Rating, Respondent, RoundStatus
from app.needs.rounds import queries as rounds
from app.needs.rounds import services as designing
from app.needs.running import services as running
from tests.cast import Cast, assemble
from tests.needs.running.stage import designed, details
from tests.needs.stage import scenery

S = RoundStatus
MOVES = {
    "open": ({S.DRAFT}, S.OPEN),
    "close": ({S.OPEN}, S.CLOSED),
    "reopen": ({S.CLOSED}, S.OPEN),
    "publish": ({S.CLOSED}, S.PUBLISHED),
    "extend": ({S.OPEN}, S.OPEN),
    "design": ({S.DRAFT}, S.DRAFT),
    "delete": (set(), S.DRAFT),
}
"""From which states each may be done, and where it leads."""


class Rounds(RuleBasedStateMachine):
    app: Flask
    fresh: Any

    @initialize()
    def begin(self) -> None:
        self.fresh()
        self.cast: Cast = assemble()
        scenery()
        self.id = designed(self.cast).id
        self.status = S.DRAFT
        self.said: dict[tuple[int, int], tuple[int | None, int | None]] = {}
        self.finished: set[int] = set()

    def found(self) -> AssessmentRound:
        return db.session.get_one(AssessmentRound, self.id, populate_existing=True)

    @rule(move=st.sampled_from(sorted(set(MOVES) - {"delete"})))
    def move(self, move: str) -> None:
        by = caller_of(EVERYWHERE.get(User, self.cast.users["coordinator"]))
        scope, found, later = by.scope_for(Permission.NEED_RUN), self.found(), today() + timedelta(days=9)
        steps = {
            "open": lambda: running.open_round(found, rounds.design(scope, found), by=by),
            "close": lambda: running.close_round(found, by=by),
            "reopen": lambda: running.reopen_round(found, later, reason="Az yanıt", by=by),
            "publish": lambda: running.publish_round(found, by=by),
            "extend": lambda: running.extend_round(found, later, by=by),
            "design": lambda: designing.change_round(found, details(name_tr="Başka"), scope=scope, by=by),
        }
        allowed, leads_to = MOVES[move]
        if self.status in allowed:
            steps[move]()
            db.session.commit()
            worker.take_up()
            db.session.commit()
            self.status = leads_to
        else:
            with pytest.raises(Refused):
                steps[move]()
            db.session.rollback()

    @rule(
        who=st.sampled_from(["elif", "isik", "sukru"]),
        step=st.integers(1, 3),
        pair=st.tuples(st.integers(1, 5), st.integers(1, 5)),
    )
    def answer(self, who: str, step: int, pair: tuple[int, int]) -> None:
        questionnaire = self.questionnaire(who)
        if questionnaire is None:
            assert self.status is S.DRAFT
            return
        sheet = answers.sheet(questionnaire)
        key = (questionnaire.respondent.employee_id, sheet.items[step - 1].competency_id)
        if self.status is S.OPEN and questionnaire.id not in self.finished:
            answering.save(sheet, step, *pair, irrelevant=False)
            db.session.commit()
            self.said[key] = pair
        else:
            with pytest.raises(Refused):
                answering.save(sheet, step, *pair, irrelevant=False)
            db.session.rollback()

    @rule(who=st.sampled_from(["elif", "isik"]))
    def finish(self, who: str) -> None:
        questionnaire = self.questionnaire(who)
        if questionnaire is None:
            return
        sheet = answers.sheet(questionnaire)
        by = caller_of(EVERYWHERE.get(User, self.cast.users["staff"]))
        if self.status is S.OPEN and questionnaire.id not in self.finished and not sheet.missing:
            answering.finish(sheet, by=by)
            db.session.commit()
            self.finished.add(questionnaire.id)
        else:
            with pytest.raises(Refused):
                answering.finish(sheet, by=by)
            db.session.rollback()

    def questionnaire(self, who: str) -> Questionnaire | None:
        statement = (
            sa.select(Questionnaire)
            .join(Questionnaire.respondent)
            .where(Respondent.round_id == self.id, Respondent.person_id == self.cast.employees[who])
        )
        options = (sa.orm.joinedload(Questionnaire.respondent), sa.orm.joinedload(Questionnaire.round))
        found: Questionnaire | None = db.session.scalar(
            EVERYWHERE.trusting(statement.options(*options), Questionnaire, Respondent)
        )
        return found

    @invariant()
    def nothing_is_lost_and_nothing_that_is_closed_changes(self) -> None:
        if not hasattr(self, "id"):
            return
        assert self.found().status is self.status
        ratings = db.session.scalars(EVERYWHERE.select(Rating).where(Rating.round_id == self.id)).all()
        assert {(one.employee_id, one.competency_id): (one.importance, one.level) for one in ratings} == self.said
        if self.status in (S.CLOSED, S.PUBLISHED):
            needs = db.session.scalars(EVERYWHERE.select(Need).where(Need.round_id == self.id)).all()
            assert {
                (one.employee_id, one.competency_id): (int(one.importance), int(one.level)) for one in needs
            } == self.said
        db.session.rollback()


@pytest.mark.sqlite
def test_a_round_as_a_state_machine(app: Flask, request: pytest.FixtureRequest) -> None:
    """One database, emptied for each run."""

    def fresh() -> None:
        db.session.rollback()
        db.session.remove()
        db.drop_all()
        db.create_all()

    Rounds.app, Rounds.fresh = app, staticmethod(fresh)
    run_state_machine_as_test(
        Rounds,
        settings=settings(
            max_examples=12, stateful_step_count=16, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
