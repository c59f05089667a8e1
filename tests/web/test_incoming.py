"""What arrives is text people can see, whatever was sent, and what is none is answered with a page."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from app.access.models import User
from app.access.scope import EVERYWHERE
from app.core.db import db
from app.language.turkish import normalise, visible
from app.people.models import Employee
from tests.conftest import HX, Stage

INVISIBLE = "A\x00y\u200bş\u202ee\ufeff \x07I\xadşık\x1f"


@contextmanager
def sent_to_the_database() -> Iterator[list[str]]:
    """Every text that travels to the database while the block runs."""
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, _statement: str, parameters: Any, *_: Any) -> None:
        seen.extend(value for value in (parameters or ()) if isinstance(value, str))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_what_is_typed_is_visible() -> None:
    assert visible("Ayşe\tIşık\r\n100 m²") == "Ayşe\tIşık\r\n100 m²"
    assert visible("bir\x0biki\u2028üç") == "bir iki üç"
    assert normalise(INVISIBLE) == "Ayşe Işık"
    assert normalise("ko\u0308y\ud800") == "köy"
    assert visible("می\u200cخواهم") == "می\u200cخواهم"  # other scripts join their letters with it


LISTS = ("/people", "/users", "/organisations", "/sessions", "/courses", "/trainers", "/certificates", "/search")


@pytest.mark.parametrize("path", LISTS)
def test_no_control_character_reaches_the_database(stage: Stage, path: str) -> None:
    """SQLite takes them; PostgreSQL answers with an error."""
    names = ("q", "unit", "sex", "employment", "kind", "role", "status", "province", "organisation", "title", "state")
    with sent_to_the_database() as seen:
        answer = stage.admin.get(path, query_string=dict.fromkeys(names, "a\x00b\x1b"))
    assert answer.status_code == 200
    assert not [text for text in seen if visible(text) != text]


def test_a_field_is_stored_without_what_nobody_sees(stage: Stage) -> None:
    fields = {
        "given_name": INVISIBLE,
        "family_name": "Yıl\x00maz",
        "email": "a\x00yse@ornek.example",
        "language": "tr",
        "role": "viewer",
        "request_key": "a\x00b",
    }
    with sent_to_the_database() as seen:
        answer = stage.admin.post("/users/new", data=fields)
    assert answer.status_code == 303
    assert not [text for text in seen if visible(text) != text]
    made = db.session.scalars(EVERYWHERE.select(User).order_by(User.id.desc())).first()
    assert made is not None and made.name == "Ayşe Işık Yılmaz" and made.email == "ayse@ornek.example"


def test_a_composed_and_a_decomposed_letter_are_one(stage: Stage) -> None:
    person = db.session.scalars(EVERYWHERE.select(Employee)).first()
    assert person is not None
    person.set_identity("Gül", "Şahin", "NFC-1", "")
    db.session.commit()
    for typed in ("Şahin", "S\u0327ahin", "s\u0327ahi\u0307n"):
        assert "NFC-1" in stage.admin.page("/people?q=" + typed).text, typed


@pytest.mark.parametrize("query", [b"q=\xff\xfe", b"q=%FF%FE", b"q=I\xfe\xfdk", b"\xff=1", b"q=%ED%A0%80", b"=&&;&%"])
def test_a_query_in_another_encoding_is_answered(stage: Stage, query: bytes) -> None:
    answer = stage.admin.get("/people", environ_overrides={"QUERY_STRING": query.decode("latin-1")})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"given_name=%FF%FE&family_name=%00", "application/x-www-form-urlencoded", 422),
        (b"given_name=I\xfe\xfdk", "application/x-www-form-urlencoded", 422),
        (b"given_name=x", "application/x-www-form-urlencoded; charset=utf-16", 422),
        (b"\xff\xfe{}", "application/json", 422),
        (b'{"given_name": 5, "role": [1], "email": {"a": "\\u0000\\ud800"}}', "application/json", 422),
        (b"--x\r\n", "multipart/form-data; boundary=x", 422),
        (b"x", "multipart/form-data", 422),
        (b"given_name=" + b"a" * 1_500_000, "application/x-www-form-urlencoded", 422),
        (b"given_name=" + b"a" * 7_000_000, "application/x-www-form-urlencoded", 413),
    ],
)
def test_a_body_in_another_encoding_is_refused_as_a_form(stage: Stage, body: bytes, kind: str, status: int) -> None:
    answer = stage.admin.post("/users/new", data=body, content_type=kind)
    assert answer.status_code == status


@pytest.mark.parametrize("digits", [10, 4_301, 200_000])
def test_a_number_of_any_length_is_refused_at_its_field(stage: Stage, digits: int) -> None:
    sent = {"threshold": "9" * digits, "pass_mark": "70", "version": "0"}
    answer = stage.admin.post("/settings/thresholds", data=sent)
    assert answer.status_code == 422
    assert "aria-invalid" in answer.text


def test_an_address_with_control_characters_is_not_found(stage: Stage) -> None:
    for path in ("/d/AB%00C", "/welcome/%07", "/%1b"):
        assert stage.nobody.get(path).status_code == 404


@pytest.mark.parametrize("wrong", ["http://[", "//[", "/\\[", "http://[::1", "\x00", "/ok\r\nSet-Cookie: a=b"])
def test_half_an_address_leads_home(stage: Stage, wrong: str) -> None:
    answer = stage.admin.get("/sign-in", query_string={"next": wrong})
    assert answer.status_code == 302
    assert answer.location.startswith("/") and not answer.location.startswith("//")
    here = {**HX, "HX-Current-URL": wrong.replace("\x00", "").replace("\r\n", "")}
    assert stage.admin.post("/devices/end-all", headers=here).status_code == 200


def test_a_value_only_the_database_refuses_is_an_error_of_whoever_typed_it(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL's "value too long", where SQLite takes anything."""

    def refuse(*_: Any, **__: Any) -> None:
        raise sa.exc.DataError("INSERT", {}, Exception("value too long for type character varying(800)"))

    monkeypatch.setattr("app.users.services.create_user", refuse)
    fields = {"given_name": "Ayşe", "family_name": "Işık", "email": "a@ornek.example", "language": "tr"}
    answer = stage.admin.post("/users/new", data=fields | {"role": "viewer"})
    assert answer.status_code == 422
    assert "Işık" in answer.text


def a_file_of(megabytes: int, **fields: str) -> dict[str, Any]:
    typed = [f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in fields.items()]
    head = (
        "".join(typed).encode() + b'--x\r\nContent-Disposition: form-data; name="file"; filename="liste.xlsx"\r\n\r\n'
    )
    body = head + bytes(megabytes * 1024**2) + b"\r\n--x--\r\n"
    return {"data": body, "content_type": "multipart/form-data; boundary=x"}


@pytest.mark.parametrize(
    ("path", "megabytes", "said"),
    [
        ("/people/import", 27, "en fazla 25 MB"),
        ("/needs/imports/new", 27, "en fazla 25 MB"),
        ("/settings/logos/1/edit", 7, "en fazla 5 MB"),
    ],
)
def test_a_page_says_how_large_its_files_may_be(stage: Stage, path: str, megabytes: int, said: str) -> None:
    answer = stage.admin.post(path, **a_file_of(megabytes))
    assert answer.status_code == 413 and said in answer.text


@pytest.fixture
def strict(app: Flask) -> Iterator[None]:
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False


LARGE = ("/people/import", "/needs/imports/new")


@pytest.mark.parametrize("path", LARGE)
def test_a_list_may_be_larger_than_a_scan(stage: Stage, strict: None, path: str) -> None:
    """As on a server: where the token of the form is looked for, it is known already what may come in."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', stage.admin.get(path).text)
    assert token is not None
    assert stage.admin.post(path, **a_file_of(20, csrf_token=token[1])).status_code == 422
    assert stage.admin.post(path, **a_file_of(20)).status_code == 400


class Unread(io.BytesIO):
    def read(self, *_: Any) -> bytes:
        raise AssertionError("somebody reads this")

    readinto = readline = read


@pytest.mark.parametrize(("name", "status"), [("nobody", 303), ("viewer", 403)])
@pytest.mark.parametrize("path", LARGE)
def test_for_others_no_large_file_is_read(stage: Stage, strict: None, path: str, name: str, status: int) -> None:
    sent = {"input_stream": Unread(), "content_length": 20 * 1024**2, "content_type": "multipart/form-data; boundary=x"}
    assert getattr(stage, name).post(path, **sent).status_code == status
