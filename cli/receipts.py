"""`bagalau receipts`: take, understand and list what carriers tell us of our notices."""

from __future__ import annotations

import socket
from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated

import typer

from cli.noticing import zones
from cli.printing import as_json, line, note, said, table
from models.work import reading
from rules.errors import MissingSetting, NotFound, RuleError
from services.bounce_mail import fetch_all
from services.callback_list import STATES, listed
from services.callbacks import collect_all
from services.carriers import houses
from settings import settings

app = typer.Typer(no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_COLUMNS = ("callback_id", "organisation", "source", "notice", "state", "received_at", "note")


@app.command("serve")
def serve(
    host: Annotated[
        str, typer.Option(help="The address to listen on; a proxy with https stands before it.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port.", min=1, max=65535)] = 8480,
) -> None:
    """Take what SendGrid, Twilio and SMSC tell of notices; see docs/receipts.md."""
    import uvicorn  # only here: the other commands start faster without it

    from portal.receipts import create

    known = houses()
    if not known:
        raise MissingSetting("No carriers are known: name the file of carriers in BAGALAU_CARRIERS (docs/carriers.md).")
    with _listening(host, port) as place, suppress(KeyboardInterrupt):
        note(f"Listening on http://{host}:{port}/receipts for {', '.join(sorted(known))}; Ctrl-C ends it.")
        # no access log: a query names a notice, and a path may hold a secret word
        config = uvicorn.Config(
            create(known, clock), access_log=False, log_level="warning", server_header=False, proxy_headers=False,
            limit_concurrency=500, timeout_keep_alive=15, timeout_graceful_shutdown=10,
        )  # fmt: skip
        uvicorn.Server(config).run(sockets=[place])


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), backlog=2048)
    except OSError as trouble:
        raise RuleError(
            f"Nobody can listen on {host}, port {port}: {trouble.strerror}. Choose another with --host or --port."
        ) from None


@app.command("collect")
def collect(json: Json = False) -> None:
    """Fetch the mail that came back and understand what carriers told; otherwise a run does it every two minutes."""
    known, now = houses(), clock()
    fetched = fetch_all(known, now)
    done = collect_all(known, now, settings().callbacks_days_kept)
    problems = (*fetched.problems, *done.problems)
    if json:
        as_json(
            {
                "mails": fetched.mails, "callbacks": done.callbacks, "receipts": done.receipts, "refused": done.refused,
                "healed": done.healed, "again": done.again, "undelivered": done.undelivered, "problems": problems,
            }
        )  # fmt: skip
        return
    line(
        f"{fetched.mails} mails fetched; {done.callbacks} callbacks understood, {done.refused} of them refused:"
        f" {done.receipts} new receipts, {done.healed} notices left after all, {done.again} are tried again,"
        f" {done.undelivered} were not delivered."
    )
    for problem in problems:
        note(problem)


@app.command("list")
def list_callbacks(
    state: Annotated[str, typer.Option(help="new, done or refused.")] = "",
    limit: Annotated[int, typer.Option(help="At most so many, the newest first.", min=1)] = 200,
    json: Json = False,
) -> None:
    """What carriers told, the newest first, and why something meant nothing; never their own words."""
    if state and state not in STATES:
        raise NotFound(f"There is no state '{state}'; known are: {', '.join(STATES)}.")
    with reading() as session:
        found, clocks = listed(session, state, limit), zones(session)
    if json:
        as_json(found)
        return
    table(_COLUMNS, [[said(one[name], clocks.get(one["organisation"], "UTC")) for name in _COLUMNS] for one in found])


def clock() -> datetime:
    """The present moment."""
    return datetime.now(UTC)
