"""Error pages say what to do next."""

from __future__ import annotations

import pytest
from flask import Flask

from app.web.edge.errors import waiting
from tests.conftest import Stage


def test_a_closed_door_says_for_how_long(stage: Stage) -> None:
    for _ in range(6):
        answer = stage.nobody.post("/sign-in", data={"email": "kimse@yetkin.example", "password": "x"})
    assert answer.status_code == 429
    assert f"Lütfen {answer.headers['Retry-After']} saniye bekleyip yeniden deneyiniz." in answer.text
    assert 'href="/sign-in"' in answer.text


@pytest.mark.parametrize(("seconds", "said"), [(1, "1 saniye"), (59, "59 saniye"), (60, "1 dakika"), (61, "2 dakika")])
def test_long_waits_are_told_in_minutes(app: Flask, seconds: int, said: str) -> None:
    with app.test_request_context():
        assert said in waiting(seconds)


@pytest.mark.parametrize(
    ("came_from", "leads_back"),
    [
        ("http://localhost/people?q=a", True),
        ("http://localhost/users/99", False),
        ("http://localhost//evil.example/", False),
        ("http://localhost.evil.example/people", False),
        ("https://evil.example/people", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_the_way_back_is_one_of_ours(stage: Stage, came_from: str, leads_back: bool) -> None:
    answer = stage.admin.get("/users/99", headers={"Referer": came_from})
    assert answer.status_code == 404
    assert ("Geri dön</a>" in answer.text) is leads_back
    assert "evil" not in answer.text
