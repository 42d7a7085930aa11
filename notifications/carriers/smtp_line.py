"""A line to a mail server on which a whole conversation, not each wait, has its time limit."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from notifications.carriers.patience import within

_ENHANCED = re.compile(rb"([245]\.\d{1,3}\.\d{1,3})\b")


class Refused(Exception):
    """The server said no. Attributes: code; enhanced, as 5.1.1 or ""; stage, as `codes.smtp` names it."""

    def __init__(self, code: int, reply: bytes | str, stage: str) -> None:
        super().__init__(code, stage)
        text = reply.encode() if isinstance(reply, str) else reply
        found = _ENHANCED.match(text)
        self.code, self.stage = code, stage
        self.enhanced = found[1].decode("ascii") if found and found[1][:1] == str(code)[:1].encode() else ""


class NoTls(Exception):
    """The server offers no encryption, and the settings ask for it."""


@dataclass(frozen=True)
class Server:
    """Where a mail server is and how to speak to it.

    Attributes:
        security: tls (from the first byte), starttls or none. certificate: a file with the authority of the server's
            certificate, where it is not a public one. hello: the name we give ourselves.
    """

    host: str
    port: int
    security: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    certificate: Path | None = None
    hello: str = "localhost"


class _Reader:
    """Reads replies line by line; `left` says how many seconds remain, and raises when none do."""

    def __init__(self, sock: socket.socket, left: Any) -> None:
        self._sock, self._left, self._held = sock, left, b""

    def readline(self, limit: int) -> bytes:
        while b"\n" not in self._held and len(self._held) < limit:
            self._sock.settimeout(self._left())
            more = self._sock.recv(8192)
            if not more:
                break
            self._held += more
        self._left()
        end = self._held.find(b"\n") + 1 or len(self._held)
        line, self._held = self._held[: min(end, limit)], self._held[min(end, limit) :]
        return line

    def close(self) -> None:
        """The socket is closed by whoever opened it."""


class _Timed:
    """One deadline for everything said and heard."""

    sock: Any
    file: Any

    def __init__(self, until: float, *args: Any, **more: Any) -> None:
        self.until = until
        super().__init__(*args, timeout=self.left(), **more)  # type: ignore[call-arg]

    def left(self) -> float:
        """Seconds that remain."""
        seconds = self.until - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds

    def getreply(self) -> Any:
        if self.file is None:
            self.file = _Reader(self.sock, self.left)
        return super().getreply()  # type: ignore[misc]

    def send(self, s: Any) -> None:
        if self.sock:
            self.sock.settimeout(self.left())
        super().send(s)  # type: ignore[misc]


class Line(_Timed, smtplib.SMTP):
    """In the clear, or encrypted later."""


class TlsLine(_Timed, smtplib.SMTP_SSL):
    """Encrypted from the first byte."""


def connect(server: Server, until: float) -> smtplib.SMTP:
    """A line to the server on which messages can be sent, made before `until` (monotonic).

    Raises:
        Refused: it does not take us. NoTls: it offers no encryption. OSError, TooLong, SMTPException: no line.
    """
    line = within(until - time.monotonic(), lambda: _open(server, until))
    try:
        _introduce(line, server)
    except BaseException:
        line.close()
        raise
    return line


def _open(server: Server, until: float) -> smtplib.SMTP:
    try:
        if server.security == "tls":
            return TlsLine(until, server.host, server.port, server.hello, context=_context(server))
        return Line(until, server.host, server.port, server.hello)
    except smtplib.SMTPConnectError as refusal:
        raise Refused(refusal.smtp_code, refusal.smtp_error, "greeting") from None


def _introduce(line: smtplib.SMTP, server: Server) -> None:
    _hello(line)
    if server.security == "starttls":
        if not line.has_extn("starttls"):
            raise NoTls
        try:
            line.starttls(context=_context(server))
        except smtplib.SMTPResponseException as refusal:
            raise Refused(refusal.smtp_code, refusal.smtp_error, "hello") from None
        _hello(line)
    if server.user:
        try:
            line.login(server.user, server.password)
        except smtplib.SMTPAuthenticationError as refusal:
            raise Refused(refusal.smtp_code, refusal.smtp_error, "login") from None
        except smtplib.SMTPNotSupportedError:
            raise Refused(530, b"", "login") from None


def _hello(line: smtplib.SMTP) -> None:
    try:
        line.ehlo_or_helo_if_needed()
    except smtplib.SMTPHeloError as refusal:
        raise Refused(refusal.smtp_code, refusal.smtp_error, "hello") from None


def _context(server: Server) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=server.certificate)
