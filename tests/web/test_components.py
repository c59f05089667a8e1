"""Parts of pages whose markup is kept: alike only where they say the same."""

from __future__ import annotations

from typing import Any

from flask import Flask

from app.language import force_locale
from app.programme.groups.models import ActionStatus
from app.training.models import SessionStatus


def test_a_status_says_its_own_word_in_the_language_of_its_reader(app: Flask) -> None:
    """Members of two enumerations may be one text, as these are."""
    assert hash(SessionStatus.OPEN) == hash(ActionStatus.OPEN)
    with app.test_request_context("/"):
        ui: Any = app.jinja_env.globals["ui"]
        drawn = set()
        for tongue in ("tr", "en"):
            for member in (SessionStatus.OPEN, ActionStatus.OPEN):
                with force_locale(tongue):
                    drawn |= {ui.status(member), ui.status(member)}
                    assert member.label in ui.status(member)
        assert len(drawn) == 4


def test_a_meter_is_of_its_own_numbers(app: Flask) -> None:
    with app.test_request_context("/"):
        ui: Any = app.jinja_env.globals["ui"]
        with force_locale("tr"):
            assert "%12,5" in ui.meter(1, 8)
            assert "%12,5" not in ui.meter(2, 8)
            assert ui.meter(0, 0) == "–"
        with force_locale("en"):
            assert "12.5%" in ui.meter(1, 8)
