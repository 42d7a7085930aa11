"""The reminders of a working morning, and the table in which Prefect shows how many there were."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from prefect.artifacts import acreate_progress_artifact, acreate_table_artifact, aupdate_progress_artifact

from models.work import work
from services import reminders
from tasks.kinds import call, step

TABLE, PROGRESS = "reminders", "reminders-progress"
#: what the reminders are about; the words of `services.reminders.morning`
ABOUT = ("sheets", "results", "decisions", "alerts")


@step("reminders-{cycle}")
def remind_of(cycle: str, now: datetime) -> dict[str, int]:
    """Remind of everything that nears, is due or passed in a cycle; return how many notices are new, by what they are about."""
    with work() as session:
        return reminders.morning(session, cycle, now)


@call("progress-{done}-of-{cycles}")
async def show_progress(drawn: UUID | None, done: int, cycles: int) -> UUID:
    """Show how many of the open cycles were looked at."""
    share, words = 100.0 * done / max(cycles, 1), f"{done} of {cycles} cycles"
    if drawn is None:
        return await acreate_progress_artifact(share, PROGRESS, words)
    await aupdate_progress_artifact(drawn, share, words)
    return drawn


@call("show-reminders")
async def show_reminders(written: Mapping[str, Mapping[str, int]], now: datetime) -> str:
    """Show what each cycle was reminded of this morning: counts alone."""
    rows = [{"cycle": key, **{name: counts.get(name, 0) for name in ABOUT}} for key, counts in written.items()]
    await acreate_table_artifact(rows, TABLE, f"Reminders written on {now:%Y-%m-%d %H:%M} UTC")
    return TABLE
