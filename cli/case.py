"""`bagalau audit case`: one person's whole story in a cycle, on one page."""

from __future__ import annotations

import json as plain_json
from typing import Annotated, Any

import typer

from cli.common import Json, Key, as_of
from cli.printing import as_json, line, said, table
from models.work import reading
from services.case_story import story
from services.ground import find_cycle


def case(
    key: Key,
    personnel_no: Annotated[str, typer.Argument(help="Personnel number of the evaluated person.")],
    at: Annotated[
        str | None, typer.Option(help="As of this moment, as 2026-11-30T00:00 in the body's time; left out: now.")
    ] = None,
    json: Json = False,
) -> None:
    """One person's whole story: each step and who acted, the sheet and its working, deadlines, notices, the dispute."""
    with reading() as session:
        zone = find_cycle(session, key).time_zone
        told = story(session, key, personnel_no, as_of(at, zone))
    if json:
        as_json(told)
        return
    _head(told)
    _steps(told, zone)
    content = dict(told["content"])
    _sheet(content.pop("mark", []))
    _results(content.pop("result", []), told["result_version"], zone)
    for kind, rows in content.items():
        _kind(kind.replace("_", " "), rows, zone)
    _deadlines(told, zone)
    _notices(told, zone)
    for mark in told["annual"]:
        line(
            f"Annual mark of {mark['year']}, version {mark['version']}: {mark['score'] or 'none'} {mark['grade'] or ''}"
        )
        for step in mark["working"]:
            line(f"  {step}")


#: more columns than these are lines below each other
_WIDEST = 8


def _kind(title: str, rows: list[dict[str, Any]], zone: str) -> None:
    if len(rows[0]) <= _WIDEST:
        table(list(rows[0]), ([_cell(value) for value in row.values()] for row in rows), title=title, zone=zone)
        return
    for row in rows:
        line(f"{title} {row['id']}" if "id" in row else title)
        for name, value in row.items():
            if value not in (None, "", [], {}):
                line(f"  {name.replace('_', ' ')}: {said(_cell(value), zone)}")


def _head(told: dict[str, Any]) -> None:
    plan, cycle = told["plan"], told["cycle"]
    line(f"{told['person']} in {cycle['key']}, {cycle['act']}, wording {cycle['revision']}: {told['stage']}")
    marker = "" if plan["marker"] == plan["evaluator"] else f", filled in by {plan['marker']}"
    line(f"  form {plan['form'] or '-'}, evaluated by {plan['evaluator'] or '-'}{marker} ({plan['plan_rules']})")
    if plan["plan_note"]:
        line(f"  {plan['plan_note']}")


def _steps(told: dict[str, Any], zone: str) -> None:
    def row(one: dict[str, Any]) -> tuple[Any, ...]:
        for_whom = f" for {one['on_behalf_of']}" if one["on_behalf_of"] else ""
        why = "; ".join(part for part in (one["reason"], one["note"]) if part)
        moved = one["to"] if one["from"] != one["to"] else ""
        return (one["entry"], one["at"], one["recorded_at"], one["event"], f"{one['actor']}{for_whom}", moved,
                ", ".join(one["rules"]), why)  # fmt: skip

    columns = ("entry", "happened", "recorded", "event", "who", "now at", "rules", "why")
    table(columns, map(row, told["steps"]), title="Steps", zone=zone)


def _sheet(marks: list[dict[str, Any]]) -> None:
    if marks:
        table(("row", "mark", "comment"), (list(one.values()) for one in marks), title="Sheet as it was signed")


def _results(results: list[dict[str, Any]], in_force: int, zone: str) -> None:
    if results:
        columns = ("version", "how", "at", "result", "grade", "rules", "readings", "in force")
        rows = (
            (one["version"], one["source"], one["at"], one["score"], one["grade"], ", ".join(one["rules"]),
             ", ".join(one["readings"]), "yes" if one["version"] == in_force else "")
            for one in results
        )  # fmt: skip
        table(columns, rows, title="Results", zone=zone)
    for one in results:
        line(f"Working of version {one['version']}:")
        for step in one["working"]:
            line(f"  {step}")
        for other in one["alternatives"]:
            line(f"  under {other['reading']}, {other['option']}: {other['score']} {other['grade']} ({other['says']})")


def _deadlines(told: dict[str, Any], zone: str) -> None:
    rows = (
        (one.deadline, one.due, f"{one.verdict}{' (a right)' if one.right else ''}", one.done_at, one.reason)
        for one in told["deadlines"]
    )
    table(("deadline", "last day", "verdict", "done", "why this day"), rows, title="Deadlines", zone=zone)


def _notices(told: dict[str, Any], zone: str) -> None:
    columns = ("notice", "what", "to", "channel", "written", "sent before", "sent", "state", "evidence")
    table(columns, map(_notice, told["notices"]), title="Notices", zone=zone)
    for one in told["notices"]:
        if one["receipts"]:
            shown = ("event", "happened", "recorded", "told by", "reference", "detail")
            rows = (
                (r["event"], r["at"], r["recorded_at"], r["officer"] or r["source"], r["reference"], r["detail"])
                for r in one["receipts"]
            )
            table(shown, rows, title=f"Evidence of notice {one['id']}", zone=zone)


def _notice(one: dict[str, Any]) -> tuple[Any, ...]:
    told = ", ".join(receipt["event"] for receipt in one["receipts"])
    return (one["id"], one["kind"], one["recipient"], one["channel"], one["created_at"], one["due_at"], one["handed_at"],
            one["failure"] or one["state"], told)  # fmt: skip


def _cell(value: Any) -> Any:
    """What stands in a cell: a structure as its JSON, yes or no for a flag."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plain_json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
