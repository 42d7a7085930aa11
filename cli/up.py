"""`bagalau up`: the whole installation as one command, until it is told to stop."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.children import Revived
from cli.launcher import NotStarted, courier, deploy, environment, prefect_server, worker
from cli.printing import line
from models.schema import upgrade
from settings import settings
from tasks.nudge import Prefect, address_file, nudge

app = typer.Typer(help="Start the whole installation: Prefect, its deployments, a worker and a courier.")
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Port = Annotated[int | None, typer.Option(help="Port of the dashboard; left out: 4200, or a free one.")]
Data = Annotated[Path | None, typer.Option(help="Folder for everything that is written; left out: BAGALAU_DATA.")]


@app.command()
def up(port: Port = None, data: Data = None) -> None:
    """Start the whole installation and keep it running until Ctrl-C.

    With PREFECT_API_URL set no server is started: the deployments are made on that one and a worker serves it. A courier
    hands over each notice as soon as it is written.
    """
    home = _home(data)
    began = time.monotonic()
    with _until_stopped(), ExitStack() as house:
        upgrade(settings().url)
        address = Prefect().api_url or house.enter_context(prefect_server(home, port))
        around = environment(home, address)
        deploy(around, home / "deploy.log")
        house.enter_context(_address_left_in(settings().data, address))
        working = house.enter_context(worker(around, home / "worker.log"))
        carrying = house.enter_context(courier(around, home / "courier.log"))
        _introduce(address, home, time.monotonic() - began)
        nudge("all", "started")
        _watch(working, carrying, home)
    line("Stopped; nothing is left running.")


def _home(data: Path | None) -> Path:
    if data is not None:
        os.environ["BAGALAU_DATA"] = str(data.absolute())  # every process started below reads it from here
        settings.cache_clear()
    home = settings().data.absolute() / "prefect"
    home.mkdir(parents=True, exist_ok=True)
    return home


@contextmanager
def _until_stopped() -> Iterator[None]:
    """Make every way of stopping the same: the first signal ends the block, further ones do not hurry it."""

    def stop(number: int, frame: Any) -> None:
        for one in STOPS:
            signal.signal(one, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {one: signal.signal(one, stop) for one in STOPS}
    try:
        with suppress(KeyboardInterrupt):
            yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


@contextmanager
def _address_left_in(data: Path, address: str) -> Iterator[Path]:
    """Let the other commands that use this folder know where to send their nudges."""
    file = address_file(data)
    file.write_text(address)
    try:
        yield file
    finally:
        file.unlink(missing_ok=True)


def _introduce(address: str, home: Path, seconds: float) -> None:
    line(f"Bagalau is up after {seconds:.1f} s. Stop it with Ctrl-C.")
    line(f"  dashboard   {address.removesuffix('/api')}")
    line(f"  data        {settings().data.absolute()}")
    line(f"  logs        {home}/*.log")
    line("  by hand     prefect deployment run advance/on-demand")
    line(f"  elsewhere   export PREFECT_API_URL={address}")


def _watch(working: subprocess.Popen[bytes], carrying: Revived, home: Path) -> None:
    while working.poll() is None:
        carrying.look()
        time.sleep(0.5)
    raise NotStarted(f"The worker ended by itself (code {working.returncode}); {home / 'worker.log'} says why.")
