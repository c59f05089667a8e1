"""One sheet carried over to the others of its day."""

from __future__ import annotations

import time_machine

from app.core.db import db
from tests.attendance.conftest import MUCH_LATER, cells, fields
from tests.cast import EVENING, Cast, Group, group, mark
from tests.conftest import Stage


def carry_over(stage: Stage, stands: Group) -> int:
    db.session.commit()
    return stage.trainer.post(f"/sittings/{stands.sittings[0]}/whole-day").status_code


def test_the_day_is_marked_as_one(stage: Stage, cast: Cast) -> None:
    with time_machine.travel(EVENING, tick=False):
        stands = group(cast, days=2)
        sent = fields(stands, 0, {"elif": "present", "isik": "absent", "sukru": "late:20"})
        assert stage.trainer.post(f"/sittings/{stands.sittings[0]}/save", data=sent).status_code == 303
        mark(stands, 2, "isik", "present")
        assert "Günün tümü" in stage.trainer.page(f"/sittings/{stands.sittings[0]}").text
        assert carry_over(stage, stands) == 303
        assert cells(stands, 1) == {"elif": "present", "isik": "absent"}, "who was late was so once"
        assert cells(stands, 2) == {"elif": "present", "isik": "present"}, "a mark that stands is left alone"
        assert cells(stands, 4) == {}, "the next day is another"


def test_sheets_that_are_not_open_are_left_alone(stage: Stage, stands: Group) -> None:
    mark(stands, 0, "elif", "present")
    assert carry_over(stage, stands) == 303
    assert cells(stands, 1) == {}, "it is ten past nine: the next has not begun"
    with time_machine.travel(MUCH_LATER, tick=False):
        assert carry_over(stage, stands) == 303
        assert cells(stands, 1) == {}


def test_only_ones_own_sittings(stage: Stage, cast: Cast) -> None:
    with time_machine.travel(EVENING, tick=False):
        stands = group(cast, trainer_gives=(0, 1))
        mark(stands, 0, "elif", "present")
        assert carry_over(stage, stands) == 303
        assert (cells(stands, 1), cells(stands, 2)) == ({"elif": "present"}, {})
        assert stage.coordinator_elsewhere.post(f"/sittings/{stands.sittings[0]}/whole-day").status_code == 404
