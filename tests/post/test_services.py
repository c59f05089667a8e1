"""The outbox: each occasion once, sent at least once, a crash costs one message at most."""

from __future__ import annotations

import email
import email.policy
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.core.clock import now
from app.core.db import db
from app.post import services
from app.post.delivery import carrier, compose
from app.post.models import Message, MessageStatus
from app.post.queries import last_calendar
from app.post.services import Place, enqueue

SENDER = "yetkin@egitim.example"


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    return tmp_path / "giden kutusu"


def put(occasion: str, **more: object) -> None:
    enqueue(
        occasion,
        "isik@ornek.example",
        "tr",
        "Davet: Şikâyet yönetimi",
        "Sayın Işık Çınar,\n\nBuyrun.\n",
        place=Place(),
        **more,
    )  # type: ignore[arg-type]  # as given
    db.session.commit()


def statuses() -> dict[str, MessageStatus]:
    db.session.rollback()
    rows = db.session.execute(sa.select(Message.occasion, Message.status).order_by(Message.id)).all()
    return {row.occasion: row.status for row in rows}


def deliver(folder: Path) -> int:
    with carrier(f"file://{folder}", SENDER) as carry:
        return services.deliver_waiting(carry)


def test_an_occasion_is_told_once(app: Flask, folder: Path) -> None:
    put("invite:enrolment:7:v1")
    put("invite:enrolment:7:v1")
    assert deliver(folder) == 1
    assert deliver(folder) == 0
    put("invite:enrolment:7:v1")
    assert deliver(folder) == 0
    assert len(list(folder.iterdir())) == 1


def test_what_opens_a_door_goes_before_the_others(app: Flask) -> None:
    """A forgotten password's link lives half an hour; a relay takes thirty mails a minute of twenty thousand."""
    put("reminder:1")
    put("welcome:user:7:1", private=True)
    put("reset:user:7:1", private=True, not_after=now() + timedelta(hours=1))
    gone: list[str] = []
    services.deliver_waiting(lambda message: gone.append(message.occasion), rate=2)
    assert gone == ["reset:user:7:1", "welcome:user:7:1"]


def test_nobody_is_written_to_without_an_address(app: Flask) -> None:
    enqueue("x", "", "tr", "s", "b", place=Place())
    assert statuses() == {}


def test_the_file_is_a_mail_with_text_and_calendar(app: Flask, folder: Path) -> None:
    put(
        "invite:enrolment:7:v1",
        calendar="BEGIN:VCALENDAR\r\nSUMMARY:Şikâyet\r\nEND:VCALENDAR\r\n".encode(),
        calendar_method="REQUEST",
    )
    deliver(folder)
    (file,) = folder.iterdir()
    assert file.name == "000001-invite-enrolment-7-v1.eml"
    mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert (mail["To"], mail["From"], mail["Subject"]) == ("isik@ornek.example", SENDER, "Davet: Şikâyet yönetimi")
    assert mail["Content-Language"] == "tr"
    body = mail.get_body(("plain",))
    assert body is not None and "Sayın Işık Çınar," in body.get_content()
    shown = mail.get_body(("calendar",)) or next(p for p in mail.walk() if p.get_content_type() == "text/calendar")
    assert shown["Content-Type"].params["method"] == "REQUEST"
    assert "Şikâyet" in shown.get_content()
    assert [part.get_filename() for part in mail.iter_attachments() if part.get_filename()] == ["invite.ics"]


def test_a_header_is_one_line_whatever_the_subject(app: Flask, folder: Path) -> None:
    enqueue("a", "isik@ornek.example", "tr", "Davet\r\nBcc: everyone@kotu.example", "b", place=Place())
    db.session.commit()
    deliver(folder)
    mail = email.message_from_bytes(next(folder.iterdir()).read_bytes(), policy=email.policy.default)
    assert mail["Bcc"] is None and mail["Subject"] == "Davet Bcc: everyone@kotu.example"


def test_a_subject_keeps_its_spaces_wherever_it_is_folded(app: Flask) -> None:
    text = "Kaydınız kaldırıldı: Proje Döngüsü Yönetimi ve Mantıksal Çerçeve, Göçe Duyarlı Şehir İçin Öğrenme"
    for start in range(len(text)):
        subject = text[start:].strip()
        letter = Message(id=1, to_address="a@b.example", language="tr", subject=subject, body="", created_at=now())
        raw = compose(letter, "yetkin@c.example").as_bytes()
        assert email.message_from_bytes(raw, policy=email.policy.default)["Subject"] == subject
        assert all(len(line) < 79 for line in raw.splitlines())


def test_a_crash_between_sending_and_marking_sends_that_one_again(
    app: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        put(f"a:{number}")
    sent: list[str] = []
    whole = services._mark

    class Killed(BaseException):
        pass

    def carry(message: Message) -> None:
        sent.append(message.occasion)

    def killed(message_id: int, status: MessageStatus) -> None:
        if len(sent) == 2:
            raise Killed
        whole(message_id, status)

    monkeypatch.setattr(services, "_mark", killed)
    with pytest.raises(Killed):
        services.deliver_waiting(carry)
    monkeypatch.undo()
    db.session.remove()
    assert list(statuses().values()) == [MessageStatus.SENT, MessageStatus.QUEUED, MessageStatus.QUEUED]
    services.deliver_waiting(carry)
    assert sent == ["a:0", "a:1", "a:2"], "perhaps somebody is still sending the second"
    with time_machine.travel(now() + services.CLAIMED_FOR * 2):
        services.deliver_waiting(carry)
    assert sent == ["a:0", "a:1", "a:2", "a:1"]
    assert set(statuses().values()) == {MessageStatus.SENT}


def test_one_that_fails_stays_and_the_others_go(app: Flask) -> None:
    put("bad")
    put("good")

    def carry(message: Message) -> None:
        if message.occasion == "bad":
            raise OSError("disk full")

    assert services.deliver_waiting(carry) == 1
    assert statuses() == {"bad": MessageStatus.QUEUED, "good": MessageStatus.SENT}
    with time_machine.travel(now(), tick=False) as clock:
        for delay in services.DELAYS:
            assert statuses()["bad"] is MessageStatus.QUEUED
            clock.shift(delay)
            services.deliver_waiting(carry)
    assert statuses()["bad"] is MessageStatus.FAILED


def test_two_who_deliver_at_once_send_once(app: Flask) -> None:
    put("a")
    sent: list[str] = []

    def carry(message: Message) -> None:
        sent.append(message.occasion)
        services.deliver_waiting(carry)

    services.deliver_waiting(carry)
    assert sent == ["a"]
    assert statuses() == {"a": MessageStatus.SENT}


def test_a_notice_that_settles_waits_for_the_one_that_takes_its_place(app: Flask, folder: Path) -> None:
    put("change:enrolment:7:a", settles=True)
    put("change:enrolment:70:a", settles=True)
    assert deliver(folder) == 0
    services.cancel_waiting("change:enrolment:7:", but="change:enrolment:7:b")
    put("change:enrolment:7:b", settles=True)
    assert statuses() == {
        "change:enrolment:7:a": MessageStatus.CANCELLED,
        "change:enrolment:70:a": MessageStatus.QUEUED,
        "change:enrolment:7:b": MessageStatus.QUEUED,
    }
    with time_machine.travel(now() + services.SETTLES_IN):
        assert deliver(folder) == 2


def test_the_last_calendar_of_an_occasion(app: Flask) -> None:
    put("invite:enrolment:7:v1", calendar=b"1", calendar_method="REQUEST")
    put("change:enrolment:7:a", calendar=b"2", calendar_method="REQUEST")
    put("change:enrolment:8:a", calendar=b"3", calendar_method="REQUEST")
    put("seat:enrolment:7:v1")
    assert last_calendar(["invite:enrolment:7:", "change:enrolment:7:"]) == (b"2", "REQUEST")
    assert last_calendar(["invite:enrolment:9:"]) is None


@pytest.mark.parametrize("url", ["", "ftp://x", "outbox"])
def test_an_unknown_way_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="MAIL_URL"), carrier(url, SENDER):
        pass
