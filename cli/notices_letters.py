"""`bagalau notices letters`: registered letters on their way to the post and back (N-19)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.common import By, Json, a_day
from cli.printing import as_json, counted, line, note
from models.work import reading, work
from notifications.channels.files import put
from rules.errors import BadFile, NotFound
from services.evidence_blocks import keep_evidence
from services.findings import printed
from services.letter_list import as_csv, letters_of
from services.letter_rows import LANGUAGES
from services.registered import import_letters
from tasks.nudge import nudge

letters = typer.Typer(no_args_is_help=True, help="Registered letters: the list for the post, and what the post says.")


@letters.command("import")
def import_file(
    file: Annotated[
        Path, typer.Argument(help="The list with track numbers, CSV (UTF-8) or XLSX; see docs/notices.md.")
    ],
    by: By,
    json: Json = False,
) -> None:
    """Take over track numbers, deliveries and returns: all of the list, or nothing with every finding named."""
    try:
        with work() as session:
            done = import_letters(session, file, by, clock())
        keep_evidence(clock())
    except BadFile as refusal:
        _refused(refusal, json)
        return
    for key in done.cycles:
        nudge(key, "letters")
    if json:
        as_json(done)
        return
    for question in done.questions[:50]:
        note(f"Please check: {question}")
    if len(done.questions) > 50:
        note(f"Please check: {len(done.questions) - 50} more like these; --json lists them.")
    line(
        f"{file.name}: {counted(done.rows, 'rows')}, {done.empty} of them not filled in; {done.posted} posted, "
        f"{done.delivered} delivered, {done.returned} came back, {done.known} told before; "
        f"{counted(done.familiarised, 'people').replace('1 people', '1 person')} familiarised."
    )


@letters.command("export")
def export(
    out: Annotated[Path, typer.Argument(metavar="OUT.csv", help="Where the list is written.")],
    day: Annotated[str, typer.Option(help="The day the letters were made ready, as 2026-10-20.")],
    organisation: Annotated[str, typer.Option(help="Id of one body; left out: every body here.")] = "",
    language: Annotated[str, typer.Option(help="Of the heads: kk, ru or en.")] = "kk",
    json: Json = False,
) -> None:
    """Write the day's letters as a list to take to the post; filled in, it is what `import` reads."""
    if language not in LANGUAGES:
        raise typer.BadParameter(f"--language is one of {', '.join(LANGUAGES)}.")
    wanted = a_day(day)
    with reading() as session:
        found = letters_of(session, wanted, organisation) if wanted else []
    if not found:
        raise NotFound(f"No registered letter was made ready on {day}; `bagalau notices list` shows the days.")
    put(out, as_csv(found, language))
    if json:
        as_json({"letters": len(found), "file": str(out)})
    else:
        line(
            f"{counted(len(found), 'letters')} of {day} written to {out}. It holds names and addresses: keep it closed."
        )


def _refused(refusal: BadFile, json: bool) -> None:
    if json:
        as_json({"refused": str(refusal), "problems": refusal.problems})
    else:
        note("\n".join([*printed(refusal), str(refusal)]))
    raise typer.Exit(1) from None


def clock() -> datetime:
    """The present moment."""
    return datetime.now(UTC)
