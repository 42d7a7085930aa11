"""A child that is begun anew when it ends by itself, and is gone with its block."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.children import Revived, child


def begun(script: str, tmp_path: Path, told: list[str]) -> Revived:
    """A shell script as a child."""
    return Revived(lambda: child(("/bin/sh", "-c", script), os.environ, tmp_path / "log", tmp_path), told.append)


def until(true: Callable[[], bool]) -> None:
    for _ in range(500):
        if true():
            return
        time.sleep(0.01)
    raise AssertionError


def test_it_is_begun_anew_and_its_end_is_told(tmp_path: Path) -> None:
    told: list[str] = []
    with begun("sleep 60", tmp_path, told) as kept:
        first = kept.process
        kept.look()
        assert kept.process is first
        first.send_signal(signal.SIGKILL)
        first.wait()
        kept.look()
        assert kept.process.pid != first.pid
        assert kept.process.poll() is None
    assert told == ["ended by itself (code -9) and was begun anew"]
    assert kept.process.poll() is not None


def test_one_that_ends_at_once_is_begun_ever_more_slowly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    seconds = [0.0]
    monkeypatch.setattr("cli.children.time.monotonic", lambda: seconds[0])
    with begun("exit 3", tmp_path, told) as kept:
        for second in range(200):
            seconds[0] = float(second)
            kept.process.wait()
            kept.look()
    assert len(told) in (8, 9)  # at 0, 1, 3, 7, 15, 31, 63, 123, 183 seconds
