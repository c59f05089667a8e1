"""The page of the programme: who sees it."""

from __future__ import annotations

import pytest

from tests.conftest import Stage


@pytest.mark.parametrize("who", ["admin", "coordinator", "focal_point"])
def test_those_who_run_it_find_the_programme(stage: Stage, who: str) -> None:
    assert "/programme" in getattr(stage, who).get("/").text
    assert getattr(stage, who).get("/programme").status_code == 200


@pytest.mark.parametrize("who", ["trainer", "staff"])
def test_others_do_not(stage: Stage, who: str) -> None:
    assert "/programme" not in getattr(stage, who).get("/").text
    assert getattr(stage, who).get("/programme").status_code == 403
