"""How a cycle is drawn: its state, its progress and its tables, made of counts and dates alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from services.cycle import CycleStatus

#: stage of an assessment -> where the cycle is while somebody stands there; PAUSED: people act, RUNNING: the machine
PLACES: dict[str, tuple[str, str]] = {
    "planned": ("Notify", "RUNNING"),
    "notified": ("Notify", "RUNNING"),
    "open": ("Collect", "PAUSED"),
    "marked": ("Compute", "RUNNING"),
    "computed": ("Familiarise", "RUNNING"),
    "released": ("Familiarise", "PAUSED"),
    "familiarised": ("Calibrate", "PAUSED"),
    "requested": ("Calibrate", "PAUSED"),
    "session_called": ("Calibrate", "PAUSED"),
    "session_held": ("Calibrate", "PAUSED"),
    "protocol_signed": ("Calibrate", "PAUSED"),
    "protocol_uploaded": ("Calibrate", "PAUSED"),
    "feedback_given": ("Calibrate", "PAUSED"),
    "settled": ("Calibrate", "RUNNING"),
    "closed": ("Closed", "RUNNING"),
    "exempt": ("Closed", "RUNNING"),
    "disposed": ("Closed", "RUNNING"),
}
BEFORE_MARKS = ("planned", "notified", "open")
BEFORE_KNOWN = (*BEFORE_MARKS, "marked", "computed", "released")


@dataclass(frozen=True)
class Picture:
    """The state a cycle is shown in: Prefect's type, our name, a sentence of counts."""

    type: str
    name: str
    message: str


def picture(status: CycleStatus, today: date) -> Picture:
    """How it is shown: PENDING before launch, PAUSED while people act, RUNNING while the machine does."""
    if status.stage == "draft":
        return Picture("PENDING", "Draft", f"{status.people} people planned; the schedule waits for approval")
    if status.stage == "approved":
        return Picture("PENDING", "Notify", f"{status.people - status.exempt} people will be told")
    if status.stage == "abandoned":
        return Picture("CANCELLED", "Abandoned", "given up before anybody was told; the period may be opened again")
    if status.stage == "closed":
        return Picture("COMPLETED", "Closed", _sentence(status, today))
    standing = [place for stage, place in PLACES.items() if status.counts.get(stage)]
    name, kind = standing[0] if standing else ("Closed", "RUNNING")
    return Picture(kind, name, _sentence(status, today))


def _sentence(status: CycleStatus, today: date) -> str:
    evaluated = status.people - status.exempt
    ahead = [line for line in status.terms if line.due >= today]
    parts = [
        f"{evaluated - _in(status, BEFORE_MARKS)} of {evaluated} marked",
        f"{evaluated - _in(status, BEFORE_KNOWN)} familiarised",
        *[f"{line.due:%d.%m.%Y} {line.deadline_id} ({line.point})" for line in ahead[:1]],
    ]
    return ", ".join(parts)


def _in(status: CycleStatus, stages: tuple[str, ...]) -> int:
    return sum(status.counts.get(stage, 0) for stage in stages)


def progress(status: CycleStatus) -> float:
    """How many of the sheets are signed, in per cent."""
    evaluated = status.people - status.exempt
    return round(100 * (1 - _in(status, BEFORE_MARKS) / evaluated), 1) if evaluated else 100.0


def stage_table(status: CycleStatus) -> list[dict[str, Any]]:
    """People per stage, in the order of life."""
    return [{"stage": stage, "people": status.counts[stage]} for stage in PLACES if status.counts.get(stage)]


def deadline_page(status: CycleStatus) -> str:
    """Every deadline of the cycle with its day and its point of the act."""
    head = [f"# {status.key}", f"{status.act}, {status.period}", "", "| due | deadline | point | waiting |"]
    rows = [f"| {one.due} | {one.deadline_id} | {one.point} | {one.waiting or ''} |" for one in status.terms]
    return "\n".join([*head, "|---|---|---|---|", *rows])
