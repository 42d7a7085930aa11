"""What a carrier's answer or report means: looked up in the one table of codes, else judged by its first digits."""

from __future__ import annotations

from datetime import timedelta

from notifications.channels import Permanent, Temporary, Unknown
from notifications.code_table import (
    ACCEPTED,
    ACCOUNT,
    ARRIVED,
    BUSY,
    DOWN,
    PERMANENT,
    REQUEST,
    SENDER,
    SILENT,
    TABLE,
    TEMPORARY,
    Meaning,
    later,
    never,
)

#: before a recipient is named, whatever is refused is refused to everybody
_BEFORE_ANYBODY = ("greeting", "hello", "login", "sender")
#: reasons SendGrid drops a message for that have nothing to do with the recipient
_OUR_DROPS = ("quota", "smtpapi", "credit", "spam content")


def smtp(code: int, enhanced: str = "", stage: str = "recipient") -> Meaning:
    """A mail server's reply.

    Args:
        enhanced: as 5.1.1, or "". stage: greeting, hello, login, sender, recipient or content.
    """
    if code < 400:
        return later("The mail server answers in a way that means nothing.", ours=True)
    found = _enhanced(enhanced) or TABLE.get(("smtp", str(code))) or _by_digit(code)
    if stage in _BEFORE_ANYBODY:
        sentence = (
            found.sentence if found.ours else f"The mail server refuses us before a recipient is named ({stage})."
        )
        return later(sentence, ours=True) if code < 500 else never(sentence, ours=True)
    if code < 500:
        return later(found.sentence, ours=found.ours)
    return never(found.sentence, ours=found.ours and found is not DOWN)


def _enhanced(code: str) -> Meaning | None:
    return TABLE.get(("smtp", f"x{code[1:]}")) if code else None


def _by_digit(code: int) -> Meaning:
    if code < 500:
        return later("The mail server asks to come back later.")
    return never("The mail server refuses the message for this recipient.")


def bounce(action: str, status: str = "") -> Meaning | None:
    """A delivery report that came by mail (RFC 3464): its action, and its status as 5.1.1; None when it says nothing."""
    if action == "delivered":
        return ARRIVED
    if action in ("relayed", "expanded"):
        return Meaning(ACCEPTED, "It was passed on to a server that sends no reports.")
    found = _enhanced(status)
    if action == "delayed":
        return later(found.sentence if found else "The mail server goes on trying.", told="deferred")
    if action != "failed":
        return None
    return never(found.sentence, ours=found.ours) if found else never("The recipient's mail server sent it back.")


def sendgrid(status: int, fields: tuple[str, ...] = ()) -> Meaning:
    """SendGrid's answer to a request; `fields`: those it finds fault with."""
    if status == 400 and any(field.startswith(("from", "api")) for field in fields):
        return SENDER
    return TABLE.get(("sendgrid", str(status))) or _http(status)


def sendgrid_event(event: str, kind: str = "", reason: str = "") -> Meaning | None:
    """One event of SendGrid's webhook with its type and reason; None when it says nothing of arriving (open, click)."""
    if event == "bounce" and kind == "blocked":
        return TABLE["sendgrid", "blocked"]
    if event == "dropped" and any(word in reason.lower() for word in _OUR_DROPS):
        return TABLE["sendgrid", "dropped-ours"]
    return TABLE.get(("sendgrid", event)) if event.isalpha() else None


def twilio(status: int, code: int | str | None = None) -> Meaning:
    """Twilio's answer to a request: the HTTP status and its own code."""
    if status >= 500:
        return SILENT
    if status == 429:
        return BUSY
    own = str(code or "")
    return TABLE.get(("twilio", own)) or (_by_range(int(own)) if own.isdigit() else None) or _http(status)


def _by_range(code: int) -> Meaning | None:
    """Twilio's families of codes: 20xxx account and platform, 21xxx one request, 30xxx delivery."""
    if 20000 <= code < 21000:
        return ACCOUNT
    if 21000 <= code < 22000:
        return never("The carrier does not accept this message.")
    return never("The network could not bring it.") if 30000 <= code < 31000 else None


def twilio_status(status: str, code: str = "") -> Meaning | None:
    """A status of a message at Twilio with its error code; None when it says nothing of one of ours."""
    found = TABLE.get(("twilio", status)) if status.isidentifier() else None
    if found is None or found.word != PERMANENT or not code.isdigit():
        return found
    return TABLE.get(("twilio", code)) or _by_range(int(code)) or found


def smsc(code: int | str) -> Meaning:
    """SMSC's error code in its answer."""
    return TABLE.get(("smsc", str(code))) or never("The carrier does not accept this message.")


def smsc_status(status: int | str) -> Meaning | None:
    """A status of a message at SMSC; None when it is not one we know (-3: it does not know the message)."""
    return TABLE.get(("smsc", f"s{status}"))


def http(status: int) -> Meaning:
    """A bare HTTP status of a carrier whose answer says nothing else."""
    return BUSY if status == 429 else _http(status)


def _http(status: int) -> Meaning:
    if status in (401, 403):
        return ACCOUNT
    return REQUEST if 400 <= status < 500 else SILENT


def refusal(
    meaning: Meaning, code: str, *, after: timedelta | None = None, tries: int = 0
) -> Temporary | Permanent | Unknown:
    """The outcome of a try that a carrier did not accept; `tries`: those before this one."""
    if meaning.word == TEMPORARY and not (meaning.most and tries + 1 >= meaning.most):
        return Temporary(meaning.sentence, code, spends=meaning.spends, after=after, ours=meaning.ours)
    if meaning.word in (TEMPORARY, PERMANENT):
        return Permanent(meaning.sentence, code, ours=meaning.ours)
    return Unknown(meaning.sentence, code)
