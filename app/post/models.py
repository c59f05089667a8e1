from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import Model, by_bytes
from app.core.search import searchable
from app.core.status import Status, Worded
from app.language.turkish import search_key


class MessageStatus(Status):
    QUEUED = "queued", "Queued"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"

    @property
    def tone(self) -> str:
        return {"sent": "ok", "queued": "warn", "failed": "cancel"}.get(self.value, "plain")


class Fault(Worded):
    """Why a message did not leave at its last try."""

    UNREACHABLE = "unreachable", "The mail server could not be reached"
    SIGN_IN = "sign_in", "The mail server refused our sign-in"
    SENDER = "sender", "The mail server refused our sender"
    LATER = "later", "The mail server asked us to try again later"
    ADDRESS = "address", "The address was refused"
    INVALID = "invalid", "The address is known to be invalid"
    REFUSED = "refused", "The mail server refused the message"
    OTHER = "other", "The message could not be handed over"


def _folded_address(context: DefaultExecutionContext) -> str:
    return search_key(context.get_current_parameters()["to_address"])  # type: ignore[no-untyped-call]  # it has no types


class Message(Model):
    """A mail in the outbox. `occasion` is unique: nobody is told the same thing twice (invite:enrolment:7:v2).

    `claimed_at`: since when somebody tries to send it; for a while nobody else does. `not_before`: when it may go out,
    for one that the next change may replace, or after a try that failed. `not_after`: when it begins to say what is
    past. `link_kind`, `link_id`: what the link is made of while it is sent (`links.LINK` in the body). `private`: its
    body is shown to nobody. `province_id`, `organisation_id`: whose it is; plain ids, for this room stands below
    theirs. `search_text`: the address folded. `answer`: what the server said, without anybody's address.
    `settled_at`: since when nobody has to do anything about its failure any more, for it was told otherwise or sent
    anew.
    """

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    occasion: Mapped[str] = mapped_column(by_bytes(120), unique=True)
    to_address: Mapped[str] = mapped_column(by_bytes(254))
    search_text: Mapped[str] = mapped_column(sa.String(254), default=_folded_address)
    language: Mapped[str] = mapped_column(sa.String(2))
    subject: Mapped[str] = mapped_column(sa.String(250))
    body: Mapped[str] = mapped_column(sa.Text)
    calendar: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    calendar_method: Mapped[str | None] = mapped_column(sa.String(10))
    status: Mapped[MessageStatus] = mapped_column(default=MessageStatus.QUEUED, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    not_after: Mapped[datetime | None]
    fault: Mapped[Fault | None]
    answer: Mapped[str] = mapped_column(sa.String(300), default="")
    settled_at: Mapped[datetime | None]
    link_kind: Mapped[str | None] = mapped_column(sa.String(40))
    link_id: Mapped[int | None]
    private: Mapped[bool] = mapped_column(default=False)
    province_id: Mapped[int | None] = mapped_column(index=True)
    organisation_id: Mapped[int | None] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    sent_at: Mapped[datetime | None]


searchable(Message)
sa.Index("ix_messages_address", sa.func.lower(Message.to_address), Message.id)
# What is to be forgotten one day, found without those that are.
sa.Index(
    "ix_messages_said",
    Message.created_at,
    Message.status,
    sqlite_where=sa.text("body != ''"),
    postgresql_where=sa.text("body != ''"),
)


class InvalidAddress(Model):
    """An address nothing is sent to any more, in lower case: a server refused it (`answer`), or somebody said so (no
    `answer`). Whoever gets another address has nothing to do with it.
    """

    __tablename__ = "invalid_addresses"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(by_bytes(254), unique=True)
    answer: Mapped[str] = mapped_column(sa.String(300), default="")
    since: Mapped[datetime] = mapped_column(default=now)


class LetterText(Model):
    """What an administrator made of a letter's subject and of the paragraphs that begin and end it, in one language.

    `letter` is the name of its template; "" stands for the original.
    """

    __tablename__ = "letter_texts"
    __table_args__ = (sa.UniqueConstraint("letter", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    letter: Mapped[str] = mapped_column(sa.String(80))
    language: Mapped[str] = mapped_column(sa.String(2))
    subject: Mapped[str] = mapped_column(sa.String(200), default="")
    opening: Mapped[str] = mapped_column(sa.Text, default="")
    closing: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class CalendarSeries(Model):
    """What the mails to one person put into their calendar of one course session, one series with one UID.

    `about` says whose and of what (enrolment:7, trainer:3:session:9). `sequence` is that of the last file sent, which
    `calendar` keeps while it stands: None after it was taken out again.
    """

    __tablename__ = "calendar_series"

    id: Mapped[int] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(sa.String(80), unique=True)
    uid: Mapped[str] = mapped_column(sa.String(64), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    calendar: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
