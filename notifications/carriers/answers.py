"""What carriers that speak HTTP say beside yes and no."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from notifications.carriers.patience import within
from notifications.channels import Temporary
from notifications.codes import http

#: raised or told only before the carrier had the whole of a message
NO_LINE = Temporary("There is no line to the carrier; nothing was given to it.", "line", ours=True)
SILENT = "The carrier did not answer, or not in time."
NOT_ASKED = "The carrier could not be asked."
#: nobody may put a lane to sleep for longer
_LONGEST = 3600.0


def asked_to_wait(headers: Mapping[str, Any] | None, at: datetime) -> timedelta | None:
    """How long the carrier asks us to wait: in seconds, or until a moment given in seconds of the epoch."""
    for name, base in (("Retry-After", 0.0), ("X-RateLimit-Reset", at.timestamp())):
        said = str((headers or {}).get(name, "")).strip()
        if said.isdigit() and len(said) < 12:
            return timedelta(seconds=min(max(int(said) - base, 1.0), _LONGEST))
    return None


def faults(body: bytes) -> tuple[str, ...]:
    """The names of the fields SendGrid finds fault with."""
    try:
        return tuple(str(one.get("field")) for one in json.loads(body)["errors"])
    except (ValueError, TypeError, KeyError, AttributeError):
        return ()


def not_now(status: int, headers: Mapping[str, Any] | None, at: datetime) -> Temporary:
    """A question about a message was answered with a refusal; it is asked again."""
    return Temporary(http(status).sentence, str(status), spends=False, after=asked_to_wait(headers, at))


def sign_of_life(seconds: float, call: Callable[[], object], refusals: type[Exception]) -> str:
    """A sentence why a small question is not answered well; "" when it is."""
    try:
        within(seconds, call)
    except refusals as no:
        return http(getattr(no, "status_code", 0) or getattr(no, "status", 0)).sentence
    except Exception:  # noqa: BLE001 - whatever broke, it does not answer
        return "The carrier does not answer."
    return ""
