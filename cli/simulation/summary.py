"""The end of a lived period on one screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from rich.columns import Columns
from rich.table import Table

from cli.demonstration.place import Place
from cli.demonstration.summary import COMMAND
from cli.printing import console, counted
from cli.report.story import busiest
from cli.simulation.busy import Busy, Risk
from cli.simulation.ending import Ended


def told(place: Place, ended: Ended) -> None:
    """Print everything a manager asks first."""
    screen, figures = console(), ended.figures
    screen.print()
    screen.rule(
        f"{counted(len(ended.stories), 'cycles')}, {counted(figures.assessments, 'assessments')}; "
        f"lived through in {ended.seconds:.0f} s"
    )
    for story in ended.stories:
        closed = f"closed on {story.closed:%a %d %b %Y}" if story.closed else "not closed"
        screen.print(f"{story.key}: {story.evaluation.what.en}, {story.period}; {closed}")
    screen.print()
    counts = [("stage", "people", figures.stages), ("grade", "results", figures.grades),
              ("channel", "notices", figures.notices["by_channel"])]  # fmt: skip
    screen.print(Columns([_counts(*one) for one in counts], padding=(0, 4)))
    screen.print(risk_table(ended.risks, 12))
    for name, sentence in _sentences(ended):
        screen.print(f"[bold]{name:<12}[/] {sentence}", soft_wrap=True, highlight=False, markup=True)
    screen.print()
    screen.print(f"[bold]Report[/]    {place.shown(place.report)}   (open it in any browser)", markup=True)
    screen.print(
        f"[bold]Database[/]  {place.shown(place.database)}   [bold]Papers[/] {place.shown(place.papers)}", markup=True
    )
    screen.print("No Prefect server took part; `bagalau demo` of the National Centre shows the flows on one.")
    screen.print()
    screen.print("[bold]Try next[/]", markup=True)
    for words in (f"audit report {ended.stories[-1].key}", "audit verify"):
        screen.print(f"  BAGALAU_DATA={place.shown(place.folder)} {COMMAND} {words}", soft_wrap=True)


def _counts(what: str, of: str, numbers: dict[str, int]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column(what)
    table.add_column(of, justify="right")
    for name, number in numbers.items():
        table.add_row(name.replace("_", " "), str(number))
    return table


def risk_table(risks: Iterable[Risk], number: int) -> Table:
    """The deadlines at risk, without the body's own and without rights of people."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold", title_justify="left")
    table.add_column("deadline at risk", no_wrap=True)
    table.add_column("of", no_wrap=True)
    table.add_column("point", no_wrap=True)
    for name in ("last day", "kept", "of it on the last day", "late", "missed"):
        table.add_column(name, justify="right", no_wrap=True)
    for one in [one for one in risks if not (one.house or one.right)][:number]:
        first, last = one.dues
        year = "" if first.year == last.year else f" {first.year}"
        days = f"{first:%d %b %Y}" if first == last else f"{first:%d %b}{year} - {last:%d %b %Y}"
        cells = [str(count or "") for count in (one.kept, one.last_day, one.late, one.missed)]
        table.add_row(one.id.replace("_", " "), one.of, one.point, days, *cells)
    return table


def busy_table(days: Iterable[Busy], number: int) -> Table:
    """The busiest days."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name, justify in (
        ("day", "left"),
        ("acts", "right"),
        ("by role", "left"),
        ("due", "right"),
        ("of whom", "left"),
    ):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    for one in busiest(tuple(days), number):
        table.add_row(
            f"{one.day:%a %d %b %Y}",
            str(one.acts.total() or ""),
            _said(one.acts),
            str(one.due.total() or ""),
            _said(one.due),
        )
    return table


def _said(counts: Counter[str]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.most_common(4))


def _sentences(ended: Ended) -> list[tuple[str, str]]:
    figures, check = ended.figures, ended.stories[-1].verification
    rules = Counter(rules for story in ended.stories for _, _, rules, _ in story.exempt)
    exempt = ", ".join(f"{number} under {rule}" for rule, number in rules.items()) or "nobody"
    found = [("Exempt", exempt)]
    if figures.plans:
        found.append(("Plans", _flat(figures.plans)))
    if figures.commission:
        found.append(("Commission", _flat(figures.commission)))
    if figures.appeals:
        found.append(("Appeals", _flat(figures.appeals)))
    if any("calibration" in story.evaluation.branches for story in ended.stories):
        found.append(("Calibration", _flat(figures.calibration)))
    kept = figures.deadlines
    found.append(("Deadlines", f"{kept['kept']} kept, {kept['late']} late, {kept['missed']} missed"))
    for one in busiest(ended.days, 1):
        found.append(("Busiest day", f"{one.day:%a %d %b %Y}: {one.acts.total()} acts, {one.due.total()} due"))
    chain = "whole" if not check.problems else "; ".join(check.problems)
    held = ", ".join(
        [counted(check.entries, "entries"), counted(check.rows, "rows"), counted(check.checkpoints, "checkpoints")]
    )
    found.append(("Journal", f"{held}: {chain}"))
    return [*found, ("Papers", f"{figures.documents} PDF")]


def _flat(numbers: dict[str, Any]) -> str:
    parts = []
    for name, number in numbers.items():
        if isinstance(number, dict):
            parts += [counted(one, stage.replace("_", " ")) for stage, one in number.items()]
        else:
            parts.append(counted(number, name.replace("_", " ")))
    return ", ".join(parts)
