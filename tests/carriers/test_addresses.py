"""Telephones and mailboxes: the one form a carrier is given, and who is a guest by it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.addresses import Reach, mailbox, mobile
from notifications.house import House
from rules.errors import Incomplete, RuleError
from services.staff_contacts import doubt
from tests.carriers.makers import message

ABROAD = Reach(foreign_numbers=True)
INSIDE = Reach(internal_domains=frozenset({"body.local", "mail"}))


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("+7 701 123 45 67", "+77011234567"),
        ("8 (777) 123-45-67", "+77771234567"),
        ("87471234567", "+77471234567"),
        ("7601234567", "+77601234567"),
        ("+7(775)123.45.67", "+77751234567"),
    ],
)
def test_mobile_numbers_of_kazakhstan(written: str, kept: str) -> None:
    """As staff files write them."""
    assert mobile(written) == kept


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("+7 727 258 00 00", "landline"),
        ("8 7172 74 12 34", "landline"),
        ("+7 916 123 45 67", "Russian"),
        ("8 916 123 45 67", "Russian"),
        ("+49 1512 3456789", "not one of Kazakhstan"),
        ("+7 799 123 45 67", "not one of Kazakhstan"),
        ("twelve", "not one of Kazakhstan"),
        ("+7 701 123 45 67 8", "not one of Kazakhstan"),
        ("+7701١٢٣٤٥٦٧", "not one of Kazakhstan"),
    ],
)
def test_what_takes_no_short_message_or_lies_abroad_is_refused(written: str, why: str) -> None:
    """With a reason, and without the number."""
    with pytest.raises(RuleError, match=why) as refusal:
        mobile(written)
    assert not any(part in str(refusal.value) for part in written.split() if len(part) > 2)


@pytest.mark.parametrize(
    ("written", "kept"),
    [("+7 916 123 45 67", "+79161234567"), ("8 916 123 45 67", "+79161234567"), ("+49 1512 3456789", "+4915123456789")],
)
def test_numbers_abroad_only_where_the_body_allows_them(written: str, kept: str) -> None:
    """foreign_numbers: true; landlines abroad are landlines still."""
    assert mobile(written, ABROAD) == kept
    with pytest.raises(RuleError, match="no short messages"):
        mobile("+49 30 123456", ABROAD)
    with pytest.raises(RuleError, match="landline"):
        mobile("+7 727 258 00 00", ABROAD)


@given(st.text(max_size=40), st.sampled_from([Reach(), ABROAD]))
def test_any_text_is_a_number_or_a_refusal(text: str, reach: Reach) -> None:
    """And what is accepted is accepted again as it stands."""
    try:
        number = mobile(text, reach)
    except RuleError:
        return
    assert number.startswith("+") and number[1:].isascii() and number[1:].isdigit() and mobile(number, reach) == number


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("a.person@body.gov.kz", "a.person@body.gov.kz"),
        (" A.Person@BODY.gov.KZ ", "A.Person@body.gov.kz"),
        ("p@мінбер.қаз", "p@xn--90aiter2k.xn--80ao21a"),
    ],
)
def test_mailboxes(written: str, kept: str) -> None:
    """The domain in small ASCII letters."""
    assert mailbox(written) == kept


@pytest.mark.parametrize(
    "written",
    [
        "p@body.local",
        "p@localhost",
        "p@@b.kz",
        "p b@c.kz",
        "p@b",
        "p@b.kz\nBcc: x@y.kz",
        "пётр@b.kz",
        "p@-b.kz",
        "@b.kz",
    ],
)
def test_what_is_no_mailbox_anywhere_is_refused(written: str) -> None:
    """Without repeating it."""
    with pytest.raises(RuleError) as refusal:
        mailbox(written)
    assert written not in str(refusal.value)


def test_domains_inside_the_house_need_the_bodys_word() -> None:
    """And the rest of the address is held to the same rules."""
    assert mailbox("A.P@body.local", INSIDE) == "A.P@body.local"
    assert mailbox("a@mail", INSIDE) == "a@mail"
    for bad in ("a@other.local", "a b@body.local", "a@@body.local"):
        with pytest.raises(RuleError):
            mailbox(bad, INSIDE)
    with pytest.raises(Incomplete):
        mailbox("  ")


@pytest.mark.parametrize(
    ("contact", "guest"),
    [
        ({"email": "Tester@Body.example.KZ"}, True),
        ({"email": "other@body.example.kz"}, False),
        ({"email": ""}, False),
        ({"channel": "sms", "phone": "8 (701) 000-00-01"}, True),
        ({"channel": "sms", "phone": "+7 701 000 00 02"}, False),
        ({"channel": "sms", "phone": "+7 916 000 00 01"}, False),
    ],
)
def test_a_guest_is_known_by_the_very_address_the_carrier_is_given(contact: dict[str, str], guest: bool) -> None:
    """However the staff file writes it; what a carrier would refuse is nobody's guest."""
    house = House("b", guests=frozenset({"tester@body.example.kz", "+77010000001", "+79160000001"}))
    assert house.is_guest(message(1, **contact)) is guest  # type: ignore[arg-type]


def test_the_staff_import_asks_about_the_same_numbers() -> None:
    """It keeps them: people are reached there otherwise."""
    assert doubt("+77011234567") == doubt("") == doubt("+4915123456789") == ""
    assert "Russian" in doubt("+79161234567")
    assert "short messages" in doubt("+77272580000")
