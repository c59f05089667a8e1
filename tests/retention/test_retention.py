"""What is past its time goes once a day; a dry run says how much, a record that is kept says what went."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.audit.models import AuditEntry
from app.core.clock import now
from app.core.db import db, set_writing
from app.post.models import Message, MessageStatus
from app.post.services import Place, enqueue
from app.retention import kinds, queries, services
from app.retention.models import Destruction
from app.settings import services as settings
from app.users.models import Invitation
from tests.cast import By
from tests.conftest import Stage


def letter(days: int, status: MessageStatus = MessageStatus.SENT) -> None:
    enqueue(
        f"test:{days}:{status}", "elif@ornek.example", "tr", "Davet", "Sayın Elif", place=Place(), calendar=b"BEGIN"
    )
    row = db.session.scalars(sa.select(Message).order_by(Message.id.desc())).first()
    assert row is not None
    row.created_at, row.status = now() - timedelta(days=days), status
    db.session.commit()


def swept() -> None:
    db.session.remove()
    set_writing(True)
    services.destroy_old()


def bodies() -> list[str]:
    return list(db.session.scalars(sa.select(Message.body).order_by(Message.id)))


def destroyed() -> list[tuple[str, int]]:
    return [(row.kind, row.pieces) for row in db.session.scalars(sa.select(Destruction).order_by(Destruction.id))]


def test_old_letters_are_blanked_and_that_is_remembered(stage: Stage) -> None:
    letter(366)
    letter(364)
    letter(366, MessageStatus.QUEUED)
    assert "1" in stage.admin.page("/settings/retention").text
    assert {due.kind.name: due.pieces for due in queries.due()} == {
        "letters": 1,
        "invitations": 0,
        "imports": 0,
        "answers": 0,
    }
    swept()
    assert bodies() == ["", "Sayın Elif", "Sayın Elif"], "what still waits is not taken away"
    gone = db.session.scalars(sa.select(Message).order_by(Message.id)).first()
    assert gone is not None and not gone.to_address and not gone.subject and gone.calendar is None
    assert gone.occasion, "nobody is told twice"
    swept()
    assert destroyed() == [("letters", 1)], "a day on which nothing goes is not written down"
    facts = db.session.scalars(
        sa.select(AuditEntry.facts).where(AuditEntry.event == "data.destroyed").order_by(AuditEntry.id)
    ).all()
    assert [(fact["kind"], fact["pieces"]) for fact in facts] == [("letters", 1)]
    page = stage.admin.page("/settings/retention")
    assert "İletilerin adresleri ve metinleri" in page.text and "Veriler imha edildi" in stage.admin.page("/audit").text


def test_what_would_go_is_counted_as_far_as_anybody_reads(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST", 2)
    for days in (366, 367):
        letter(days)
    assert ">2<" in stage.admin.page("/settings/retention").html
    letter(368)
    assert ">2+<" in stage.admin.page("/settings/retention").html


def test_old_invitations_go_and_accounts_stay(stage: Stage) -> None:
    for name, days in (("staff", 366), ("trainer", 10)):
        db.session.add(Invitation(user_id=stage.cast.users[name], invited_at=now() - timedelta(days=days)))
    db.session.commit()
    swept()
    assert destroyed() == [("invitations", 1)]
    left = db.session.scalars(EVERYWHERE.select(Invitation)).all()
    assert [row.user_id for row in left] == [stage.cast.users["trainer"]]


def test_the_settings_say_how_long(stage: Stage) -> None:
    letter(100)
    settings.change_settings({"letters_kept_days": 90}, by=By(1))
    db.session.commit()
    swept()
    assert bodies() == [""]


def test_an_administrator_changes_them_within_bounds(stage: Stage) -> None:
    path = "/settings/retention/edit"
    form = stage.admin.page(path).hidden(path)
    days = {"letters_kept_days": "400", "invitations_kept_days": "200", "imports_kept_days": "20"}
    days |= {"answers_kept_days": "800"}
    assert stage.admin.post(path, data=form | days | {"letters_kept_days": "3"}).status_code == 422
    assert stage.admin.post(path, data=form | days).headers["Location"] == "/settings/retention"
    assert "400 gün" in stage.admin.page("/settings/retention").text
    assert stage.admin.post(path, data=form | days | {"request_key": "other"}).status_code == 409, "somebody was first"


def test_every_kind_has_a_setting(stage: Stage) -> None:
    assert all(queries.kept_until(kind) < now() for kind in kinds.KINDS.here.values())


@pytest.mark.parametrize("who", ["coordinator", "focal_point", "staff", "viewer"])
def test_the_others_may_not(stage: Stage, who: str) -> None:
    for path in ("/settings/retention", "/settings/retention/edit"):
        assert getattr(stage, who).get(path).status_code == 403
