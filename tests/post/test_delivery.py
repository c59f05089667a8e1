"""Against a real mail server: down, slow, refusing, gone for a day, with TLS and sign-in."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.core.clock import now
from app.core.db import db
from app.post import delivery, queries, services
from app.post.delivery import carrier, said
from app.post.models import Fault, Message, MessageStatus
from app.post.services import DELAYS, Place, declare_invalid, declare_valid, enqueue
from tests.post.mail_server import Mailbox, serving

SENDER = "yetkin@egitim.example"


@pytest.fixture
def box(app: Flask) -> Iterator[Mailbox]:
    with serving(Mailbox()) as box:
        yield box


def put(*names: str) -> None:
    for name in names:
        enqueue(f"x:{name}", f"{name}@ornek.example", "tr", "Davet", "Sayın Işık,\n\nBuyrun.\n", place=Place())
    db.session.commit()


def deliver(url: str, *, rate: int = 0, bounces: str = "") -> int:
    with carrier(url, SENDER, bounces) as carry:
        return services.deliver_waiting(carry, rate=rate)


def rows() -> list[Message]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Message).order_by(Message.id)))


def test_one_connection_brings_all(box: Mailbox) -> None:
    put("a", "b", "c")
    assert deliver(box.url, bounces="geri@egitim.example") == 3
    assert (len(box.mails), box.connections) == (3, 1)
    assert box.senders == ["geri@egitim.example"] * 3 and box.mails[0]["From"] == SENDER


def test_a_server_that_hangs_up_between_mails_gets_each_once(box: Mailbox) -> None:
    box.hangs_up_after = 1
    put("a", "b")
    assert deliver(box.url) == 2
    assert [mail["To"] for mail in box.mails] == ["a@ornek.example", "b@ornek.example"]
    assert box.connections == 2


def test_a_refused_address_is_known_to_be_invalid_and_the_others_go(box: Mailbox) -> None:
    box.answers["RCPT TO:<b@"] = "550 5.1.1 <b@ornek.example>: no such user here"
    put("a", "b", "c")
    assert deliver(box.url) == 2
    refused = rows()[1]
    assert (refused.status, refused.fault, refused.attempts) == (MessageStatus.FAILED, Fault.ADDRESS, 1)
    assert refused.answer == "550 5.1.1 <…>: no such user here"
    known = queries.invalid_address("B@ornek.example")
    assert known is not None and known.answer == refused.answer
    enqueue("x:again", "b@ornek.example", "tr", "s", "b", place=Place())
    db.session.commit()
    assert (rows()[3].status, rows()[3].fault) == (MessageStatus.FAILED, Fault.INVALID)
    declare_valid("b@ornek.example")
    put("b2")
    assert deliver(box.url) == 1


@pytest.mark.parametrize(
    ("answers", "fault", "status", "invalid"),
    [
        ({"RCPT": "450 4.2.1 busy"}, Fault.LATER, MessageStatus.QUEUED, False),
        ({"RCPT": "554 5.7.1 relaying denied"}, Fault.REFUSED, MessageStatus.FAILED, False),
        ({"RCPT": "552 5.2.2 box is full"}, Fault.REFUSED, MessageStatus.FAILED, False),
        ({"RCPT": "550 no such user"}, Fault.ADDRESS, MessageStatus.FAILED, True),
        ({"MAIL": "550 5.7.1 who are you"}, Fault.SENDER, MessageStatus.QUEUED, False),
        ({"DATA": "554 5.6.0 not liked"}, Fault.REFUSED, MessageStatus.FAILED, False),
        ({"DATA": "451 4.3.0 try later"}, Fault.LATER, MessageStatus.QUEUED, False),
        ({"": "421 too busy"}, Fault.UNREACHABLE, MessageStatus.QUEUED, False),
    ],
)
def test_what_passes_is_told_from_what_stays(
    box: Mailbox, answers: dict[str, str], fault: Fault, status: MessageStatus, invalid: bool
) -> None:
    box.answers = answers
    put("a")
    assert deliver(box.url) == 0
    (row,) = rows()
    assert (row.fault, row.status) == (fault, status) and row.answer.startswith(next(iter(answers.values()))[:3])
    assert (queries.invalid_address("a@ornek.example") is not None) is invalid


def test_a_server_gone_for_a_day_loses_and_doubles_nothing(app: Flask) -> None:
    with serving(Mailbox()) as box:
        pass  # now its port answers nobody
    put("a", "b", "c")
    start = now()
    with time_machine.travel(start, tick=False) as clock:
        while now() < start + timedelta(days=1):
            assert deliver(box.url) == 0
            clock.shift(timedelta(minutes=1))
    assert {(row.status, row.fault) for row in rows()} == {(MessageStatus.QUEUED, Fault.UNREACHABLE)}
    tries = {row.attempts for row in rows()}
    assert len(tries) == 1 and tries < set(range(8, 20)), "all rest together, longer each time"
    with serving(box), time_machine.travel(start + timedelta(days=1), tick=False) as clock:
        put("d")
        assert deliver(box.url) == 1, "a new one finds it again"
        assert deliver(box.url) == 3, "and wakes those that rest"
        assert deliver(box.url) == 0
        clock.shift(timedelta(days=3))
        assert deliver(box.url) == 0
    assert sorted(mail["To"][0] for mail in box.mails) == ["a", "b", "c", "d"]


def test_in_two_days_nobody_answered_it_has_failed(app: Flask) -> None:
    assert timedelta(days=2) < sum(DELAYS, timedelta()) < timedelta(days=3)
    with serving(Mailbox()) as box:
        pass
    put("a")
    with time_machine.travel(now(), tick=False) as clock:
        for delay in DELAYS:
            deliver(box.url)
            assert rows()[0].status is MessageStatus.QUEUED
            clock.shift(delay)
        deliver(box.url)
    assert rows()[0].status is MessageStatus.FAILED


def test_a_slow_server_is_waited_for_so_long_and_no_longer(box: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "SECONDS", 0.2)
    box.slow = 0.5
    put("a")
    assert deliver(box.url) == 0
    (row,) = rows()
    assert (row.status, row.fault) == (MessageStatus.QUEUED, Fault.UNREACHABLE)


def test_a_message_the_server_chokes_on_keeps_no_other_back(box: Mailbox) -> None:
    put("a", "b")
    box.answers["RCPT TO:<a@"] = ""
    assert deliver(box.url) == 1
    assert [(row.status, row.fault) for row in rows()] == [
        (MessageStatus.QUEUED, Fault.OTHER),
        (MessageStatus.SENT, None),
    ]


def test_no_more_leave_in_a_minute_than_the_relay_takes(box: Mailbox) -> None:
    put(*"abcde")
    with time_machine.travel(now(), tick=False) as clock:
        assert deliver(box.url, rate=2) == 2
        assert deliver(box.url, rate=2) == 0
        clock.shift(timedelta(seconds=61))
        assert deliver(box.url, rate=2) == 2


def test_what_is_past_is_not_sent(box: Mailbox) -> None:
    enqueue("x:1", "a@ornek.example", "tr", "Yarın", "b", place=Place(), not_after=now() + timedelta(hours=1))
    db.session.commit()
    with time_machine.travel(now() + timedelta(hours=2)):
        assert deliver(box.url) == 0
    assert rows()[0].status is MessageStatus.CANCELLED


def test_what_waits_for_an_address_declared_invalid_has_failed(box: Mailbox) -> None:
    put("a")
    declare_invalid("A@ornek.example")
    db.session.commit()
    assert deliver(box.url) == 0
    assert (rows()[0].status, rows()[0].fault) == (MessageStatus.FAILED, Fault.INVALID)


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate for 127.0.0.1 that clients believe in."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -keyout {key} -out {certificate}"
    subprocess.run([*made.split(), "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def test_a_password_goes_over_tls_only(app: Flask, tls: ssl.SSLContext) -> None:
    put("a")
    with serving(Mailbox(password="gizli", tls=tls)) as box:
        assert deliver(f"smtp://yetkin:gizli@127.0.0.1:{box.port}") == 1
    assert box.signed_in == 1 and len(box.mails) == 1
    put("b")
    with serving(Mailbox(password="gizli")) as box:
        assert deliver(f"smtp://yetkin:gizli@127.0.0.1:{box.port}") == 0
    assert not box.signed_in and rows()[1].fault is Fault.UNREACHABLE


def test_a_wrong_password_is_no_fault_of_the_message(app: Flask, tls: ssl.SSLContext) -> None:
    put("a")
    with serving(Mailbox(password="gizli", tls=tls)) as box:
        assert deliver(f"smtp://yetkin:yanlis@127.0.0.1:{box.port}") == 0
    assert (rows()[0].status, rows()[0].fault) == (MessageStatus.QUEUED, Fault.SIGN_IN)


def test_a_server_nobody_vouches_for_gets_nothing(
    app: Flask, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    put("a")
    with serving(Mailbox(tls=tls)) as box:
        assert deliver(box.url) == 0
    assert not box.mails and rows()[0].fault is Fault.UNREACHABLE


def test_an_answer_is_one_line_that_names_nobody() -> None:
    assert said(550, b"5.1.1 <isik@ornek.example>:\r\n user \x07 unknown") == "550 5.1.1 <…>: user unknown"
    assert len(said(550, "x" * 999)) == 300
