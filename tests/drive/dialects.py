"""How each provider is spoken to: a request understood, an answer in its own words."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlsplit

#: a text says its reference after this sign
REF = re.compile(r"№ ([0-9A-HJKMNP-TV-Z]{6})")
Found = list[dict[str, Any]]


@dataclass(frozen=True)
class Call:
    """One request.

    Attributes:
        what: send, ask or ping. key: what a question is about. kept: what the provider remembers of a message; `ref` is what
            it is counted by. answer: the answer to a message that was taken, or to a question with what was found.
    """

    what: str
    key: str = ""
    kept: Mapping[str, Any] | None = None
    answer: Callable[[Found], bytes] = lambda found: reply(200, {"scopes": [], "sid": "AC", "balance": "1000.00"})


def understood(method: str, target: str, body: bytes) -> Call:
    """What a request means.

    Raises:
        LookupError: nobody here speaks like that.
    """
    path = urlsplit(target)
    asked = {name: values[-1] for name, values in parse_qs(path.query).items()}
    for start, reader in _KNOWN.items():
        if path.path.startswith(start):
            return reader(method, path.path, asked, body)
    raise LookupError(f"{method} {path.path}")


def reply(status: int, body: Any, headers: Mapping[str, str] | None = None) -> bytes:
    """An HTTP answer; the line stays open."""
    content = b"" if body is None else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} X", "Content-Type: application/json", f"Content-Length: {len(content)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def _plain(method: str, path: str, asked: Mapping[str, str], body: bytes) -> Call:
    if method == "POST":
        ref = json.loads(body)["ref"]
        return Call("send", kept={"ref": ref, "keys": [ref]}, answer=lambda found: reply(202, {"reference": ref}))
    if "ref" in asked:
        return Call("ask", asked["ref"], answer=lambda found: reply(200, found))
    return Call("ping")


def _sendgrid(method: str, path: str, asked: Mapping[str, str], body: bytes) -> Call:
    if path == "/v3/mail/send":
        ref = json.loads(body)["personalizations"][0]["custom_args"]["notice_id"]
        accepted = reply(202, None, {"X-Message-Id": f"sg-{ref}"})
        return Call("send", kept={"ref": ref, "keys": [ref]}, answer=lambda found: accepted)
    if path != "/v3/messages":
        return Call("ping")
    [ref] = re.findall(r"\"(\w+)\"", asked["query"])

    def rows(found: Found) -> bytes:
        at = [time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(one["at"])) for one in found]
        return reply(
            200, {"messages": [{"msg_id": f"sg-{ref}", "status": "processed", "last_event_time": one} for one in at]}
        )

    return Call("ask", ref, answer=rows)


def _twilio(method: str, path: str, asked: Mapping[str, str], body: bytes) -> Call:
    if method == "POST":
        form = _form(body)
        kept = {"ref": _ref(form["Body"]), "keys": [form["To"]], "to": form["To"], "body": form["Body"]}
        return Call("send", kept=kept, answer=lambda found: reply(201, _sms(kept | {"at": time.time()}, "queued")))
    if not path.endswith("/Messages.json"):
        return Call("ping", answer=lambda found: reply(200, {"sid": "AC" + "0" * 32, "status": "active"}))
    page = {"page": 0, "page_size": 200, "next_page_uri": None, "previous_page_uri": None, "uri": "/"}
    return Call(
        "ask", asked["To"], answer=lambda found: reply(200, page | {"messages": [_sms(one, "sent") for one in found]})
    )


def _sms(one: Mapping[str, Any], status: str) -> dict[str, Any]:
    on = formatdate(one["at"])
    return {
        "sid": f"SM{one['ref'].encode().hex():0>32}", "account_sid": "AC" + "0" * 32, "body": one["body"], "to": one["to"],
        "from": "+15005550006", "status": status, "direction": "outbound-api", "date_created": on, "date_sent": on,
        "date_updated": on, "num_segments": "1", "num_media": "0", "api_version": "2010-04-01", "error_code": None,
        "error_message": None, "messaging_service_sid": None, "price": None, "price_unit": "USD", "uri": "/",
        "subresource_uris": {},
    }  # fmt: skip


def _smsc(method: str, path: str, asked: Mapping[str, str], body: bytes) -> Call:
    if path == "/rest/send/":
        given = json.loads(body)
        mine = str(given["id"])
        kept = {"ref": _ref(given["mes"]), "keys": [mine]}
        return Call("send", kept=kept, answer=lambda found: reply(200, {"id": mine, "cnt": 1}))
    if path != "/sys/status.php":
        return Call("ping")

    def standing(found: Found) -> bytes:
        if not found:
            return reply(200, {"status": -3})
        return reply(200, {"status": 0, "last_timestamp": int(found[0]["at"]), "err": 0})

    return Call("ask", _form(body)["id"], answer=standing)


def _form(body: bytes) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(body.decode()).items()}


def _ref(text: str) -> str:
    found = REF.search(unquote_plus(text))
    return found[1] if found else text


_KNOWN: dict[str, Callable[..., Call]] = {
    "/plain": _plain, "/v3/": _sendgrid, "/2010-04-01/": _twilio, "/rest/": _smsc, "/sys/": _smsc,
}  # fmt: skip
