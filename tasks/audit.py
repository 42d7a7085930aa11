"""The daily verdict on every deadline of a cycle."""

from __future__ import annotations

from datetime import datetime

from models.work import work
from services import audit
from tasks.kinds import step


@step("audit-{cycle}")
def judge_deadlines(cycle: str, now: datetime) -> dict[str, int]:
    """Judge every deadline by stored instants, alert on what nears or passed; return the verdicts' counts."""
    with work() as session:
        return audit.daily(session, cycle, now)
