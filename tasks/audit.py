"""The daily verdict on every deadline of a cycle and of a round of plans."""

from __future__ import annotations

from datetime import datetime

from models.work import reading, work
from services import audit, evidence, plan_audit
from services.evidence_blocks import keep_evidence
from settings import settings
from tasks.kinds import step


@step("checkpoint")
def sign_checkpoint(now: datetime) -> str | None:
    """Sign the head of the journal outside the database; return the file's name, or None when nothing is new."""
    keep_evidence(now)
    with reading() as session:
        made = evidence.checkpoint(session, settings().keys, settings().checkpoints, now)
    return made.name if made else None


@step("audit-{cycle}")
def judge_deadlines(cycle: str, now: datetime) -> dict[str, int]:
    """Judge every deadline by stored instants, alert on what nears or passed; return the verdicts' counts."""
    with work() as session:
        return audit.daily(session, cycle, now)


@step("open-plans")
def open_rounds(now: datetime) -> list[str]:
    """Keys of the rounds of individual plans whose period is not over."""
    with reading() as session:
        return plan_audit.unfinished(session, now)


@step("audit-{plans}")
def judge_plans(plans: str, now: datetime) -> dict[str, int]:
    """Judge the terms of a round of plans; return the verdicts' counts, and under `findings` what waits for a person."""
    with reading() as session:
        return plan_audit.daily(session, plans, now)
