"""How a cycle is drawn: its state, its progress and its tables, made of counts and dates alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rules.words import counted
from services.cycle_status import CycleStatus

#: stage of an assessment -> where the cycle is while somebody stands there; PAUSED: people act, RUNNING: the machine
PLACES: dict[str, tuple[str, str]] = {
    "planned": ("Notify", "RUNNING"),
    "notified": ("Notify", "RUNNING"),
    "open": ("Collect", "PAUSED"),
    "self_evaluated": ("Collect", "PAUSED"),
    "marked": ("Compute", "RUNNING"),
    "signed": ("Compute", "RUNNING"),
    "agreed": ("Compute", "RUNNING"),
    "computed": ("Familiarise", "RUNNING"),
    "submitted": ("Decide", "PAUSED"),
    "decided": ("Familiarise", "RUNNING"),
    "approved": ("Familiarise", "RUNNING"),
    "released": ("Familiarise", "PAUSED"),
    "familiarised": ("Close", "RUNNING"),
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
#: what comes next on the act's own path, where people bring it about, decides before the table above
_AWAITED: dict[str, tuple[str, str]] = {
    "signed": ("Agree", "PAUSED"),
    "agreed": ("Agree", "PAUSED"),
    "submitted": ("Decide", "PAUSED"),
    "decided": ("Decide", "PAUSED"),
    "approved": ("Decide", "PAUSED"),
}
#: what may still come after the familiarisation, by the act's side lines
_CONTESTED = {"appeal": ("Appeal", "PAUSED"), "calibration": ("Calibrate", "PAUSED")}
_MAIN = ("planned", "notified", "open", "marked", "computed", "released", "familiarised", "closed")
_ORDER = tuple(PLACES)


@dataclass(frozen=True)
class Picture:
    """The state a cycle is shown in: Prefect's type, our name, a sentence of counts."""

    type: str
    name: str
    message: str


def place(status: CycleStatus, stage: str) -> tuple[str, str]:
    """Where the cycle is while somebody stands at a stage, on the path and side lines of its own act."""
    path, branches = status.path or _MAIN, status.branches or ("calibration",) * (not status.path)
    if stage == "familiarised":
        return next((drawn for branch, drawn in _CONTESTED.items() if branch in branches), PLACES[stage])
    after = path[path.index(stage) + 1 :] if stage in path else ()
    return _AWAITED.get(after[0], PLACES[stage]) if after else PLACES[stage]


def picture(status: CycleStatus, today: date) -> Picture:
    """How it is shown: PENDING before launch, PAUSED while people act, RUNNING while the machine does."""
    if status.stage == "draft":
        return Picture(
            "PENDING", "Draft", f"{counted(status.people, 'people')} planned; the schedule waits for approval"
        )
    if status.stage == "approved":
        return Picture("PENDING", "Notify", f"{counted(status.people - status.exempt, 'people')} will be told")
    if status.stage == "abandoned":
        return Picture("CANCELLED", "Abandoned", "given up before anybody was told; the period may be opened again")
    if status.stage == "closed":
        return Picture("COMPLETED", "Closed", _sentence(status, today))
    standing = [place(status, stage) for stage in PLACES if status.counts.get(stage)]
    name, kind = standing[0] if standing else ("Closed", "RUNNING")
    return Picture(kind, name, _sentence(status, today))


def _sentence(status: CycleStatus, today: date) -> str:
    evaluated = status.people - status.exempt
    ahead = [line for line in status.terms if line.binds and line.due >= today]
    signed = _signed(status)
    parts = [
        f"{evaluated - _before(status, signed)} of {evaluated} {'marked' if signed == 'marked' else 'counted'}",
        f"{evaluated - _before(status, 'familiarised')} familiarised",
        *[f"{line.due:%d.%m.%Y} {line.deadline_id} ({line.point})" for line in ahead[:1]],
    ]
    return ", ".join(parts)


def _signed(status: CycleStatus) -> str:
    """The stage at which the evaluator has done with a sheet, or a survey is counted."""
    return "marked" if "marked" in (status.path or _MAIN) else "computed"


def _before(status: CycleStatus, stage: str) -> int:
    """How many people stand before a stage, in the order of life."""
    return sum(status.counts.get(one, 0) for one in _ORDER[: _ORDER.index(stage)])


def progress(status: CycleStatus) -> float:
    """How many of the sheets are signed, in per cent."""
    evaluated = status.people - status.exempt
    return round(100 * (1 - _before(status, _signed(status)) / evaluated), 1) if evaluated else 100.0


def stage_table(status: CycleStatus) -> list[dict[str, Any]]:
    """People per stage, in the order of life."""
    return [{"stage": stage, "people": status.counts[stage]} for stage in PLACES if status.counts.get(stage)]


def deadline_page(status: CycleStatus) -> str:
    """Every deadline of the cycle with its day and its point of the act, and how much waits for a person's hand."""
    said = ", ".join(part for part in (status.act, status.period, status.evaluation) if part)
    head = [f"# {status.key}", said, "", "| due | deadline | point | waiting |"]
    rows = [
        f"| {one.due} | {one.deadline_id} | {one.point} | {one.waiting or ''} |" for one in status.terms if one.binds
    ]
    wanted = [f"- {one.kind.replace('_', ' ')}: {one.count}" for one in status.findings]
    hands = ["", "What needs a hand; `bagalau cycle status` says it in sentences:", "", *wanted] if wanted else []
    return "\n".join([*head, "|---|---|---|---|", *rows, *hands])


def plan_table(verdicts: Mapping[str, Mapping[str, int]]) -> list[dict[str, Any]]:
    """The terms of a round of plans: how many were kept, are late, missed or open."""
    words = ("kept", "late", "missed", "open")
    return [{"term": role, **{word: counts.get(word, 0) for word in words}} for role, counts in verdicts.items()]
