"""What an overview counts is put together once for each who asks, and answers for them and the moment alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import event

from app.core.clock import standing_still, stands_still, today
from app.core.db import db
from app.core.tables import written
from app.home import counted, queries
from app.settings.queries import value
from tests import factories
from tests.conftest import Stage

MORNING = datetime(2026, 11, 23, 6, tzinfo=UTC)


def test_it_is_put_together_once(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    columns = counted.columns

    def noted(asked: Sequence[counted.Asked]) -> Any:
        made.append(len(asked))
        return columns(asked)

    written._WRITTEN.on(stage.app).clear()  # by another test
    for module in (counted, queries):
        monkeypatch.setattr(module, "columns", noted)
    for browser in (stage.admin, stage.coordinator, stage.focal_point, stage.staff):
        made.clear()
        for _ in range(3):
            browser.page("/me" if browser is stage.staff else "/")
        assert len(made) == 1, made
        browser.page("/me?lang=en" if browser is stage.staff else "/?lang=en")
        assert len(made) == 2, "in another language it is another page"


def test_nobody_is_shown_what_another_is_asked(stage: Stage) -> None:
    """Colleagues of one role and province have rows of their own."""
    for name in ("elif", "isik"):
        group = factories.action_group(f"Grup {name}")
        factories.group_member(group.id, employee_id=stage.cast.employees[name])
        factories.group_meeting(group.id, today() + timedelta(days=9))
    db.session.commit()
    assert "Grup elif" in stage.staff.page("/me").text and "Grup isik" not in stage.staff.page("/me").text
    assert "Grup" not in stage.admin.page("/me").text
    assert "Grup elif" in stage.staff.page("/me").text


def test_the_hour_the_day_and_what_is_entered_are_those_of_now(stage: Stage) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        group = factories.action_group()
        factories.group_meeting(group.id, today())  # from ten to twelve
        factories.group_action(group.id, today())
        db.session.commit()
        late, over = "/programme/actions?state=late", "/programme/meetings?state=unmarked"

        def shown() -> set[str]:
            hers = stage.coordinator.as_user(stage.cast.users["coordinator"])  # a sign-in ends by then
            return {late, over} & set(hers.page("/").links)

        assert shown() == set()
        clock.shift(timedelta(hours=4))
        assert shown() == {over}, "the hour"
        clock.shift(timedelta(days=1))
        assert shown() == {late, over}, "the day"


def test_neither_a_moment_nor_a_setting_is_kept(stage: Stage) -> None:
    with stage.app.app_context(), standing_still(today()):
        assert today()
        with pytest.raises(RuntimeError):
            value("least_women")


def test_it_is_put_together_without_a_look_at_the_database(stage: Stage) -> None:
    """What was read in the morning would be believed in the evening."""
    read: list[str] = []
    written._WRITTEN.on(stage.app).clear()

    def look(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if stands_still():
            read.append(statement)

    event.listen(db.engine, "before_cursor_execute", look)
    try:
        for browser in (stage.admin, stage.coordinator, stage.focal_point, stage.trainer, stage.staff, stage.viewer):
            for address in ("/?lang=tr", "/me?lang=tr", "/?lang=en"):
                browser.get(address, follow_redirects=True)
    finally:
        event.remove(db.engine, "before_cursor_execute", look)
    assert read == []
