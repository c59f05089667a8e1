"""Signing in and out, and the ways it may go wrong."""

from __future__ import annotations

import sqlalchemy as sa

from app.access.models import SignIn, Throttle, User
from app.access.scope import EVERYWHERE
from app.access.sign_in import secrets
from app.audit.models import AccessEntry
from app.core.db import db
from tests.conftest import HX, Stage

PASSWORD = "mavi fil kırık saat"


def give_password(stage: Stage, name: str) -> str:
    user = EVERYWHERE.get(User, stage.cast.users[name])
    user.password_hash = secrets.hash_password(PASSWORD)
    db.session.commit()
    return user.email


def test_nobody_is_sent_to_sign_in_and_comes_back(stage: Stage) -> None:
    answer = stage.nobody.get("/devices?x=1")
    assert answer.status_code == 302
    assert answer.location == "/sign-in?next=%2Fdevices%3Fx%3D1"


def test_the_right_password_opens_and_sign_out_closes_on_the_server(stage: Stage) -> None:
    email = give_password(stage, "coordinator")
    answer = stage.nobody.post("/sign-in?next=/devices", data={"email": f" {email.upper()} ", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/devices")
    with stage.nobody.session_transaction() as cookie:
        token = cookie["_user_id"]
    assert stage.nobody.post("/sign-out").status_code == 303
    with stage.nobody.session_transaction() as cookie:
        cookie["_user_id"] = token
    assert stage.nobody.get("/devices").status_code == 302, "a replayed cookie is refused"


def test_known_and_unknown_accounts_hear_the_same(stage: Stage) -> None:
    email = give_password(stage, "coordinator")
    known = stage.nobody.post("/sign-in", data={"email": email, "password": "x" * 12})
    unknown = stage.nobody.post("/sign-in", data={"email": "kimse@yetkin.example", "password": "x" * 12})
    assert known.status_code == unknown.status_code == 422
    assert "E-posta adresi veya parola hatalı." in known.text and "E-posta adresi veya parola hatalı." in unknown.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AccessEntry)) == 2


def test_too_many_failures_close_the_account_for_a_while_also_for_the_right_password(stage: Stage) -> None:
    email = give_password(stage, "coordinator")
    for _ in range(5):
        assert stage.nobody.post("/sign-in", data={"email": email, "password": "wrong"}).status_code == 422
    answer = stage.nobody.post("/sign-in", data={"email": email, "password": PASSWORD})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1
    assert db.session.scalar(sa.select(sa.func.max(Throttle.failures))) >= 5


def test_expired_sign_in_answers_htmx_with_401_and_a_sentence(stage: Stage) -> None:
    answer = stage.nobody.post("/devices/end-all", headers=HX)
    assert answer.status_code == 401
    assert "<html" not in answer.text and "giriş" in answer.text


def test_a_double_submit_is_carried_out_once(stage: Stage) -> None:
    first = stage.admin.post("/devices/end-all", data={"request_key": "k1"})
    again = stage.admin.post("/devices/end-all", data={"request_key": "k1"})
    assert first.status_code == again.status_code == 303
    assert first.location == again.location


def test_a_foreign_origin_is_refused(stage: Stage) -> None:
    assert stage.admin.post("/devices/end-all", headers={"Origin": "https://evil.example"}).status_code == 403
    assert stage.admin.post("/devices/end-all", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_deactivation_ends_the_sign_in(stage: Stage) -> None:
    assert stage.staff.get("/devices").status_code == 200
    user = EVERYWHERE.get(User, stage.cast.users["staff"])
    user.active = False
    db.session.commit()
    assert stage.staff.get("/devices").status_code == 302


def test_every_answer_carries_the_headers(stage: Stage) -> None:
    for path in ("/", "/sign-in", "/no-such-page", "/devices"):
        answer = stage.nobody.get(path)
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"], path


def test_only_a_hash_of_the_token_is_stored(stage: Stage) -> None:
    stage.admin.get("/devices")
    stored = db.session.scalars(EVERYWHERE.select(SignIn)).all()
    with stage.admin.session_transaction() as cookie:
        assert all(row.token_hash != cookie["_user_id"] for row in stored)
