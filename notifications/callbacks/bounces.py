"""Mail that comes back: delivery reports (RFC 3464) to the address of our own that the notice was sent from.

Anybody can write to that address. A report counts whole when it names a notice of ours in a form we signed; where the
relay cannot carry a signed address, a report that names it plainly is believed when it says that the notice did not
arrive, never when it says that it did. A reply of a person or a machine is left to people.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_string
from email.message import Message
from email.utils import parsedate_to_datetime
from itertools import islice

from notifications.callbacks import STATUS, Fact, Said, Unreadable, notice_of, plain
from notifications.callbacks_signing import signed, unsigned
from notifications.code_table import ACCEPTED, DELIVERED
from notifications.codes import bounce

NAME = "bounces"
_TO = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to")
_SIGNED = re.compile(r"[A-Za-z0-9_]{1,40}\.[A-Za-z0-9_-]{22}")
_IN_ADDRESS = re.compile(r"\+([^@\s<>+]{6,63})@")
_MESSAGE_ID = re.compile(r"<([0-9A-Z]{6})\.\d+@")
#: signs of a reference
_PLAIN = 6
_SERVERS = ("mailer-daemon@", "postmaster@")
#: a notice has one recipient, who may have a mail passed on to some others; a report about more is made up
_RECIPIENTS = 20
_ACTIONS = ("failed", "delayed", "delivered", "relayed", "expanded")


def said(body: str, secret: str, signed_only: bool = False) -> Said:
    """What a mail says.

    Args:
        secret: what our references are signed with. signed_only: every address it can come back to is a signed one.

    Raises:
        Unreadable: it is no delivery report about a notice of ours.
    """
    try:
        return _said(message_from_string(body), body, secret, signed_only)
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001 - mail is malformed in ways no list is complete of
        raise Unreadable("It is no mail that can be read.") from None


def _said(mail: Message, body: str, secret: str, signed_only: bool) -> Said:
    if not _is_report(mail):
        if _is_of_a_server(mail):
            raise Unreadable("It is no delivery report in the form mail servers have agreed on; a person must read it.")
        if _is_automatic(mail):
            return Said(idle=1)
        raise Unreadable("It is no delivery report; somebody wrote to the address for bounces.")
    blocks = list(islice(_blocks(mail), 1 + _RECIPIENTS))
    names = list(_names(mail, blocks))
    refs = [ref for name in names for text in _SIGNED.findall(name) if (ref := _ours(text, secret))]
    if not refs and signed_only:
        raise Unreadable("It names no notice of ours in an address we signed.")
    notice = notice_of(refs[0] if refs else next((name for name in names if len(name) == _PLAIN), None))
    own = plain(str(mail.get("message-id") or "").strip())
    name = hashlib.sha256((own or body).encode("utf-8", "replace")).hexdigest()[:32]
    facts = []
    for number, block in enumerate(blocks):
        action = str(block.get("action") or "").strip().lower()
        if action not in _ACTIONS:
            continue
        found = STATUS.match(str(block.get("status") or "").strip())
        status = found.group() if found else ""
        meaning = bounce(action, status)
        if meaning is not None and (refs or meaning.word not in (ACCEPTED, DELIVERED)):
            facts.append(Fact(notice, meaning, _at(mail, block), f"{name}/{number}", name, status or action))
    if not facts:
        raise Unreadable(
            "It is a delivery report that does not say, or may not be believed, what became of the message."
        )
    return Said(facts)


def _is_report(mail: Message) -> bool:
    return any(part.get_content_type() == "message/delivery-status" for part in mail.walk())


def _is_of_a_server(mail: Message) -> bool:
    sender = str(mail.get("from") or "").lower()
    return mail.get_content_type() == "multipart/report" or any(name in sender for name in _SERVERS)


def _is_automatic(mail: Message) -> bool:
    word = str(mail.get("auto-submitted") or "no").strip().lower()
    return word != "no" or any(name in mail for name in ("x-autoreply", "x-autorespond", "x-auto-response-suppress"))


def _blocks(mail: Message) -> Iterator[Message]:
    """The blocks of the report: one for the message, then one for each recipient."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status" and part.is_multipart():
            yield from part.get_payload()  # type: ignore[misc]


def _names(mail: Message, blocks: list[Message]) -> Iterator[str]:
    """Whatever may name the notice: our own address the report came to; else what it gives back of our message."""
    for name in _TO:
        for line in mail.get_all(name, []):
            yield from _IN_ADDRESS.findall(str(line))
    for block in blocks:
        yield str(block.get("original-envelope-id") or "").strip()
    for text in _message_ids(mail):
        yield from _MESSAGE_ID.findall(text)


def _ours(text: str, secret: str) -> str | None:
    """The reference, if we signed it; a mail server on the way may have put the address into small letters."""
    if not secret or unsigned(text, secret):
        return unsigned(text, secret)
    ref = text.partition(".")[0].upper()
    return ref if hmac.compare_digest(text.lower(), signed(ref, secret).lower()) else None


def _message_ids(mail: Message) -> Iterator[str]:
    for part in mail.walk():
        if part.get_content_type() == "text/rfc822-headers":
            payload = part.get_payload()
            yield str(message_from_string(payload if isinstance(payload, str) else "").get("message-id") or "")
        elif part is not mail:
            yield str(part.get("message-id") or "")


def _at(mail: Message, block: Message) -> datetime | None:
    for line in (block.get("last-attempt-date"), mail.get("date")):
        try:
            at = parsedate_to_datetime(str(line))
            return (at.replace(tzinfo=UTC) if at.tzinfo is None else at).astimezone(UTC)
        except (TypeError, ValueError, OverflowError):
            continue
    return None
