"""The far side of the receipts: what carriers send us, signed as they sign it, and mail that comes back."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from twilio.request_validator import RequestValidator

from notifications.callbacks_signing import signed
from notifications.house import BounceBox, Callbacks, House
from notifications.lanes import Limits
from notifications.refs import ref_of

BODY, URL, SECRET, TOKEN, WORD = "nchr-sample", "https://notices.example.kz", "our secret", "a token", "a word"
_KEY = ec.generate_private_key(ec.SECP256R1())
STRANGER = ec.generate_private_key(ec.SECP256R1())
PUBLIC = base64.b64encode(
    _KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
).decode()


def house(body: str = BODY, limits: Limits | None = None, box: BounceBox | None = None, **carriers: Any) -> House:
    """The sample body, with keys for every carrier."""
    keys = Callbacks(URL, SECRET, PUBLIC, TOKEN, WORD)
    channels = {"email": limits or Limits(), "sms": limits or Limits()}
    return House(body, carriers, channels, callbacks=keys, bounces=box)


HOUSES = {BODY: house()}


def sendgrid(body: bytes, key: ec.EllipticCurvePrivateKey = _KEY, stamp: str = "1791180000") -> dict[str, str]:
    """The headers SendGrid signs a body with."""
    signature = base64.b64encode(key.sign(stamp.encode() + body, ec.ECDSA(hashes.SHA256()))).decode()
    return {
        "X-Twilio-Email-Event-Webhook-Signature": signature,
        "X-Twilio-Email-Event-Webhook-Timestamp": stamp,
        "Content-Type": "application/json",
    }


def event(notice: int, word: str, at: datetime, number: int | str = 1, **more: Any) -> dict[str, Any]:
    """One event as SendGrid tells it."""
    return {
        "email": f"p{notice}@example.kz", "timestamp": int(at.timestamp()), "event": word, "notice_id": ref_of(notice),
        "sg_event_id": f"{word}-{notice}-{number}", "sg_message_id": f"m-{ref_of(notice)}.filter-7", "ip": "203.0.113.7", **more,
    }  # fmt: skip


def batch(*events: Mapping[str, Any]) -> bytes:
    """Events as they come."""
    return json.dumps(list(events)).encode()


def twilio(notice: int, status: str, sid: str = "SM" + "a" * 32, **more: str) -> tuple[str, bytes, dict[str, str]]:
    """The query, the form and the headers of a status callback."""
    query = f"n={signed(ref_of(notice), SECRET)}"
    fields = {
        "AccountSid": "AC" + "b" * 32, "ApiVersion": "2010-04-01", "From": "Bagalau", "MessageSid": sid,
        "MessageStatus": status, "SmsSid": sid, "SmsStatus": status, "To": f"+7701{notice:07d}", **more,
    }  # fmt: skip
    url = f"{URL}/receipts/{BODY}/twilio?{query}"
    return (
        query,
        urlencode(fields).encode(),
        {"X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(url, fields)},
    )


def smsc(notice: int, status: int, word: str = WORD, **more: Any) -> bytes:
    """The form of a status at SMSC."""
    fields = {"id": str(notice), "phone": f"7701{notice:07d}", "status": str(status), **more}
    digest = hashlib.sha1(":".join([fields["id"], fields["phone"], fields["status"], word]).encode()).hexdigest()
    return urlencode({**fields, "sha1": digest}).encode()


def report(
    to: str, action: str = "failed", status: str = "5.1.1", at: str = "Mon, 05 Oct 2026 12:30:00 +0500", number: int = 1,
    returned: Sequence[str] = ("Subject: x",),
) -> bytes:  # fmt: skip
    """A delivery report, as a mail server writes it."""
    lines = [
        "From: MAILER-DAEMON@mx.example.kz", f"To: {to}", f"Date: {at}", f"Message-ID: <report-{number}@mx.example.kz>",
        "Auto-Submitted: auto-replied", "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"', "",
        "--b", "Content-Type: text/plain", "", "Dear sender, Кенарова p1@example.kz could not be reached.", "",
        "--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.example.kz", "",
        "Final-Recipient: rfc822; p1@example.kz", f"Action: {action}", f"Status: {status}",
        "Diagnostic-Code: smtp; 550 5.1.1 <p1@example.kz>: no such user Canary", "",
        "--b", "Content-Type: text/rfc822-headers", "", *returned, "", "--b--", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()
