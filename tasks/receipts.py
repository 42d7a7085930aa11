"""What carriers told us: mail that came back is fetched, callbacks are understood, and a table shows how many there were."""

from __future__ import annotations

from datetime import datetime

from prefect.artifacts import acreate_table_artifact
from prefect.logging import get_run_logger

from models.work import reading
from services.bounce_mail import fetch_all
from services.callback_list import tally
from services.callbacks import Collected, collect_all
from services.carriers import houses
from services.evidence_blocks import keep_evidence
from settings import settings
from tasks.kinds import call, step

TABLE = "receipts"


@step("fetch-bounces")
def fetch_bounces(now: datetime) -> int:
    """Fetch the mail that came back; return how many mails were new. A mailbox out of reach stops nothing."""
    done = fetch_all(houses(), now)
    for problem in done.problems:
        get_run_logger().error("OPERATOR: %s", problem)
    return done.mails


@step("understand-callbacks")
def collect_waiting(now: datetime) -> Collected:
    """Understand every callback that waits, and put what came in since the last run under the journal."""
    done = collect_all(houses(), now, settings().callbacks_days_kept)
    keep_evidence(now)
    for problem in done.problems[:20]:
        get_run_logger().error("OPERATOR: %s", problem)
    if done.refused:
        get_run_logger().warning("%s callbacks mean nothing to us: bagalau receipts list --state refused", done.refused)
    return done


@call("show-receipts")
async def show_receipts(now: datetime) -> str:
    """Draw how many callbacks of each source came in within a day, and how many wait or were refused."""
    with reading() as session:
        table = tally(session, now)
    await acreate_table_artifact(table, TABLE, f"What carriers told us in the day before {now:%Y-%m-%d %H:%M} UTC")
    return TABLE
