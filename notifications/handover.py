"""The hand-over: claim, commit, send, mark. Killed anywhere and begun again, it loses nothing and doubles nothing.

A claim is committed before anything leaves, and nothing leaves inside a transaction: a slow carrier holds no lock,
and what a dead worker held is taken up when its claim is old.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from models.work import reading, work
from notifications.channels import Accepted, Message, Outcome, Permanent, Temporary
from notifications.claiming import Claimed, claim, message_of
from notifications.marking import mark
from notifications.papers import Documents
from notifications.registers import write_registers
from notifications.sending import carriers, send
from rules.errors import RuleError

CHUNK = 500


@dataclass(frozen=True)
class HandOver:
    """What one hand-over did.

    Attributes:
        handed: channel -> how many left. failed: how many a person must look at. postponed: how many are tried again.
        problems: what else went wrong, a sentence each (a register that could not be made).
    """

    handed: Mapping[str, int] = field(default_factory=dict)
    failed: int = 0
    postponed: int = 0
    problems: tuple[str, ...] = ()


def hand_over(
    mode: str,
    outbox: Path,
    now: datetime,
    *,
    documents: Documents,
    limit: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    chunk: int = CHUNK,
    stopwatch: Callable[[], float] = time.monotonic,
) -> HandOver:
    """Send what waits in the outbox, the most urgent first; safe to kill, to repeat and to run twice at once.

    Args:
        mode: "simulate" writes files under `outbox`. limit: at most so many notices.
        progress: called after each chunk with (done, waiting at the beginning).
        stopwatch: seconds gone by; whether a notice left in time is judged by when it left, not by when the
            hand-over began.

    Raises:
        MissingSetting: the mode has no carriers.
    """
    carriers(mode, outbox, documents)  # refused before anything is claimed
    started, tally, waiting = stopwatch(), Counter[str](), _waiting()

    def moment() -> datetime:
        return now + timedelta(seconds=stopwatch() - started)

    while limit is None or tally.total() < limit:
        size = chunk if limit is None else min(chunk, limit - tally.total())
        done = _one_chunk(mode, outbox, documents, moment, size)
        if not done:
            break
        tally += done
        if progress:
            progress(tally.total(), waiting)
    failed, postponed = tally.pop("failed", 0), tally.pop("postponed", 0)
    return HandOver(dict(tally), failed, postponed, write_registers(outbox, documents, now))


def _waiting() -> int:
    with reading() as session:
        query = text("SELECT COUNT(*) FROM notice WHERE state IN ('waiting', 'claimed') AND state = 'waiting'")
        return int(session.connection().execute(query).scalar_one())


def _one_chunk(
    mode: str, outbox: Path, documents: Documents, moment: Callable[[], datetime], size: int
) -> Counter[str]:
    with work() as session:
        claimed = claim(session, moment(), size)
    if not claimed:
        return Counter()
    outcomes, messages = _write(claimed, moment())
    outcomes |= send(mode, messages, outbox, documents)
    with work() as session:
        mark(session, claimed, {message.notice_id: message for message in messages}, outcomes)
    return Counter(_word(one, outcomes[one.notice_id]) for one in claimed)


def _write(claimed: list[Claimed], now: datetime) -> tuple[dict[int, Outcome], list[Message]]:
    failed: dict[int, Outcome] = {}
    messages = []
    for one in claimed:
        try:
            messages.append(message_of(one, now))
        except RuleError as refusal:
            failed[one.notice_id] = Permanent(str(refusal))
        except Exception as trouble:  # noqa: BLE001 - one broken row must not keep the others from leaving
            failed[one.notice_id] = Permanent(f"The notice cannot be written: {type(trouble).__name__}.")
    return failed, messages


def _word(claimed: Claimed, outcome: Outcome) -> str:
    if isinstance(outcome, Accepted):
        return str(claimed.row.channel)
    return "postponed" if isinstance(outcome, Temporary) else "failed"
