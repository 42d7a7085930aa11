"""E-mail by SendGrid, with its own library. It is given our random reference and no other fact of the notice (N-23)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.error import URLError

from python_http_client.exceptions import HTTPError
from sendgrid import SendGridAPIClient

from notifications import channels as c
from notifications.addresses import Reach, mailbox
from notifications.carriers.answers import NO_LINE, NOT_ASKED, SILENT, asked_to_wait, faults, not_now, sign_of_life
from notifications.carriers.patience import LINE, SECONDS, hush, within
from notifications.channels.email import page
from notifications.codes import refusal, sendgrid
from rules.errors import RuleError

_STATES = {"delivered": "delivered", "not_delivered": "undelivered"}
_NO_TRACKING = {name: {"enable": False} for name in ("click_tracking", "open_tracking", "subscription_tracking")}


@dataclass
class SendGrid:
    """An account; `activity`: it has the paid "Email Activity" and can be asked about a message, six times a minute."""

    key: str = field(repr=False)
    sender: str
    activity: bool = False
    reach: Reach = field(default_factory=Reach)
    host: str = "https://api.sendgrid.com"
    connections: int = 32
    seconds: float = SECONDS
    name: str = "sendgrid"

    def __post_init__(self) -> None:
        hush()
        self._api = SendGridAPIClient(self.key, host=self.host)
        self._api.client.timeout = self.seconds * LINE

    def send(self, message: c.Message) -> c.Outcome:
        """Give it one message: never a thousand in one request, of which one lost answer would make a thousand riddles."""
        try:
            body = self._request(message)
            answer = within(self.seconds, lambda: self._api.send(body))
        except RuleError as wrong:
            return c.Permanent(str(wrong))
        except HTTPError as no:
            meaning, wait = sendgrid(no.status_code, faults(no.body)), asked_to_wait(no.headers, message.at)
            return refusal(meaning, str(no.status_code), after=wait)
        except URLError:
            return NO_LINE  # raised only while the request is being sent: the carrier never had the whole of it
        except Exception as trouble:  # noqa: BLE001 - whatever else happens, happens after the request was sent
            return c.Unknown(SILENT, type(trouble).__name__)
        if answer.status_code != 202:
            return c.Unknown("The carrier's answer means neither yes nor no.", str(answer.status_code))
        reference = str(answer.headers.get("X-Message-Id") or message.ref)
        return c.Accepted(reference[:100], hashlib.sha256(json.dumps(body).encode()).hexdigest())

    def _request(self, message: c.Message) -> dict[str, Any]:
        to, words = {"email": mailbox(message.to.email, self.reach)}, message.words
        texts = {"text/plain": words.body, "text/html": page(words.body, message.to.language)}
        return {
            "from": {"email": self.sender},
            "personalizations": [{"to": [to], "custom_args": {"notice_id": message.ref}}],
            "subject": words.subject,
            "content": [{"type": kind, "value": text} for kind, text in texts.items()],
            "headers": {"Auto-Submitted": "auto-generated", "Content-Language": message.to.language},
            "tracking_settings": _NO_TRACKING,
        }

    def ask(self, message: c.Message) -> c.Answer:
        """What became of a message, found by our reference among the activity of thirty days."""
        query = {"query": f"(unique_args['notice_id']=\"{message.ref}\")", "limit": 10}
        try:
            if not self.activity:
                return c.CannotSay()
            got = within(self.seconds, lambda: self._api.client.messages.get(query_params=query))
            found = sorted(json.loads(got.body)["messages"], key=lambda one: one["status"] != "delivered")
            if not found:
                return c.NotThere()
            at = datetime.fromisoformat(found[0]["last_event_time"].replace("Z", "+00:00")).astimezone(UTC)
            return c.Found(str(found[0]["msg_id"])[:100], at, _STATES.get(found[0]["status"], "accepted"))
        except HTTPError as no:
            return not_now(no.status_code, no.headers, message.at)
        except Exception as trouble:  # noqa: BLE001 - an answer that cannot be read is no answer
            return c.Temporary(NOT_ASKED, type(trouble).__name__, ours=True)

    def ping(self) -> str:
        """A small question that changes nothing."""
        return sign_of_life(self.seconds, self._api.client.scopes.get, HTTPError)

    def close(self) -> None:
        """Every request has its own connection."""
