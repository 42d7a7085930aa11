"""What `bagalau methodology check` looks at: an act, a body's own file, and what the one leaves to the other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cli.choosing import governing
from cli.printing import line
from methodologies import Act, load, read_organisation
from methodologies.own import given, missing
from methodologies.reading import read
from rules.organisation import Organisation


def is_body(path: Path) -> bool:
    """Is the file a body's own file and no act?"""
    return path.is_file() and "organisation" in dict(read(path).entries())


def checked_body(path: Path, act: Act | None = None) -> tuple[Act, Organisation, dict[str, Any]]:
    """A body's file beside its act, used once so that every misfit is found.

    Raises:
        NotFound: its act is not known here. BadFile, MissingSetting: the file does not fit the act.
    """
    body = read_organisation(path)
    act = act or load(body.act, beside=path.parent)
    law, _ = governing(act, None, path)
    said = sum(map(len, body.own.values()))
    return (
        act,
        body,
        {"organisation": body.key, "act": law.act, "house_deadlines": len(body.house_deadlines), "own": said},
    )


def left(act: Act, body: Organisation | None) -> dict[str, Any]:
    """What the act leaves to the body, and what of it this body has not said; empty when it leaves nothing."""
    if not act.left_to_body:
        return {}
    rows = [
        {
            "name": one.name, "what": one.what, "rules": one.rules, "point": one.point, "where": one.where,
            "shape": one.shape, "optional": one.optional, "given": given(one, body) if body else None,
        }
        for one in act.left_to_body.values()
    ]  # fmt: skip
    return {"left_to_body": rows, "missing": [one.where for one in missing(act, body)]}


def tell_left(act: Act, body: Organisation | None, found: dict[str, Any]) -> None:
    """The same for people: one line each, with the place in the organisation file and the point of the act."""
    rows = [row for row in found.get("left_to_body", ()) if not row["given"]]
    due, free = [row for row in rows if not row["optional"]], [row for row in rows if row["optional"]]
    if due and body:
        line(f"{body.source} lacks {len(due)} of what {act.id} leaves to the body; what needs them is refused:")
    elif due:
        line(f"{act.id} leaves {len(due)} things to the body, which must give them in its own file:")
    for row in due:
        line(f"  {row['where']}: {row['what']} ({row['point']}; {row['shape']})")
    if free:
        line("A body may also give, or have none of:")
    for row in free:
        line(f"  {row['where']}: {row['what']} ({row['point']}; {row['shape']})")
