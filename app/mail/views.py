"""The outbox: every message of those one answers for, one of them, and whom to phone."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.access.queries import organisations
from app.core.clock import now
from app.language import format_datetime, gettext, in_language
from app.lists import pages as lists
from app.lists.events import Exported
from app.lists.models import Columns, ListOf
from app.mail import queries, rules, services
from app.post import html, links, occasions
from app.post.models import Message, MessageStatus
from app.post.queries import invalid_address
from app.web.door import require, traced
from app.web.render import done, render

bp = Blueprint("mail", __name__)
MOST_UNTOLD = 200


@bp.get("/mail")
@require(Permission.MAIL_READ)
@traced(Exported)
def show_messages() -> ResponseReturnValue:
    return lists.answer(
        MESSAGES,
        "mail/messages.html",
        by=caller,
        states=[*((each.value, each.label) for each in MessageStatus), (queries.TO_TELL, gettext("Still to be told"))],
        kinds=occasions.words(),
        organisations=[
            (str(one.id), in_language(one, "name")) for one in organisations(caller.scope_for(Permission.MAIL_READ))
        ],
    )


def _columns() -> Columns:
    return [
        (gettext("When"), lambda row: format_datetime(row.created_at)),
        (gettext("Name"), lambda row: row.name),
        (gettext("E-mail"), lambda row: row.to_address),
        (gettext("Institution"), lambda row: row.organisation),
        (gettext("Occasion"), lambda row: row.occasion),
        (gettext("Subject"), lambda row: row.subject),
        (gettext("Status"), lambda row: row.status.label),
        (gettext("Sent"), lambda row: format_datetime(row.sent_at)),
        (gettext("Tries"), lambda row: row.attempts),
        (gettext("Why it failed"), lambda row: row.fault.label if row.fault else ""),
        (gettext("Answer of the mail server"), lambda row: row.answer),
    ]


MESSAGES = ListOf(
    name="messages",
    access=Permission.MAIL_READ,
    title=lambda: gettext("Mail"),
    columns=_columns,
    rows=queries.messages,
    sorts=queries.SORTS,
    descending=True,
    filters=("status", "kind", "organisation"),
)


@bp.get("/mail/untold")
@require(Permission.MAIL_WRITE)
def show_untold() -> ResponseReturnValue:
    """What did not arrive, with whom to phone: to be printed and ticked off."""
    scope = caller.scope_for(Permission.MAIL_WRITE)
    return render("mail/untold.html", lines=queries.untold(scope, MOST_UNTOLD), total=queries.how_many_untold(scope))


def _message(message_id: int, permission: Permission = Permission.MAIL_WRITE) -> Message:
    return queries.message(caller.scope_for(permission), message_id)


@bp.get("/mail/<int:message_id>")
@require(Permission.MAIL_READ)
def show_message(message_id: int) -> ResponseReturnValue:
    message = _message(message_id, Permission.MAIL_READ)
    (line,) = queries.lines([message.id])
    return render(
        "mail/message.html",
        message=message,
        line=line,
        blocks=html.blocks(links.shown(message.body)),
        invalid=invalid_address(message.to_address),
        address_now=queries.address_now(message),
        card=queries.card_of(caller.scope_for(Permission.PERSON_READ), message.to_address),
        may_write=caller.may(Permission.MAIL_WRITE),
        may_resend=rules.may_resend(message, now()),
    )


@bp.post("/mail/<int:message_id>/cancel")
@require(Permission.MAIL_WRITE)
def cancel(message_id: int) -> ResponseReturnValue:
    services.cancel(_message(message_id), by=caller)
    flash(gettext("The message will not be sent."))
    return done(url_for("mail.show_message", message_id=message_id))


@bp.post("/mail/<int:message_id>/resend")
@require(Permission.MAIL_WRITE)
def resend(message_id: int) -> ResponseReturnValue:
    made = services.resend(_message(message_id), by=caller)
    flash(gettext("The message is on its way again. This is the new one."))
    return done(url_for("mail.show_message", message_id=made.id))


@bp.post("/mail/<int:message_id>/told")
@require(Permission.MAIL_WRITE)
def told(message_id: int) -> ResponseReturnValue:
    services.settle(_message(message_id), by=caller)
    flash(gettext("It is noted that the person was told."))
    return done(url_for("mail.show_untold"))


@bp.post("/mail/<int:message_id>/address/invalid")
@require(Permission.MAIL_WRITE)
def declare_invalid(message_id: int) -> ResponseReturnValue:
    services.declare(_message(message_id), False, by=caller)
    flash(gettext("Nothing is sent to this address any more."))
    return done(url_for("mail.show_message", message_id=message_id))


@bp.post("/mail/<int:message_id>/address/valid")
@require(Permission.MAIL_WRITE)
def declare_valid(message_id: int) -> ResponseReturnValue:
    services.declare(_message(message_id), True, by=caller)
    flash(gettext("Messages go to this address again."))
    return done(url_for("mail.show_message", message_id=message_id))
