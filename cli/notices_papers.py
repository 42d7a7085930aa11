"""`bagalau notices journal` and `certificate`: the papers about notices (N-19, N-25)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.common import By, Json, a_day
from cli.notices_show import senders
from cli.noticing import Id, clock, notice_of
from cli.printing import as_json, line
from models.work import reading
from notifications.channels.files import put
from services.notice_papers import certificate_pdf, journal_pdf
from settings import settings

_LANGUAGES = ("kk", "ru")
Out = Annotated[Path, typer.Option(help="Where the PDF is written.")]
Language = Annotated[str, typer.Option(help="kk or ru.")]


def journal(
    channel: Annotated[
        str, typer.Option(help="telephonogram, telegram, registered_letter, other_registered, mobile_app.")
    ],
    first: Annotated[str, typer.Option("--from", help="First day, as 2026-10-01.")],
    last: Annotated[str, typer.Option("--to", help="Last day, as 2026-10-31.")],
    out: Out,
    organisation: Annotated[str, typer.Option(help="Id of the body, where there are several.")] = "",
    language: Language = "kk",
    json: Json = False,
) -> None:
    """Write the journal of a registered channel: number, text, sender, receiver and time of every message."""
    _known(language)
    span = (a_day(first), a_day(last))
    if span[0] is None or span[1] is None:
        raise typer.BadParameter("give --from and --to, as 2026-10-01.")
    with reading() as session:
        _write(out, journal_pdf(session, channel, (span[0], span[1]), language, clock(), organisation), json)


def certificate(notice: Id, by: By, out: Out, language: Language = "kk", json: Json = False) -> None:
    """Write the certificate of one notice: what is proved of its way, by whom, and what is not. It names the addressee."""
    _known(language)
    ours = settings()
    with reading() as session:
        number = notice_of(session, notice)
        made = certificate_pdf(session, number, by, language, clock(), ours.outbox, ours.checkpoints, senders())
    _write(out, made, json)


def _known(language: str) -> None:
    if language not in _LANGUAGES:
        raise typer.BadParameter("--language is kk or ru.")


def _write(out: Path, content: bytes, json: bool) -> None:
    put(out, content)
    if json:
        as_json({"file": str(out), "bytes": len(content)})
    else:
        line(f"Written to {out}.")
