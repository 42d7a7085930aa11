"""Showing the days as they go by: a line for each, and a bar below."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

_COLUMNS = ("[bold]{task.description}", "{task.fields[at_end]} of {task.fields[everybody]} at their end")


class Showing:
    """What the person in front of the screen sees; with `quiet` nothing at all."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._bar = None if progress is None else progress.add_task("", total=None, at_end=0, everybody=0)

    def step(self, words: str) -> None:
        """What happens now, before the first day."""
        if self._progress is not None and self._bar is not None:
            self._progress.update(self._bar, description=words)

    def day(self, day: date, line: str, left: int, everybody: int) -> None:
        """One day is over."""
        if self._progress is None or self._bar is None:
            return
        if line:
            self._progress.console.print(f"[cyan]{day:%a %d %b}[/]  {escape(line)}", highlight=False)
        self._progress.update(
            self._bar, description=f"{day:%a %d %b %Y}", total=everybody, completed=everybody - left,
            at_end=everybody - left, everybody=everybody,
        )  # fmt: skip


@contextmanager
def showing(quiet: bool) -> Iterator[Showing]:
    """The screen for the length of the story."""
    if quiet:
        yield Showing(None)
        return
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 120)
    with Progress(
        TextColumn(_COLUMNS[0]), BarColumn(40), TextColumn(_COLUMNS[1]), TimeElapsedColumn(), console=console,
        transient=True,
    ) as progress:  # fmt: skip
        yield Showing(progress)
