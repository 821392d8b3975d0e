"""A mail server of the tests' own: real SMTP on a free port of this machine."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller

from storefront_trace.config import MailServer
from tests.doors import open_door
from tests.patience import PATIENCE


class Postman:
    """What the mail server took, and what it is to answer."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.answers: list[str] = []
        self.recipient_answer = ""
        self.taken: Callable[[], None] = lambda: None

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.recipient_answer:
            return self.recipient_answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.raw.append(envelope.content)
            mail = message_from_bytes(envelope.content, policy=default)
            assert isinstance(mail, EmailMessage)
            self.mails.append(mail)
            self.taken()
        return answer


@contextmanager
def post_office(postman: Postman) -> Iterator[MailServer]:
    with open_door() as (door, port):
        server = AtADoor(postman, hostname="127.0.0.1", port=port, ready_timeout=PATIENCE)
        server.door = door
        server.start()
        yield MailServer("127.0.0.1", port, tls=False)
        server.stop()


class AtADoor(Controller):
    """One that is open already: a port that is only chosen may be somebody else's a moment later."""

    door: socket.socket

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self.door)


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())
