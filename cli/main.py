"""The command `bagalau`: one file of this folder per noun, loaded when it is called."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import logging
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer
from pydantic import ValidationError
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from rules.errors import BadFile, NotFound, RuleError
from settings import settings

HERE = Path(__file__).parent
_NUMBERED = re.compile(r"\b([Pp]erson|[Aa]ssessment) \d+\b")
_APP = re.compile(r"^app\b.*=", re.MULTILINE)
#: the nouns in the order of the help; any further file of this folder with an `app` is listed after them
NOUNS: dict[str, str] = {
    "demo": "Live through one period of a sample body.",
    "methodology": "Look at the acts as data; check new ones.",
    "deadlines": "Every deadline of a period, with its point of the act.",
    "score": "Score one sheet, with its working.",
    "people": "Read the staff file; list people.",
    "cycle": "Open, watch and move on evaluation cycles.",
    "notices": "List notices and record their receipts.",
    "carriers": "Who sends e-mail and short messages, and whether it answers.",
    "receipts": "Take and understand what carriers tell of notices.",
    "audit": "Prove deadline by deadline that the law was kept.",
    "rules": "Which rules of the rulebook are kept by which test.",
    "portal": "Serve the portal.",
    "db": "Bring the database up to date.",
    "up": "Start the whole installation.",
}


def nouns() -> list[str]:
    """Every noun: those named above, then any further file of this folder that has an `app`."""
    others = sorted(file.stem for file in HERE.glob("*.py") if file.stem not in (*NOUNS, "main"))
    return [*NOUNS, *(name for name in others if _APP.search((HERE / f"{name}.py").read_text("utf-8")))]


class Nouns(TyperGroup):
    """The top of the command; a noun's module is imported only when that noun is called."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The nouns, in the order of the help."""
        return nouns()

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A noun with its help line, without loading its module; None for an unknown word."""
        if cmd_name not in nouns():
            return None
        if not _spec(cmd_name):
            return TyperCommand(name=cmd_name, help=f"{NOUNS[cmd_name]} (not part of this installation)")
        return TyperCommand(name=cmd_name, help=NOUNS.get(cmd_name) or _first_line(cmd_name))

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The noun that is called, loaded."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, _load(str(name)), rest


def _spec(noun: str) -> Any:
    return importlib.util.find_spec(f"cli.{noun}")


def _first_line(noun: str) -> str:
    docstring = ast.get_docstring(ast.parse((HERE / f"{noun}.py").read_text("utf-8"))) or noun
    words = docstring.splitlines()[0].rpartition("`: ")[2]
    return words[:1].upper() + words[1:]


def _load(noun: str) -> Any:
    if _spec(noun) is None:
        raise NotFound(f"'bagalau {noun}' is not part of this installation: cli/{noun}.py is missing.")
    command = get_command(importlib.import_module(f"cli.{noun}").app)
    command.name = noun
    return command


app = typer.Typer(
    cls=Nouns,
    name="bagalau",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def bagalau() -> None:
    """Bagalau: the statutory evaluation of corps "B" servants, every date and score traced to its act."""


def main(args: Sequence[str] | None = None) -> None:
    """Run the command: exit 0, 1 when refused (one sentence on stderr), 2 for wrong usage; no traceback."""
    try:
        app(args, prog_name="bagalau")
    except SystemExit:
        _flush()
        raise
    except BadFile as refusal:
        _say(_named("\n".join(refusal.problems or (str(refusal),))))
    except RuleError as refusal:
        _say(_named(str(refusal)))
    except Exception as trouble:  # noqa: BLE001 - the last door: what nobody foresaw goes to the log, not to the screen
        _say(
            _known(trouble)
            or f"Something unforeseen went wrong; give the file {_logged()} to whoever runs the program."
        )
    sys.exit(1)


def _flush() -> None:
    """Hand over what was printed; whoever read it may have had enough (`| head`), and nothing is to be said of that."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def _named(sentence: str) -> str:
    """Put personnel numbers where a refusal from below names people and assessments by the database's own numbers."""
    if not _NUMBERED.search(sentence):
        return sentence
    from cli.naming import personnel_numbers

    return personnel_numbers(sentence)


def _known(trouble: Exception) -> str | None:
    if isinstance(trouble, ValidationError) and trouble.title == "Settings":
        wrong = trouble.errors(include_input=False)[0]
        name = "_".join(("bagalau", *map(str, wrong["loc"]))).upper()
        return f"{name}: {wrong['msg']}; correct it in the environment or in the file .env."
    if isinstance(trouble, OSError) and trouble.filename:
        return f"{trouble.filename}: {trouble.strerror}. Check the name, the folder and its rights, then try again."
    words = str(trouble).lower()
    if "no such table" in words or "no such column" in words or ("relation" in words and "does not exist" in words):
        return "The database has not the tables of this version yet: run `bagalau db upgrade`, then try again."
    if "unable to open database file" in words or "connection refused" in words or "could not translate host" in words:
        return "The database cannot be reached: check BAGALAU_DATABASE_URL or the folder BAGALAU_DATA."
    return None


def _logged() -> str:
    """Write the exception being handled to the log; arguments are left out, they may hold personal data."""
    file = settings().data / "log" / "errors.log"
    file.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(file, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    log = logging.getLogger("bagalau.errors")
    log.propagate = False
    log.addHandler(handler)
    log.exception("unforeseen")
    handler.close()
    log.removeHandler(handler)
    return str(file)


if __name__ == "__main__":
    main()
