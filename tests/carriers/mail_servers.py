# ruff: noqa: N802 - aiosmtpd calls these by these names
"""Mail servers on 127.0.0.1: a real one (aiosmtpd), and one that does what its script says at each step."""

from __future__ import annotations

import socket
import ssl
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from threading import Event, Thread
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Mail:
    """One mail as it was taken: envelope, options and content."""

    sender: str
    sender_options: list[str]
    recipient: str
    recipient_options: list[str]
    content: bytes
    sessions: int


@dataclass
class Box:
    """What a real server does: `rcpt` and `data` answer by the local part of the recipient; all else is taken."""

    rcpt: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, str] = field(default_factory=dict)
    mails: list[Mail] = field(default_factory=list)
    dsn: bool = False
    reply: str = "250 2.0.0 Ok: queued as 4ABCd17xyz"
    peers: set[Any] = field(default_factory=set)

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], "250-DSN", responses[-1]] if self.dsn else responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.peers.add(session.peer)
        envelope.mail_from, envelope.mail_options = address, options
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        local = address.partition("@")[0]
        if local in self.rcpt:
            return self.rcpt[local]
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        recipient = envelope.rcpt_tos[0]
        said = self.data.get(recipient.partition("@")[0])
        if said:
            return said
        assert isinstance(envelope.content, bytes)
        self.mails.append(Mail(
            envelope.mail_from or "", list(envelope.mail_options), recipient, list(envelope.rcpt_options), envelope.content,
            len(self.peers),
        ))  # fmt: skip
        return self.reply


class _Dsn(SMTP):
    """aiosmtpd takes no options it does not know; ours does."""

    async def smtp_MAIL(self, arg: str) -> None:
        kept, dropped = _options(arg, ("RET=", "ENVID="))
        self.asked = dropped
        await super().smtp_MAIL(kept)
        if self.envelope is not None:
            self.envelope.mail_options = [*self.envelope.mail_options, *dropped]

    async def smtp_RCPT(self, arg: str) -> None:
        kept, dropped = _options(arg, ("NOTIFY=",))
        await super().smtp_RCPT(kept)
        if self.envelope is not None:
            self.envelope.rcpt_options = [*self.envelope.rcpt_options, *dropped]


def _options(arg: str, names: tuple[str, ...]) -> tuple[str, list[str]]:
    words = arg.split()
    return " ".join(one for one in words if not one.startswith(names)), [one for one in words if one.startswith(names)]


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Dsn(self.handler, **self.SMTP_kwargs)


@contextmanager
def real(box: Box, **more: Any) -> Iterator[int]:
    """A real server; its port."""
    port = _free_port()
    server = _Controller(box, hostname="127.0.0.1", port=port, **more)
    server.start()
    try:
        yield port
    finally:
        server.stop()


def only(user: str, password: str) -> Any:
    """Lets this user in, and nobody else."""

    def check(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        well = (given.login, given.password) == (user.encode(), password.encode())
        return AuthResult(success=well, handled=False)

    return check


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's context with a certificate signed by itself for 127.0.0.1, and the file a client can trust it by."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    chain, private = folder / "server.pem", folder / "server.key"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ))  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, private)
    return context, chain


#: what the scripted server says when its script says nothing
USUAL = {
    "greeting": "220 ready", "ehlo": "250-here\r\n250 8BITMIME", "mail": "250 ok", "rcpt": "250 ok", "data": "354 go on",
    "dot": "250 2.0.0 OK queued as ABC123", "rset": "250 ok", "noop": "250 ok", "quit": "221 bye",
}  # fmt: skip


@dataclass
class Scripted:
    """A server with a script: step -> a reply, or `drop` (the line breaks), `silent`, `drip` (a sign now and then).

    Attributes:
        after: so many messages are handled as usual before the script begins.
    """

    script: Mapping[str, str] = field(default_factory=dict)
    after: int = 0
    connections: int = 0
    messages: int = 0
    whole: int = 0
    over: Event = field(default_factory=Event)


@contextmanager
def scripted(server: Scripted) -> Iterator[int]:
    """The scripted server at work; its port."""
    listening = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            try:
                line, _ = listening.accept()
            except OSError:
                return
            server.connections += 1
            Thread(target=_talk, args=(server, line), daemon=True).start()

    Thread(target=accept, daemon=True).start()
    try:
        yield listening.getsockname()[1]
    finally:
        server.over.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def _talk(server: Scripted, line: socket.socket) -> None:
    with line, line.makefile("rb") as heard:
        if not _say(server, line, "greeting"):
            return
        for said in heard:
            step = said.decode("ascii", "replace").split()[0].lower().strip(":")
            if not _say(server, line, step):
                return
            if step == "data":
                for part in heard:
                    if part == b".\r\n":
                        break
                else:
                    return
                server.whole += 1
                if not _say(server, line, "dot"):
                    return
                server.messages += 1
            if step == "quit":
                return


def _say(server: Scripted, line: socket.socket, step: str) -> bool:
    script = server.script if server.messages >= server.after else {}
    what = script.get(step, USUAL.get(step, "502 what?"))
    try:
        if what == "drop":
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        if what == "silent":
            server.over.wait(30)
            return False
        if what == "drip":
            while not server.over.wait(0.1):
                line.sendall(b"2")
            return False
        line.sendall(f"{what}\r\n".encode())
    except OSError:
        return False
    return not what.startswith("421")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])
