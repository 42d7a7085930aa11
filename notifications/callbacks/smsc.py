"""SMSC's status handler: one form for each change of a message, with a digest over id, number, status and a secret word.

The message's id is our own: SMSC takes the one it is given.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from typing import Any
from urllib.parse import parse_qsl

from notifications.callbacks import Fact, Said, Unreadable, moment
from notifications.codes import smsc_status

NAME = "smsc"
_STATUS = re.compile(r"-?\d{1,3}")
_ID = re.compile(r"[1-9]\d{0,9}")


def is_signed(raw: bytes, secret: str, key: str = "") -> bool:
    """Was it SMSC, or somebody who knows the secret word?

    Args:
        key: the last part of the address it came to; where it is given it must be the secret word itself, and
            where it is not, the form must carry a digest made with it (sha1 or md5, as its address asks for).
    """
    if not secret:
        return False
    if key:
        return hmac.compare_digest(key.encode(), secret.encode())
    try:
        fields = _fields(raw.decode("utf-8", "replace"))
    except Unreadable:
        return False
    words = ":".join([*(fields.get(name, "") for name in ("id", "phone", "status")), secret]).encode()
    for name, digest in (("sha1", hashlib.sha1), ("md5", hashlib.md5)):
        given = fields.get(name, "").lower()
        if given:
            # the digests are the carrier's choice; the secret word within is what protects
            expected = digest(words, usedforsecurity=False).hexdigest()
            return hmac.compare_digest(given.encode(), expected.encode())
    return False


def _fields(body: str) -> dict[str, str]:
    try:
        found: Any = json.loads(body) if body.lstrip()[:1] in ("{", "[") else parse_qsl(body, True, max_num_fields=200)
        pairs = found.items() if isinstance(found, dict) else found
        return {str(name): str(value) for name, value in pairs}
    except (ValueError, TypeError, RecursionError):
        raise Unreadable("It is no form.") from None


def said(body: str) -> Said:
    """What a callback says.

    Raises:
        Unreadable: it says nothing that could be understood.
    """
    fields = _fields(body)
    number, status = fields.get("id", ""), fields.get("status", "")
    if not _ID.fullmatch(number):
        raise Unreadable("It names no message of ours (id).")
    meaning = smsc_status(status) if _STATUS.fullmatch(status) else None
    if meaning is None:
        return Said(idle=1)
    error = fields.get("err", "") if _STATUS.fullmatch(fields.get("err", "")) else ""
    at = moment(fields.get("ts"))
    # a second try goes under the same id: what tells its failure from the first one's is the moment
    when = f"{at:%Y%m%d%H%M%S}" if at else re.sub(r"\D", "", fields.get("time", ""))[:14]
    return Said([Fact(int(number), meaning, at, f"{number}/{status}/{when}", number, f"s{status}", error)])
