"""`bagalau notices record`: an officer types in what a paper proves (N-19, N-25)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from cli.common import Json
from cli.noticing import Id, clock, notice_of
from cli.printing import as_json, line
from models.sql import execute
from models.work import work
from notifications import status
from notifications.receipts import keep_scan
from services.evidence_blocks import keep_evidence
from services.typed_in import Typed, type_in
from settings import settings
from tasks.nudge import nudge


def record(
    notice: Id,
    event: Annotated[str, typer.Option(help="accepted, delivered, undelivered, returned or refused.")],
    at: Annotated[
        str, typer.Option(help="When: 2026-10-20T15:30 local time, or 2026-10-20 when only the day is known.")
    ],
    officer: Annotated[str, typer.Option(help="Personnel number of the officer who holds the paper.")],
    reference: Annotated[
        str, typer.Option(help="Number on the paper: track number, number of the telephonogram, of the dispatch.")
    ],
    detail: Annotated[str, typer.Option(help="A remark; no mark and no grade.")] = "",
    sent_by: Annotated[str, typer.Option(help="Personnel number of who sent it; left out: the officer.")] = "",
    received_by: Annotated[
        str, typer.Option(help="Who took it, by post or relation: 'the recipient', 'the wife'; nobody's name.")
    ] = "",
    scan: Annotated[Path | None, typer.Option(help="The scanned proof.", exists=True, dir_okay=False)] = None,
    json: Json = False,
) -> None:
    """Record the evidence of a manual channel; a delivered `result_served` familiarises its person (N-19)."""
    now, content = clock(), None if scan is None else scan.read_bytes()
    if content is not None:
        keep_scan(settings().data / "scans", content)  # a file too many does no harm, a receipt without its file does
    typed = Typed(event, at, officer, reference, detail, sent_by, received_by, content)
    with work() as session:
        number = notice_of(session, notice)
        new, familiarised = type_in(session, number, typed, now)
        standing, cycle = status(session, number).word, _cycle(session, number)
    keep_evidence(now)
    if familiarised or new:
        nudge(cycle, "served" if familiarised else event)
    if json:
        as_json({"notice_id": number, "new": new, "familiarised": familiarised, "standing": standing})
        return
    line(f"Notice {number} is {standing}." if new else f"This was recorded already; notice {number} is {standing}.")
    if familiarised:
        line("The person counts as familiarised from that moment; the terms that follow run.")


def _cycle(session: Session, number: int) -> str:
    query = "SELECT c.key FROM notice n JOIN cycle c ON c.id = n.cycle_id WHERE n.id = :i"
    return str(execute(session, query, {"i": number}).scalar_one())
