"""A provider of our own that fails in every way a real one does, in a process of its own that no test kills.

It keeps what it accepted, and finds a message only after its index has caught up. Faults are drawn per request.
"""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx

from tests.drive import dialects

#: what may happen to one message, and to what share of them. hang: not taken, never answered. silence: taken, never
#: answered. reset: not taken, the line breaks. lost reply: taken, the line breaks
TROUBLES: Mapping[str, float] = {
    "429": 0.01, "500": 0.02, "500 accepted": 0.01, "hang": 0.01, "silence": 0.01, "reset": 0.01, "lost reply": 0.02,
}  # fmt: skip
TAKEN = ("", "500 accepted", "silence", "lost reply")


class Stub:
    """The provider: what it was given, what it does with it, and how long its index lags behind."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.faults: dict[str, float] = {}
        self.latency, self.lag, self.down = 0.0, 0.0, ""
        self.ledger: dict[str, list[float]] = defaultdict(list)
        self.index: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.counts: Counter[str] = Counter()
        self.seen: list[tuple[float, str]] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, with as many requests as the client sends over it."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while request := await _request(reader):
                answer = await self._answer(*request)
                if answer is None:
                    break
                writer.write(answer)
                await writer.drain()
        if writer.transport and not writer.is_closing():
            writer.transport.abort()  # a reset, not a farewell

    async def _answer(self, method: str, target: str, body: bytes) -> bytes | None:
        if target.startswith("/_"):
            return dialects.reply(200, self._own(target, body))
        call = dialects.understood(method, target, body)
        self.counts[call.what] += 1
        self.seen.append((time.time(), call.what))
        if self.down == "hang":
            await asyncio.sleep(3600)
        if self.down == "500" and call.what != "ping":
            return dialects.reply(500, {"errors": [{"message": "out of order"}]})
        if call.what == "send":
            return await self._sent(call)
        return call.answer(self._found(call.key))

    async def _sent(self, call: dialects.Call) -> bytes | None:
        draw, fault = self.chance.random(), ""
        for name, share in self.faults.items():
            draw -= share
            if draw < 0:
                fault = name
                break
        self.counts[fault or "well"] += 1
        if self.latency:
            await asyncio.sleep(self.latency)
        if fault in TAKEN:
            self._take(call.kept or {})
        if fault == "429":
            return dialects.reply(429, {"errors": [{"message": "too many"}], "code": 20429}, {"Retry-After": "1"})
        if fault in ("500", "500 accepted"):
            return dialects.reply(500, {"errors": [{"message": "out of order"}], "code": 20500})
        if fault in ("hang", "silence"):
            await asyncio.sleep(3600)
        return None if fault in ("reset", "lost reply") else call.answer([])

    def _take(self, kept: Mapping[str, Any]) -> None:
        at = time.time()
        self.ledger[kept["ref"]].append(at)
        for key in kept["keys"]:
            self.index[key].append(dict(kept) | {"at": at})

    def _found(self, key: str) -> list[dict[str, Any]]:
        known = time.time() - self.lag
        return [one for one in self.index.get(key, ()) if one["at"] <= known]

    def _own(self, path: str, body: bytes) -> Any:
        if path == "/_set":
            for name, value in json.loads(body).items():
                setattr(self, name, value)
        return {"ledger": self.ledger, "counts": self.counts, "seen": self.seen} if path == "/_told" else {}


async def _request(reader: asyncio.StreamReader) -> tuple[str, str, bytes] | None:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    method, target, _ = first.split(" ", 2)
    return method, target, body


async def _main(seed: int) -> None:
    server = await asyncio.start_server(Stub(seed).serve, "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


class Provider:
    """The stub as a test sees it."""

    def __init__(self, port: int) -> None:
        self.port, self.address = port, f"http://127.0.0.1:{port}"
        self._http = httpx.Client(base_url=self.address, timeout=30)

    def set(self, **what: Any) -> None:
        """Change its ways: faults, latency and lag in seconds, down ("", "hang" or "500")."""
        self._http.post("/_set", json=what).raise_for_status()

    def told(self) -> dict[str, Any]:
        """Its ledger (reference -> instants of acceptance), its counts, and when it was asked what."""
        return dict(self._http.get("/_told").raise_for_status().json())


@contextmanager
def provider(seed: int = 7, **ways: Any) -> Iterator[Provider]:
    """A stub in its own process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.drive.stub", str(seed)],
        cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        found = Provider(int(process.stdout.readline()))
        found.set(**ways)
        yield found
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1])))
