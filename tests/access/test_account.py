"""One's own account: the password, the language, which mails one wants."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.access.models import OneTimeLink, Throttle, User
from app.access.scope import EVERYWHERE
from app.access.sign_in import secrets, services
from app.audit.models import AccessEntry, AuditEntry
from app.core.db import db
from app.post.models import Message
from tests.access.test_devices import CHROME, another
from tests.access.test_views import PASSWORD, give_password
from tests.conftest import HX, Stage

NEW = "yedi kayısı üç bulut"


def change(old: str = PASSWORD, new: str = NEW, **more: str) -> dict[str, str]:
    return {"old_password": old, "new_password": new, "repeat_password": new, **more}


def letters() -> list[Message]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Message).order_by(Message.id)))


@pytest.mark.parametrize(
    "name", ["admin", "coordinator", "focal_point", "trainer", "staff", "viewer", "nobody_special"]
)
def test_everybody_finds_their_account_in_the_menu(stage: Stage, name: str) -> None:
    browser = getattr(stage, name)
    assert "/account" in browser.page("/devices").links
    page = browser.page("/account")
    assert {"/account/password", "/devices"} <= set(page.links)
    assert EVERYWHERE.get(User, stage.cast.users[name]).name in page.text


def test_nobody_has_none(stage: Stage) -> None:
    assert stage.nobody.get("/account").location == "/sign-in?next=%2Faccount"
    assert stage.nobody.post("/account/password", data=change()).location == "/sign-in"


@pytest.mark.parametrize("headers", [{}, HX])
def test_a_new_password_ends_every_other_sign_in_and_every_link(stage: Stage, headers: dict[str, str]) -> None:
    email = give_password(stage, "staff")
    user = EVERYWHERE.get(User, stage.cast.users["staff"])
    link = services.make_link(user)
    phone = another(stage, "staff", CHROME)
    answer = stage.staff.post("/account/password", data=change(), headers=headers)
    assert answer.headers.get("HX-Redirect" if headers else "Location") == "/account"
    assert "Parolanız değiştirildi." in stage.staff.page("/account").text
    assert phone.get("/devices").status_code == 302
    assert stage.nobody.get(f"/welcome/{link}").status_code == 404, "a link sent before sets no other password"
    for password, status in ((PASSWORD, 422), (NEW, 303)):
        assert stage.nobody.post("/sign-in", data={"email": email, "password": password}).status_code == status


def test_the_owner_is_told_in_their_own_language(stage: Stage) -> None:
    give_password(stage, "viewer")
    EVERYWHERE.get(User, stage.cast.users["viewer"]).language = "en"
    stage.viewer.post("/account/password", data=change())
    (letter,) = letters()
    assert (letter.to_address, letter.language) == ("izleyici@yetkin.example", "en")
    assert letter.subject == "Your Yetkin account: A new password was set"
    assert NEW not in letter.body
    entry = db.session.scalars(sa.select(AuditEntry)).one()
    assert (entry.event, entry.actor_id) == ("user.password_set", stage.cast.users["viewer"])


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (change(old="mavi fil kırık saa"), "Bu, şimdiki parolanız değil."),
        (change(new="kısa"), "Parola en az 12, en çok 128 karakter olmalıdır."),
        (change(new="Elif Ağaoğlu 1"), "Bu parola çok kolay tahmin edilir."),
        (change(repeat_password="başka bir şey"), "İki parola birbirinden farklı."),
        ({}, "Bu alanı doldurunuz."),
    ],
)
def test_what_is_refused_changes_nothing(stage: Stage, typed: dict[str, str], sentence: str) -> None:
    give_password(stage, "staff")
    phone = another(stage, "staff", CHROME)
    answer = stage.staff.post("/account/password", data=typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert NEW not in answer.text, "no password is sent back"
    assert phone.get("/devices").status_code == 200
    assert letters() == []
    user = EVERYWHERE.get(User, stage.cast.users["staff"])
    assert secrets.password_fits(user.password_hash, PASSWORD)


def test_whoever_found_a_browser_open_cannot_guess_on(stage: Stage) -> None:
    give_password(stage, "staff")
    for _ in range(5):
        assert stage.staff.post("/account/password", data=change(old="x" * 12)).status_code == 422
    assert stage.staff.post("/account/password", data=change()).status_code == 429
    assert db.session.scalar(sa.select(Throttle.failures)) == 5
    failed = sa.select(AccessEntry.id).where(AccessEntry.event == "access.sign_in_failed")
    assert len(db.session.scalars(failed).all()) == 5
    used = EVERYWHERE.restrict(sa.select(OneTimeLink.id), OneTimeLink)  # nothing was made of it
    assert db.session.scalars(used).all() == []


def test_language_and_reminders(stage: Stage) -> None:
    page = stage.staff.page("/account")
    assert "Yaklaşan eğitimleri bana e-posta ile hatırlat" in page.text
    assert stage.staff.post("/account", data={"language": "en"}).status_code == 303
    page = stage.staff.page("/account")
    assert page.language == "en" and "Changes saved." in page.text
    user = EVERYWHERE.get(User, stage.cast.users["staff"])
    assert (user.language, user.wants_reminders) == ("en", False)
    entry = db.session.scalars(sa.select(AuditEntry)).one()
    assert entry.facts == {"user_id": user.id, "fields": ["language", "wants_reminders"]}
    assert stage.staff.post("/account", data={"language": "de"}).status_code == 422


def test_a_form_sets_only_what_it_shows(stage: Stage) -> None:
    columns = dict.fromkeys(User.__mapper__.columns.keys(), "1")
    stage.staff.post("/account", data={**columns, "language": "tr", "email": "x@x.example", "active": ""})
    db.session.rollback()
    user = EVERYWHERE.get(User, stage.cast.users["staff"])
    assert (user.email, user.active, user.given_name) == ("personel@yetkin.example", True, "Elif")
