"""`bagalau deadlines`: every deadline of a period, with its point of the act, its target and its readings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from cli.choosing import days, governing
from cli.printing import as_json, line, table
from methodologies import work_calendar
from rules.period import Period
from rules.terms import Due, all_due

app = typer.Typer(add_completion=False)


@app.command()
def deadlines(
    methodology: Annotated[str, typer.Argument(help="Id of the methodology, or a path to one.")],
    period: Annotated[str, typer.Option(help="Evaluated period: 2026-Q3 or 2026.")],
    organisation: Annotated[Path | None, typer.Option(help="File of the body; otherwise the sample body.")] = None,
    at: Annotated[list[str] | None, typer.Option(help="EVENT=DATE, the day an event happened; repeatable.")] = None,
    reading: Annotated[list[str] | None, typer.Option(help="QUESTION=OPTION, such as X-Q1=b; repeatable.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Every deadline of a period: legal date, date to aim for, and why."""
    asked = Period.parse(period)
    law, body = governing(methodology, asked, organisation, reading or [])
    anchors = days(at or [], (rule.anchor for rule in law.deadlines.values()))
    found = all_due(law, work_calendar(body), asked, anchors)
    if json:
        as_json([_row(due) for due in found])
        return
    _for_people(found, f"{law.act}, {asked}")


def _row(due: Due) -> dict[str, Any]:
    return {
        "id": due.id,
        "rule": due.reason.rules,
        "point": due.reason.point,
        "actor": due.rule.actor.en,
        "obligation": due.rule.obligation.en,
        "due": due.due,
        "target": due.target,
        "anchor": due.anchor,
        "anchor_date": due.anchor_date,
        "readings": due.reason.readings,
        "missing": due.missing,
        "house": due.rule.house,
        "right": due.rule.right,
        "estimated": due.estimated,
        "actor_label": due.rule.actor,
        "obligation_label": due.rule.obligation,
    }


def _for_people(found: tuple[Due, ...], title: str) -> None:
    known = sorted((due for due in found if due.due), key=lambda due: (str(due.due), due.id))
    rows = [
        (
            f"{due.due:%a} {due.due}{' (estimated)' if due.estimated else ''}",
            due.target if due.target != due.due else "",
            due.id,
            str(due.reason),
            due.rule.actor.en,
        )
        for due in known
    ]
    table(("due", "target", "deadline", "reason", "who"), rows, title)
    for due in (due for due in found if due.missing):
        line(f"{due.id}: {due.missing} (--at {due.anchor}=YYYY-MM-DD)")
