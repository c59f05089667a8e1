"""A forgotten password: the same answer for all, a link for whoever has the account."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine

from app.access.models import OneTimeLink, ResetRequest, User
from app.access.scope import EVERYWHERE
from app.access.sign_in import secrets, services
from app.audit.models import AccessEntry
from app.core.clock import now
from app.core.db import db
from app.jobs import answer_resets, deliver_mail
from app.post.models import Message
from tests.access.test_second_factor import browser, enrolled
from tests.access.test_views import PASSWORD, give_password
from tests.conftest import HX, Stage

NEW = "yedi kayısı üç bulut"
CHOSEN = {"new_password": NEW, "repeat_password": NEW}


def ask(stage: Stage, email: str, **more: object) -> int:
    return stage.nobody.post("/reset", data={"email": email}, **more).status_code


def letters() -> list[Message]:
    """Those about a reset, once the worker has looked."""
    answer_resets()
    return list(
        db.session.scalars(sa.select(Message).where(Message.occasion.startswith("reset:")).order_by(Message.id))
    )


def sent(stage: Stage) -> str:
    """The path the latest letter leads to."""
    letters()
    deliver_mail()
    folder = Path(stage.app.config["MAIL_URL"].removeprefix("file://"))
    latest = max((path for path in folder.glob("*reset-user*.eml")), key=lambda path: path.stat().st_mtime_ns)
    found = re.search(r"/welcome/[\w-]+", latest.read_text("utf-8").replace("=\n", ""))
    assert found is not None
    return found[0]


def test_the_sign_in_page_leads_there(stage: Stage) -> None:
    assert "/reset" in stage.nobody.page("/sign-in").links


@pytest.mark.parametrize("headers", [{}, HX])
def test_known_and_unknown_get_the_same(stage: Stage, headers: dict[str, str]) -> None:
    email = give_password(stage, "staff")
    EVERYWHERE.get(User, stage.cast.users["viewer"]).active = False
    typed = [
        email,
        f" {email.upper()} ",
        "kimse@yetkin.example",
        "izleyici@yetkin.example",
        "güneş@yetkin.example",
        "x",
    ]
    answers = [browser(stage).post("/reset", data={"email": each}, headers=headers) for each in typed]
    told = {
        (each.status_code, each.data, each.headers.get("Location"), each.headers.get("HX-Redirect")) for each in answers
    }
    assert len(told) == 1
    assert (
        db.session.scalar(EVERYWHERE.restrict(sa.select(sa.func.count()).select_from(ResetRequest), ResetRequest)) == 6
    )
    assert db.session.scalars(sa.select(Message)).all() == [], "nothing is looked up while somebody waits"
    assert "bağlantı gönderildi" in stage.nobody.page("/reset/asked").text
    (letter,) = letters()
    assert letter.to_address == email


def test_the_letter_holds_no_link_until_it_leaves(stage: Stage) -> None:
    email = give_password(stage, "staff")
    ask(stage, email)
    (letter,) = letters()
    assert "/welcome/" not in letter.body
    links = EVERYWHERE.restrict(sa.select(sa.func.count()).select_from(OneTimeLink), OneTimeLink)
    assert db.session.scalar(links) == 0
    assert sent(stage)
    assert db.session.scalar(links) == 1
    found = db.session.scalars(sa.select(AccessEntry.facts).where(AccessEntry.event == "access.reset_mailed")).all()
    assert found == [{"user_id": stage.cast.users["staff"]}]


def test_a_scanner_that_opens_the_link_changes_nothing(stage: Stage) -> None:
    email = give_password(stage, "staff")
    ask(stage, email)
    path = sent(stage)
    for _ in range(3):
        assert browser(stage).get(path).status_code == 200
        browser(stage).head(path)
    signed_in = stage.staff
    assert signed_in.get("/devices").status_code == 200
    assert stage.coordinator.post(path, data=CHOSEN).status_code == 303, "also where somebody else is signed in"
    assert signed_in.get("/devices").status_code == 302, "every sign-in of theirs ends"
    assert stage.coordinator.get("/devices").status_code == 200, "and nobody else's"
    assert browser(stage).get(path).status_code == 404, "once"
    assert browser(stage).post(path, data=CHOSEN).status_code == 404
    answer = browser(stage).post("/sign-in", data={"email": email, "password": NEW})
    assert (answer.status_code, answer.location) == (303, "/")


def test_the_link_lasts_half_an_hour(stage: Stage) -> None:
    ask(stage, give_password(stage, "staff"))
    path = sent(stage)
    with time_machine.travel(now() + timedelta(minutes=31)):
        assert stage.nobody.get(path).status_code == 404
        assert stage.nobody.post(path, data=CHOSEN).status_code == 404


def test_the_second_factor_stays(stage: Stage) -> None:
    email = enrolled(stage, "staff")
    ask(stage, email)
    assert stage.nobody.post(sent(stage), data=CHOSEN).status_code == 303
    answer = browser(stage).post("/sign-in", data={"email": email, "password": NEW})
    assert answer.location == "/sign-in/code"
    assert browser(stage).post("/sign-in", data={"email": email, "password": PASSWORD}).status_code == 422


def test_three_letters_an_hour(stage: Stage) -> None:
    email = give_password(stage, "staff")
    for _ in range(5):
        ask(stage, email)
        letters()
    assert len(letters()) == 3
    with time_machine.travel(now() + timedelta(minutes=61)):
        ask(stage, email)
        assert len(letters()) == 4


def test_asked_a_thousand_times_it_stays_calm(stage: Stage) -> None:
    email = give_password(stage, "staff")
    answers = [ask(stage, email if number % 2 else f"k{number}@yetkin.example") for number in range(200)]
    assert set(answers) == {303, 429} and answers.count(303) == 50
    assert ask(stage, email, environ_base={"REMOTE_ADDR": "10.0.0.9"}) == 303, "others may"
    assert len(letters()) == 1
    assert db.session.scalars(EVERYWHERE.select(ResetRequest)).all() == []


def test_what_anybody_may_ask_for_takes_no_link_away(stage: Stage) -> None:
    user = EVERYWHERE.get(User, stage.cast.users["staff"])
    given = services.make_link(user)
    ask(stage, user.email)
    path = sent(stage)
    assert stage.nobody.get(f"/welcome/{given}").status_code == 200
    assert stage.nobody.post(path, data=CHOSEN).status_code == 303
    assert stage.nobody.get(f"/welcome/{given}").status_code == 404, "a password was set: no other link sets one"
    assert secrets.password_fits(EVERYWHERE.get(User, user.id).password_hash, NEW)
