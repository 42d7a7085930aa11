"""The command itself: what it says when nobody reads on, and when a setting is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("words", [("methodology", "list", "--json"), ("methodology", "list"), ("--help",)])
@pytest.mark.parametrize("buffered", [True, False])
def test_a_reader_who_stops_reading_hears_nothing(words: tuple[str, ...], buffered: bool) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    around = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    around |= {} if buffered else {"PYTHONUNBUFFERED": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", *words],
        cwd=ROOT,
        env=around,
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(writing)
    assert done.stderr == ""


def test_a_wrong_setting_is_one_sentence() -> None:
    """Settings are read before anything else, the log's own folder among them."""
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", "notices", "send"],
        cwd=ROOT, env={**os.environ, "BAGALAU_MODE": "full"}, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stderr.count("\n"), done.stderr.startswith("BAGALAU_MODE: ")) == (1, 1, True)
