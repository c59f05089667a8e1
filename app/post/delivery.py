"""How a message leaves: as a file in a folder, or over SMTP."""

from __future__ import annotations

import os
import re
import smtplib
import ssl
from collections.abc import Callable
from email.header import Header
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

from app.core.clock import local
from app.post.models import Message

Carrier = Callable[[Message], None]
"""Hands one message over, or raises."""

SECONDS = 20


class Subject(UnstructuredHeader, BaseHeader):
    """Folded by the older machinery: the newer one loses a space where it parts two words that are not ASCII."""

    def fold(self, *, policy: Policy) -> str:
        text = Header(str(self), header_name=self.name).encode(linesep=policy.linesep)
        return f"{self.name}: {text}{policy.linesep}"


HEADERS = HeaderRegistry()
HEADERS.map_to_type("subject", Subject)


def carrier(mail_url: str, sender: str) -> Carrier:
    """The carrier a `MAIL_URL` names: `file:///folder`, `smtp://user:password@host:587` (STARTTLS) or `smtps://`.

    `sender` is the bare address messages come from. An address of another kind raises ValueError.
    """
    parts = urlsplit(mail_url)
    if parts.scheme == "file":
        return partial(_to_folder, Path(unquote(parts.path)), sender)
    if parts.scheme in ("smtp", "smtps"):
        return partial(_over_smtp, mail_url, sender)
    raise ValueError("MAIL_URL begins with file://, smtp:// or smtps://")


def compose(message: Message, sender: str) -> EmailMessage:
    """The mail itself: text, and the calendar file both as an alternative (clients show buttons) and attached."""
    mail = EmailMessage(policy=SMTP.clone(header_factory=HEADERS))
    mail["From"] = sender
    mail["To"] = message.to_address
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(local(message.created_at))
    # the same when a crash sends it twice, so that the two can be told to be one
    mail["Message-ID"] = f"<message-{message.id}@{sender.partition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"  # so that notes of absence do not answer (RFC 3834)
    mail.set_content(message.body)
    if message.calendar is not None:
        text = message.calendar.decode()
        method = message.calendar_method or "REQUEST"
        mail.add_alternative(text, subtype="calendar", params={"method": method}, cte="base64")
        # of another type than the part that asks: Exchange reads no mail as an invitation that has two of them
        mail.add_attachment(message.calendar, maintype="application", subtype="ics", filename="invite.ics")
    mail["Content-Language"] = message.language  # last: setting the content takes such headers away
    return mail


def file_name(message: Message) -> str:
    """Always the same for one message, so that sending it twice still leaves one file."""
    return f"{message.id:06d}-{re.sub(r'[^A-Za-z0-9]+', '-', message.occasion)}.eml"


def _to_folder(folder: Path, sender: str, message: Message) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / file_name(message)
    partial_path = path.with_suffix(".partial")
    partial_path.write_bytes(compose(message, sender).as_bytes())
    os.replace(partial_path, path)  # whoever reads the folder finds no half a mail


def _over_smtp(mail_url: str, sender: str, message: Message) -> None:
    parts = urlsplit(mail_url)
    host, secure = parts.hostname or "localhost", ssl.create_default_context()
    if parts.scheme == "smtps":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=SECONDS, context=secure)
    else:
        connection = smtplib.SMTP(host, parts.port or 587, timeout=SECONDS)
    with connection as server:
        server.ehlo()  # `has_extn` knows what this was answered, and nothing before
        if parts.scheme == "smtp" and (server.has_extn("starttls") or parts.username):
            server.starttls(context=secure)  # a password is never sent in the open: without TLS this raises
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(compose(message, sender))
