"""How a message leaves: as a file in a folder, or over SMTP."""

from __future__ import annotations

import os
import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.header import Header
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from app.core.clock import local
from app.post import html
from app.post.models import Fault, Message

Carrier = Callable[[Message], None]
"""Hands one message over, or raises: NotHandedOver, where it knows why."""

SECONDS = 20
FINE, PERMANENT = 250, 500
NO_SUCH_BOX = (550, 551, 553)


class Subject(UnstructuredHeader, BaseHeader):
    """Folded by the older machinery: the newer one loses a space where it parts two words that are not ASCII."""

    def fold(self, *, policy: Policy) -> str:
        text = Header(str(self), header_name=self.name).encode(linesep=policy.linesep)
        return f"{self.name}: {text}{policy.linesep}"


HEADERS = HeaderRegistry()
HEADERS.map_to_type("subject", Subject)


class NotHandedOver(Exception):
    """A message did not leave. `answer`: what the server said, without anybody's address."""

    def __init__(self, fault: Fault, answer: str = "") -> None:
        super().__init__(fault.value)
        self.fault, self.answer = fault, answer


@contextmanager
def carrier(mail_url: str, sender: str, bounces: str = "") -> Iterator[Carrier]:
    """The carrier a `MAIL_URL` names: `file:///folder`, `smtp://user:password@host:587` (STARTTLS) or `smtps://`.

    `sender` is the bare address messages come from, `bounces` where servers report those they could not deliver (the
    sender, if left out). One connection serves all messages. An address of another kind raises ValueError.
    """
    parts = urlsplit(mail_url)
    if parts.scheme == "file":
        yield partial(_to_folder, Path(unquote(parts.path)), sender)
    elif parts.scheme in ("smtp", "smtps"):
        relay = Relay(parts, sender, bounces or sender)
        try:
            yield relay
        finally:
            relay.close()
    else:
        raise ValueError("MAIL_URL begins with file://, smtp:// or smtps://")


def compose(message: Message, sender: str) -> EmailMessage:
    """The mail itself: the text, the same as a page, and the calendar file both as the last alternative (clients show
    buttons) and attached.
    """
    mail = EmailMessage(policy=SMTP.clone(header_factory=HEADERS))
    mail["From"] = sender
    mail["To"] = message.to_address
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(local(message.created_at))
    # the same when a crash sends it twice, so that the two can be told to be one
    mail["Message-ID"] = f"<message-{message.id}@{sender.partition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"  # so that notes of absence do not answer (RFC 3834)
    mail.set_content(message.body)
    mail.add_alternative(html.page(message.subject, message.body, message.language), subtype="html")
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


class Relay:
    """A mail server, connected to by the first message and kept for those that follow."""

    def __init__(self, url: SplitResult, sender: str, bounces: str) -> None:
        self._url, self._sender, self._bounces = url, sender, bounces
        self._server: smtplib.SMTP | None = None

    def __call__(self, message: Message) -> None:
        mail = compose(message, self._sender)
        server = self._connected()
        try:
            server.send_message(mail, from_addr=self._bounces, to_addrs=[message.to_address])
        except smtplib.SMTPRecipientsRefused as error:
            code, text = error.recipients[message.to_address]
            raise NotHandedOver(_fault_of_recipient(code, text), said(code, text)) from None
        except smtplib.SMTPSenderRefused as error:
            fault = Fault.SENDER if error.smtp_code >= PERMANENT else Fault.LATER
            raise NotHandedOver(fault, said(error.smtp_code, error.smtp_error)) from None
        except smtplib.SMTPResponseException as error:
            fault = Fault.REFUSED if error.smtp_code >= PERMANENT else Fault.LATER
            raise NotHandedOver(fault, said(error.smtp_code, error.smtp_error)) from None
        except (smtplib.SMTPException, OSError) as error:
            # the connection is of no use any more, while the server may be well: the next message finds out
            self.close()
            raise NotHandedOver(Fault.OTHER, type(error).__name__) from None

    def close(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()

    def _connected(self) -> smtplib.SMTP:
        if self._server is None or not _alive(self._server):
            self.close()
            try:
                self._server = self._connect()
            except smtplib.SMTPAuthenticationError as error:
                raise NotHandedOver(Fault.SIGN_IN, said(error.smtp_code, error.smtp_error)) from None
            except smtplib.SMTPResponseException as error:
                raise NotHandedOver(Fault.UNREACHABLE, said(error.smtp_code, error.smtp_error)) from None
            except (smtplib.SMTPException, OSError) as error:
                raise NotHandedOver(Fault.UNREACHABLE, type(error).__name__) from None
        return self._server

    def _connect(self) -> smtplib.SMTP:
        url, context = self._url, ssl.create_default_context()
        host = url.hostname or "localhost"
        if url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, url.port or 465, timeout=SECONDS, context=context)
        else:
            server = smtplib.SMTP(host, url.port or 587, timeout=SECONDS)
        try:
            server.ehlo()  # `has_extn` knows what this was answered, and nothing before
            if url.scheme == "smtp" and (server.has_extn("starttls") or url.username):
                server.starttls(context=context)  # a password is never sent in the open: without TLS this raises
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
        except BaseException:
            server.close()
            raise
        return server


def _alive(server: smtplib.SMTP) -> bool:
    """Many servers hang up after a while, or after so many messages; asked before, no message is sent twice for it."""
    try:
        return server.noop()[0] == FINE
    except (smtplib.SMTPException, OSError):
        return False


def _fault_of_recipient(code: int, text: bytes | str) -> Fault:
    """Permanent is not always the address: 5.7 is a rule of the server's, 5.2.2 a full box (RFC 3463)."""
    if code < PERMANENT:
        return Fault.LATER
    detail = re.match(r"5\.(\d+\.\d+)", _text(text))
    if detail is None:
        return Fault.ADDRESS if code in NO_SUCH_BOX else Fault.REFUSED
    return Fault.ADDRESS if detail[1].startswith("1.") or detail[1] == "2.1" else Fault.REFUSED


def said(code: int, text: bytes | str) -> str:
    """A server's answer in one line, without what looks like an address: others read it."""
    clean = re.sub(r"[^\s<>:;,()\[\]]+@[^\s<>:;,()\[\]]+", "…", _text(text))
    return f"{code} {' '.join(''.join(c if c.isprintable() else ' ' for c in clean).split())}"[:300].strip()


def _text(text: bytes | str) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text
