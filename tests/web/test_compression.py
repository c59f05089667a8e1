"""How pages and files travel: packed as the browser asks, and no secret in the length of one."""

from __future__ import annotations

import contextvars
import gzip
import re
from collections.abc import Callable, Iterator

import brotli
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.core.clock import now
from app.web.edge.compression import masked, unmasked
from tests.conftest import Browser, Stage

UNPACKED: dict[str | None, Callable[[bytes], bytes]] = {
    None: bytes,
    "br": brotli.decompress,
    "gzip": gzip.decompress,
}
TOKEN = re.compile(rb'name="csrf_token" value="([^"]+)"')


@pytest.fixture(autouse=True)
def protected(app: Flask) -> Iterator[None]:
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False


def fetched(browser: Browser, path: str, accepts: str, method: str = "GET") -> TestResponse:
    """Past the critic, who reads no packed page."""
    headers = {"Accept-Encoding": accepts}
    return contextvars.Context().run(FlaskClient.open, browser, path, method=method, headers=headers)


def token_of(answer: TestResponse) -> str:
    found = TOKEN.search(answer.data)
    assert found is not None
    return found[1].decode()


@pytest.mark.parametrize(
    ("accepts", "packed"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0.5, gzip;q=0.9", "gzip"),
        ("*", "br"),
        ("", None),
        ("identity", None),
        ("br;q=0, gzip;q=0", None),
        ("nonsense;;q=x,,\x7f", None),
        ("zstd", None),
    ],
)
@pytest.mark.parametrize(("path", "status"), [("/courses", 200), ("/nowhere", 404)])
def test_a_page_is_packed_as_the_browser_asks(
    stage: Stage, path: str, status: int, accepts: str, packed: str | None
) -> None:
    plain = stage.coordinator.get(path).data
    answer = fetched(stage.coordinator, path, accepts)
    assert (answer.status_code, answer.content_encoding) == (status, packed)
    assert {"Accept-Encoding", "Cookie"} <= set(answer.vary)
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert packed is None or len(answer.data) * 3 < len(plain)
    assert shown(UNPACKED[packed](answer.data)) == shown(plain)
    head = fetched(stage.coordinator, path, accepts, "HEAD")
    assert (head.status_code, head.content_encoding, head.data) == (status, packed, b"")


def shown(page: bytes) -> bytes:
    """Without what is made anew in each answer."""
    return re.sub(rb"muted small\">[^<]+", b"", TOKEN.sub(b"", page))


def test_what_is_short_or_no_text_is_left_alone(stage: Stage) -> None:
    assert fetched(stage.coordinator, "/healthz", "br").content_encoding is None
    assert fetched(stage.admin, "/people?format=xlsx", "br").content_encoding is None, "it is packed already"
    assert fetched(stage.admin, "/people?format=csv", "br").content_encoding is None, "it is shorter than a packet"


def test_the_token_of_a_form_is_another_in_each_answer_and_each_is_taken(stage: Stage) -> None:
    def post(token: str) -> int:
        return stage.coordinator.post("/me/calendar", data={"csrf_token": token, "name": "Masam"}).status_code

    with time_machine.travel(now(), tick=False):  # the secret is signed with the second
        tokens = [token_of(fetched(stage.coordinator, "/me/calendar", "")) for _ in range(3)]
    assert len(set(tokens)) == 3
    assert len({unmasked(token) for token in tokens}) == 1, "one secret under three masks"
    bare = unmasked(tokens[0])
    assert bare is not None and bare not in tokens
    for token in (*tokens, tokens[0], bare):  # the last stood on a page of an earlier release
        assert post(token) == 303
    theirs = token_of(fetched(stage.admin, "/me/calendar", ""))
    short, cut = tokens[0][:-4], tokens[0][:7]
    for wrong in (theirs, short, cut, "", "é", "====", "A" * 5000, tokens[0].swapcase()):
        assert post(wrong) == 400, wrong


def test_all_forms_of_an_answer_carry_one_mask(app: Flask) -> None:
    """Or a page of many forms could not be packed."""
    with app.test_request_context():
        assert masked() == masked()


def test_an_answer_that_shows_a_secret_is_not_packed(stage: Stage) -> None:
    made = token_of(fetched(stage.coordinator, "/me/calendar", ""))
    stage.coordinator.post("/me/calendar", data={"csrf_token": made, "name": "Masam"})
    with_address = fetched(stage.coordinator, "/me/calendar", "br, gzip")
    assert with_address.content_encoding is None and b".ics" in with_address.data
    path = f"/users/{stage.cast.users['staff']}"
    made = token_of(fetched(stage.admin, path, ""))
    assert stage.admin.post(f"{path}/link", data={"csrf_token": made}).status_code == 303
    with_link = fetched(stage.admin, path, "br, gzip")
    assert with_link.content_encoding is None and b"/welcome/" in with_link.data
    assert fetched(stage.admin, path, "br, gzip").content_encoding == "br", "it is shown once"
