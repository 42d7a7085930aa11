"""Telephone numbers and e-mail addresses on their way out: the one form a carrier is given, or a sentence why not.

No sentence repeats the address: it is kept with the notice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from rules.errors import Incomplete, RuleError

_KZ: Any = phonenumbers.PhoneMetadata.metadata_for_region("KZ")
# the library's own patterns, asked directly: a whole ministry is written to at once
# (digits of other scripts are digits to the library, and nothing to a carrier)
_KZ_MOBILE = re.compile(rf"(?:\+?7|8)?({_KZ.mobile.national_number_pattern})", re.ASCII)
_KZ_LANDLINE = re.compile(rf"(?:\+?7|8)?({_KZ.fixed_line.national_number_pattern})", re.ASCII)
_RUSSIAN = re.compile(r"(?:\+?7|8)9\d{9}", re.ASCII)
_JOINTS = re.compile(r"[\s()./-]+")
_MOBILES = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
#: names that exist inside a body only, and are never those of a mailbox elsewhere
_INNER = ("local", "localhost", "internal", "lan", "corp", "home", "intranet")
_PLAIN = re.compile(r"[a-z0-9_]+(?:[.-][a-z0-9_]+)*")
_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")


@dataclass(frozen=True)
class Reach:
    """Where a body's notices may go.

    Attributes:
        foreign_numbers: telephones outside Kazakhstan too. internal_domains: mail domains that exist inside the body only.
    """

    foreign_numbers: bool = False
    internal_domains: frozenset[str] = frozenset()


def mobile(phone: str, reach: Reach = Reach()) -> str:
    """The number of a mobile telephone as +77xxxxxxxxx, from the ways it is written in staff files.

    Raises:
        Incomplete: there is none. RuleError: it is no mobile number, or one of a country that is not allowed.

    >>> mobile("8 (777) 123-45-67")
    '+77771234567'
    """
    bare = _JOINTS.sub("", phone)
    if not bare:
        raise Incomplete("The person has no telephone number; enter one, or choose another channel.")
    if found := _KZ_MOBILE.fullmatch(bare):
        return f"+7{found[1]}"
    if _KZ_LANDLINE.fullmatch(bare):
        raise RuleError(
            "The person's telephone number is a landline and takes no short messages; enter a mobile number, or choose another"
            " channel."
        )
    if not reach.foreign_numbers:
        if _RUSSIAN.fullmatch(bare):
            raise RuleError(
                "The person's telephone number is not one of Kazakhstan but a Russian one (+7 9..): correct it in the staff"
                " file; if it is right, the body's setting foreign_numbers must allow it."
            )
        raise RuleError("The person's telephone number is not one of Kazakhstan; correct it in the staff file.")
    return _abroad(f"+7{bare[-10:]}" if _RUSSIAN.fullmatch(bare) else phone)


def _abroad(phone: str) -> str:
    try:
        number = phonenumbers.parse(phone, "KZ")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or number.extension or not phonenumbers.is_valid_number(number):
        raise RuleError("The person's telephone number is not one; correct it in the staff file.")
    if phonenumbers.number_type(number) not in _MOBILES:
        raise RuleError("The person's telephone number takes no short messages; enter a mobile number.")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def mailbox(email: str, reach: Reach = Reach()) -> str:
    """An e-mail address in the form mail servers take: the domain in small ASCII letters.

    Raises:
        Incomplete: there is none. RuleError: it is not one, or its domain exists inside some house only.

    >>> mailbox(" A.Person@Example.KZ ")
    'A.Person@example.kz'
    """
    text = email.strip()
    if not text:
        raise Incomplete("The person has no e-mail address; enter one, or choose another channel.")
    local, _, domain = text.rpartition("@")
    domain = domain.lower()
    if domain in reach.internal_domains:
        # the library refuses such domains whole; the part before the sign is as good or bad as anywhere
        return f"{_checked(f'{local}@example.kz').rpartition('@')[0]}@{domain}"
    if domain.rpartition(".")[2] in _INNER:
        raise RuleError(
            "The person's e-mail address lies in a domain that exists inside a house only; name the domain in the body's"
            " setting internal_domains, or correct the address."
        )
    if _PLAIN.fullmatch(local) and len(local) <= 64 and domain in _SEEN:
        return f"{local}@{domain}"
    seen = _checked(text)
    _SEEN.add(domain)
    return seen


_SEEN: set[str] = set()


def _checked(text: str) -> str:
    try:
        seen = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise RuleError("The person's e-mail address is not one; correct it in the staff file.") from None
    return seen.ascii_email or seen.normalized


def is_domain(text: str) -> bool:
    """Could this be a domain?"""
    return len(text) <= 253 and _DOMAIN.fullmatch(text) is not None
