"""The folder simulated notices are written to."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    """Beside the database, not around it."""
    return tmp_path / "outbox"
