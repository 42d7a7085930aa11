"""The plainest carrier there can be, for drives that are about the hand-over and not about an SDK."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import httpx

from notifications.channels import Accepted, Answer, Found, Message, NotThere, Outcome, Temporary, Unknown


class Plain:
    """Speaks JSON over plain HTTP; can be asked."""

    name = "plain"

    def __init__(self, address: str, timeout: float = 1.0, connections: int = 32) -> None:
        self.connections = connections
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
        self._http = httpx.Client(base_url=address, timeout=timeout, limits=limits)

    def send(self, message: Message) -> Outcome:
        body = {"ref": message.ref}
        try:
            answer = self._http.post("/plain", json=body)
        except httpx.ConnectError:
            return Temporary("nobody listens", "refused", ours=True)
        except httpx.HTTPError as trouble:
            return Unknown("no answer came", type(trouble).__name__)
        if answer.status_code == 429:
            return Temporary("too many", "429", spends=False, after=timedelta(seconds=1))
        if answer.is_server_error:
            return Unknown("out of order", str(answer.status_code))
        return Accepted(str(answer.json()["reference"]), hashlib.sha256(repr(body).encode()).hexdigest())

    def ask(self, message: Message) -> Answer:
        try:
            found = self._http.get("/plain", params={"ref": message.ref}).raise_for_status()
        except httpx.HTTPError as trouble:
            return Temporary("it cannot be asked", type(trouble).__name__, ours=True)
        known = found.json()
        return Found("found", datetime.fromtimestamp(known[0]["at"], UTC)) if known else NotThere()

    def ping(self) -> str:
        try:
            self._http.get("/plain")
        except httpx.HTTPError as trouble:
            return type(trouble).__name__
        return ""

    def close(self) -> None:
        self._http.close()
