"""Twilio's status callbacks: one form for each change of a message, signed over our own public address and its fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from twilio.request_validator import HMAC_SHA1, RequestValidator

from notifications.callbacks import Fact, Said, Unreadable, notice_of
from notifications.codes import twilio_status

NAME = "twilio"
SIGNATURE = "x-twilio-signature"
#: the field of the address that holds our own signed reference of the notice
NOTICE = "n"
_MESSAGE = re.compile(r"(SM|MM)[0-9a-fA-F]{32}")
_CODE = re.compile(r"\d{5}")


def is_signed(raw: bytes, url: str, headers: Mapping[str, str], token: str) -> bool:
    """Did Twilio sign this form for this address of ours?

    Args:
        url: the public address with its query, as Twilio was given it, whatever a proxy made of it since.
    """
    try:
        fields = _fields(raw.decode("ascii"))
        # the algorithm is ours to choose, not the request's
        return bool(token) and bool(RequestValidator(token).validate(url, fields, headers[SIGNATURE], HMAC_SHA1))
    except Exception:  # noqa: BLE001 - a missing header, bytes that are no form: whatever it is, it is not signed
        return False


def _fields(body: str) -> dict[str, str]:
    """The fields of a form; a name that comes twice makes it no form of Twilio's.

    Raises:
        Unreadable: it is none.
    """
    pairs = parse_qsl(body, keep_blank_values=True, max_num_fields=200)
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise Unreadable("A field comes twice.")
    return fields


def said(body: str, ref: str) -> Said:
    """What a callback says of the notice our signed address named.

    Raises:
        Unreadable: it says nothing that could be understood.
    """
    try:
        fields = _fields(body)
    except ValueError:
        raise Unreadable("It is no form.") from None
    status = fields.get("MessageStatus", "")
    message = fields.get("MessageSid", "")
    if not _MESSAGE.fullmatch(message):
        raise Unreadable("It names no message of Twilio's (MessageSid).")
    code = fields.get("ErrorCode", "")
    code = code if _CODE.fullmatch(code) else ""
    meaning = twilio_status(status, code)
    if meaning is None:
        return Said(idle=1)
    return Said([Fact(notice_of(ref), meaning, None, f"{message}/{status}", message, code or status)])
