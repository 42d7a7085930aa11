"""Short messages by Twilio, with its own library.

A message there holds no fact of ours but its text, so a status report finds its notice by our signed reference in the address
that is called back, and a lost answer is searched by number and the reference in the text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import local
from typing import Any, TypeVar

import requests
from requests.adapters import HTTPAdapter
from twilio.base.exceptions import TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, SSLError

from notifications import channels as c
from notifications.addresses import Reach, mobile
from notifications.callbacks_signing import signed
from notifications.carriers.answers import NO_LINE, NOT_ASKED, SILENT, asked_to_wait, not_now, sign_of_life
from notifications.carriers.patience import LINE, SECONDS, hush, within
from notifications.code_table import never
from notifications.codes import refusal, twilio, twilio_status
from notifications.render import segments
from rules.errors import RuleError

T = TypeVar("T")
_REFUSALS = (TwilioRestException, TwilioServiceException)
#: the longest the carrier keeps a message in its queue, and the shortest that is worth asking for
_QUEUE, _LEAST = 36_000, 60
_NOT_THIS_COUNTRY = "21408"
#: so many messages to one number are looked through
_MANY = 200
#: of two messages with one reference the one that got further tells more
_FURTHEST = ("delivered", "accepted", "undelivered")


@dataclass
class Twilio:
    """An account.

    Attributes:
        sender: a number or name of the account, or a messaging service (MG...). callback: where reports go, an https
            address; "": nowhere. secret: signs our reference in it. base: where the carrier is.
    """

    account: str
    token: str = field(repr=False)
    sender: str
    callback: str = ""
    secret: str = field(default="", repr=False)
    reach: Reach = field(default_factory=Reach)
    base: str = "https://api.twilio.com"
    connections: int = 32
    seconds: float = SECONDS
    name: str = "twilio"

    def __post_init__(self) -> None:
        hush()
        self._heard = local()
        line = TwilioHttpClient(timeout=self.seconds * LINE, request_hooks={"response": self._listen})
        for scheme in ("https://", "http://"):
            line.session.mount(scheme, HTTPAdapter(pool_maxsize=self.connections))
        self._client = Client(self.account, self.token, http_client=line)
        self._client.api.base_url = self.base
        self._line = line

    def _listen(self, response: requests.Response, **_: Any) -> None:
        self._heard.headers = response.headers  # the library's exceptions leave them out

    def send(self, message: c.Message) -> c.Outcome:
        """Give it one message."""
        try:
            to = mobile(message.to.phone, self.reach)
        except RuleError as wrong:
            return c.Permanent(str(wrong))
        words = message.words.body
        if segments(words) > 1:
            return c.Permanent(f"The short message takes {segments(words)} parts; shorten its wording to one.")
        try:
            sid = within(self.seconds, lambda: self._create(message, to, words))
        except _Said as no:
            meaning = twilio(no.status, no.code)
            if str(no.code) == _NOT_THIS_COUNTRY and not to.startswith("+77"):
                meaning = never(meaning.sentence)  # one number abroad must not stop everybody else's messages
            return refusal(meaning, str(no.code or no.status), after=asked_to_wait(no.headers, message.at))
        except (requests.ConnectionError, requests.Timeout) as trouble:
            return NO_LINE if _never_there(trouble) else c.Unknown(SILENT, type(trouble).__name__)
        except Exception as trouble:  # noqa: BLE001 - whatever else happens, happens after the request was sent
            return c.Unknown(SILENT, type(trouble).__name__)
        return c.Accepted(sid, hashlib.sha256(words.encode()).hexdigest())

    def _create(self, message: c.Message, to: str, words: str) -> str:
        sender = "messaging_service_sid" if re.fullmatch(r"MG[0-9a-f]{32}", self.sender) else "from_"
        more: dict[str, Any] = {sender: self.sender, "validity_period": _queue(message)}
        if self.callback:
            more["status_callback"] = f"{self.callback}?n={signed(message.ref, self.secret)}"
        made = self._asking(lambda: self._client.messages.create(to=to, body=words, smart_encoded=False, **more))
        return str(made.sid or "")[:100] or message.ref

    def _asking(self, call: Callable[[], T]) -> T:
        self._heard.headers = {}
        try:
            return call()
        except _REFUSALS as no:
            raise _Said(no.status, no.code, self._heard.headers) from None

    def ask(self, message: c.Message) -> c.Answer:
        """What became of a message: the newest ones to its number are searched for our reference.

        They are not asked for by day: one that waits in the carrier's queue has no day yet, and must be found.
        """
        try:
            to = mobile(message.to.phone, self.reach)
            found = within(self.seconds, lambda: self._asking(lambda: self._search(to, message.ref)))
        except RuleError:
            return c.NotThere()
        except _Said as no:
            return not_now(no.status, no.headers, message.at)
        except Exception as trouble:  # noqa: BLE001 - an answer that cannot be read is no answer
            return c.Temporary(NOT_ASKED, type(trouble).__name__, ours=True)
        if not found:
            return c.NotThere()
        event, one = min(found, key=lambda pair: _FURTHEST.index(pair[0]))
        return c.Found(str(one.sid)[:100], one.date_created or message.at, event)

    def _search(self, to: str, ref: str) -> list[tuple[str, Any]]:
        ours = re.compile(rf"(?<![0-9A-Za-z]){ref}(?![0-9A-Za-z])")
        sent = self._client.messages.list(to=to, limit=_MANY, page_size=_MANY)
        known = [(twilio_status(str(one.status)), one) for one in sent if ours.search(one.body or "")]
        return [(meaning.event if meaning.event in _FURTHEST else "accepted", one) for meaning, one in known if meaning]

    def ping(self) -> str:
        """A small question that changes nothing."""
        return sign_of_life(self.seconds, lambda: self._asking(self._client.api.v2010.account.fetch), _Said)

    def close(self) -> None:
        """Let go of the kept connections."""
        self._line.session.close()


class _Said(Exception):
    """The carrier's refusal, with what its library leaves out."""

    def __init__(self, status: int, code: int | None, headers: Mapping[str, str]) -> None:
        super().__init__(status, code)
        self.status, self.code, self.headers = status, code, headers


def _queue(message: c.Message) -> int:
    """How many seconds the carrier may keep it: no longer than it is in time, unless it is late already."""
    left = int((message.due_at - message.at).total_seconds()) if message.due_at else _QUEUE
    return _QUEUE if left <= 0 else min(max(left, _LEAST), _QUEUE)


def _never_there(trouble: Exception) -> bool:
    """Did it fail before there was a line at all? Then the carrier has nothing."""
    if isinstance(trouble, requests.ConnectTimeout | requests.exceptions.SSLError | requests.exceptions.ProxyError):
        return True
    reason = getattr(trouble.args[0] if trouble.args else None, "reason", None)
    return isinstance(reason, NewConnectionError | ConnectTimeoutError | SSLError)
