"""Short messages by SMSC.kz, a gateway of Kazakhstan, by plain HTTP.

A message carries the number we give it, so the carrier can be asked about exactly this one. The key is never part of an
address, which logs keep. Names of fields and codes are those of the vendor's pages "Sending messages" and "Message statuses".
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from notifications import channels as c
from notifications.addresses import Reach, mobile
from notifications.carriers.answers import NO_LINE, NOT_ASKED, SILENT, asked_to_wait, not_now
from notifications.carriers.patience import LINE, SECONDS, hush, within
from notifications.codes import http, refusal, smsc, smsc_status
from notifications.render import segments
from rules.errors import RuleError

#: the same request twice within a minute, or too many at once
_AGAIN = "9"
_NOT_KNOWN = "-3"
#: the carrier keeps a message for hours, between one and a day
_HOURS = (1, 24)
_EVENTS = ("accepted", "delivered", "undelivered")


@dataclass
class Smsc:
    """An account; `sender`: the name registered with the carrier, "" for its own."""

    key: str = field(repr=False)
    sender: str = ""
    reach: Reach = field(default_factory=Reach)
    host: str = "https://smsc.kz"
    connections: int = 12
    seconds: float = SECONDS
    name: str = "smsc"

    def __post_init__(self) -> None:
        hush()
        self._http = self._lines()

    def send(self, message: c.Message) -> c.Outcome:
        """Give it one message."""
        words = message.words.body
        try:
            to = mobile(message.to.phone, self.reach)
        except RuleError as wrong:
            return c.Permanent(str(wrong))
        if segments(words) > 1:
            return c.Permanent(f"The short message takes {segments(words)} parts; shorten its wording to one.")
        body = {
            "apikey": self.key, "phones": to, "mes": words, "id": message.notice_id, "charset": "utf-8", "fmt": 3,
            "valid": _hours(message),
        }  # fmt: skip
        if self.sender:
            body["sender"] = self.sender
        try:
            answer = within(self.seconds, lambda: self._http.post(f"{self.host}/rest/send/", json=body))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol):
            return NO_LINE
        except Exception as trouble:  # noqa: BLE001 - whatever else happens, happens after the request was sent
            return c.Unknown(SILENT, type(trouble).__name__)
        return self._understood(message, answer, hashlib.sha256(words.encode()).hexdigest())

    def _understood(self, message: c.Message, answer: httpx.Response, digest: str) -> c.Outcome:
        told, wait = _told(answer), asked_to_wait(answer.headers, message.at)
        if "error_code" in told:
            code = str(told["error_code"])
            if code == _AGAIN and message.first_at is not None:
                return c.Unknown("The carrier had the same message a moment before.", code)
            return refusal(smsc(code), code, after=wait)
        if answer.status_code != 200:
            return refusal(http(answer.status_code), str(answer.status_code), after=wait)
        if not told.get("id"):
            return c.Unknown("The carrier's answer means neither yes nor no.", str(answer.status_code))
        return c.Accepted(str(told["id"])[:40], digest)

    def ask(self, message: c.Message) -> c.Answer:
        """What became of a message, asked by the number we gave it."""
        try:
            to = mobile(message.to.phone, self.reach)
            body = {"apikey": self.key, "phone": to, "id": message.notice_id, "fmt": 3, "charset": "utf-8"}
            answer = within(self.seconds, lambda: self._http.post(f"{self.host}/sys/status.php", data=body))
        except RuleError:
            return c.NotThere()
        except Exception as trouble:  # noqa: BLE001 - an answer that cannot be read is no answer
            return c.Temporary(NOT_ASKED, type(trouble).__name__, ours=True)
        told = _told(answer)
        if "error_code" in told:
            return c.Temporary(smsc(told["error_code"]).sentence, str(told["error_code"]), spends=False)
        status = str(told.get("status", ""))
        if status == _NOT_KNOWN:
            return c.NotThere()
        meaning = smsc_status(status)
        if answer.status_code != 200 or meaning is None:
            return not_now(answer.status_code, answer.headers, message.at)
        event = meaning.event if meaning.event in _EVENTS else "undelivered"
        return c.Found(str(message.notice_id), _moment(told) or message.at, event)

    def ping(self) -> str:
        """The account's balance: a small question that changes nothing."""
        body = {"apikey": self.key, "fmt": 3}
        try:
            answer = within(self.seconds, lambda: self._http.post(f"{self.host}/sys/balance.php", data=body))
        except Exception:  # noqa: BLE001 - whatever broke, it does not answer
            return "The carrier does not answer."
        told = _told(answer)
        if "error_code" in told:
            return smsc(told["error_code"]).sentence
        return "" if answer.status_code == 200 else http(answer.status_code).sentence

    def close(self) -> None:
        """Let go of the kept connections."""
        old, self._http = self._http, self._lines()
        old.close()

    def _lines(self) -> httpx.Client:
        limits = httpx.Limits(max_connections=self.connections, max_keepalive_connections=self.connections)
        return httpx.Client(timeout=self.seconds * LINE, limits=limits)


def _told(answer: httpx.Response) -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _moment(told: dict[str, Any]) -> datetime | None:
    said = str(told.get("last_timestamp", ""))
    return datetime.fromtimestamp(int(said), UTC) if said.isdigit() and len(said) < 12 else None


def _hours(message: c.Message) -> int:
    """How many hours the carrier may keep it: no longer than it is in time, unless it is late already."""
    least, most = _HOURS
    left = int((message.due_at - message.at).total_seconds() // 3600) if message.due_at else most
    return most if left < 0 else min(max(left, least), most)
