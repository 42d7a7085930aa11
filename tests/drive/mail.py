"""A mail relay in a process of its own: aiosmtpd, which takes what it is given and fails now and then on the way."""

from __future__ import annotations

import asyncio
import json
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

#: what may happen to one message. 451: not taken, come back later. hang: not taken, no word any more. silence: taken, no
#: word any more. reset: not taken, the line breaks. lost reply: taken, the line breaks
TROUBLES: Mapping[str, float] = {"451": 0.01, "hang": 0.01, "silence": 0.01, "reset": 0.01, "lost reply": 0.02}
_ID = re.compile(rb"^Message-ID: <([0-9A-Z]{6})\.(\d+)@", re.MULTILINE)


class Relay:
    """What it does with a message; what it took stands in a file, a line each, before it says so."""

    def __init__(self, ledger: Path, faults: Mapping[str, float], latency: float, seed: int) -> None:
        self._ledger, self._faults, self._latency = ledger.open("a"), faults, latency
        self._chance = random.Random(seed)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """The whole message is here."""
        draw, fault = self._chance.random(), "well"
        for name, share in self._faults.items():
            draw -= share
            if draw < 0:
                fault = name
                break
        await asyncio.sleep(self._latency)
        found = _ID.search(envelope.content or b"")
        assert found
        taken = fault in ("well", "silence", "lost reply")
        self._ledger.write(json.dumps([int(found[2]), found[0].decode(), fault, taken]) + "\n")
        self._ledger.flush()
        if fault in ("hang", "silence"):
            await asyncio.sleep(3600)
        if fault in ("reset", "lost reply"):
            server.transport.abort()
        return "451 4.3.0 come back later" if fault == "451" else f"250 2.0.0 Ok: queued as {found[1].decode()}"


async def _main(ledger: str, faults: str, latency: str, seed: str) -> None:
    relay = Relay(Path(ledger), json.loads(faults), float(latency), int(seed))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(relay, hostname="relay.example.kz", loop=loop), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


class Mail:
    """The relay as a test sees it."""

    def __init__(self, port: int, ledger: Path) -> None:
        self.port, self._ledger = port, ledger

    def told(self) -> tuple[Counter[int], Counter[str], Mapping[int, set[str]]]:
        """How often each notice was taken, what happened, and the Message-IDs each notice came with."""
        lines = [json.loads(line) for line in self._ledger.read_text().splitlines()]
        ids: dict[int, set[str]] = {}
        for number, message_id, _, _ in lines:
            ids.setdefault(number, set()).add(message_id)
        return Counter(one[0] for one in lines if one[3]), Counter(one[2] for one in lines), ids


@contextmanager
def relay(folder: Path, faults: Mapping[str, float], latency: float = 0.02, seed: int = 7) -> Iterator[Mail]:
    """A relay in its own process."""
    ledger = folder / "taken"
    ledger.touch()
    words: list[Any] = [sys.executable, "-m", "tests.drive.mail", ledger, json.dumps(faults), latency, seed]
    process = subprocess.Popen(
        [str(word) for word in words], cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield Mail(int(process.stdout.readline()), ledger)
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
