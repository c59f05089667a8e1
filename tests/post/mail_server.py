"""A mail server to test against: it takes mail, and misbehaves as it is told."""

from __future__ import annotations

import base64
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Mailbox:
    """What arrived, and how the server answers: what stands in a command to the answer; "" hangs up.

    `slow`: seconds before each answer. `hangs_up_after`: how many mails a connection may bring.
    """

    answers: dict[str, str] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    password: str = ""
    slow: float = 0
    hangs_up_after: int = 0
    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    connections: int = 0
    signed_in: int = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


class Conversation(socketserver.StreamRequestHandler):
    box: Mailbox

    def handle(self) -> None:
        self.box.connections += 1
        brought = 0
        self.say(self.box.answers.get("", "220 here"))
        while line := self.rfile.readline():
            command = line.decode().strip()
            word = command.split(" ")[0].upper()
            planned = next(
                (said for asked, said in self.box.answers.items() if asked and asked.upper() in command.upper()), None
            )
            if planned == "":
                return
            if planned:
                self.say(planned)
            elif word == "DATA":
                self.say("354 go on")
                self.take()
                brought += 1
                if brought == self.box.hangs_up_after:
                    return
            elif word == "STARTTLS":
                self.say("220 go on")
                self.encrypt()
            else:
                getattr(self, f"on_{word.lower()}", self.fine)(command)
            if word == "QUIT":
                return

    def finish(self) -> None:
        super().finish()
        self.connection.close()  # once encrypted it is another than the server's own

    def say(self, text: str) -> None:
        time.sleep(self.box.slow)
        self.wfile.write(f"{text}\r\n".encode())

    def fine(self, _: str) -> None:
        self.say("250 fine")

    def on_ehlo(self, _: str) -> None:
        encrypted = isinstance(self.connection, ssl.SSLSocket)
        extra = ["STARTTLS"] if self.box.tls and not encrypted else []
        extra += ["AUTH PLAIN"] if self.box.password else []
        for name in ["here", *extra]:
            self.say(f"250-{name}")
        self.say("250 8BITMIME")

    def on_auth(self, command: str) -> None:
        given = base64.b64decode(command.split(" ")[2]).split(b"\0")[2].decode()
        self.box.signed_in += given == self.box.password
        self.say("235 welcome" if given == self.box.password else "535 5.7.8 no")

    def on_mail(self, command: str) -> None:
        self.box.senders.append(command.split("<")[1].split(">")[0])
        self.say("250 fine")

    def take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.box.mails.append(message_from_bytes(b"".join(lines), policy=policy.default))  # type: ignore[arg-type]
        self.say("250 taken")

    def encrypt(self) -> None:
        assert self.box.tls is not None
        self.connection = self.box.tls.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)  # type: ignore[assignment]


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Clients that go away in the middle are what is tested."""


@contextmanager
def serving(box: Mailbox) -> Iterator[Mailbox]:
    """The server on a port of its own, on the same one when it comes back."""
    handler: Callable[..., Conversation] = type("Here", (Conversation,), {"box": box})
    with Server(("127.0.0.1", box.port), handler) as server:
        box.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield box
        finally:
            server.shutdown()
            thread.join()
