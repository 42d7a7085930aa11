"""Collecting receipts as a run: one sentence of numbers, a table of counts, nothing about anybody."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from prefect import State

from flows.collect_receipts import collect_receipts
from notifications.house import BounceBox
from tasks import receipts
from tests.flows.test_notices import artifact
from tests.notifications.house import CANARIES, NOW
from tests.receipts.conftest import Carrier, Give
from tests.receipts.conftest import give as give
from tests.receipts.far_side import BODY, batch, event, house, report
from tests.receipts.test_bounces import SIGNED
from tests.receipts.test_collecting import MINUTE, tell

pytestmark = pytest.mark.usefixtures("prefect")


def run(at: Any) -> State:
    """One run at a moment."""
    return asyncio.run(collect_receipts(at=at, return_state=True))


def test_a_run_says_what_it_understood_and_draws_how_much_came_in(
    sqlite_database: str, give: Give, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("new", "cur"):
        (tmp_path / "back" / folder).mkdir(parents=True)
    (tmp_path / "back" / "new" / "1").write_bytes(report(SIGNED))
    monkeypatch.setattr(receipts, "houses", lambda: {BODY: house(box=BounceBox(tmp_path / "back", signed=True))})
    give(2, Carrier("sendgrid"))
    tell("sendgrid", [batch(event(1, "delivered", NOW + MINUTE)), b"nonsense"], NOW + MINUTE)
    state = run(NOW + 2 * MINUTE)
    assert state.message == "mails fetched 1, callbacks 3, receipts 1, refused 2"
    table = artifact(receipts.TABLE)
    assert {(row["source"], row["understood"], row["refused"]) for row in json.loads(table)} == {
        ("sendgrid", 1, 1), ("bounces", 0, 1),
    }  # fmt: skip
    assert not any(word in str(table) for word in (*CANARIES, "@"))
    assert run(NOW + 4 * MINUTE).message == "no carrier said anything"
