"""The daily verdict on every deadline of a cycle."""

from __future__ import annotations

from datetime import datetime

from models.work import reading, work
from services import audit, evidence
from settings import settings
from tasks.kinds import step


@step("checkpoint")
def sign_checkpoint(now: datetime) -> str | None:
    """Sign the head of the journal outside the database; return the file's name, or None when nothing is new."""
    with reading() as session:
        made = evidence.checkpoint(session, settings().keys, settings().checkpoints, now)
    return made.name if made else None


@step("audit-{cycle}")
def judge_deadlines(cycle: str, now: datetime) -> dict[str, int]:
    """Judge every deadline by stored instants, alert on what nears or passed; return the verdicts' counts."""
    with work() as session:
        return audit.daily(session, cycle, now)
