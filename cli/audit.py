"""`bagalau audit`: prove deadline by deadline that the law was kept, and that the record is whole."""

from __future__ import annotations

import csv
import json as plain_json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from cli.case import case
from cli.common import Json, Key, as_of
from cli.printing import as_json, line, note, table
from models.base import instant
from models.work import reading
from rules.errors import RuleError
from rules.words import counted
from services import audit, evidence
from services import export as exports
from services.attention import findings
from services.evidence_blocks import keep_evidence
from services.ground import find_cycle
from services.spreadsheet import harmless
from settings import settings

app = typer.Typer(no_args_is_help=True)
app.command("case")(case)


@app.command()
def report(
    key: Key,
    at: Annotated[
        str | None, typer.Option(help="As of this moment, as 2026-11-30T00:00 in the body's time; left out: now.")
    ] = None,
    json: Json = False,
) -> None:
    """Kept, late and missed, deadline by deadline, with the law behind each date; breaches by personnel number."""
    with reading() as session:
        zone = find_cycle(session, key).time_zone
        now = as_of(at, zone)
        found = audit.verdicts(session, key, now)
        broken = audit.breaches(session, key, now)
        wanted = findings(session, key, now)
    total = audit.summary(found)
    if json:
        as_json(
            {"cycle": key, "as_of": now, "summary": total, "deadlines": found, "breaches": broken, "findings": wanted}
        )
        return
    shown = now.astimezone(ZoneInfo(zone))
    line(
        f"{key}, as of {shown:%Y-%m-%d %H:%M}: "
        + ", ".join(f"{count} {name}" for name, count in total.items())
        + " (deadlines of law; house terms are in the table)"
    )
    names = ("kept", "late", "missed", "open")
    table(
        ("deadline", "due", "point", *names, "law"),
        ((v.deadline, v.due, v.point, *(v.counts.get(n, 0) for n in names), v.reason) for v in found),
    )
    if broken:
        table(
            ("breach", "due", "verdict", "person", "done at"),
            ((b.deadline, b.due, b.verdict, b.personnel_no, _local(b.done_at, zone)) for b in broken),
            title="Late or missed",
        )
    for one in wanted:
        line(one.says)


def _local(kept: str | None, zone: str) -> str | None:
    return f"{instant(kept).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if kept else None


@app.command()
def verify(
    checkpoints: Annotated[Path | None, typer.Option(help="Folder of the signed checkpoints.")] = None,
    key: Annotated[Path | None, typer.Option(help="The public key as the auditor holds it.")] = None,
    json: Json = False,
) -> None:
    """Check the journal's chain, all content against it, and every signed checkpoint; exit 1 with the broken places."""
    folder = checkpoints or settings().checkpoints
    with reading() as session:
        found = evidence.verify(session, folder, key)
    if json:
        as_json(found)
    else:
        line(
            f"{counted(found.entries, 'entries')}, {counted(found.rows, 'steps')}, "
            f"{counted(found.checkpoints, 'checkpoints reach')} entry {found.covered_to}; "
            f"{counted(found.results, 'results')} and {counted(found.terms, 'terms')} worked out again."
        )
        for problem in found.problems:
            line(f"BROKEN: {problem}")
        line("Everything holds." if not found.problems else "The record cannot be trusted as it stands.")
        if found.unkept:
            note(
                f"{counted(found.unkept, 'receipts and notices')} came in since the last sweep; the next one keeps them."
            )
        if found.covered_to < found.last_seq:
            note(
                f"Entries {found.covered_to + 1} to {found.last_seq} are not under a checkpoint yet: run `bagalau audit checkpoint`."
            )
    if found.problems:
        raise typer.Exit(1)


@app.command()
def checkpoint(json: Json = False) -> None:
    """Sign the head of the journal and write it outside the database."""
    keep_evidence(datetime.now(UTC))
    with reading() as session:
        made = evidence.checkpoint(session, settings().keys, settings().checkpoints, datetime.now(UTC))
    if json:
        as_json({"checkpoint": str(made) if made else None})
    else:
        line(f"Signed: {made}" if made else "Nothing new since the last checkpoint.")


@app.command()
def export(key: Key, folder: Path, json: Json = False) -> None:
    """Write the whole journal as hashed and everything of a cycle for an auditor; docs/audit.md says how to check it."""
    folder.mkdir(parents=True, exist_ok=True)
    with reading() as session:
        counts = {name: _write(folder / name, rows) for name, rows in exports.exported(session, key)}
        verdicts = audit.verdicts(session, key, datetime.now(UTC))
    (folder / "verdicts.json").write_text(
        plain_json.dumps([vars(one) for one in verdicts], ensure_ascii=False, indent=1), "utf-8"
    )
    if json:
        as_json({"folder": str(folder), "rows": counts})
    else:
        line(f"{folder}: " + ", ".join(f"{name} {count}" for name, count in counts.items()) + ", verdicts.json")


def _write(file: Path, rows: Iterable[tuple[object, ...]]) -> int:
    count = 0
    try:
        with file.open("w", encoding="utf-8", newline="") as out:
            table = csv.writer(out)
            for row in rows:
                count += 1
                if file.suffix == ".jsonl":
                    out.write(f"{row[0]}\n")
                else:
                    table.writerow([harmless(cell) for cell in row])
    except OSError as trouble:
        raise RuleError(f"{file} cannot be written: {trouble.strerror}. Choose another folder.") from trouble
    return count - (file.suffix == ".csv")
