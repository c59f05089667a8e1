"""The outbox as those see it who answer for whom it is about."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from app.access.models import User
from app.access.scope import EVERYWHERE
from app.audit.models import AuditEntry
from app.core.clock import now
from app.core.db import db
from app.people.models import Employee
from app.post import links, queries
from app.post.models import Fault, Message, MessageStatus
from app.post.services import Place, declare_invalid, enqueue, forget_letters
from tests.cast import group
from tests.conftest import Stage
from tests.counting import as_if_full, plans, statements

HERE, NIZIP, ELSEWHERE = Place(1), Place(2, 1), Place(2, 3)
BODY = "Sayın Işık Çınar,\n\nŞu eğitime davetlisiniz.\n\nKaydınız: https://x.example/e/7\n"


def put(name: str, place: Place = HERE, *, body: str = BODY, to: str = "isik@ornek.example", **more: Any) -> int:
    """A message `invite:x:<name>` to isik@ornek.example; its id."""
    occasion = f"invite:x:{name}"
    enqueue(occasion, to, "tr", f"Davet {name}", body, place=place, **more)
    db.session.commit()
    return db.session.scalars(sa.select(Message.id).where(Message.occasion == occasion)).one()


def failed(name: str, place: Place = HERE) -> int:
    key = put(name, place)
    db.session.execute(
        sa.update(Message)
        .where(Message.id == key)
        .values(status=MessageStatus.FAILED, fault=Fault.REFUSED, answer="554 no", attempts=1)
    )
    db.session.commit()
    return key


def fresh(key: int) -> Message:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Message, key)


def events() -> list[str]:
    db.session.rollback()
    return list(
        db.session.scalars(
            sa.select(AuditEntry.event).where(AuditEntry.event.like("message.%")).order_by(AuditEntry.id)
        )
    )


def test_each_sees_what_is_theirs(stage: Stage) -> None:
    names = {"here": HERE, "nizip": NIZIP, "elsewhere": ELSEWHERE, "nobodys": Place()}
    keys = {name: put(name, place) for name, place in names.items()}
    sees = {
        "admin": set(names),
        "coordinator": {"here", "nizip"},
        "focal_point": {"nizip"},
        "coordinator_elsewhere": {"nizip", "elsewhere"},
    }
    for who, theirs in sees.items():
        browser = getattr(stage, who)
        text = browser.get("/mail").text
        assert {name for name in names if f"Davet {name}" in text} == theirs, who
        assert {name for name, key in keys.items() if browser.get(f"/mail/{key}").status_code == 200} == theirs
    for who in ("trainer", "staff", "viewer"):
        assert getattr(stage, who).get("/mail").status_code == 403


def test_a_name_finds_whoever_has_the_address(stage: Stage) -> None:
    EVERYWHERE.get(Employee, stage.cast.employees["isik"]).email = "Isik@ornek.example"
    db.session.commit()
    put("a")
    for typed, found in (("cinar", True), ("isik@ornek", True), ("ağaoğlu", False)):
        text = stage.coordinator.get(f"/mail?q={typed}").text
        assert ("Davet a" in text) is found, typed
    assert "Işık Çınar" in stage.coordinator.get("/mail").text


@pytest.mark.parametrize("address", ["cinar", "i.cinar", "icinar", "is_cinar", "somebody", "cin.arif"])
def test_a_name_is_found_whether_or_not_the_address_says_it(stage: Stage, address: str) -> None:
    EVERYWHERE.get(Employee, stage.cast.employees["isik"]).email = f"{address}@ornek.example"
    db.session.commit()
    put("a", to=f"{address}@ornek.example")
    for typed in ("cinar", "cina", "ci", "c", "ışık", "cinar isik"):
        assert "Davet a" in stage.coordinator.get(f"/mail?q={typed}").text, typed


def test_the_list_is_filtered_and_taken_out(stage: Stage) -> None:
    put("a", NIZIP)
    failed("b")
    assert "Davet a" not in stage.admin.get("/mail?status=failed").text
    assert "Davet b" in stage.admin.get("/mail?status=untold").text
    assert "Davet a" not in stage.admin.get("/mail?kind=change").text
    assert "Davet b" not in stage.admin.get("/mail?organisation=1").text
    rows = list(
        csv.reader(io.StringIO(stage.admin.get("/mail?format=csv&status=failed").text.lstrip("\ufeff")), delimiter=";")
    )
    assert len(rows) == 2 and "554 no" in rows[1]


def test_what_goes_by_one_word_is_one_filter(stage: Stage) -> None:
    """Every change of an account is a kind of its own, and all are called alike."""
    for kind in ("user.password_set", "user.second_factor_set"):
        enqueue(f"{kind}:1", "isik@ornek.example", "tr", f"Mektup {kind}", BODY, place=HERE)
    db.session.commit()
    page = stage.admin.get("/mail").text
    offered = re.search(r'name="kind".*?</select>', page, re.S)
    assert offered is not None and offered[0].count("Hesap değişikliği") == 1
    text = stage.admin.get("/mail?kind=user.password_set").text
    assert "Mektup user.password_set" in text and "Mektup user.second_factor_set" in text


def test_the_list_asks_as_much_for_many_as_for_one(stage: Stage) -> None:
    put("a")
    stage.coordinator.get("/mail")
    with statements() as one:
        stage.coordinator.get("/mail")
    for n in range(20):
        put(f"b{n}")
    with statements() as many:
        stage.coordinator.get("/mail")
    assert len(many) == len(one)


def test_whom_letters_went_to_is_not_looked_for_among_all(stage: Stage) -> None:
    put("a")
    as_if_full()
    for path in ("/mail", "/mail?q=isik", "/mail?q=is", "/mail?sort=to"):
        with plans() as found:
            assert "Davet a" in stage.coordinator.get(path).text
        steps = {step for asked in found.values() for step in asked}
        assert "SCAN employees" not in steps, (path, found)
        assert "q=" not in path or "SCAN messages" not in steps, (path, found)
    assert "SCAN messages USING INDEX ix_messages_address" in steps, found


def test_a_letter_whose_words_are_gone_names_nobody(stage: Stage) -> None:
    EVERYWHERE.get(Employee, stage.cast.employees["isik"]).email = ""
    put("old")
    forget_letters(now() + timedelta(days=1))
    db.session.execute(sa.update(Message).values(body="", to_address="", search_text=""))
    db.session.commit()
    assert "Işık" not in stage.admin.get("/mail").text


def test_a_message_is_shown_as_it_was_sent_but_for_its_secrets(stage: Stage) -> None:
    shown = stage.coordinator.get(f"/mail/{put('a')}").text
    assert "Şu eğitime davetlisiniz." in shown and 'href="https://x.example/e/7"' in shown
    link = put("b", body=f"Buradan: {links.LINK}\n", link=("reset", 1))
    assert "[bağlantı]" in stage.coordinator.get(f"/mail/{link}").text
    private = put("c", body=f"Gizli söz {links.LINK}\n", link=("reset", 1), private=True)
    assert "Gizli söz" not in stage.coordinator.get(f"/mail/{private}").text


def test_from_a_mail_one_gets_to_the_card_its_address_stands_on(stage: Stage) -> None:
    """Nobody is led to a card they may not open."""
    for name, sees in (("isik", True), ("zeynep", False)):
        person = EVERYWHERE.get(Employee, stage.cast.employees[name])
        enqueue(f"invite:x:{name}", person.email, "tr", "Davet", BODY, place=HERE)
        db.session.commit()
        key = db.session.scalars(sa.select(sa.func.max(Message.id))).one()
        page = stage.coordinator.get(f"/mail/{key}").text
        assert (f'href="/people/{stage.cast.employees[name]}"' in page) is sees, name


def test_what_waits_is_stopped(stage: Stage) -> None:
    key = put("a")
    assert stage.coordinator_elsewhere.post(f"/mail/{key}/cancel").status_code == 404
    assert stage.focal_point.post(f"/mail/{key}/cancel").status_code == 403
    assert stage.coordinator.post(f"/mail/{key}/cancel").status_code == 303
    assert fresh(key).status is MessageStatus.CANCELLED
    assert stage.coordinator.post(f"/mail/{key}/cancel").status_code == 422
    assert events() == ["message.cancelled"]


def test_once_more_is_an_occasion_of_its_own(stage: Stage) -> None:
    key = failed("a")
    assert stage.coordinator.post(f"/mail/{key}/resend").status_code == 303
    assert stage.coordinator.post(f"/mail/{key}/resend").status_code == 303
    found = db.session.scalars(sa.select(Message.occasion).order_by(Message.id)).all()
    assert found == ["invite:x:a", "invite:x:a:again-1", "invite:x:a:again-2"]
    assert fresh(key).settled_at is not None and fresh(key + 1).status is MessageStatus.QUEUED
    assert stage.coordinator.post(f"/mail/{key + 1}/resend").status_code == 422, "it waits anyway"


def test_what_did_not_arrive_is_told_and_ticked_off(stage: Stage) -> None:
    assert "/mail/untold" not in stage.coordinator.get("/").text
    key, other = failed("a"), failed("b", ELSEWHERE)
    EVERYWHERE.get(Employee, stage.cast.employees["isik"]).phone = "0342 000 00 00"
    EVERYWHERE.get(Employee, stage.cast.employees["isik"]).email = "isik@ornek.example"
    db.session.commit()
    assert "/mail/untold" in stage.coordinator.get("/").text
    text = stage.coordinator.get("/mail/untold").text
    assert "Davet a" in text and "Davet b" not in text and "0342 000 00 00" in text
    assert stage.coordinator.post(f"/mail/{other}/told").status_code == 404
    assert stage.coordinator.post(f"/mail/{key}/told").status_code == 303
    assert "Davet a" not in stage.coordinator.get("/mail/untold").text
    assert events() == ["message.told_otherwise"]


def test_an_address_is_declared_invalid_and_valid_again(stage: Stage) -> None:
    key = put("a")
    person = EVERYWHERE.get(Employee, stage.cast.employees["isik"])
    person.email = "isik@ornek.example"
    db.session.commit()
    assert stage.coordinator.post(f"/mail/{key}/address/invalid").status_code == 303
    assert fresh(key).fault is Fault.INVALID
    card = f"/people/{stage.cast.employees['isik']}"
    assert "E-posta adresi geçersiz" in stage.coordinator.get(card).text
    assert "E-posta adresi geçersiz" in stage.coordinator.get(f"/mail/{key}").text
    EVERYWHERE.get(Employee, stage.cast.employees["isik"]).email = "isik.cinar@ornek.example"
    db.session.commit()
    assert "E-posta adresi geçersiz" not in stage.coordinator.get(card).text, "another address is another matter"
    assert stage.coordinator.post(f"/mail/{key}/address/valid").status_code == 303
    assert queries.invalid_address("isik@ornek.example") is None
    assert events() == ["message.address_declared"] * 2


def test_the_card_of_somebody_with_an_account_tells_of_that_address(stage: Stage) -> None:
    enqueue("invite:x:a", "personel@yetkin.example", "tr", "s", BODY, place=NIZIP)
    db.session.commit()
    key = db.session.scalars(sa.select(Message.id)).one()
    db.session.rollback()
    address = EVERYWHERE.get(User, stage.cast.users["staff"]).email
    declare_invalid(address)
    db.session.commit()
    assert "E-posta adresi geçersiz" in stage.focal_point.get(f"/people/{stage.cast.employees['elif']}").text
    assert stage.focal_point.get(f"/mail/{key}").status_code == 200


def test_once_more_goes_where_the_person_is_written_to_now(stage: Stage) -> None:
    stands = group(stage.cast)
    occasion = f"invite:enrolment:{stands.enrolments['isik']}:v1"
    enqueue(occasion, "eski@ornek.example", "tr", "s", BODY, place=HERE)
    db.session.execute(sa.update(Message).values(status=MessageStatus.FAILED))
    EVERYWHERE.get(Employee, stage.cast.employees["isik"]).email = "yeni@ornek.example"
    db.session.commit()
    key = db.session.scalars(sa.select(Message.id)).one()
    assert stage.coordinator.post(f"/mail/{key}/resend").status_code == 303
    db.session.rollback()
    assert list(db.session.scalars(sa.select(Message.to_address).order_by(Message.id))) == [
        "eski@ornek.example",
        "yeni@ornek.example",
    ]


def test_words_are_kept_for_as_long_as_the_settings_say(stage: Stage) -> None:
    old, waits = failed("old"), put("waits")
    with time_machine.travel(now() + timedelta(days=366)):
        new = failed("new")
        forget_letters(now() - timedelta(days=365))
        db.session.commit()
        assert fresh(old).body == "" and fresh(old).to_address == ""
        assert fresh(waits).body and fresh(new).body
        assert "Metin artık saklanmıyor" in stage.admin.get(f"/mail/{old}").text
        assert stage.admin.post(f"/mail/{old}/resend").status_code == 422


@pytest.mark.parametrize("language", ["tr", "en"])
def test_the_pages_speak_both_languages(stage: Stage, language: str) -> None:
    key = failed("a")
    for address in ("/mail", f"/mail/{key}", "/mail/untold"):
        assert stage.admin.get(f"{address}?lang={language}").status_code == 200
