from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from app.core.db import db
from app.post.models import InvalidAddress, LetterText, Message, MessageStatus

AGAIN = ":again-"
"""What the occasion of a message that was sent once more ends in."""


def begins(prefix: str) -> sa.ColumnElement[bool]:
    """Messages whose occasion begins so, found by the unique index."""
    return sa.and_(Message.occasion >= prefix, Message.occasion < prefix[:-1] + chr(ord(prefix[-1]) + 1))


def last_calendar(prefixes: Collection[str]) -> tuple[bytes, str] | None:
    """The calendar file of the latest message, sent or waiting, of such an occasion, with its method; None if none."""
    found = db.session.execute(
        sa.select(Message.calendar, Message.calendar_method)
        .where(
            sa.or_(sa.false(), *(begins(prefix) for prefix in prefixes)),
            Message.calendar.is_not(None),
            Message.status != MessageStatus.CANCELLED,
            Message.occasion.not_like(f"%{AGAIN}%"),  # an older one, sent once more, says nothing new
        )
        .order_by(Message.id.desc())
        .limit(1)
    ).first()
    return None if found is None or found[0] is None else (found[0], found[1] or "")


def invalid_address(address: str) -> InvalidAddress | None:
    """What is known of an address nothing arrives at."""
    return db.session.scalar(sa.select(InvalidAddress).where(InvalidAddress.address == address.lower()))


def by_occasion(occasion: str) -> Message | None:
    return db.session.scalar(sa.select(Message).where(Message.occasion == occasion))


def letter_text(template: str, language: str) -> LetterText | None:
    """How a letter was reworded, if it was."""
    return db.session.scalar(
        sa.select(LetterText).where(LetterText.letter == template, LetterText.language == language)
    )


def letter_texts() -> dict[tuple[str, str], LetterText]:
    """All of them, by template and language."""
    return {(row.letter, row.language): row for row in db.session.scalars(sa.select(LetterText))}
