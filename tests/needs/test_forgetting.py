"""Answers go two years after a published analysis; its figures stay to the last digit, and its pages say so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.core.clock import now, today
from app.core.db import db, set_writing
from app.needs import forgetting, services
from app.needs.models import AssessmentRound, Need, NeedSum, Rating, RoundStatus
from app.retention import services as retention
from app.retention.models import Destruction
from tests import factories
from tests.conftest import Stage
from tests.needs.stage import CASE_MANAGEMENT, NIZIP, name_all, scenery, worked_example

FILES = ("/needs?format=csv", f"/needs?organisation={NIZIP}&format=csv", "/needs?view=matrix&format=csv")


def figures() -> Any:
    columns = [column for name, column in sa.inspect(NeedSum).columns.items() if name != "id"]
    rows = db.session.execute(EVERYWHERE.trusting(sa.select(*columns), NeedSum)).all()
    return sorted(map(tuple, rows), key=str)


def count(model: Any, round_id: int = 1) -> int:
    asked = sa.select(sa.func.count()).select_from(model).where(model.round_id == round_id)
    return db.session.scalar(EVERYWHERE.trusting(asked, model)) or 0


def over(days: int, status: RoundStatus = RoundStatus.PUBLISHED) -> None:
    found = db.session.get_one(AssessmentRound, 1)
    found.ends_on = today() - timedelta(days=days)
    found.starts_on, found.year = found.ends_on - timedelta(days=20), found.ends_on.year
    found.status = status
    db.session.commit()


@pytest.fixture
def old(stage: Stage) -> Stage:
    """The worked example, published, over for two years and a day; its notice names everybody who reads."""
    scenery()
    services.recompute_needs(db.session.get_one(AssessmentRound, 1), worked_example(NIZIP).values())
    db.session.commit()
    name_all()
    over(731)
    return stage


def swept() -> None:
    db.session.remove()
    set_writing(True)
    retention.destroy_old()


def test_answers_go_and_their_sums_stay_as_they_were(old: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "AT_ONCE", 4)  # six people: two steps
    before, ratings = figures(), count(Rating)
    files = {address: old.admin.get(address).data for address in FILES}
    assert before and ratings
    swept()
    assert (count(Rating), count(Need)) == (0, 0) and figures() == before
    rows = db.session.scalars(sa.select(Destruction).order_by(Destruction.id)).all()
    assert [row.kind for row in rows] == ["answers"] * 2 and sum(row.pieces for row in rows) == ratings
    services.recompute_sums()
    services.recompute_sums([NIZIP], round_id=1)
    db.session.commit()
    assert figures() == before, "nothing makes them anew out of nothing"
    assert {address: old.admin.get(address).data for address in FILES} == files


def test_the_pages_say_that_names_are_gone(old: Stage) -> None:
    address = f"/needs/{CASE_MANAGEMENT}"
    assert "Örnek" in old.admin.page(address).text
    swept()
    text = old.admin.page(address).text
    assert "süresi dolduğu için" in text and "Örnek" not in text
    assert old.admin.get(f"{address}?format=csv").status_code == 404
    assert "süresi dolduğu için" in old.admin.page(f"{address}/ratings").text
    assert "süresi dolduğu için" in old.admin.page("/needs/rounds/1").text


def test_it_stays_while_it_is_young_unpublished_or_followed_up(old: Stage) -> None:
    over(730)
    swept()
    assert count(Rating), "two years, not a day less"
    over(731, RoundStatus.CLOSED)
    swept()
    assert count(Rating), "nobody froze its figures yet"
    over(731)
    later = factories.assessment_round(follows_id=1, status=RoundStatus.OPEN).id
    db.session.commit()
    swept()
    assert count(Rating), "the follow-up compares with it"
    assert not db.session.scalars(forgetting.old_answers(now())).all()
    db.session.get_one(AssessmentRound, later).status = RoundStatus.PUBLISHED
    db.session.commit()
    swept()
    assert not count(Rating)


def test_a_dry_run_counts_them(old: Stage) -> None:
    ratings = count(Rating)
    text = old.admin.page("/settings/retention").text
    assert "Eğitim ihtiyacı yanıtları" in text and str(ratings) in text
