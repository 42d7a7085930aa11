"""Was the law kept? A verdict per deadline from stored instants, never from when a program happened to run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

KEPT, LATE, MISSED, NOT_YET = "kept", "late", "missed", "open"


def verdict(due_at: datetime, done_at: datetime | None, now: datetime) -> str:
    """kept (done before the end of the last day), late (done after), missed (not done, term over), open (not yet).

    Args:
        due_at: the end of the last day (24:00) as an instant; an act exactly then is late.
    """
    if done_at is not None:
        return KEPT if done_at < due_at else LATE
    return MISSED if now >= due_at else NOT_YET


@dataclass(frozen=True)
class Verdict:
    """How one obligation stood for a number of people.

    Attributes:
        deadline: id of the act's deadline; due: last day, as text; reason: the law behind it.
        counts: verdict -> number of people. right: a right of the person; not using it is no breach.
    """

    deadline: str
    due: str
    point: str
    reason: str
    counts: dict[str, int]
    right: bool = False
