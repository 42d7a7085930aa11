"""Collecting what carriers told us: receipts are appended, and what did not arrive is left to the next lawful channel."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from tasks.clock import moment
from tasks.outcome import alert, run_name, told
from tasks.receipts import collect_waiting, fetch_bounces, show_receipts


@flow(name="collect-receipts", flow_run_name=run_name, on_failure=[alert], on_crashed=[alert])
async def collect_receipts(at: datetime | None = None) -> State:
    """Fetch the mail that came back, understand everything carriers told us, and show how much it was.

    Args:
        at: replays another moment; left out, the real one.
    """
    fetched = fetch_bounces(moment(at))
    done = collect_waiting(moment(at))
    if done.callbacks:
        await show_receipts(moment(at), return_state=True)
    return told(
        {
            "mails fetched": fetched, "callbacks": done.callbacks, "receipts": done.receipts, "refused": done.refused,
            "left after all": done.healed, "tried again": done.again, "not delivered": done.undelivered,
        },
        nothing="no carrier said anything",
    )  # fmt: skip
