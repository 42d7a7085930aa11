"""The one table of codes: every row a class, an event we know and a sentence of our own."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import codes
from notifications.callbacks_signing import signed, unsigned
from notifications.channels import Permanent, Temporary, Unknown
from notifications.code_table import ACCEPTED, DELIVERED, PERMANENT, TABLE, TEMPORARY, UNKNOWN, later
from notifications.events import EVENTS

WORDS = (ACCEPTED, DELIVERED, TEMPORARY, PERMANENT, UNKNOWN)


@pytest.mark.parametrize("key", sorted(TABLE), ids="/".join)
def test_every_row_says_what_it_means_in_our_words(key: tuple[str, str]) -> None:
    """One sentence, no address, no placeholder; the event it makes is one we keep."""
    found = TABLE[key]
    assert found.word in WORDS
    assert re.fullmatch(r"[A-Z][^@{}<>\d]+\.", found.sentence)
    assert found.event in (*EVENTS, "") and (found.event or found.word == UNKNOWN)
    assert key[0] in ("smtp", "sendgrid", "twilio", "smsc")


@pytest.mark.parametrize(
    ("group", "word", "ours"),
    [
        ("21211 21614 30005 30006 21610", PERMANENT, False),
        ("20003 21408 21606 30007 30004", PERMANENT, True),
        ("20429 30001 21611 30003 30008", TEMPORARY, False),
    ],
)
def test_twilios_classes(group: str, word: str, ours: bool) -> None:
    """Permanent for the recipient, permanent for us, and what passes."""
    for code in group.split():
        found = codes.twilio(400, int(code))
        assert (found.word, found.ours) == (word, ours), code
    assert codes.twilio(500, 20500).word == codes.twilio(502, 21211).word == UNKNOWN
    assert codes.twilio(429, 20429).spends is False


def test_an_unreachable_telephone_is_tried_three_times() -> None:
    """It may be a landline."""
    found = codes.twilio_status("undelivered", "30003")
    assert found is not None and found.event == "postponed"
    said = [codes.refusal(found, "30003", tries=tries) for tries in range(3)]
    assert [type(one) for one in said] == [Temporary, Temporary, Permanent]


@pytest.mark.parametrize(
    ("status", "code", "event"),
    [
        ("queued", "", "accepted"),
        ("sent", "", "accepted"),
        ("delivered", "", "delivered"),
        ("read", "", "delivered"),
        ("undelivered", "30005", "undelivered"),
        ("failed", "21610", "undelivered"),
        ("undelivered", "", "undelivered"),
        ("undelivered", "39999", "undelivered"),
        ("undelivered", "30008", "postponed"),
        ("received", "", None),
        ("30003", "", None),
    ],
)
def test_twilios_statuses(status: str, code: str, event: str | None) -> None:
    """A status with its code; what comes in to us says nothing of ours."""
    found = codes.twilio_status(status, code)
    assert (found and found.event) == event


@pytest.mark.parametrize(
    ("event", "kind", "reason", "expected", "ours"),
    [
        ("processed", "", "", "accepted", False),
        ("deferred", "", "", "deferred", False),
        ("delivered", "", "", "delivered", False),
        ("bounce", "bounce", "550 5.1.1", "undelivered", False),
        ("bounce", "blocked", "", "postponed", False),
        ("dropped", "", "Bounced Address", "undelivered", False),
        ("dropped", "", "Recipient List over Package Quota", "undelivered", True),
        ("dropped", "", "Invalid SMTPAPI header", "undelivered", True),
        ("open", "", "", None, False),
        ("click", "", "", None, False),
        ("spamreport", "", "", None, False),
        ("202", "", "", None, False),
    ],
)
def test_sendgrids_events(event: str, kind: str, reason: str, expected: str | None, ours: bool) -> None:
    """Opening and clicking are nothing we keep."""
    found = codes.sendgrid_event(event, kind, reason)
    assert (found and found.event) == expected
    assert found is None or found.ours is ours


@pytest.mark.parametrize(
    ("action", "status", "event"),
    [
        ("failed", "5.1.1", "undelivered"),
        ("failed", "4.4.7", "undelivered"),
        ("failed", "", "undelivered"),
        ("delayed", "4.4.1", "deferred"),
        ("delivered", "2.0.0", "delivered"),
        ("relayed", "2.0.0", "accepted"),
        ("expanded", "", "accepted"),
        ("vanished", "", None),
    ],
)
def test_reports_that_come_by_mail(action: str, status: str, event: str | None) -> None:
    """By action and status (RFC 3464)."""
    found = codes.bounce(action, status)
    assert (found and found.event) == event


STAGES = st.sampled_from(["greeting", "sender", "recipient", "content"])


@given(st.integers(400, 599), st.integers(0, 9), st.integers(0, 99), STAGES)
def test_an_unknown_reply_is_judged_by_its_first_digit(code: int, subject: int, detail: int, stage: str) -> None:
    """Four: later. Five: never."""
    found = codes.smtp(code, f"{code // 100}.{subject}.{detail}", stage)
    assert found.word == (TEMPORARY if code < 500 else PERMANENT)
    assert stage in ("recipient", "content") or found.ours


@given(st.integers(100, 599))
def test_an_unknown_status_is_judged_by_its_first_digit(status: int) -> None:
    """Four: refused. Five, and what is no answer at all: unknown."""
    for found in (codes.http(status), codes.twilio(status), codes.sendgrid(status)):
        if found.word != ACCEPTED:
            assert found.word == (TEMPORARY if status == 429 else PERMANENT if 400 <= status < 500 else UNKNOWN)


def test_what_a_carrier_did_not_accept_is_one_of_three() -> None:
    """Later, never, or nobody knows."""
    assert isinstance(codes.refusal(later("L."), "1"), Temporary)
    assert isinstance(codes.refusal(codes.http(404), "404"), Permanent)
    assert isinstance(codes.refusal(codes.http(500), "500"), Unknown)


@given(st.text(max_size=60), st.text(max_size=20))
def test_only_what_we_signed_is_ours(text: str, secret: str) -> None:
    """Any other text is nothing, and no text raises."""
    assert unsigned(text, secret) is None
    if secret:
        ours = signed("J94JN5", secret)
        assert unsigned(ours, secret) == "J94JN5"
        assert unsigned(ours.replace("J94JN5", "4J954A"), secret) is None
        assert unsigned(ours[:-1], secret) is None and unsigned(f"{ours} ", secret) is None
    assert unsigned(signed("J94JN5", "x"), "") is None
