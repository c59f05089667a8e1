from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import load_only

from app.access.models import Organisation, User
from app.access.scope import EVERYWHERE, Scope
from app.core.db import db
from app.core.errors import Missing
from app.core.paging import ListQuery, Rows, in_order
from app.core.search import matching
from app.core.tables.written import NOW, written_once
from app.enrolment.models import Enrolment
from app.language import in_language
from app.language.turkish import search_words
from app.people.models import Employee
from app.post import occasions
from app.post.letters import bare
from app.post.models import Fault, Message, MessageStatus
from app.post.queries import begins
from app.trainers.models import Trainer

HOLDERS: tuple[Any, ...] = (User, Trainer, Employee)
TO_TELL = "untold"
"""A value of the status filter beside the states: failed, and nobody has told it otherwise."""
SORTS: dict[str, tuple[Any, ...]] = {
    "when": (Message.id,),
    "to": (sa.func.lower(Message.to_address), Message.id),
}


@dataclass(frozen=True)
class Line:
    """A message in a list. `name` and `phone` are those of whoever has the address today, if anybody."""

    id: int
    kind: str
    subject: str
    language: str
    to_address: str
    name: str
    phone: str
    organisation: str
    status: MessageStatus
    fault: Fault | None
    answer: str
    attempts: int
    created_at: datetime
    sent_at: datetime | None

    @property
    def occasion(self) -> str:
        return occasions.said(self.kind)


@dataclass(frozen=True)
class Person:
    name: str
    phone: str = ""


def _theirs(scope: Scope) -> sa.ColumnElement[bool]:
    """Messages of the provinces and of the institutions one answers for; of neither, for the whole programme only."""
    if scope.everything:
        return sa.true()
    organisation = Message.organisation_id.in_(scope.organisations)
    if not scope.provinces:
        return organisation
    # a share of all there are, asked while the newest are read: by "or" all of them would be gathered and sorted
    return sa.case((Message.province_id.in_(scope.provinces), sa.true()), else_=organisation)


def message(scope: Scope, message_id: int) -> Message:
    found = db.session.scalar(sa.select(Message).where(Message.id == message_id, _theirs(scope)))
    if found is None:
        raise Missing
    return found


def messages(scope: Scope, query: ListQuery) -> Rows[Line]:
    """Filters: status (or `untold`), kind, organisation. Looks for an address, or a name of whoever has it."""
    ids = sa.select(Message.id).where(_theirs(scope))
    status, kind = query.filter("status"), query.filter("kind")
    if status == TO_TELL:
        ids = ids.where(to_tell())
    elif status:
        ids = ids.where(Message.status.in_([each for each in MessageStatus if each == status]))
    if kind:
        ids = ids.where(sa.or_(*(begins(f"{each}:") for each in occasions.alike(kind))))
    if (organisation_id := query.filter_id("organisation")) is not None:
        ids = ids.where(Message.organisation_id == organisation_id)
    if query.q:
        ids = _found(ids, query.q)
    return Rows(ids, SORTS[query.sort], query, lines, long=not scope.everything)


def _found(ids: sa.Select[Any], typed: str) -> sa.Select[Any]:
    """To such an address, or to that of somebody found by it; each way has its index, joined by "or" none is used."""
    to = sa.func.lower(Message.to_address)
    ways = [matching(Message, typed)]
    words = search_words(typed)
    for who in HOLDERS:  # from who is found straight to their messages: put together first, addresses are sorted
        address: Any = sa.func.lower(who.email)
        theirs = sa.select(Message.id).join(who, address == to).where(who.id.in_(matching(who, typed)))
        if len(words) == 1:  # most are called as they are written to, and found by that already
            theirs = theirs.where(~sa.or_(address.startswith(words[0]), address.contains(f".{words[0]}")))
        ways.append(theirs)
    either = sa.union_all(*(way.correlate(None) for way in ways))
    # whose message one may see, one may see whom it went to
    return EVERYWHERE.trusting(ids.where(Message.id.in_(either)), *HOLDERS)  # type: ignore[no-any-return]


WRITTEN = (Message.occasion, Message.subject, Message.language, Message.status, Message.created_at)


def own(user_id: int) -> Sequence[Message]:
    """Those that went or go to the address of this account, latest first; without what they say."""
    address = EVERYWHERE.restrict(sa.select(sa.func.lower(User.email)), User).where(User.id == user_id)  # one's own
    found = sa.select(Message).where(sa.func.lower(Message.to_address) == address.scalar_subquery())
    found = found.options(load_only(*WRITTEN))
    return db.session.scalars(EVERYWHERE.trusting(found.order_by(Message.id.desc()), User)).all()  # as above


def to_tell() -> sa.ColumnElement[bool]:
    """Failed, and still to be told by somebody otherwise."""
    ahead = sa.or_(Message.not_after.is_(None), Message.not_after > NOW)
    return sa.and_(Message.status == MessageStatus.FAILED, Message.settled_at.is_(None), ahead)


def untold(scope: Scope, most: int) -> Sequence[Line]:
    """Those, the oldest first."""
    found = sa.select(Message.id).where(_theirs(scope), to_tell()).order_by(Message.id).limit(most)
    return lines(db.session.scalars(found).all())


def how_many_untold(scope: Scope) -> int:
    return db.session.scalar(count_untold(scope)) or 0


def count_untold(scope: Scope) -> sa.Select[Any]:
    return sa.select(sa.func.count(Message.id)).where(_theirs(scope), to_tell())


def lines(keys: Sequence[int]) -> Sequence[Line]:
    """Of messages whose ids came through a scope, in their order."""
    rows = db.session.execute(
        sa.select(*_LINE)
        .outerjoin(Organisation, Organisation.id == Message.organisation_id)
        .where(Message.id.in_(keys))
    ).all()
    who = people({row.to_address for row in rows})
    return in_order(keys, [_line(row, who.get(row.to_address.lower())) for row in rows], lambda line: line.id)


_LINE = (
    Message.id,
    Message.occasion,
    Message.subject,
    Message.language,
    Message.to_address,
    Message.status,
    Message.fault,
    Message.answer,
    Message.attempts,
    Message.created_at,
    Message.sent_at,
    Organisation.name_tr,
    Organisation.name_en,
)


def _line(row: Any, who: Person | None) -> Line:
    return Line(
        row.id,
        occasions.kind_of(row.occasion),
        row.subject,
        row.language,
        row.to_address,
        who.name if who else "",
        who.phone if who else "",
        in_language(row, "name") if row.name_tr else "",
        row.status,
        row.fault,
        row.answer,
        row.attempts,
        row.created_at,
        row.sent_at,
    )


def people(addresses: Collection[str]) -> dict[str, Person]:
    """Who has these addresses today, by the address in lower case: those on the staff, trainers, other accounts."""
    folded = sorted({address.lower() for address in addresses if address})  # a letter forgotten has none
    rows = db.session.execute(_whose(), {"addresses": folded})
    return {address: Person(name, phone) for _, address, name, phone in rows}


@written_once
def _whose() -> Any:
    """Who has one of these `addresses`; of several with one address the last is named."""
    these: sa.BindParameter[list[str]] = sa.bindparam("addresses", expanding=True)
    each = [_holders(order, who).where(sa.func.lower(who.email).in_(these)) for order, who in enumerate(HOLDERS)]
    # whose message one may see, one may see whom it went to
    return EVERYWHERE.trusting(sa.union_all(*each).order_by("rank"), *HOLDERS)


def _holders(rank: int, who: Any) -> sa.Select[Any]:
    phone = getattr(who, "phone", sa.literal(""))
    name = who.given_name + " " + who.family_name
    return sa.select(sa.literal(rank).label("rank"), sa.func.lower(who.email), name, phone)


def card_of(scope: Scope, address: str) -> int | None:
    """Whose card, among those this scope sees, holds this address: it is mended there."""
    found = scope.restrict(sa.select(Employee.id), Employee).where(sa.func.lower(Employee.email) == address.lower())
    return db.session.scalar(found.order_by(Employee.active.desc(), Employee.id).limit(1))


def account_address(user_id: int | None) -> str:
    """Where somebody who signs in is written to; "" for others."""
    if user_id is None:
        return ""
    statement = sa.select(User.email).where(User.id == user_id, User.active.is_(True))
    return db.session.scalar(EVERYWHERE.restrict(statement, User)) or ""  # the card it stands on was opened


def address_now(message: Message) -> str:
    """Where whoever it went to is written to today; where that cannot be told, the same address."""
    parts = message.occasion.split(":")
    account: Any = sa.case((User.active.is_(True), User.email), else_=None)
    if parts[1:2] == ["enrolment"]:
        statement = (
            sa.select(sa.func.coalesce(account, Employee.email))
            .select_from(Enrolment)
            .join(Employee, Employee.id == Enrolment.employee_id)
            .outerjoin(User, User.id == Employee.user_id)
            .where(Enrolment.id == int(parts[2]))
        )
    elif parts[0].startswith("trainer_"):
        statement = (
            sa.select(sa.func.coalesce(account, Trainer.email))
            .select_from(Trainer)
            .outerjoin(User, User.id == Trainer.user_id)
            .where(Trainer.id == int(parts[2]))
        )
    else:
        return message.to_address
    found = db.session.scalar(EVERYWHERE.trusting(statement, Enrolment, Employee, User, Trainer))  # as above
    return bare(found or "") or message.to_address
