"""Secret links: stored nowhere, made at each try, shown as a word."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from app.core.db import db
from app.language import force_locale
from app.post import links, services
from app.post.models import Message, MessageStatus
from app.post.services import Place, enqueue


def test_a_link_is_made_while_it_is_sent_and_never_stored(app: Flask) -> None:
    made: list[int] = []

    def make(id: int) -> str:
        made.append(id)
        return f"https://x.example/r/secret-{len(made)}"

    links.on_link(app, "door", make)
    body = f"Buradan: {links.LINK}\n"
    enqueue("door:1", "a@b.example", "tr", "s", body, link=("door", 7), place=Place(21, 3), private=True)
    db.session.commit()
    sent: list[str] = []

    def carry(message: Message) -> None:
        sent.append(message.body)
        if len(sent) == 1:
            raise OSError

    services.deliver_waiting(carry)
    db.session.execute(sa.update(Message).values(not_before=None))
    db.session.commit()
    services.deliver_waiting(carry)
    assert made == [7, 7] and sent == [f"Buradan: https://x.example/r/secret-{n}\n" for n in (1, 2)]
    message = db.session.scalars(sa.select(Message)).one()
    assert (message.body, message.private, message.province_id, message.organisation_id) == (body, True, 21, 3)
    with force_locale("tr"):
        assert links.shown(message.body) == "Buradan: [bağlantı]\n"


def test_where_a_link_would_lead_nowhere_nothing_is_sent(app: Flask) -> None:
    links.on_link(app, "door", lambda _: "")
    enqueue("door:1", "a@b.example", "tr", "s", links.LINK, place=Place(), link=("door", 7))
    db.session.commit()
    assert services.deliver_waiting(lambda _: None) == 0
    db.session.rollback()
    assert db.session.scalars(sa.select(Message.status)).one() is MessageStatus.CANCELLED
