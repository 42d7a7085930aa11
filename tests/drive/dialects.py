"""How each provider is spoken to: a request understood, an answer in its own words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Call:
    """One request.

    Attributes:
        what: send, ask or ping. to: the recipient; empty when it names none. kept: what the provider remembers of it.
        wanted: what it is searched by. accepted: the answer to one that was taken. answer: the one to a question.
    """

    what: str
    to: str = ""
    kept: Mapping[str, Any] = field(default_factory=dict)
    wanted: Mapping[str, Any] = field(default_factory=dict)
    accepted: Callable[[], bytes] = lambda: reply(200, {})
    answer: Callable[[list[dict[str, Any]]], bytes] = lambda found: reply(200, found)


def understood(method: str, path: str, asked: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> Call:
    """What a request means.

    Raises:
        LookupError: nobody here speaks like that.
    """
    for start, reader in _KNOWN.items():
        if path.startswith(start):
            return reader(method, path, asked, headers, body)
    raise LookupError(f"{method} {path}")


def reply(status: int, body: Any, headers: Mapping[str, str] | None = None) -> bytes:
    """An HTTP answer; the line stays open."""
    content = json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} X", "Content-Type: application/json", f"Content-Length: {len(content)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def _plain(method: str, path: str, asked: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> Call:
    if method == "POST":
        given = json.loads(body)
        return Call("send", given["to"], {"id": given["id"]}, accepted=lambda: reply(202, {"reference": given["to"]}))
    if "to" in asked:
        return Call("ask", asked["to"])
    return Call("ping")


_KNOWN: dict[str, Callable[..., Call]] = {"/plain": _plain}
