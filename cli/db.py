"""`bagalau db`: the database itself."""

from __future__ import annotations

from typing import Annotated

import typer
from sqlalchemy.engine import make_url

from cli.printing import as_json, line
from models.schema import upgrade
from models.work import database_url

app = typer.Typer(no_args_is_help=True, help="Bring the database up to date.")


@app.callback()
def db() -> None:
    """The database itself."""


@app.command("upgrade")
def upgrade_command(json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Bring the database to the newest schema; safe to run twice."""
    revision = upgrade(database_url())
    where = make_url(database_url()).render_as_string(hide_password=True)
    if json:
        as_json({"database": where, "revision": revision})
    else:
        line(f"{where} is at schema {revision}.")
