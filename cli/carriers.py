"""`bagalau carriers`: Who sends the e-mail and short messages of each body, what is missing, and whether it answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

import typer

from cli.common import Json
from cli.printing import as_json, counted, line, table
from methodologies.organisation import read_organisation
from notifications.house import House
from notifications.post import MODES, OUTSIDE, PILOT, SIMULATE
from services.carriers import houses
from settings import settings

app = typer.Typer(no_args_is_help=True)


@app.callback()
def carriers() -> None:
    """Who sends the e-mail and short messages of each body, what is missing, and whether it answers."""


@dataclass(frozen=True)
class Found:
    """One channel of one body: its carrier and limits, why it cannot be used ("" when it can), whether it answered.

    Attributes:
        ready: can notices leave by it? answers: None where nobody asked.
    """

    body: str
    channel: str
    carrier: str
    ready: bool
    per_second: float | None
    per_day: int
    grace_minutes: float
    guests: int
    problem: str
    answers: bool | None = None


@app.command()
def check(
    ping: Annotated[bool, typer.Option("--ping", help="Ask each carrier for a sign of life; nothing is sent.")] = False,
    json: Json = False,
) -> None:
    """Show each body's channels, carriers and limits and what is missing; exit 1 when a carrier cannot be used."""
    known, mode = houses(), settings().mode
    found = [one for name in sorted(known) for one in _channels(known[name], ping)]
    lacking = {name: list(_lacking(house, mode)) for name, house in sorted(known.items())}
    own = read_organisation(settings().organisation).key
    if known and own not in known:
        lacking[own] = ["the body of BAGALAU_ORGANISATION is not in the file, so nothing of it leaves."]
    if json:
        as_json({"mode": mode, "file": str(settings().carriers or ""), "channels": found, "lacking": lacking})
    else:
        _print(mode, known, found, lacking)
    if any(one.problem for one in found) or (not known and mode != SIMULATE):
        raise typer.Exit(1)


def _channels(house: House, ping: bool) -> Iterator[Found]:
    for channel in OUTSIDE:
        given = house.carriers.get(channel)
        if given is None:
            continue
        limits = house.limit(channel)
        name, problem, answers = "-", given if isinstance(given, str) else "", None
        if not isinstance(given, str):
            name = given.name
            if ping:
                problem = given.ping()
                answers = not problem
                given.close()
        yield Found(
            house.organisation, channel, name, not isinstance(given, str), limits.per_second, limits.per_day,
            limits.grace.total_seconds() / 60, len(house.guests), problem, answers,
        )  # fmt: skip


def _lacking(house: House, mode: str) -> Iterator[str]:
    yield from house.lacking
    missing = [channel for channel in OUTSIDE if channel not in house.carriers]
    if missing:
        yield f"{', '.join(missing)}: no carrier is named, so nothing leaves by it."
    if mode == PILOT and not house.guests:
        yield "guests: there are none, so the pilot writes to nobody."


def _print(mode: str, known: Mapping[str, House], found: list[Found], lacking: Mapping[str, list[str]]) -> None:
    line(
        f"Mode {mode} (BAGALAU_MODE: {', '.join(MODES)})." + (" Nothing leaves the house." if mode == SIMULATE else "")
    )
    if not known:
        line(
            "No file of carriers is named; write one (examples/carriers/carriers.yaml) and name it in BAGALAU_CARRIERS."
        )
        return
    table(
        ("body", "channel", "carrier", "a second", "a day", "grace", "guests", "state"),
        [
            (one.body, one.channel, one.carrier, one.per_second, one.per_day, f"{one.grace_minutes:g} min", one.guests, _state(one))
            for one in found
        ],
    )  # fmt: skip
    for one in found:
        if one.problem:
            line(f"{one.body}, {one.channel}: {one.problem}")
    for name, sentences in lacking.items():
        for sentence in sentences:
            line(f"{name}, {sentence}")
    idle = sum(len(sentences) for sentences in lacking.values())
    line(
        f"{counted(len(found), 'channels')}; {sum(bool(one.problem) for one in found)} cannot be used; {idle} to be completed."
    )


def _state(one: Found) -> str:
    if one.problem:
        return "cannot be used" if one.answers is None else "does not answer"
    return "ready" if one.answers is None else "answers"
