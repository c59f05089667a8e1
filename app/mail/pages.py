"""Mail on other pages: its place in the menu, what waits, what a card says of an address."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.language import format_datetime, gettext, ngettext
from app.mail import queries
from app.post import occasions
from app.post.models import InvalidAddress
from app.post.queries import invalid_address
from app.trainers.models import Trainer
from app.web.parts import Counted, NavItem, Section, Stored, Task, Written


@dataclass(frozen=True)
class Unreachable:
    """An address nothing arrives at, and where its messages stand ("" for who may not look)."""

    known: InvalidAddress
    url: str


def nav(caller: Caller, _: object) -> NavItem | None:
    if not caller.may(Permission.MAIL_READ):
        return None
    return NavItem(gettext("Mail"), url_for("mail.show_messages"), "mail", 85)


def failures(caller: Caller, _: object) -> Counted | None:
    """What somebody has to be told otherwise."""
    if not caller.may(Permission.MAIL_WRITE):
        return None
    return Counted(queries.count_untold(caller.scope_for(Permission.MAIL_WRITE)), (), _failed)


def _failed(number: int) -> Task:
    label = ngettext("%(num)s mail did not arrive", "%(num)s mails did not arrive", number)
    return Task(label, url_for("mail.show_untold"), gettext("Tell it by phone, or mend the address"), "mail", order=40)


def of_trainer(caller: Caller, trainer: Trainer) -> Section | None:
    """Of the address letters go to."""
    address = queries.account_address(trainer.user_id) or trainer.email
    known = invalid_address(address) if address else None
    if known is None:
        return None
    url = url_for("mail.show_messages", q=address) if caller.may(Permission.MAIL_READ) else ""
    return Section(gettext("E-mail"), "mail/unreachable.html", Unreachable(known, url), order=-1)


def own_data(caller: Caller, _: object) -> Stored:
    """What was written to whoever asks."""
    rows = tuple(
        (
            Written(one.subject, one.language),
            occasions.said(occasions.kind_of(one.occasion)),
            format_datetime(one.created_at),
            one.status.label,
        )
        for one in queries.own(caller.id)
    )
    heads = (gettext("Subject"), gettext("Occasion"), gettext("When"), gettext("Status"))
    return Stored(gettext("Messages to your address"), heads, rows, order=45)
