"""The service as a process of its own, for tests that measure it or kill it: `python -m tests.receipts.serving URL PORT`."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import uvicorn

from models.work import use_database
from portal.receipts import create
from tests.receipts.far_side import HOUSES, PUBLIC

ROOT = Path(__file__).parents[2]


@contextmanager
def served(url: str, key: str = PUBLIC) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The process and its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "tests.receipts.serving", url, str(port), key], cwd=ROOT)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address)
        yield process, address
    finally:
        process.kill()
        process.wait()


def _wait(address: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            if httpx.get(f"{address}/healthz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise TimeoutError(address)


if __name__ == "__main__":
    from dataclasses import replace

    use_database(sys.argv[1])
    # the key is made anew in each process, so it is handed over
    known = {
        name: replace(one, callbacks=replace(one.callbacks, sendgrid_key=sys.argv[3])) for name, one in HOUSES.items()
    }
    uvicorn.run(
        create(known, lambda: datetime.now(UTC)), port=int(sys.argv[2]), access_log=False, log_level="warning"
    )  # fmt: skip
