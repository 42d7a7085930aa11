"""The reminders of a working morning: before a day, on it, and each working day after it until it is done."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from tasks.clock import moment
from tasks.cycle import open_cycles
from tasks.outcome import alert, attempted, run_name, together, told
from tasks.reminders import remind_of, show_progress, show_reminders


@flow(name="remind", flow_run_name=run_name, on_failure=[alert], on_crashed=[alert])
async def remind(cycle: str | None = None, at: datetime | None = None) -> State:
    """Remind whoever owes something in one cycle, or in every open one; a broken one stops no other.

    On a day off nobody is reminded. Run twice in a morning it writes nothing new.

    Args:
        cycle: its key; left out, every open cycle.
        at: replays another moment; left out, the real one.
    """
    keys = open_cycles(cycle)
    written: dict[str, dict[str, int]] = {}
    ended, drawn = {}, None
    for number, key in enumerate(keys, start=1):
        ended[key] = await attempted(reminded(key, written, moment(at)))
        drawn = await show_progress(drawn, number, len(keys))
    if any(count for counts in written.values() for count in counts.values()):
        await show_reminders(written, moment(at), return_state=True)
    return together(ended)


async def reminded(cycle: str, written: dict[str, dict[str, int]], now: datetime) -> State:
    """Remind in one cycle, and keep the counts for the table."""
    written[cycle] = remind_of(cycle, now)
    return told(written[cycle], nothing="nobody was to be reminded")
