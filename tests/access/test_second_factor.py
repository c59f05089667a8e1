"""The code after the password: of an app, or a recovery code; and who may not sign in without."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.access.limits import Limits
from app.access.models import HalfOpenSignIn, KnownDevice, RecoveryCode, SecondFactor, SignIn, User
from app.access.scope import EVERYWHERE
from app.access.second_factor import secrets, services
from app.audit.models import AccessEntry, AuditEntry
from app.core.clock import now
from app.core.db import Base, db
from app.jobs import forget_old
from app.post.models import Message
from tests.access.test_views import PASSWORD, give_password
from tests.conftest import HX, Browser, Stage
from tests.laws.test_doors import matrix

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
RECOVERY = ["111122223333", "444455556666"]


def enrolled(stage: Stage, name: str) -> str:
    """Somebody with a password, an app and two recovery codes: their address."""
    email = give_password(stage, name)
    user = EVERYWHERE.get(User, stage.cast.users[name])
    services.set_up(user, services.Chosen(SECRET, 0, RECOVERY, services.hashed(RECOVERY)))
    db.session.commit()
    return email


def code(after: int = 0) -> str:
    return pyotp.TOTP(SECRET).at(now() + timedelta(seconds=30 * after))


def browser(stage: Stage) -> Browser:
    made = stage.app.test_client()
    assert isinstance(made, Browser)
    return made


def begin(stage: Stage, email: str, to: str = "/sign-in") -> Browser:
    """Past the password, in a browser of their own."""
    made = browser(stage)
    answer = made.post(to, data={"email": email, "password": PASSWORD})
    assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/sign-in/code")
    return made


def rows(model: type[Base]) -> int:
    db.session.rollback()
    return db.session.scalar(EVERYWHERE.restrict(sa.select(sa.func.count()).select_from(model), model)) or 0


def events() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id)))


@pytest.fixture
def required(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(stage.app.extensions, "limits", Limits(second_factor=True))


@pytest.mark.parametrize("headers", [{}, HX])
def test_the_password_alone_opens_nothing_the_code_does(stage: Stage, headers: dict[str, str]) -> None:
    visitor = begin(stage, enrolled(stage, "staff"), "/sign-in?next=/devices")
    assert rows(SignIn) == 0
    assert visitor.get("/devices").status_code == 302
    page = visitor.page("/sign-in/code")
    assert 'autocomplete="one-time-code"' in page.html and 'inputmode="numeric"' in page.html
    answer = visitor.post("/sign-in/code?next=/devices", data={"code": f" {code()[:3]} {code()[3:]}"}, headers=headers)
    assert answer.headers.get("HX-Redirect" if headers else "Location") == "/devices"
    assert visitor.get("/devices").status_code == 200
    assert rows(HalfOpenSignIn) == 0


def test_a_code_is_used_once(stage: Stage) -> None:
    email = enrolled(stage, "staff")
    used = code()
    assert begin(stage, email).post("/sign-in/code", data={"code": used}).status_code == 303
    again = begin(stage, email).post("/sign-in/code", data={"code": used})
    assert again.status_code == 422 and "daha önce kullanılmış" in again.text
    assert begin(stage, email).post("/sign-in/code", data={"code": code(-1)}).status_code == 422, "an earlier one"
    assert begin(stage, email).post("/sign-in/code", data={"code": code(1)}).status_code == 303, "clocks differ"


@pytest.mark.parametrize("typed", ["app", "recovery"])
def test_of_two_requests_with_one_code_one_wins(stage: Stage, typed: str) -> None:
    email = enrolled(stage, "staff")
    visitors = [begin(stage, email) for _ in range(4)]
    value, answers, together = code() if typed == "app" else RECOVERY[0], [], threading.Barrier(4)

    def send(visitor: Browser) -> None:
        together.wait()
        answers.append(visitor.post("/sign-in/code", data={"code": value}).location)

    threads = [threading.Thread(target=send, args=(visitor,)) for visitor in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # whoever comes when all is over begins anew
    assert len([target for target in answers if target and not target.startswith("/sign-in")]) == 1, answers
    assert rows(SignIn) == 1


def test_wrong_codes_close_the_door_for_a_while(stage: Stage) -> None:
    visitor = begin(stage, enrolled(stage, "staff"))
    wrong = "000000" if code() != "000000" else "000001"
    for _ in range(5):
        assert visitor.post("/sign-in/code", data={"code": wrong}).status_code == 422
    assert begin(stage, "personel@yetkin.example").post("/sign-in/code", data={"code": code()}).status_code == 429
    failed = db.session.scalars(sa.select(AccessEntry).where(AccessEntry.event == "access.code_failed")).all()
    assert [entry.facts for entry in failed] == [{"user_id": stage.cast.users["staff"]}] * 5


def test_a_recovery_code_works_once(stage: Stage) -> None:
    email = enrolled(stage, "staff")
    typed = secrets.grouped(RECOVERY[1])
    assert begin(stage, email).post("/sign-in/code", data={"code": typed}).status_code == 303
    assert begin(stage, email).post("/sign-in/code", data={"code": typed}).status_code == 422
    assert begin(stage, email).post("/sign-in/code", data={"code": RECOVERY[0]}).status_code == 303
    assert events().count("user.recovery_code_used") == 2
    told = db.session.scalars(sa.select(Message.subject)).all()
    assert told.count("Yetkin hesabınız: Kurtarma kodu kullanıldı") == 2


def test_nothing_can_be_read_in_the_database(stage: Stage) -> None:
    enrolled(stage, "staff")
    factor = db.session.scalars(EVERYWHERE.select(SecondFactor)).one()
    assert SECRET not in factor.sealed and secrets.unsealed(factor.sealed) == SECRET
    for row in db.session.scalars(EVERYWHERE.select(RecoveryCode)):
        assert row.code_hash.startswith("$argon2id$") and not any(each in row.code_hash for each in RECOVERY)


def test_a_half_open_sign_in_is_short_and_of_one_browser(stage: Stage) -> None:
    visitor = begin(stage, enrolled(stage, "staff"))
    assert browser(stage).post("/sign-in/code", data={"code": code()}).location == "/sign-in"
    with time_machine.travel(now() + timedelta(minutes=11)):
        assert visitor.post("/sign-in/code", data={"code": code()}).location == "/sign-in"
        forget_old()
    assert rows(HalfOpenSignIn) == 0


def test_what_was_typed_comes_back_after_the_code(stage: Stage) -> None:
    email, visitor = enrolled(stage, "staff"), stage.staff
    visitor.get("/devices")
    db.session.execute(EVERYWHERE.trusting(sa.update(SignIn).values(ended_at=now()), SignIn))
    visitor.post("/devices/end-all", data={"note": "yazdıklarım"})
    visitor.post("/sign-in", data={"email": email, "password": PASSWORD})
    assert visitor.post("/sign-in/code", data={"code": code()}).location == "/resume"
    assert "yazdıklarım" in visitor.page("/resume").text


# --- devices that are known -----------------------------------------------------------------------------


def known(stage: Stage, email: str) -> Browser:
    """A browser that is asked for no code, signed out again."""
    visitor = begin(stage, email)
    visitor.post("/sign-in/code", data={"code": code(rows(KnownDevice)), "remember": "y"})
    visitor.post("/sign-out")
    return visitor


def is_asked(visitor: Browser, email: str, password: str = PASSWORD) -> bool:
    answer = visitor.post("/sign-in", data={"email": email, "password": password})
    assert answer.status_code == 303
    return answer.location == "/sign-in/code"


def test_a_known_device_is_asked_again_after_thirty_days(stage: Stage) -> None:
    email = enrolled(stage, "staff")
    visitor = known(stage, email)
    cookie = visitor.get_cookie("yetkin-device")
    assert cookie is not None and cookie.http_only and cookie.same_site == "Lax"
    stored = db.session.scalars(EVERYWHERE.select(KnownDevice)).one()
    assert stored.token_hash != cookie.value
    told = list(db.session.scalars(sa.select(Message.subject)))
    assert told.count("Yetkin hesabınız: Bir cihazda daha 30 gün boyunca kod sorulmayacak") == 1, told
    assert not is_asked(visitor, email)
    visitor.post("/sign-out")
    with time_machine.travel(now() + timedelta(days=31)):
        assert is_asked(visitor, email)


def test_a_device_known_to_one_is_not_to_another(stage: Stage) -> None:
    visitor = known(stage, enrolled(stage, "staff"))
    assert is_asked(visitor, enrolled(stage, "viewer"))


@pytest.mark.parametrize("way", ["forgotten", "password", "reset", "another app"])
def test_a_device_is_known_no_more(stage: Stage, way: str) -> None:
    email = enrolled(stage, "staff")
    visitor = known(stage, email)
    user_id = stage.cast.users["staff"]
    if way == "forgotten":
        page = stage.staff.page("/account/second-factor")
        action = next(form["action"] for form in page.forms if "known-devices" in str(form["action"]))
        assert stage.viewer.post(action).status_code == 404 and not is_asked(visitor, email), "not another's"
        visitor.post("/sign-out")
        stage.staff.post(action)
    elif way == "password":
        data = {"old_password": PASSWORD, "new_password": PASSWORD + " iki", "repeat_password": PASSWORD + " iki"}
        assert stage.staff.post("/account/password", data=data).status_code == 303
    elif way == "reset":
        stage.admin.post(f"/users/{user_id}/second-factor/reset")
        enrolled(stage, "staff")
    else:
        enrolled(stage, "staff")
    assert is_asked(visitor, email, PASSWORD + " iki" if way == "password" else PASSWORD)
    assert rows(KnownDevice) == 0


# --- setting it up --------------------------------------------------------------------------------------


def secret_on(page_html: str) -> str:
    found = re.search(r'<span class="code">([A-Z2-7 ]+)</span>', page_html)
    assert found is not None
    return found[1].replace(" ", "")


def test_set_up_by_oneself(stage: Stage) -> None:
    email = give_password(stage, "staff")
    page = stage.staff.page("/account/second-factor/set-up")
    secret = secret_on(page.html)
    assert secret_on(stage.staff.page("/account/second-factor/set-up").html) == secret, "the same when loaded again"
    assert "<svg" in page.html and "otpauth://totp/Yetkin" in page.html
    first = pyotp.TOTP(secret).at(now())
    other = another_sign_in(stage, "staff")
    data = {"code": first, "password": PASSWORD}
    for wrong in ({**data, "password": "x"}, {**data, "code": "1"}):
        assert stage.staff.post("/account/second-factor/set-up", data=wrong).status_code == 422
    assert rows(SecondFactor) == 0
    answer = stage.staff.post("/account/second-factor/set-up", data=data)
    assert answer.location.startswith("/account/recovery-codes?next=")
    assert other.get("/devices").status_code == 302
    codes = re.findall(r'<li class="code">([\d ]+)</li>', stage.staff.get("/account/recovery-codes").text)
    assert len(set(codes)) == 10 and rows(RecoveryCode) == 10
    file = stage.staff.get("/account/recovery-codes.txt")
    assert all(each in file.text for each in codes)
    assert stage.staff.post("/account/recovery-codes/kept?next=/account").location == "/account"
    assert codes[0] not in stage.staff.page("/account/recovery-codes").text
    assert stage.staff.get("/account/recovery-codes.txt").status_code == 404
    assert begin(stage, email).post("/sign-in/code", data={"code": first}).status_code == 422, "the first one is used"
    assert begin(stage, email).post("/sign-in/code", data={"code": codes[3]}).status_code == 303


def another_sign_in(stage: Stage, name: str) -> Browser:
    return browser(stage).as_user(stage.cast.users[name])


def test_new_recovery_codes_end_the_earlier_ones(stage: Stage) -> None:
    email = enrolled(stage, "staff")
    assert stage.staff.post("/account/recovery-codes", data={"password": "x"}).status_code == 422
    assert stage.staff.post("/account/recovery-codes", data={"password": PASSWORD}).status_code == 303
    assert rows(RecoveryCode) == 10
    assert begin(stage, email).post("/sign-in/code", data={"code": RECOVERY[0]}).status_code == 422


def test_removed_by_oneself(stage: Stage) -> None:
    email = enrolled(stage, "staff")
    assert stage.staff.post("/account/second-factor/remove", data={"password": "x"}).status_code == 422
    assert stage.staff.post("/account/second-factor/remove", data={"password": PASSWORD}).status_code == 303
    assert (rows(SecondFactor), rows(RecoveryCode)) == (0, 0)
    assert browser(stage).post("/sign-in", data={"email": email, "password": PASSWORD}).location == "/"
    assert events()[-1] == "user.second_factor_removed"


# --- where it is required -------------------------------------------------------------------------------


def addresses(app: Flask) -> Iterator[tuple[str, str]]:
    for line in matrix(app).splitlines()[1:]:
        _, method, address, nobody, *_ = line.split(",")
        if not nobody:
            yield method, re.sub(r"<(int:)?\w+>", "1", address)


@pytest.mark.parametrize("name", ["admin", "coordinator"])
def test_nothing_opens_before_it_is_set_up(stage: Stage, required: None, name: str) -> None:
    visitor = getattr(stage, name)  # signed in from before it was required
    found = list(addresses(stage.app))
    assert len(found) > 100
    for method, address in found:
        answer = visitor.open(address, method=method)
        assert answer.status_code in (302, 303) and answer.location.startswith("/sign-in"), address
    email = give_password(stage, name)
    answer = visitor.post("/sign-in?next=/devices", data={"email": email, "password": PASSWORD})
    assert answer.location == "/sign-in/second-factor?next=/devices"
    for method, address in found:
        assert visitor.open(address, method=method).location.startswith("/sign-in"), address
    assert visitor.get("/sign-in/code").location == "/sign-in", "there is no code to ask for yet"
    secret = secret_on(visitor.page("/sign-in/second-factor?next=/devices").html)
    assert visitor.post("/sign-in/second-factor", data={"code": "12"}).status_code == 422
    answer = visitor.post("/sign-in/second-factor?next=/devices", data={"code": pyotp.TOTP(secret).at(now())})
    assert answer.location == "/account/recovery-codes?next=/devices"
    assert len(re.findall(r'<li class="code">', visitor.get(answer.location).text)) == 10
    assert visitor.post("/account/recovery-codes/kept?next=/devices").location == "/devices"
    assert visitor.get("/devices").status_code == 200
    assert visitor.get("/account/second-factor/remove").status_code == 303, "it stays, where it is required"
    assert rows(SecondFactor) == 1


def test_others_are_not_asked(stage: Stage, required: None) -> None:
    for name in ("focal_point", "trainer", "staff", "viewer"):
        assert getattr(stage, name).get("/devices").status_code == 200
    email = give_password(stage, "trainer")
    assert browser(stage).post("/sign-in", data={"email": email, "password": PASSWORD}).location == "/"


def test_who_knows_the_password_alone_sets_up_no_other_app(stage: Stage, required: None) -> None:
    visitor = begin(stage, enrolled(stage, "coordinator"))
    assert visitor.get("/sign-in/second-factor").location == "/sign-in"
    assert visitor.post("/sign-in/second-factor", data={"code": code()}).location == "/sign-in"
    factor = db.session.scalars(EVERYWHERE.select(SecondFactor)).one()
    assert secrets.unsealed(factor.sealed) == SECRET


# --- somebody lost it -----------------------------------------------------------------------------------


def test_an_administrator_resets_another_s(stage: Stage, required: None) -> None:
    enrolled(stage, "admin")
    user_id = stage.cast.users["coordinator"]
    email = enrolled(stage, "coordinator")
    coordinator = another_sign_in(stage, "coordinator")
    assert coordinator.get("/devices").status_code == 200
    assert "İki adımlı doğrulamayı sıfırla" in stage.admin.page(f"/users/{user_id}").text
    assert stage.admin.post(f"/users/{user_id}/second-factor/reset").status_code == 303
    assert coordinator.get("/devices").status_code == 302
    answer = browser(stage).post("/sign-in", data={"email": email, "password": PASSWORD})
    assert answer.location == "/sign-in/second-factor"
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.event, entry.actor_id) == ("user.second_factor_removed", stage.cast.users["admin"])
    assert entry.facts == {"user_id": user_id, "reset": True}
    letter = db.session.scalars(sa.select(Message).order_by(Message.id.desc())).first()
    assert letter is not None and letter.to_address == email


def test_nobody_else_does_and_no_one_their_own(stage: Stage) -> None:
    enrolled(stage, "admin")
    enrolled(stage, "staff")
    own, theirs = stage.cast.users["admin"], stage.cast.users["staff"]
    assert stage.admin.post(f"/users/{own}/second-factor/reset").status_code == 422
    assert stage.coordinator.post(f"/users/{theirs}/second-factor/reset").status_code == 422
    assert stage.coordinator_elsewhere.post(f"/users/{theirs}/second-factor/reset").status_code == 404
    assert stage.focal_point.post(f"/users/{theirs}/second-factor/reset").status_code == 403
    assert rows(SecondFactor) == 2


def test_from_the_command_line(stage: Stage) -> None:
    enrolled(stage, "admin")
    db.session.commit()
    run = stage.app.test_cli_runner()
    assert "no such account" in run.invoke(args=["users", "reset-second-factor", "kimse@yetkin.example"]).output
    assert run.invoke(args=["users", "reset-second-factor", " Admin@yetkin.example"]).exit_code == 0
    assert rows(SecondFactor) == 0


def test_a_new_key_seals_anew_and_the_old_one_may_go(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    email = enrolled(stage, "staff")
    old, new = stage.app.config["SECRET_KEY"], "another key for the test of rotation"
    monkeypatch.setitem(stage.app.extensions, "seals", secrets.seals(new, old))
    assert begin(stage, email).post("/sign-in/code", data={"code": code()}).status_code == 303
    monkeypatch.setitem(stage.app.extensions, "seals", secrets.seals(new))
    assert begin(stage, email).post("/sign-in/code", data={"code": code(1)}).status_code == 303
    monkeypatch.setitem(stage.app.extensions, "seals", secrets.seals("a third one, and both others lost"))
    assert begin(stage, email).post("/sign-in/code", data={"code": code(1)}).status_code == 422
    assert begin(stage, email).post("/sign-in/code", data={"code": RECOVERY[0]}).status_code == 303
