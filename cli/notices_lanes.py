"""`bagalau notices lanes` and `resume`: which channels run, which rest or are stopped, and letting one run again."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.common import By, Json
from cli.noticing import clock, zones
from cli.printing import as_json, line, said, table
from models.work import reading, work
from services import lanes as lanes_of

_COLUMNS = ("organisation", "channel", "state", "since", "reason", "probe_at", "waiting", "sent_today")


def lanes(json: Json = False) -> None:
    """Every channel of every body: does it run, since when not and why, what waits, what was sent today."""
    with reading() as session:
        found, clocks = lanes_of.every_lane(session, clock()), zones(session)
    if json:
        as_json(found)
    elif found:
        table(
            _COLUMNS,
            [[said(getattr(one, name), clocks.get(one.organisation, "UTC")) for name in _COLUMNS] for one in found],
        )
    else:
        line("No carrier was used yet, and nothing waits.")


def resume(
    organisation: Annotated[str, typer.Argument(help="Id of the body.")],
    channel: Annotated[str, typer.Argument(help="The channel, as `bagalau notices lanes` shows it.")],
    by: By,
    why: Annotated[str, typer.Option(help="Why it may run again; it is kept in the journal.")],
    json: Json = False,
) -> None:
    """Let a channel that rests or was stopped run again."""
    with work() as session:
        lanes_of.resume(session, organisation, channel, by, why, clock())
    if json:
        as_json({"organisation": organisation, "channel": channel, "state": "running"})
    else:
        line(f"The channel {channel} of {organisation} runs again; what waits leaves with the next hand-over.")
