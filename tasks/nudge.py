"""A nudge: "something changed in this cycle, look soon". It may be lost without harm: the tick finds everything.

It speaks plain HTTP, so that portal and command line need not carry Prefect to say it, and so that the answer is
true: Prefect's own `emit_event` returns at once and loses the event in silence when the server is away.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from settings import settings

EVENT = "bagalau.cycle.changed"
SECONDS = 1.0
log = logging.getLogger("bagalau.nudge")


class Prefect(BaseSettings):
    """Where Prefect answers, from its own variables PREFECT_API_URL and PREFECT_API_AUTH_STRING."""

    model_config = SettingsConfigDict(env_prefix="PREFECT_", extra="ignore")

    api_url: str = ""
    api_auth_string: SecretStr | None = None


def address_file(data: Path) -> Path:
    """Where `bagalau up` leaves the address of the server it started, for the other commands of the same folder."""
    return data / "prefect" / "address"


def nudge(cycle: str, reason: str) -> bool:
    """Say that something changed in a cycle; False when nobody heard it. Never raises, never waits long."""
    try:
        address, login = _prefect()
        if not address:
            return False
        return httpx.post(f"{address}/events", json=[_event(cycle, reason)], auth=login, timeout=SECONDS).is_success
    except Exception as trouble:  # noqa: BLE001 - whoever did the real work must never fail because of a nudge
        log.warning("The nudge for %s was not heard (%s); the tick stands in.", cycle, type(trouble).__name__)
        return False


def _prefect() -> tuple[str, tuple[str, str] | None]:
    known = Prefect()
    address = (known.api_url or _left_by_up()).rstrip("/")
    if known.api_auth_string is None:
        return address, None
    name, _, word = known.api_auth_string.get_secret_value().partition(":")
    return address, (name, word)


def _left_by_up() -> str:
    file = address_file(settings().data)
    return file.read_text().strip() if file.exists() else ""


def _event(cycle: str, reason: str) -> dict[str, object]:
    return {
        "id": str(uuid4()),
        "occurred": datetime.now(UTC).isoformat(),
        "event": EVENT,
        "resource": {"prefect.resource.id": f"bagalau.cycle.{cycle}"},
        "payload": {"reason": reason},
    }
