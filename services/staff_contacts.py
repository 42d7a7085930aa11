"""Telephone numbers and e-mail addresses of a staff file, in the one form in which they are kept.

The libraries decide what is valid; their own patterns are asked first, as a whole ministry is read at once.
"""

from __future__ import annotations

import re
from typing import Any

import phonenumbers
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from notifications.addresses import Reach, mobile
from rules.errors import RuleError
from services.staff_cells import CONTROL, plain

_KZ: Any = phonenumbers.PhoneMetadata.metadata_for_region("KZ")
_KZ_NUMBER = re.compile(rf"(?:\+?7|8)({_KZ.mobile.national_number_pattern}|{_KZ.fixed_line.national_number_pattern})")
_PHONE_JOINTS = re.compile(r"[\s()\-]+")
_PLAIN_EMAIL = re.compile(r"[a-z0-9_]+(?:[.-][a-z0-9_]+)*@[a-z0-9]+(?:[.-][a-z0-9]+)+")
_KNOWN_DOMAINS: set[str] = set()
if "local" in SPECIAL_USE_DOMAIN_NAMES:
    SPECIAL_USE_DOMAIN_NAMES.remove("local")  # intranets of state bodies use it; the library says to do it so


def phone(text: str) -> str:
    """A telephone number as +77001234567; "" where the cell is empty.

    Raises:
        ValueError: no such number exists.
    """
    bare = _PHONE_JOINTS.sub("", text)
    if found := _KZ_NUMBER.fullmatch(bare):
        return "+7" + found[1]
    if not bare:
        return ""
    if CONTROL.search(bare) or "=" in bare or "@" in bare:
        plain(bare)
    return _foreign_phone(" ".join(text.split()))


def _foreign_phone(text: str) -> str:
    try:
        number = phonenumbers.parse(text, "KZ")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or number.extension or not phonenumbers.is_valid_number(number):
        raise ValueError(f"'{text[:30]}' is not a telephone number: write one number like +7 701 234 56 78")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email(text: str) -> str:
    """An e-mail address, internal domains allowed; "" where the cell is empty.

    Raises:
        ValueError: its form is wrong.
    """
    if _PLAIN_EMAIL.fullmatch(text) and len(text) < 65 and text.rpartition("@")[2] in _KNOWN_DOMAINS:
        return text  # the validator has seen this domain, and nothing in such a local part can be wrong
    text = plain(text)
    if not text:
        return ""
    try:
        seen = validate_email(text, check_deliverability=False, globally_deliverable=False, test_environment=True)
    except EmailNotValidError as trouble:
        raise ValueError(f"'{text[:60]}' is not an e-mail address ({trouble}): correct it") from None
    _KNOWN_DOMAINS.add(seen.domain)
    return seen.normalized


def doubt(number: str) -> str:
    """What is odd about a valid number, or "": a Russian mobile (the countries share +7), or no mobile at all."""
    if number.startswith("+79"):
        return "is a Russian mobile number"
    if not number:
        return ""
    try:
        mobile(number, Reach(foreign_numbers=True))
    except RuleError:
        return "takes no short messages"
    return ""
