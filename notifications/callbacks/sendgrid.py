"""SendGrid's event webhook: batches of events, signed with a key of its own (ECDSA over the moment and the raw bytes)."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from sendgrid.helpers.eventwebhook import EventWebhook

from notifications.callbacks import STATUS, Fact, Said, Unreadable, moment, notice_of, plain
from notifications.codes import sendgrid_event

NAME = "sendgrid"
#: our own argument in every event: the reference of the notice
NOTICE = "notice_id"
SIGNATURE, TIMESTAMP = "x-twilio-email-event-webhook-signature", "x-twilio-email-event-webhook-timestamp"


def is_signed(raw: bytes, headers: Mapping[str, str], public_key: str) -> bool:
    """Did SendGrid sign exactly these bytes? Nothing that is not so makes it raise."""
    try:
        key = EventWebhook(public_key).public_key
        signature = base64.b64decode(headers[SIGNATURE], validate=True)
        # the helper's own `verify_signature` takes text only, and bytes that are no text are no crash of ours
        key.verify(signature, headers[TIMESTAMP].encode() + raw, ec.ECDSA(hashes.SHA256()))
    except Exception:  # noqa: BLE001 - a missing or broken header, a broken key: whatever it is, it is not signed
        return False
    return True


def said(body: str) -> Said:
    """What a batch says.

    Raises:
        Unreadable: it is no batch of events.
    """
    try:
        batch = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("It is no JSON.") from None
    if not isinstance(batch, list):
        raise Unreadable("It is no list of events.")
    facts: list[Fact] = []
    idle, strange = 0, []
    for event in batch:
        try:
            found = _fact(event)
        except Unreadable as trouble:
            strange.append(str(trouble))
            continue
        if found is None:
            idle += 1
        else:
            facts.append(found)
    return Said(facts, idle, strange)


def _fact(event: Any) -> Fact | None:
    if not isinstance(event, dict):
        raise Unreadable("It is no event.")
    word, kind = str(event.get("event") or ""), str(event.get("type") or "")
    meaning = sendgrid_event(word, kind, str(event.get("reason") or ""))
    if meaning is None:
        return None
    notice, event_id = notice_of(event.get(NOTICE)), plain(event.get("sg_event_id"))
    if not event_id:
        raise Unreadable("It has no id of its own (sg_event_id).")
    # what the answer to our request called it, and then the servers it went through
    reference = plain(event.get("sg_message_id")).split(".")[0] or event_id
    status = str(event.get("status") or "")
    code = "blocked" if kind == "blocked" else word
    return Fact(
        notice,
        meaning,
        moment(event.get("timestamp")),
        event_id,
        reference,
        code,
        status if STATUS.fullmatch(status) else "",
    )
