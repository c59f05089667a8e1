"""The edge as htmx meets it."""

from __future__ import annotations

from tests.conftest import HX, Stage


def test_a_change_seen_on_the_same_page_is_followed(stage: Stage) -> None:
    here = {**HX, "HX-Current-URL": "http://localhost/devices"}
    answer = stage.admin.post("/devices/end-all", headers=here)
    assert (answer.status_code, answer.location) == (303, "/devices")


def test_a_change_seen_elsewhere_sends_the_browser_there(stage: Stage) -> None:
    """Else htmx would put that whole page inside this one."""
    here = {**HX, "HX-Current-URL": "http://localhost/people/1"}
    first = stage.admin.post("/devices/end-all", headers=here, data={"request_key": "a"})
    again = stage.admin.post("/devices/end-all", headers=here, data={"request_key": "a"})
    for answer in (first, again):
        assert answer.status_code == 200
        assert answer.headers["HX-Redirect"] == "/devices"
        assert not answer.data
