"""What comes in from carriers: is it theirs? Then it is kept as it came, once, and understood later (`services.callbacks`)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs

from sqlalchemy import text
from sqlmodel import Session

from models.base import stamp
from notifications.callbacks import sendgrid, smsc, twilio
from notifications.callbacks_signing import unsigned
from notifications.house import House

Houses = Mapping[str, House]
#: who may call us, and what of theirs comes by mail
CALLERS = (sendgrid.NAME, twilio.NAME, smsc.NAME)


@dataclass(frozen=True)
class Call:
    """A carrier's request as it came.

    Attributes:
        organisation: the body its path names; "" where it names none. query: of the address that was called.
        headers: their names in small letters. key: what the path holds after the carrier's name.
    """

    source: str
    organisation: str
    query: str
    headers: Mapping[str, str]
    raw: bytes
    key: str = ""


@dataclass(frozen=True)
class Incoming:
    """What a carrier told a body, ready to be kept."""

    organisation: str
    source: str
    address: str
    raw: bytes
    received_at: datetime


def admitted(houses: Houses, call: Call, now: datetime) -> Incoming | None:
    """What is kept of a request; None when it is not signed by the carrier it says it is from."""
    house = houses.get(call.organisation) if call.organisation else _only(houses)
    if house is None:
        return None
    keys, address = house.callbacks, ""
    if call.source == sendgrid.NAME:
        signed = bool(keys.sendgrid_key) and sendgrid.is_signed(call.raw, call.headers, keys.sendgrid_key)
    elif call.source == smsc.NAME:
        signed = smsc.is_signed(call.raw, keys.smsc_word, call.key)
    else:
        # the address Twilio was given, whatever a proxy made of it since
        place = f"/receipts/{call.organisation}/twilio" if call.organisation else "/receipts/twilio"
        url, address = f"{keys.url.rstrip('/')}{place}?{call.query}", _notice(call.query, keys.secret)
        signed = bool(address) and twilio.is_signed(call.raw, url, call.headers, keys.twilio_token)
    return Incoming(house.organisation, call.source, address, call.raw, now) if signed else None


def _only(houses: Houses) -> House | None:
    return next(iter(houses.values())) if len(houses) == 1 else None


def _notice(query: str, secret: str) -> str:
    """The reference our own signed address names, or ""."""
    try:
        found = parse_qs(query, max_num_fields=20).get(twilio.NOTICE, [])
    except ValueError:
        return ""
    return (unsigned(found[0], secret) if len(found) == 1 else None) or ""


_KEEP = text(
    "INSERT INTO callback (organisation, source, address, digest, received_at, body, state)"
    " VALUES (:organisation, :source, :address, :digest, :received, :body, 'new') ON CONFLICT (digest) DO NOTHING"
)


def keep(session: Session, incoming: Sequence[Incoming]) -> int:
    """Keep what came in; return how many were new. Told twice is kept once."""
    return session.connection().execute(_KEEP, [_row(one) for one in incoming]).rowcount if incoming else 0


def _row(one: Incoming) -> dict[str, str]:
    head = "\n".join((one.organisation, one.source, one.address)).encode()
    return {
        "organisation": one.organisation, "source": one.source, "address": one.address,
        "digest": hashlib.sha256(head + b"\n" + one.raw).hexdigest(), "received": stamp(one.received_at),
        # neither database keeps bytes that are no text, and PostgreSQL no zero
        "body": one.raw.decode("utf-8", "backslashreplace").replace("\x00", "\\x00"),
    }  # fmt: skip
