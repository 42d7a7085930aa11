"""E-mail by a body's own mail relay: SMTP with its own Message-ID, and a return address that names the notice.

A refusal before the message's last line, and a line that breaks before it, mean that nothing was sent. Silence after it means
that nobody knows, and no mail server can be asked: the same Message-ID lets the receiver tell a repetition.
"""

from __future__ import annotations

import hashlib
import re
import smtplib
import ssl
import time
from dataclasses import dataclass, field, replace
from threading import BoundedSemaphore, Lock

from notifications.addresses import Reach, mailbox
from notifications.callbacks_signing import signed
from notifications.carriers.patience import SECONDS, TooLong
from notifications.carriers.smtp_line import NoTls, Refused, Server, connect
from notifications.channels import Accepted, Answer, CannotSay, Message, Outcome, Permanent, Temporary, Unknown
from notifications.channels.email import compose
from notifications.codes import refusal, smtp
from rules.errors import RuleError

#: more lines at once and a relay begins to refuse them
LINES = 4
#: what the usual mail servers call a message they took
_QUEUED = re.compile(
    r"(?:queued as|\bid=?|InternalId=)[ :]*([A-Za-z0-9_-]{6,40})(?![A-Za-z0-9@._-])|([A-Za-z0-9]{8,20})(?= Message accepted)",
    re.IGNORECASE,
)
_NO_TLS = (
    "The mail server offers no encryption; see to it, or set security to none where the network itself is trusted."
)
_LOST = (OSError, TooLong, smtplib.SMTPException)


@dataclass
class Smtp:
    """A mail relay.

    Attributes:
        sender: the address notices come from. bounces: the mailbox that takes what comes back; "" sends it to the sender.
        verp: the mailbox takes its address with a plus and the notice's reference, which `secret` signs: whoever knows the
            address alone can report nothing. dsn: ask for delivery reports where the relay can give them. seconds: for one
            message, from the first byte to the last.
    """

    server: Server
    sender: str
    bounces: str = ""
    verp: bool = True
    dsn: bool = False
    reach: Reach = field(default_factory=Reach)
    connections: int = LINES
    seconds: float = SECONDS
    name: str = "smtp"
    secret: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        self._domain = self.sender.rpartition("@")[2]
        self._idle: list[smtplib.SMTP] = []
        self._lock, self._places = Lock(), BoundedSemaphore(self.connections)

    def send(self, message: Message) -> Outcome:
        """Give the relay one message."""
        try:
            to = mailbox(message.to.email, self.reach)
            content = compose(replace(message, to=replace(message.to, email=to)), self.sender, self._domain)
        except RuleError as wrong:
            return Permanent(str(wrong))
        until = time.monotonic() + self.seconds
        if not self._places.acquire(timeout=self.seconds):
            return Temporary("Every line to the mail server is busy.", spends=False)
        try:
            return self._on_a_line(message, to, content, until)
        finally:
            self._places.release()

    def _on_a_line(self, message: Message, to: str, content: bytes, until: float) -> Outcome:
        while True:
            kept = self._kept(until)
            try:
                line = kept or connect(self.server, until)
            except _LOST as trouble:
                return _no_line(trouble)
            except Refused as no:
                return _refused(no)
            except NoTls:
                return Permanent(_NO_TLS, "no-tls", ours=True)
            try:
                self._name_recipient(line, message, to)
            except Refused as no:
                if no.code == 421 and kept:
                    line.close()
                    continue
                if no.code == 421 or no.code < 400:
                    line.close()  # it ends the talk, or talks of something else
                else:
                    self._keep(line, False)
                return _refused(no)
            except _LOST as trouble:
                line.close()
                if kept:
                    continue  # a line kept too long; nothing was said on it of this message
                return _no_line(trouble)
            return self._hand_over(line, message, content, to)

    def _name_recipient(self, line: smtplib.SMTP, message: Message, to: str) -> None:
        dsn = self.dsn and line.has_extn("dsn")
        options = ["RET=HDRS", f"ENVID={self._named(message)}"] if dsn else []
        _expect(line.mail(self._return_address(message), options), "sender")
        _expect(line.rcpt(to, ["NOTIFY=SUCCESS,FAILURE"] if dsn else []), "recipient")
        code, reply = line.docmd("data")
        if code != 354:
            raise Refused(code, reply, "recipient")

    def _hand_over(self, line: smtplib.SMTP, message: Message, content: bytes, to: str) -> Outcome:
        try:
            line.send(re.sub(rb"(?m)^\.", b"..", content) + b".\r\n")
        except _LOST as trouble:
            line.close()
            return _no_line(trouble)
        # from here on the server may have it
        try:
            code, reply = line.getreply()
        except _LOST:
            line.close()
            return Unknown("The mail server fell silent after the whole message was given to it.", "lost")
        self._keep(line, code == 250)
        if code == 250:
            return Accepted(_reference(reply, to) or message.ref, hashlib.sha256(content).hexdigest())
        if code < 400:
            return Unknown("The mail server answered the whole message in a way that means nothing.", "strange")
        return _refused(Refused(code, reply, "content"))

    def _return_address(self, message: Message) -> str:
        box = self.bounces or self.sender
        if not self.verp or not self.bounces:
            return box
        local, _, domain = box.rpartition("@")
        return f"{local}+{self._named(message)}@{domain}"

    def _named(self, message: Message) -> str:
        return signed(message.ref, self.secret) if self.secret else message.ref

    def _kept(self, until: float) -> smtplib.SMTP | None:
        with self._lock:
            line = self._idle.pop() if self._idle else None
        if line is not None:
            line.until = until  # type: ignore[attr-defined]
        return line

    def _keep(self, line: smtplib.SMTP, well: bool) -> None:
        """Keep a line for the next message; one on which something was refused is set back first."""
        if not well:
            try:
                well = line.rset()[0] == 250
            except _LOST:
                well = False
        if not well:
            line.close()
            return
        with self._lock:
            self._idle.append(line)

    def ask(self, message: Message) -> Answer:
        """Mail servers cannot be asked."""
        return CannotSay()

    def ping(self) -> str:
        """Greeting, encryption, login: everything but a message."""
        until = time.monotonic() + self.seconds
        try:
            line = connect(self.server, until)
            code = line.noop()[0]
            line.close()
        except _LOST as trouble:
            return _no_line(trouble).sentence
        except Refused as no:
            return smtp(no.code, no.enhanced, no.stage).sentence
        except NoTls:
            return _NO_TLS
        return "" if code == 250 else "The mail server answers, but is not ready."

    def close(self) -> None:
        """Say good-bye on every kept line, without waiting for an answer."""
        with self._lock:
            idle, self._idle = self._idle, []
        for line in idle:
            try:
                line.until = time.monotonic() + 1  # type: ignore[attr-defined]
                line.putcmd("quit")
            except _LOST:
                pass
            line.close()


def _expect(answer: tuple[int, bytes], stage: str) -> None:
    code, reply = answer
    if code not in (250, 251):
        raise Refused(code, reply, stage)


def _refused(no: Refused) -> Outcome:
    code = f"{no.code} {no.enhanced}".strip()
    return refusal(smtp(no.code, no.enhanced, no.stage), code)


def _no_line(trouble: Exception) -> Temporary:
    """Nothing was sent, and it is nobody's fault but ours or the server's."""
    if isinstance(trouble, ssl.SSLCertVerificationError):
        return Temporary("The mail server's certificate cannot be trusted.", "certificate", ours=True)
    if isinstance(trouble, TooLong | TimeoutError) or isinstance(trouble.__context__, TimeoutError):
        return Temporary("The mail server does not answer in time.", "timeout", ours=True)
    return Temporary(
        "There is no line to the mail server, or it broke before the message was given over.", "line", ours=True
    )


def _reference(reply: bytes, to: str) -> str:
    """The server's own number of the message, if its reply has one in a known form; nothing else of the reply is kept."""
    found = _QUEUED.search(reply.decode("ascii", "replace"))
    number = (found[1] or found[2]) if found else ""
    return (
        number
        if any(sign.isdigit() for sign in number) and number.lower() not in re.sub(r"[^a-z0-9]", "", to.lower())
        else ""
    )
