"""What a browser keeps for whoever was signed in there, and for nobody else."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.access.models import KeptForm, OneTimeLink, SignIn, Throttle, User
from app.access.scope import EVERYWHERE
from app.access.sign_in import secrets, services
from app.core.clock import now
from app.core.db import Base, db
from app.jobs import forget_old, worker
from app.web.edge.models import SubmittedForm
from tests.access.test_views import PASSWORD, give_password
from tests.conftest import Browser, Stage

TYPED = {"note": "yazdıklarım", "password": "gizli"}


def rows() -> dict[str, int]:
    """How many rows each table has."""
    db.session.rollback()
    tables = Base.metadata.sorted_tables
    counts = {table.name: sa.select(sa.func.count()).select_from(table) for table in tables}
    covered = {"scoped": frozenset(tables)}  # all of them, also those that no model of a room maps
    return {name: db.session.scalar(count, execution_options=covered) or 0 for name, count in counts.items()}


def kept() -> list[KeptForm]:
    db.session.rollback()
    return list(db.session.scalars(EVERYWHERE.select(KeptForm)))


def expire(stage: Stage, name: str) -> None:
    """The sign-ins of somebody are over their absolute life."""
    mine = sa.update(SignIn).where(SignIn.user_id == stage.cast.users[name])
    db.session.execute(EVERYWHERE.trusting(mine.values(created_at=now() - timedelta(hours=13)), SignIn))
    db.session.commit()


def enter(browser: Browser, email: str, address: str = "/sign-in") -> str:
    answer = browser.post(address, data={"email": email, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    return answer.location


def test_before_anybody_signed_in_nothing_is_stored(stage: Stage) -> None:
    """A thousand forms sent to all kinds of addresses, also with the token of a sign-in nobody has."""
    addresses = [f"/{room}/{key}/change" for room in ("people", "sessions", "venues", "units") for key in range(5)]
    addresses += ["/devices/end-all", "/people/new", "/exports", "/nowhere"]
    before = rows()
    for number in range(1_000):
        if number == 500:
            with stage.nobody.session_transaction() as cookie:
                cookie["_user_id"], cookie["browser"], cookie["kept"] = secrets.token(), "x" * 22, secrets.token()
        if number == 750:
            stage.nobody.set_cookie("yetkin", "garbage")
        answer = stage.nobody.post(addresses[number % len(addresses)], data={"note": "x" * 6_000, "request_key": "k"})
        assert answer.status_code in (303, 404, 405), answer.status
    assert rows() == before


def test_of_an_ended_sign_in_the_newest_form_is_kept(stage: Stage) -> None:
    stage.staff.page("/devices")
    expire(stage, "staff")
    before = rows()
    for number in range(20):
        stage.staff.post("/devices/end-all", data={"note": f"{number}" * 100})
    after = rows()
    assert after.pop("kept_forms") == before.pop("kept_forms") + 1
    assert after == before
    assert json.loads(kept()[0].fields) == [["note", "19" * 100]]
    stage.staff.post("/devices/end-all", data={"note": "x" * services.KEPT_BYTES})
    assert kept() == [], "what is too much is not kept, nor what it took the place of"


def test_an_identity_number_is_not_kept(stage: Stage) -> None:
    stage.staff.page("/devices")
    expire(stage, "staff")
    typed = {"registry_no": "10000000146", "note": "TC no 100 000 001 46, telefon 05551234567, sicil 10000000147"}
    stage.staff.post("/devices/end-all", data=typed)
    assert json.loads(kept()[0].fields) == [
        ["registry_no", ""],
        ["note", "TC no , telefon 05551234567, sicil 10000000147"],
    ]


def test_what_was_typed_survives_an_expired_sign_in(stage: Stage) -> None:
    email, browser = give_password(stage, "coordinator"), stage.coordinator
    expire(stage, "coordinator")
    assert browser.post("/devices/end-all", data=TYPED).location == "/sign-in"
    assert "yazdıklarım" in kept()[0].fields and "gizli" not in kept()[0].fields
    assert "Yazdıklarınız saklandı" in browser.page("/sign-in").text
    assert enter(browser, email) == "/resume"
    assert "yazdıklarım" in browser.page("/resume").text
    assert browser.get("/resume").location == "/", "it is shown once"
    assert kept() == []


def test_what_was_typed_stands_under_the_words_of_its_form(stage: Stage) -> None:
    email, browser = give_password(stage, "coordinator"), stage.coordinator
    expire(stage, "coordinator")
    browser.post("/people/new", data={"family_name": "Çınar", "unit_id": "767", "reason": "Yanlış yazılmış"})
    enter(browser, email)
    page = browser.page("/resume")
    assert "Soyadı Çınar Gerekçe Yanlış yazılmış" in page.text
    assert "767" not in page.text and 'name="unit_id" value="767"' in page.html, "sent, and no word to anybody"


@pytest.mark.parametrize("way", ["idle", "elsewhere", "password", "role"])
def test_however_it_ended_the_same_person_gets_it_back(stage: Stage, way: str) -> None:
    email, browser, user_id = give_password(stage, "coordinator"), stage.coordinator, stage.cast.users["coordinator"]
    if way == "idle":
        idle = sa.update(SignIn).where(SignIn.user_id == user_id).values(seen_at=now() - timedelta(hours=1))
        db.session.execute(EVERYWHERE.trusting(idle, SignIn))
    elif way == "elsewhere":
        other = stage.app.test_client()
        assert isinstance(other, Browser)
        enter(other, email)
        other.post("/devices/end-all")
    elif way == "password":
        link = services.make_link(EVERYWHERE.get(User, user_id))
        new = {"new_password": "eski köprü sarı lamba", "repeat_password": "eski köprü sarı lamba"}
        assert stage.nobody.post(f"/welcome/{link}", data=new).status_code == 303
    else:
        role = {"role": "trainer", "place": f"province:{stage.cast.gaziantep}"}
        added = stage.admin.post(f"/users/{user_id}/grants/add", data=role)
        assert added.status_code == 303, added.text
    db.session.commit()
    assert browser.post("/devices/end-all", data=TYPED).location == "/sign-in"
    give_password(stage, "coordinator")
    assert enter(browser, email) == "/resume"
    assert "yazdıklarım" in browser.page("/resume").text


def test_somebody_else_in_the_same_browser_gets_nothing(stage: Stage) -> None:
    email, browser = give_password(stage, "trainer"), stage.coordinator
    first = give_password(stage, "coordinator")
    expire(stage, "coordinator")
    browser.post("/devices/end-all", data=TYPED)
    assert enter(browser, email) == "/"
    assert kept() == [], "it is dropped"
    assert browser.get("/resume").location == "/"
    browser.post("/sign-out")
    assert enter(browser, first) == "/", "nor does the first one find it any more"


def test_another_browser_of_the_same_person_gets_nothing(stage: Stage) -> None:
    email = give_password(stage, "coordinator")
    stage.coordinator.page("/devices")
    expire(stage, "coordinator")
    stage.coordinator.post("/devices/end-all", data=TYPED)
    assert enter(stage.nobody, email) == "/"
    assert stage.nobody.get("/resume").location == "/"


def test_whoever_is_deactivated_leaves_nothing_to_others(stage: Stage) -> None:
    email, browser = give_password(stage, "trainer"), stage.staff
    EVERYWHERE.get(User, stage.cast.users["staff"]).active = False
    db.session.commit()
    browser.post("/devices/end-all", data=TYPED)
    assert enter(browser, email) == "/"
    assert kept() == []


def test_after_signing_out_oneself_nothing_is_kept(stage: Stage) -> None:
    email, browser = give_password(stage, "coordinator"), stage.coordinator
    with browser.session_transaction() as cookie:
        token = cookie["_user_id"]
    browser.post("/sign-out")
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = token  # the old cookie, kept by somebody
    browser.post("/devices/end-all", data=TYPED)
    assert kept() == []
    assert enter(browser, email) == "/"


def test_the_next_person_reads_their_own_language(stage: Stage) -> None:
    first, second = give_password(stage, "coordinator"), give_password(stage, "trainer")
    for leave in ("sign out", "expire"):
        browser = stage.app.test_client()
        assert isinstance(browser, Browser)
        enter(browser, first)
        assert "Sign out" in browser.page("/devices?lang=en").text
        if leave == "expire":
            expire(stage, "coordinator")
        else:
            browser.post("/sign-out")
        assert "Sign in" in browser.page("/sign-in").text
        enter(browser, second)
        assert "Çıkış" in browser.page("/devices").text, leave
    browser.post("/sign-out")
    enter(browser, second, "/sign-in?lang=en")
    assert "Sign out" in browser.page("/devices").text, "what was chosen before signing in holds"


def test_a_message_is_not_told_to_the_next_person(stage: Stage) -> None:
    stage.coordinator.post("/devices/end-all")
    expire(stage, "coordinator")
    page = stage.coordinator.page("/sessions")
    assert "Giriş yap" in page.text and "kapatıldı" not in page.text


def test_a_sign_in_is_seen(stage: Stage) -> None:
    email = give_password(stage, "staff")
    assert EVERYWHERE.get(User, stage.cast.users["staff"]).last_seen_at is None
    enter(stage.nobody, email)
    db.session.expire_all()
    seen = EVERYWHERE.get(User, stage.cast.users["staff"]).last_seen_at
    assert seen is not None and now() - seen < timedelta(minutes=1)


def test_the_worker_drops_what_nobody_can_use_any_more(stage: Stage) -> None:
    user_id, long_ago = stage.cast.users["staff"], now() - timedelta(days=8)
    for old in (True, False):
        at = long_ago if old else now()
        db.session.add_all(
            [
                SignIn(token_hash=f"sign-in {old}", user_id=user_id, device="", created_at=at, ended_at=now()),
                KeptForm(key_hash=f"form {old}", path="/", fields="[]", expires_at=at + timedelta(hours=1)),
                OneTimeLink(token_hash=f"link {old}", user_id=user_id, expires_at=at + timedelta(days=7)),
                SubmittedForm(request_key=f"key {old}", owner="x", path="/", location="/", at=at),
                Throttle(key=f"door {old}", since=at),
            ]
        )
    db.session.add(OneTimeLink(token_hash="spent", user_id=user_id, expires_at=now() + LATER, used_at=now()))
    db.session.commit()
    before = rows()
    assert forget_old in [each.task for each in worker.SWEEPS.here]
    forget_old()
    after = rows()
    gone = {name: before[name] - after[name] for name in before if before[name] != after[name]}
    assert gone == {"sign_ins": 1, "kept_forms": 1, "one_time_links": 2, "submitted_forms": 1, "throttles": 1}
    forget_old()
    assert rows() == after


LATER = timedelta(days=1)
