"""The end of the demonstration on one screen."""

from __future__ import annotations

from collections import Counter

from rich.columns import Columns
from rich.console import Console
from rich.table import Table

from cli.demonstration.ending import Ended
from cli.demonstration.place import Place
from cli.printing import console
from cli.report import Story
from rules.words import counted

COMMAND = ".venv/bin/bagalau"


def told(place: Place, ended: Ended, pages: str) -> None:
    """Print everything a manager asks first."""
    screen, story = console(), ended.report
    closed = f"closed on {story.closed:%a %d %b %Y}" if story.closed else "not closed"
    screen.print()
    screen.rule(f"{story.key}: {closed}; lived through in {ended.seconds:.0f} s")
    screen.print(Columns([_people(ended), _grades(story), _notices(story)], padding=(0, 4)))
    screen.print(_deadlines(story))
    if story.ladder:
        screen.print()
        screen.print(_ladder(story))
    for sentence in _sentences(ended):
        screen.print(sentence, soft_wrap=True)
    _where(screen, place, story, pages)


def _plain(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left")
    return table


def _people(ended: Ended) -> Table:
    table = _plain("stage", "people")
    for stage, number in ended.figures.stages.items():
        table.add_row(stage, str(number))
    return table


def _grades(story: Story) -> Table:
    table = _plain("grade", "results")
    for grade, number in story.figures.grades.items():
        table.add_row(grade, str(number))
    return table


def _notices(story: Story) -> Table:
    table = _plain("channel", "notices", "in time", "delivered", "not reached")
    for one in story.channels:
        cells = (one.total, one.in_time, one.words["delivered"], one.failed)
        table.add_row(one.channel.replace("_", " "), *(str(cell or "") for cell in cells))
    return table


def _ladder(story: Story) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("ladder", "channel", "what became of it", "next"):
        table.add_column(name, no_wrap=True)
    for name in ("people", "within", "left"):
        table.add_column(name, justify="right")
    before = ""
    for one in story.ladder:
        kind, before = "" if one.kind == before else one.kind.replace("_", " "), one.kind
        within = "" if one.minutes is None else f"{one.minutes} min"
        left = "" if one.hours is None else f"{one.hours} h"
        table.add_row(
            kind, one.channel.replace("_", " "), one.why, one.next.replace("_", " "), str(one.people), within, left
        )
    return table


def _deadlines(story: Story) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("deadline", "point", "last day"):
        table.add_column(name, no_wrap=True)
    for name in ("kept", "late", "missed"):
        table.add_column(name, justify="right")
    for one in story.deadlines:
        if not one.house:
            cells = [str(one.counts[word] or "") for word in ("kept", "late", "missed")]
            first, last = one.dues
            days = f"{first:%d %b}" if first == last else f"{first:%d %b} - {last:%d %b}"
            table.add_row(one.id.replace("_", " "), one.point, days, *cells)
    return table


def _sentences(ended: Ended) -> list[str]:
    story = ended.report
    rules = Counter(rules for _, _, rules, _ in story.exempt)
    exempt = ", ".join(f"{number} under {rule}" for rule, number in rules.items()) or "nobody"
    disputes = "; ".join(f"no. {one.number} {one.outcome}{_marks(one)}" for one in story.disputes) or "nobody disagreed"
    check = story.verification
    chain = "whole" if not check.problems else "; ".join(check.problems)
    some = "" if ended.all_papers else " (of a large body the first sheets only)"
    return [
        f"Exempt       {exempt}",
        f"Calibration  {disputes}",
        f"Readings     {counted(len(story.others), 'results')} would have another grade under another reading of the act",
        f"Journal      {counted(check.entries, 'entries')}, {counted(check.rows, 'rows')}, "
        f"{check.checkpoints} signed checkpoints: {chain}",
        f"Papers       {ended.figures.documents} PDF{some}; Prefect: {ended.figures.flow_runs} flow runs",
    ]


def _marks(one: object) -> str:
    before, after = getattr(one, "before", None), getattr(one, "after", None)
    if not before or not after or before == after:
        return ""
    return f" {before[0]} -> {after[0]} ({before[1]} -> {after[1]})"


def _where(screen: Console, place: Place, story: Story, pages: str) -> None:
    shown = place.shown
    screen.print()
    screen.print(f"[bold]Report[/]    {shown(place.report)}   (open it in any browser)", markup=True)
    screen.print(f"[bold]Database[/]  {shown(place.database)}   [bold]Outbox[/] {shown(place.folder / 'outbox')}   "
                 f"[bold]Papers[/] {shown(place.papers)}", markup=True)  # fmt: skip
    if not pages:
        screen.print(f"[bold]Prefect[/]   {COMMAND} up --data {shown(place.folder)}", markup=True, soft_wrap=True)
    screen.print()
    screen.print("[bold]Try next[/]", markup=True)
    for words in (f"audit report {story.key}", "audit verify"):
        screen.print(f"  BAGALAU_DATA={shown(place.folder)} {COMMAND} {words}", soft_wrap=True)
    screen.print(f"  {COMMAND} demo --people 2000", soft_wrap=True)
