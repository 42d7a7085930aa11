"""The service carriers tell their receipts to: look at the signature, keep the bytes, answer. Nothing is understood here.

No input makes it fail: what is not signed is 403, what is too long 413, what cannot be kept now 503, and the carrier
tells it again. It writes no address and no query to any log.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

from fastapi import FastAPI, Request, Response
from starlette.requests import ClientDisconnect

from models.sql import execute
from models.work import reading, work
from portal.inbox import Busy, Inbox
from services.receiving import CALLERS, Call, Houses, Incoming, admitted, keep

log = logging.getLogger("bagalau.receipts")
#: bytes of a body at most; a carrier's batch is far smaller
LIMIT = 1024 * 1024
#: seconds a caller may take to say what it has to say, and the database to answer
PATIENCE, SIGN_OF_LIFE = 10.0, 2.0
AGAIN_AFTER = "30"
_SAYS: dict[int | str, dict[str, Any]] = {
    403: {"description": "Not signed by the carrier, or no body takes its receipts here."},
    408: {"description": "The body did not come in time."},
    413: {"description": "Too long; nothing was kept."},
    503: {"description": "Cannot be kept now; tell it again."},
}
Answer = Callable[[Request], Awaitable[Response]]


class TooLong(Exception):
    """The body is longer than any carrier's."""


def create(houses: Houses, clock: Callable[[], datetime], inbox: Inbox | None = None) -> FastAPI:
    """The service.

    Args:
        houses: each body's carriers, by its id. clock: the present moment.
        inbox: keeps what comes in; left out, in the database of the settings.
    """
    app = FastAPI(title="Receipts", docs_url=None, redoc_url=None, openapi_url=None)
    desk = Desk(houses, clock, inbox or Inbox(write))
    ends = [(source, source) for source in CALLERS] + [("smsc", "smsc/key/{key}")]
    for source, end in ends:
        for start in ("/receipts", "/receipts/{organisation}"):
            app.add_api_route(
                f"{start}/{end}", desk.taking(source), methods=["POST"], status_code=204, responses=_SAYS,
                response_class=Response, summary=f"What {source} tells of notices",
            )  # fmt: skip
    app.add_api_route("/healthz", healthz, methods=["GET"], responses={503: _SAYS[503]}, response_class=Response)
    return app


def write(batch: Sequence[Incoming]) -> None:
    """Keep a batch in the database of the settings."""
    with work() as session:
        keep(session, batch)


class Desk:
    """Where requests are answered."""

    def __init__(self, houses: Houses, clock: Callable[[], datetime], inbox: Inbox) -> None:
        self._houses, self._clock, self._inbox = houses, clock, inbox
        self._refused: Counter[str] = Counter()

    def taking(self, source: str) -> Answer:
        """What answers a carrier's requests."""

        async def answer(request: Request) -> Response:
            try:
                async with asyncio.timeout(PATIENCE):
                    raw = await read(request)
            except TooLong:
                return self._refusal(413, source, "is too long")
            except (TimeoutError, ClientDisconnect):
                return self._refusal(408, source, "did not come in time")
            try:
                return await self._kept(source, request, raw)
            except Busy:
                return Response("cannot be kept now\n", 503, {"Retry-After": AGAIN_AFTER})
            except Exception as trouble:  # noqa: BLE001 - no input may bring the service down; what it was is in the log
                log.warning("A callback of %s ended with %s.", source, type(trouble).__name__)
                return Response("cannot be kept now\n", 503, {"Retry-After": AGAIN_AFTER})

        return answer

    async def _kept(self, source: str, request: Request, raw: bytes) -> Response:
        path = request.path_params
        call = Call(
            source, path.get("organisation", ""), request.scope["query_string"].decode("latin-1"), dict(request.headers), raw,
            path.get("key", ""),
        )  # fmt: skip
        one = admitted(self._houses, call, self._clock())
        if one is None:
            return self._refusal(403, source, "is not signed")
        await self._inbox.keep(one)
        return Response(status_code=204)

    def _refusal(self, status: int, source: str, why: str) -> Response:
        """Told to the log the first time, then every hundredth: a flood of forgeries must not fill a disk."""
        self._refused[why] += 1
        if self._refused[why] % 100 == 1:
            log.warning("A callback of %s %s and was refused (%s so far).", source, why, self._refused[why])
        return Response(f"{why}\n", status)


async def read(request: Request) -> bytes:
    """The body.

    Raises:
        TooLong: it is, or says so; the rest is not read. ClientDisconnect: the caller went away.
    """
    said = request.headers.get("content-length", "")
    if said.isdecimal() and (len(said) > len(str(LIMIT)) or int(said) > LIMIT):
        raise TooLong
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LIMIT:
            raise TooLong
    return bytes(body)


async def healthz() -> Response:
    """Does the database answer?"""
    try:
        await asyncio.wait_for(asyncio.to_thread(_look), SIGN_OF_LIFE)
    except Exception:  # noqa: BLE001 - whatever it is, it does not
        return Response("the database does not answer\n", 503)
    return Response("ok\n")


def _look() -> None:
    with reading() as session:
        execute(session, "SELECT id FROM callback LIMIT 1").all()
