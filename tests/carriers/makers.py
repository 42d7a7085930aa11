"""Messages and carriers for the tests of this room; nothing goes outside 127.0.0.1."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from notifications.carriers.sendgrid import SendGrid
from notifications.carriers.smsc import Smsc
from notifications.carriers.twilio import Twilio
from notifications.channels import Carrier, Message
from notifications.papers import Recipient
from notifications.refs import ref_of
from notifications.render import render
from tests.carriers.stub import Stub

AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
#: long enough for a machine that is busy; and for a peer that never answers, short enough for a quick test
SECONDS, QUICK = 8.0, 0.4
ACCOUNT, SECRET = "AC" + "0" * 32, "a secret of the tests"
CALLBACK = "https://notices.body.example.kz/receipts/nchr-sample/twilio"
#: nobody's: what must not leave in any form
NAME, NUMBER, ADDRESS = "Қанарейқызы Кенарова", "PN-000001", "Алматы, Абай 1"


def message(
    number: int = 1,
    channel: str = "email",
    *,
    email: str = "p1@example.kz",
    phone: str = "+7 701 123 45 67",
    **more: Any,
) -> Message:
    """A notice on its way."""
    ref = ref_of(number)
    facts = {"period": "2026-Q3", "portal": "https://hr.example.kz", "days": "5", "due": "2026-12-20", "ref": ref}
    person = Recipient(1, NUMBER, NAME, "kk", email, phone, ADDRESS)
    usual: dict[str, Any] = {
        "notice_id": number, "cycle_id": 1, "assessment_id": 1, "kind": "result_ready", "channel": channel, "ref": ref,
        "number": f"2026/{number}", "at": AT, "written_on": date(2026, 11, 20), "facts": facts,
        "words": render("result_ready", channel, "kk", facts), "to": person, "due_at": AT + timedelta(hours=5),
    }  # fmt: skip
    return Message(**usual | more)


def sendgrid(stub: Stub, **more: Any) -> SendGrid:
    """An account at the stub."""
    return SendGrid(
        "SG.key", "no-reply@body.example.kz", host=stub.url, **{"seconds": SECONDS, "activity": True} | more
    )


def twilio(stub: Stub, **more: Any) -> Twilio:
    """An account at the stub."""
    usual: dict[str, Any] = {"sender": "+15005550006", "callback": CALLBACK, "secret": SECRET, "seconds": SECONDS}
    return Twilio(ACCOUNT, "token", base=stub.url, **usual | more)


def smsc(stub: Stub, **more: Any) -> Smsc:
    """An account at the stub."""
    return Smsc("key", "NCHR", host=stub.url, **{"seconds": SECONDS} | more)


#: every carrier that speaks HTTP, with its channel
BY_HTTP: dict[str, tuple[str, Callable[..., Carrier]]] = {
    "sendgrid": ("email", sendgrid), "twilio": ("sms", twilio), "smsc": ("sms", smsc),
}  # fmt: skip
