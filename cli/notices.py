"""`bagalau notices`: what was said to whom, the evidence that came back, and the wordings themselves.

People appear by their personnel number only.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from sqlalchemy import text
from sqlmodel import Session

from cli.notices_letters import letters
from cli.printing import as_json, line, note, said, table
from models.work import reading, work
from notifications import hand_over, status
from notifications import record as append_receipt
from notifications.history import history, listed
from notifications.preview import preview as write_preview
from notifications.receipts import OFFICER, keep_scan
from notifications.refs import id_of
from rules.errors import NotFound, RuleError
from services.carriers import houses
from services.facts import person_id
from services.familiarisation import on_receipt
from services.ground import find_cycle, ground_of
from services.paper import documents
from settings import settings
from tasks.nudge import nudge

app = typer.Typer(no_args_is_help=True)
app.add_typer(letters, name="letters")
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="Number of the notice, or its six-sign reference.")]
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
    with reading() as session:
        found = listed(session, cycle=cycle, channel=channel, state=state, limit=limit)
        zone = find_cycle(session, found[0]["cycle"]).time_zone if found else "UTC"
    if json:
        as_json(found)
        return
    table(_COLUMNS, [[one[name] for name in _COLUMNS] for one in found], zone=zone)


@app.command("show")
def show(notice: Id, json: Json = False) -> None:
    """The whole history of one notice, as an auditor needs it."""
    with reading() as session:
        found = history(session, _number(session, notice))
        cycle = find_cycle(session, found["cycle"])
        zone, source = cycle.time_zone, ground_of(session, cycle).source(*found.pop("roles"))
        found |= {"rules": source.rules, "point": source.point}
    if json:
        as_json(found)
        return
    for name, value in found.items():
        if name != "receipts":
            line(f"{name:>16}  {said(', '.join(value) if isinstance(value, tuple) else value, zone)}")
    columns = ("event", "at", "recorded_at", "source", "officer", "reference", "detail", "scan_sha256")
    table(columns, [[one[name] for name in columns] for one in found["receipts"]], title="receipts", zone=zone)


@app.command("record")
def record(
    notice: Id,
    event: Annotated[str, typer.Option(help="accepted, delivered, undelivered, returned or refused.")],
    at: Annotated[
        str, typer.Option(help="When: 2026-10-20T15:30 local time, or 2026-10-20 when only the day is known.")
    ],
    officer: Annotated[str, typer.Option(help="Personnel number of the officer who holds the paper.")],
    reference: Annotated[str, typer.Option(help="Number on the paper: track number, number of the telephonogram.")],
    detail: Annotated[str, typer.Option(help="A remark; no mark and no grade.")] = "",
    scan: Annotated[Path | None, typer.Option(help="The scanned proof.", exists=True, dir_okay=False)] = None,
    json: Json = False,
) -> None:
    """Record the evidence of a manual channel; a delivered `result_served` familiarises its person (N-19)."""
    now, content = clock(), None if scan is None else scan.read_bytes()
    if content is not None:
        keep_scan(settings().data / "scans", content)  # a file too many does no harm, a receipt without its file does
    with work() as session:
        number = _number(session, notice)
        cycle, zone = _cycle(session, number)
        moment, day_only = _moment(at, zone, now)
        remark = "; ".join(part for part in (detail, "only the day is known" if day_only else "") if part)
        new = append_receipt(
            session, number, event, moment, now, source=OFFICER, event_id=f"notice/{number}/{event}/{reference}",
            officer_id=person_id(session, officer), reference=reference, detail=remark or None, scan=content,
        )  # fmt: skip
        familiarised = on_receipt(session, number, now)
        standing = status(session, number).word
    answer = {"notice_id": number, "new": new, "familiarised": familiarised, "standing": standing}
    if familiarised or new:
        nudge(cycle, "served" if familiarised else event)
    if json:
        as_json(answer)
        return
    line(f"Notice {number} is {standing}." if new else f"This was recorded already; notice {number} is {standing}.")
    if familiarised:
        line("The person counts as familiarised from that moment; the terms that follow run.")


@app.command("send")
def send(limit: Annotated[int | None, typer.Option(help="At most so many.")] = None, json: Json = False) -> None:
    """Hand over what waits in the outbox; simulated notices become files under the data folder."""
    ours = settings()
    done = hand_over(ours.mode, ours.outbox, clock(), documents=documents(), houses=houses(), limit=limit)
    if json:
        as_json(done)
        return
    said = ", ".join(f"{count} by {channel}" for channel, count in done.handed.items()) or "nothing waited"
    line(f"{said}; {done.failed} failed, {done.postponed} put off. Files are under {ours.outbox}.")
    for problem in done.problems:
        note(problem)


@app.command("preview")
def preview(
    folder: Annotated[Path, typer.Argument(metavar="OUTDIR", help="Where the texts are written.")],
) -> None:
    """Write every wording of every kind, channel and language with sample facts."""
    note(f"{write_preview(folder)} texts written to {folder}.")


def clock() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


def _number(session: Session, words: str) -> int:
    """A number is an id; anything else, or a number nobody has, is a reference."""
    if words.isdecimal():
        query = text("SELECT 1 FROM notice WHERE id = :id")
        if len(words) != 6 or session.connection().execute(query, {"id": int(words)}).one_or_none():
            return int(words)
    return id_of(words)


def _cycle(session: Session, notice_id: int) -> tuple[str, ZoneInfo]:
    query = text("SELECT c.key, c.time_zone FROM notice n JOIN cycle c ON c.id = n.cycle_id WHERE n.id = :id")
    found = session.connection().execute(query, {"id": notice_id}).one_or_none()
    if found is None:
        raise NotFound(f"There is no notice {notice_id}.")
    return found.key, ZoneInfo(found.time_zone)


def _moment(words: str, zone: ZoneInfo, now: datetime) -> tuple[datetime, bool]:
    """The instant meant; a bare day is its end, or now when it is today: a right never ends sooner for it."""
    try:
        day = date.fromisoformat(words) if len(words) == 10 else None
        at = datetime.fromisoformat(words) if day is None else None
    except ValueError:
        raise RuleError(f"'{words}' is not a moment; write 2026-10-20T15:30 or 2026-10-20.") from None
    if at is not None:
        return (at.replace(tzinfo=zone) if at.tzinfo is None else at), False
    end = datetime.combine(day or now.date(), time.max, zone)
    today = end.date() == now.astimezone(zone).date()
    return (now if today else end.replace(microsecond=0)), True
