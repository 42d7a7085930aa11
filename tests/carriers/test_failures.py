"""A provider that fails: every class of failure ends in its own outcome, in time, and in our own words."""

from __future__ import annotations

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from notifications.addresses import Reach
from notifications.carriers.sendgrid import SendGrid
from notifications.carriers.smsc import Smsc
from notifications.carriers.smtp import Smtp
from notifications.carriers.twilio import Twilio
from notifications.channels import Accepted, CannotSay, Found, Message, NotThere, Outcome, Permanent, Temporary, Unknown
from notifications.render import Rendered
from tests.carriers.makers import AT, BY_HTTP, QUICK, SECONDS, message, sendgrid, smsc, twilio
from tests.carriers.stub import Stub

CARRIERS = sorted(BY_HTTP)


#: where the peer never ends its answer
ENDLESS = ("hang", "silence", "drip")


def _send(stub: Stub, name: str, **more: Any) -> Outcome:
    channel, make = BY_HTTP[name]
    return make(stub, seconds=_patience(stub)).send(message(channel=channel, **more))


def _patience(stub: Stub) -> float:
    return QUICK if stub.mode in ENDLESS else SECONDS


@pytest.mark.parametrize("name", CARRIERS)
@pytest.mark.parametrize("mode", ["500", "500-taken", "hang", "silence", "reset", "lost"])
def test_what_may_have_left_is_unknown_and_in_time(stub: Stub, name: str, mode: str) -> None:
    """Refused or taken, nobody can tell: the same outcome, and the carrier is asked later."""
    stub.mode = mode
    began = time.monotonic()
    assert isinstance(_send(stub, name), Unknown)
    assert time.monotonic() - began < _patience(stub) + 0.6
    assert len(stub.taken) == (mode in ("500-taken", "silence", "lost"))
    channel, make = BY_HTTP[name]
    stub.mode = "ok"
    known = make(stub).ask(message(channel=channel, first_at=AT))
    assert isinstance(known, Found if stub.taken else NotThere)


@pytest.mark.parametrize("name", ["twilio", "smsc"])
def test_a_peer_that_sends_a_byte_now_and_then_has_no_more_time_than_others(stub: Stub, name: str) -> None:
    """Each wait is short, all of them together are not."""
    stub.mode = "drip"
    began = time.monotonic()
    assert isinstance(_send(stub, name), Unknown)
    assert time.monotonic() - began < _patience(stub) + 0.6


@pytest.mark.parametrize("kind", [SendGrid, Twilio, Smsc, Smtp])
def test_every_carrier_is_shipped_with_ten_seconds(kind: Any) -> None:
    """The libraries themselves wait for ever."""
    assert kind.__dataclass_fields__["seconds"].default == 10.0


@pytest.mark.slow
@pytest.mark.parametrize("name", CARRIERS)
def test_ten_seconds_are_ten_seconds(stub: Stub, name: str) -> None:
    """By the clock."""
    stub.mode = "hang"
    channel, make = BY_HTTP[name]
    began = time.monotonic()
    assert isinstance(make(stub, seconds=10.0).send(message(channel=channel)), Unknown)
    assert 8.0 < time.monotonic() - began <= 10.2


@pytest.mark.parametrize("name", CARRIERS)
def test_haste_spends_no_try_and_says_how_long_to_wait(stub: Stub, name: str) -> None:
    """429 was never processed."""
    stub.mode = "429"
    said = _send(stub, name)
    assert isinstance(said, Temporary)
    assert (said.spends, said.ours, said.after) == (False, False, timedelta(seconds=7))


def test_a_wait_until_a_moment_is_read_too(stub: Stub) -> None:
    """X-RateLimit-Reset counts in seconds of the epoch; nobody puts a lane to sleep for longer than an hour."""
    for until, wait in ((90, 90), (7200, 3600), (-5, 1)):
        stub.answer = (429, {"errors": []})
        stub.headers = {"X-RateLimit-Reset": str(int(AT.timestamp()) + until)}
        said = _send(stub, "sendgrid")
        assert isinstance(said, Temporary) and said.after == timedelta(seconds=wait)


@pytest.mark.parametrize("name", CARRIERS)
def test_where_there_is_no_line_nothing_was_sent(name: str) -> None:
    """Refused at the door: certainly not taken, and nobody's fault among the recipients."""
    channel, make = BY_HTTP[name]
    nowhere = Stub(url="http://127.0.0.1:9")
    said = make(nowhere).send(message(channel=channel))
    assert isinstance(said, Temporary) and said.ours
    assert make(nowhere).ping()
    assert isinstance(make(nowhere).ask(message(channel=channel)), Temporary)


@pytest.mark.parametrize(
    ("answer", "kind", "ours"),
    [
        ((400, {"errors": [{"field": "personalizations.0.to.0.email"}]}), Permanent, False),
        ((400, {"errors": [{"field": "from.email"}]}), Permanent, True),
        ((400, "no JSON we know"), Permanent, False),
        ((401, {}), Permanent, True),
        ((403, {}), Permanent, True),
        ((404, {}), Permanent, True),
        ((413, {}), Permanent, False),
        ((418, {}), Permanent, True),
        ((503, {}), Unknown, None),
        ((200, {}), Unknown, None),
    ],
)
def test_sendgrids_answers(stub: Stub, answer: Any, kind: type, ours: bool | None) -> None:
    """Our account and sender are our fault; an address is the person's."""
    stub.answer = answer
    said = _send(stub, "sendgrid")
    assert isinstance(said, kind)
    assert ours is None or said.ours is ours  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("status", "code", "kind", "ours"),
    [
        (400, 21211, Permanent, False),
        (400, 21614, Permanent, False),
        (400, 21610, Permanent, False),
        (400, 30005, Permanent, False),
        (400, 30006, Permanent, False),
        (401, 20003, Permanent, True),
        (400, 21408, Permanent, True),
        (400, 21606, Permanent, True),
        (400, 30007, Permanent, True),
        (400, 30004, Permanent, True),
        (429, 20429, Temporary, False),
        (400, 30001, Temporary, False),
        (400, 21611, Temporary, False),
        (400, 30003, Temporary, False),
        (400, 30008, Temporary, False),
        (500, 20500, Unknown, None),
        (503, None, Unknown, None),
        (400, 21999, Permanent, False),
        (404, None, Permanent, True),
    ],
)
def test_twilios_codes(stub: Stub, status: int, code: int | None, kind: type, ours: bool | None) -> None:
    """Every code of the table as the library raises it."""
    stub.answer = (status, {"code": code, "message": "To +77011234567 is wrong", "status": status} if code else {})
    said = _send(stub, "twilio")
    assert isinstance(said, kind)
    assert ours is None or said.ours is ours  # type: ignore[union-attr]
    assert "701" not in said.sentence and said.code == str(code or status)  # type: ignore[union-attr]


def test_a_country_the_account_may_not_write_to_stops_everybody_only_when_it_is_ours(stub: Stub) -> None:
    """One number abroad must not keep back the messages of all others."""
    stub.answer = (400, {"code": 21408, "message": "-", "status": 400})
    carrier = twilio(stub, reach=Reach(foreign_numbers=True))
    assert carrier.send(message(channel="sms")).ours is True  # type: ignore[union-attr]
    assert carrier.send(message(channel="sms", phone="+49 1512 3456789")).ours is False  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("code", "kind", "ours"),
    [
        (1, Permanent, True),
        (2, Permanent, True),
        (3, Permanent, True),
        (4, Temporary, True),
        (5, Permanent, True),
        (6, Permanent, True),
        (7, Permanent, False),
        (8, Permanent, False),
        (9, Temporary, False),
        (77, Permanent, False),
    ],
)
def test_smscs_codes(stub: Stub, code: int, kind: type, ours: bool) -> None:
    """It refuses with 200."""
    stub.answer = (200, {"error": "words we do not copy", "error_code": code})
    said = _send(stub, "smsc")
    assert isinstance(said, kind) and said.ours is ours and said.code == str(code)  # type: ignore[union-attr]
    assert "copy" not in said.sentence  # type: ignore[union-attr]


def test_the_same_again_within_a_minute_means_that_the_first_may_have_arrived(stub: Stub) -> None:
    """SMSC's 9 after an earlier try is no refusal."""
    stub.answer = (200, {"error": "duplicate", "error_code": 9})
    assert isinstance(_send(stub, "smsc", first_at=AT), Unknown)


@pytest.mark.parametrize("answer", [(200, {"cnt": 1}), (200, "yes"), (200, [1])])
def test_an_answer_that_says_neither_yes_nor_no(stub: Stub, answer: Any) -> None:
    """It is not taken for a yes."""
    stub.answer = answer
    assert isinstance(_send(stub, "smsc"), Unknown)


@pytest.mark.parametrize("name", CARRIERS)
@pytest.mark.parametrize("mode", ["429", "500", "hang", "reset"])
def test_a_carrier_that_cannot_be_asked_now_is_asked_again(stub: Stub, name: str, mode: str) -> None:
    """No answer is not "it does not know it"."""
    channel, make = BY_HTTP[name]
    stub.mode = mode
    carrier = make(stub, seconds=_patience(stub))
    assert isinstance(carrier.ask(message(channel=channel, first_at=AT)), Temporary)
    assert carrier.ping()


def test_without_the_paid_activity_sendgrid_cannot_be_asked(stub: Stub) -> None:
    """And is not."""
    assert sendgrid(stub, activity=False).ask(message()) == CannotSay()
    assert stub.requests == []


@pytest.mark.parametrize("name", CARRIERS)
def test_a_sign_of_life_sends_nothing(stub: Stub, name: str) -> None:
    """Nothing is taken by it."""
    assert BY_HTTP[name][1](stub).ping() == ""
    assert stub.taken == []
    stub.answer = (401, {"code": 20003, "message": "-", "error": "-", "error_code": 2})
    assert "account" in BY_HTTP[name][1](stub).ping() or "key" in BY_HTTP[name][1](stub).ping()


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("sendgrid", {"email": ""}),
        ("sendgrid", {"email": "p1@body.local"}),
        ("sendgrid", {"email": "p1@@example.kz"}),
        ("twilio", {"phone": ""}),
        ("twilio", {"phone": "+7 727 258 00 00"}),
        ("twilio", {"phone": "+7 916 123 45 67"}),
        ("smsc", {"phone": "12345"}),
    ],
)
def test_a_bad_address_is_not_even_tried(stub: Stub, name: str, changes: dict[str, str]) -> None:
    """The next channel follows at once; the sentence does not repeat the address."""
    said = _send(stub, name, **changes)
    assert isinstance(said, Permanent) and not said.ours and stub.requests == []
    assert not (value := next(iter(changes.values()))) or value not in said.sentence


def test_a_text_of_two_parts_is_not_sent(stub: Stub) -> None:
    """A second part may arrive alone, or never."""
    for make in (twilio, smsc):
        said = make(stub).send(message(channel="sms", words=Rendered("", "ұ" * 71, "t")))
        assert isinstance(said, Permanent) and "2 parts" in said.sentence
    assert stub.requests == []


def test_the_libraries_write_nothing_into_the_log(stub: Stub, caplog: pytest.LogCaptureFixture) -> None:
    """At their usual loudness they write numbers, addresses and bodies."""
    with caplog.at_level(logging.DEBUG):
        for name in CARRIERS:
            channel, make = BY_HTTP[name]
            carrier = make(stub)
            for mode in ("ok", "500", "429"):
                stub.mode = mode
                one: Message = message(channel=channel)
                carrier.send(one)
                carrier.ask(one)
    written = " ".join(record.getMessage() for record in caplog.records)
    for secret in ("7011234567", "p1@example", "SG.key", "token", "құжат", 'key"'):
        assert secret not in written


def test_several_threads_at_once_each_get_their_own_answer(stub: Stub) -> None:
    """Thirty-two of them, and nothing is mixed up."""
    stub.mode = lambda turn: "429" if turn % 4 == 0 else "ok"
    for name in CARRIERS:
        channel, make = BY_HTTP[name]
        carrier = make(stub, seconds=10.0)
        with ThreadPoolExecutor(32) as pool:
            said = list(pool.map(carrier.send, [message(number, channel) for number in range(1, 101)]))
        assert sum(isinstance(one, Accepted) for one in said) == 75
        assert {one.after for one in said if isinstance(one, Temporary)} == {timedelta(seconds=7)}
        carrier.close()
