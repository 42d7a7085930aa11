"""A body's mail relay, played by a real server (aiosmtpd) and by one that breaks off at every step."""

from __future__ import annotations

import email
import email.policy
import hashlib
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from notifications.addresses import Reach
from notifications.carriers.smtp import Smtp
from notifications.carriers.smtp_line import Server
from notifications.channels import Accepted, CannotSay, Permanent, Temporary, Unknown
from notifications.channels.email import compose
from notifications.refs import ref_of
from tests.carriers.mail_servers import Box, Scripted, certificate, only, real, scripted
from tests.carriers.makers import QUICK, SECONDS, SECRET, message

#: where the server never ends its answer
ENDLESS = ("silent", "drip")


def relay(port: int, *, security: str = "none", **more: Any) -> Smtp:
    """A relay at that port."""
    server = {name: more.pop(name) for name in ("user", "password", "certificate") if name in more}
    usual: dict[str, Any] = {"seconds": SECONDS, "bounces": "bounces@body.example.kz"}
    line = Server("127.0.0.1", port, security, hello="body.example.kz", **server)
    return Smtp(line, "no-reply@body.example.kz", **usual | more)


def test_a_message_arrives_whole_with_its_own_id_and_a_return_address_that_names_it() -> None:
    """And with nobody's name."""
    box = Box()
    with real(box) as port:
        carrier = relay(port)
        said = carrier.send(message(1))
        carrier.close()
    assert said == Accepted("4ABCd17xyz", said.content_hash)  # type: ignore[union-attr]
    mail = box.mails[0]
    assert (mail.sender, mail.recipient) == (f"bounces+{ref_of(1)}@body.example.kz", "p1@example.kz")
    read = email.message_from_bytes(mail.content, policy=email.policy.default)
    assert read["Message-ID"] == f"<{ref_of(1)}.1@body.example.kz>"
    assert read["From"] == "no-reply@body.example.kz" and read["To"] == "p1@example.kz"
    words = read.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert words.replace("\r\n", "\n").strip() == message(1).words.body.strip()
    content = compose(message(1), "no-reply@body.example.kz", "body.example.kz")
    assert said.content_hash == hashlib.sha256(content).hexdigest()  # type: ignore[union-attr]
    assert mail.content == content


def test_a_return_address_is_signed_where_there_is_a_secret() -> None:
    """Who only knows the mailbox can report nothing of anybody's notice."""
    from notifications.callbacks_signing import unsigned

    box = Box(dsn=True)
    with real(box) as port:
        assert isinstance(relay(port, secret=SECRET, dsn=True).send(message(1)), Accepted)
    mail = box.mails[0]
    assert unsigned(mail.sender.partition("@")[0].partition("+")[2], SECRET) == ref_of(1)
    assert len(mail.sender.partition("@")[0]) <= 64


@pytest.mark.parametrize(("offered", "wanted"), [(True, True), (True, False), (False, True)])
def test_delivery_reports_are_asked_for_where_they_can_be_had(offered: bool, wanted: bool) -> None:
    """The envelope's id is our reference."""
    box = Box(dsn=offered)
    with real(box) as port:
        assert isinstance(relay(port, dsn=wanted).send(message(1)), Accepted)
    asked = [*box.mails[0].sender_options, *box.mails[0].recipient_options]
    expected = ["RET=HDRS", f"ENVID={ref_of(1)}", "NOTIFY=SUCCESS,FAILURE"] if offered and wanted else []
    assert [one for one in asked if not one.startswith(("SIZE", "BODY"))] == expected


@pytest.mark.parametrize(
    ("reply", "kind", "ours"),
    [
        ("421 4.3.2 going down", Temporary, True),
        ("450 4.2.0 greylisted", Temporary, False),
        ("451 4.7.1 come back", Temporary, False),
        ("451 4.3.0 trouble", Temporary, True),
        ("452 4.2.2 full", Temporary, False),
        ("452 4.3.1 no room", Temporary, True),
        ("550 5.1.1 <p1@example.kz> unknown", Permanent, False),
        ("550 no such user p1@example.kz", Permanent, False),
        ("551 5.1.6 moved", Permanent, False),
        ("552 5.2.2 full", Permanent, False),
        ("553 5.1.3 bad name", Permanent, False),
        ("554 5.7.1 refused", Permanent, False),
        ("550 5.7.26 no SPF", Permanent, True),
        ("530 5.7.0 log in first", Permanent, True),
        ("599 5.9.9 something new", Permanent, False),
        ("499 something new", Temporary, False),
    ],
)
@pytest.mark.parametrize("step", ["rcpt", "data"])
def test_each_recipient_has_its_own_refusal(step: str, reply: str, kind: type, ours: bool) -> None:
    """By code and enhanced code, in our words; the neighbours are not touched."""
    box = Box(**{step: {"p1": reply}})  # type: ignore[arg-type]
    with real(box) as port:
        carrier = relay(port)
        said = carrier.send(message(1))
        assert isinstance(carrier.send(message(2, email="p2@example.kz")), Accepted)
        carrier.close()
    assert isinstance(said, kind) and said.ours is ours  # type: ignore[union-attr]
    assert said.code[:3] == reply[:3]  # type: ignore[union-attr]
    assert "@" not in said.sentence + said.code and "p1" not in said.sentence  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("reply", "reference"),
    [
        ("250 2.0.0 Ok: queued as 4ZxYk32cCbz1q", "4ZxYk32cCbz1q"),
        ("250 OK id=1rABCd-0001aB-2C", "1rABCd-0001aB-2C"),
        ("250 2.6.0 <x@y> [InternalId=123456789, Hostname=mail.local] Queued mail for delivery", "123456789"),
        ("250 2.0.0 3AB1cd2E012345 Message accepted for delivery", "3AB1cd2E012345"),
        ("250 OK for p1@example.kz", ref_of(1)),
        ("250 queued as p1example", ref_of(1)),
    ],
)
def test_the_relays_number_is_kept_and_nothing_else_it_says(reply: str, reference: str) -> None:
    """Its reply may quote the address."""
    with real(Box(reply=reply)) as port:
        said = relay(port).send(message(1))
    assert isinstance(said, Accepted) and said.reference == reference


def test_encryption_and_login(tmp_path: Path) -> None:
    """STARTTLS with a certificate we trust, and the right password; each wrong one has its own outcome."""
    context, chain = certificate(tmp_path)
    box = Box()
    more = {
        "tls_context": context,
        "require_starttls": True,
        "auth_required": True,
        "authenticator": only("bagalau", "pw"),
    }
    with real(box, **more) as port:
        right = {"security": "starttls", "certificate": chain, "user": "bagalau", "password": "pw"}
        carrier = relay(port, **right)  # type: ignore[arg-type]
        assert isinstance(carrier.send(message(1)), Accepted) and carrier.ping() == ""
        wrong = relay(port, **right | {"password": "guess"})  # type: ignore[arg-type]
        said = wrong.send(message(2))
        assert isinstance(said, Permanent) and said.ours and said.code.startswith("535")
        assert "account" in wrong.ping()
        strange = relay(port, **right | {"certificate": None}).send(message(2))  # type: ignore[arg-type]
        assert isinstance(strange, Temporary) and strange.ours and strange.code == "certificate"
        bare = relay(port).send(message(2))
        assert isinstance(bare, Permanent) and bare.ours
    assert len(box.mails) == 1
    with real(Box()) as port:
        said = relay(port, **right).send(message(3))  # type: ignore[arg-type]
        assert isinstance(said, Permanent) and said.ours and said.code == "no-tls"


def test_encrypted_from_the_first_byte(tmp_path: Path) -> None:
    """Port 465."""
    context, chain = certificate(tmp_path)
    box = Box()
    with real(box, ssl_context=context) as port:
        carrier = relay(port, security="tls", certificate=chain)
        assert isinstance(carrier.send(message(1)), Accepted)
        assert isinstance(carrier.send(message(2)), Accepted)
        carrier.close()


@pytest.mark.parametrize(
    ("step", "how"),
    [
        (step, how)
        for step in ("greeting", "ehlo", "mail", "rcpt", "data")
        for how in ("drop", "silent", "drip", "421 bye", "twaddle")
        if (step, how) != ("ehlo", "twaddle")  # who does not know EHLO is greeted with HELO
    ],
)
def test_until_the_last_line_nothing_was_sent(step: str, how: str) -> None:
    """Certainly not: it is tried again, and it is nobody's fault among the recipients."""
    server = Scripted({step: how})
    with scripted(server) as port:
        began = time.monotonic()
        seconds = QUICK if how in ENDLESS else SECONDS
        said = relay(port, seconds=seconds).send(message(1))
        assert time.monotonic() - began < seconds + 0.6
    assert isinstance(said, Temporary) and said.ours
    assert server.whole == 0


@pytest.mark.parametrize("how", ["drop", "silent", "drip", "twaddle"])
def test_after_the_last_line_nobody_knows(how: str) -> None:
    """The server may have it, and mail servers cannot be asked."""
    server = Scripted({"dot": how})
    with scripted(server) as port:
        began = time.monotonic()
        carrier = relay(port, seconds=QUICK if how in ENDLESS else SECONDS)
        assert isinstance(carrier.send(message(1)), Unknown)
        assert time.monotonic() - began < carrier.seconds + 0.6
        assert carrier.ask(message(1)) == CannotSay()
    assert server.whole == 1


def test_a_server_that_says_no_after_the_last_line_has_said_no() -> None:
    """A refusal is no silence."""
    with scripted(Scripted({"dot": "554 5.6.0 no"})) as port:
        assert isinstance(relay(port).send(message(1)), Permanent)
    with scripted(Scripted({"dot": "421 4.3.2 later"})) as port:
        assert isinstance(relay(port).send(message(1)), Temporary)


@pytest.mark.parametrize("step", ["greeting", "ehlo", "mail"])
@pytest.mark.parametrize("reply", ["554 5.7.1 go away", "550 no"])
def test_refused_before_a_recipient_is_named_we_are_refused_to_everybody(step: str, reply: str) -> None:
    """The sender, the address we call from: for an operator."""
    with scripted(Scripted({step: reply, "helo": reply})) as port:
        said = relay(port).send(message(1))
    assert isinstance(said, Permanent) and said.ours


@pytest.mark.parametrize("how", ["drop", "421 idle too long"])
def test_a_line_kept_too_long_is_renewed_at_once(how: str) -> None:
    """What the server closed while nothing was sent costs no try."""
    server = Scripted({"mail": how}, after=1)
    with scripted(server) as port:
        carrier = relay(port)
        assert isinstance(carrier.send(message(1)), Accepted)
        server.after = 2 if how == "drop" else server.after
        if how == "drop":
            server.script = {}
            # the kept line is closed under the carrier
            carrier._idle[0].sock.shutdown(2)
        said = carrier.send(message(2))
        if how == "drop":
            assert isinstance(said, Accepted) and server.connections == 2
        else:
            # the server closes every line: the second one, fresh, says so too
            assert isinstance(said, Temporary) and said.ours and server.connections == 2
        carrier.close()


def test_at_most_four_lines_and_each_is_kept() -> None:
    """Forty messages by forty threads."""
    box = Box()
    with real(box) as port:
        carrier = relay(port, seconds=10)
        with ThreadPoolExecutor(40) as pool:
            said = list(pool.map(carrier.send, [message(n, email=f"p{n}@example.kz") for n in range(1, 41)]))
        carrier.close()
        assert carrier._idle == []
        assert isinstance(carrier.send(message(41)), Accepted)  # closed is not broken
        carrier.close()
    assert all(isinstance(one, Accepted) for one in said)
    assert len({mail.recipient for mail in box.mails}) == 40 and len(box.mails) == 41
    assert len(box.peers) <= 5


def test_no_line_at_all() -> None:
    """Nobody listens there."""
    with scripted(Scripted()) as port:
        pass
    carrier = relay(port)
    said = carrier.send(message(1))
    assert isinstance(said, Temporary) and said.ours
    assert carrier.ping()


def test_a_bad_address_costs_no_line() -> None:
    """And a mailbox inside the house needs the body's word."""
    box = Box()
    with real(box) as port:
        carrier = relay(port)
        for bad in ("", "p1@@example.kz", "p1@body.local", "p1@example.kz\r\nBcc: all@example.kz"):
            assert isinstance(carrier.send(message(1, email=bad)), Permanent)
        assert box.peers == set()
        inside = relay(port, reach=Reach(internal_domains=frozenset({"body.local"})))
        assert isinstance(inside.send(message(1, email="P1@Body.Local")), Accepted)
    assert box.mails[0].recipient == "P1@body.local"


def test_a_line_of_the_text_that_is_a_dot_ends_nothing() -> None:
    """Lines that begin with a dot are doubled on the way; ours never do, and a server must not be fooled if they did."""
    from notifications.carriers import smtp as module

    assert module.re.sub(rb"(?m)^\.", b"..", b"a\r\n.\r\nb\r\n..c\r\n") == b"a\r\n..\r\nb\r\n...c\r\n"


@pytest.mark.slow
def test_ten_seconds_for_the_whole_conversation() -> None:
    """A server that takes four seconds for each step is left after ten."""
    with scripted(Scripted({"rcpt": "drip"})) as port:
        began = time.monotonic()
        assert isinstance(relay(port, seconds=10.0).send(message(1)), Temporary)
        assert 9.5 < time.monotonic() - began <= 10.3
