"""`bagalau notices`: what was said to whom, the evidence that came back, and the wordings themselves.

People appear by their personnel number only.
"""

from __future__ import annotations

from typing import Annotated

import typer

from cli.notices_lanes import lanes, resume
from cli.notices_letters import letters
from cli.notices_papers import certificate, journal
from cli.notices_record import record
from cli.notices_show import show
from cli.notices_templates import preview, templates
from cli.noticing import clock
from cli.printing import as_json, line, note, table
from models.work import reading
from notifications import CHANNELS, hand_over
from notifications.history import listed
from notifications.post import SIMULATE
from rules.errors import NotFound
from services.carriers import houses
from services.evidence_blocks import keep_evidence
from services.ground import find_cycle
from services.ladder import climb_all
from services.paper import documents
from settings import settings

app = typer.Typer(no_args_is_help=True)
app.add_typer(letters, name="letters")
for command in (show, record, journal, certificate, lanes, resume, templates, preview):
    app.command(command.__name__)(command)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_COLUMNS = ("notice_id", "ref", "cycle", "kind", "channel", "round", "recipient", "standing", "sent_at", "sent_in_time")


@app.command("list")
def list_notices(
    cycle: Annotated[str, typer.Option(help="Key of the cycle.")] = "",
    channel: Annotated[str, typer.Option(help="One channel only.")] = "",
    state: Annotated[
        str, typer.Option(help="waiting, claimed, failed, accepted, undelivered, returned, refused, delivered.")
    ] = "",
    limit: Annotated[int, typer.Option(help="At most so many, the newest first.", min=1)] = 200,
    json: Json = False,
) -> None:
    """The notices, the newest first."""
    if channel and channel not in CHANNELS:
        raise NotFound(f"There is no channel '{channel}'; known are: {', '.join(CHANNELS)}.")
    with reading() as session:
        if cycle:
            find_cycle(session, cycle)
        found = listed(session, cycle=cycle, channel=channel, state=state, limit=limit)
        zone = find_cycle(session, found[0]["cycle"]).time_zone if found else "UTC"
    if json:
        as_json(found)
        return
    table(_COLUMNS, [[one[name] for name in _COLUMNS] for one in found], zone=zone)


@app.command("send")
def send(
    limit: Annotated[int | None, typer.Option(help="At most so many.")] = None,
    follow: Annotated[bool, typer.Option("--follow", help="Stay, and hand over whatever is written, at once.")] = False,
    json: Json = False,
) -> None:
    """Go on to the next lawful channel where one failed, and hand over what waits; what is simulated becomes files."""
    if follow:
        from cli.courier import run

        run()
        return
    ours = settings()
    climb_all(clock())
    done = hand_over(ours.mode, ours.outbox, clock(), documents=documents(), houses=houses(), limit=limit)
    keep_evidence(clock())
    if json:
        as_json(done)
        return
    said = ", ".join(f"{count} by {channel}" for channel, count in done.handed.items()) or "nothing left"
    more = f", {done.unknown} unanswered, {done.resent} sent again" if done.unknown or done.resent else ""
    line(f"{said}; {done.failed} failed, {done.postponed} put off{more}. Files are under {ours.outbox}.")
    for one in done.lanes:
        if one.handed and one.carrier != SIMULATE:
            line(f"{one.handed} by {one.channel} of {one.organisation} really left, by {one.carrier}.")
    for problem in done.problems:
        note(problem)
