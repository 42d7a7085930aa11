"""How a service tells people something: by the lawful channels of the body, in its languages, with its portal's address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from notifications import notify
from notifications.kinds import Said
from services.facts import channels_for
from services.ground import Known, ground_of


def tell(
    session: Session,
    said: Said,
    cycle: Known,
    now: datetime,
    *,
    select: str,
    params: Mapping[str, Any] | None = None,
    due_at: datetime | None = None,
    round: int = 0,
    counted: bool = False,
    single: bool = False,
    dismissed: bool = False,
    status: str = "dismissed",
) -> int:
    """Write what is said to everybody `select` names; return how many are new. See `notifications.notify`.

    Args:
        dismissed, status: who is told, as `facts.channels_for` asks.

    Raises:
        NotFound, NotAllowed, RuleError: no channel is left, or a fact was refused (N-23).
    """
    ground = ground_of(session, cycle)
    return notify(
        session, said.kind, cycle.id or 0, now, select=select, params=params, due_at=due_at, round=round,
        facts=said.at(ground.organisation.settings.get("portal")).facts, counted=counted, single=single,
        channels=channels_for(ground, said.kind, dismissed, status), languages=ground.organisation.languages,
    )  # fmt: skip


def tell_one(
    session: Session,
    said: Said,
    cycle: Known,
    now: datetime,
    recipient_id: int,
    assessment_id: int = 0,
    *,
    due_at: datetime | None = None,
    round: int = 0,
    dismissed: bool = False,
) -> int:
    """The same to one person; return 1, or 0 when it was said already."""
    return tell(
        session, said, cycle, now, due_at=due_at, round=round, single=True, dismissed=dismissed,
        select="SELECT CAST(:one_assessment AS INTEGER) AS assessment_id,"
               " CAST(:one_recipient AS INTEGER) AS recipient_id",
        params={"one_assessment": assessment_id, "one_recipient": recipient_id},
    )  # fmt: skip
