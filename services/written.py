"""Familiarisation in writing: the signature recorded by HR, and the dispatch after a refusal (M-57 to M-59, J-51, J-52)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from models import ResultDispatch
from models.base import instant, stamp
from models.bulk import update_rows
from models.journal import record, wrote
from models.sql import execute
from rules.errors import Incomplete, NotAllowed, NotFound, NotNow
from services.content import held_of
from services.door import move
from services.familiarisation import case
from services.ground import Known, ground_of, known_cycle
from services.submission import only_hr
from services.terms import ensure_terms


def acknowledge(session: Session, cycle: Known, ids: Iterable[int], by: int, now: datetime) -> int:
    """Servants signed that they know their results; HR records it, for one or for a whole list (M-57, M-58, J-51).

    Raises:
        NotAllowed: not HR. NotNow: a result is not released, or its servant was familiarised before; nothing is recorded.
    """
    ground = ground_of(session, cycle)
    only_hr(session, cycle, ground, by, now, "records the signature", "acknowledged")
    wanted = sorted({int(one) for one in ids})
    listed = ", ".join(map(str, wanted)) or "0"
    last = execute(session, f"SELECT MAX(released_at) FROM assessment WHERE id IN ({listed})").scalar_one()
    ground.in_order("A familiarisation", now, last and instant(last))
    update_rows(
        session, "assessment", ("id", "stage"), ("familiarised_at",), [(one, "released", stamp(now)) for one in wanted]
    )
    moved = move(
        session, "acknowledged", cycle.id or 0, now, f"person/{by}", where=f"id IN ({listed})",
        sets="familiarised_how = 'acknowledged'", acted=("'person/' || person_id", "NULL"),
        reason="signed for the result in writing",
    )  # fmt: skip
    if moved != len(wanted):
        raise NotNow(
            f"{len(wanted) - moved} of {len(wanted)} results are not released, or were made known before "
            f"({', '.join(ground.step('acknowledged').rules)}); nothing was recorded."
        )
    ensure_terms(session, cycle, "familiarized", [ground.day_of(now)])
    return moved


def dispatch(session: Session, assessment_id: int, reference: str, by: int, now: datetime, channel: str = "") -> str:
    """HR sent the result to the servant who refused to be familiarised; return the channel (M-59, M-Q21).

    Args:
        channel: one the act names for it; left out, the one it names. reference: the number of the message there.

    Raises:
        NotAllowed: not HR, the servant did not refuse, or another channel. Incomplete: no reference. NotNow: sent before.
    """
    row = case(session, assessment_id)
    cycle = known_cycle(session, row.cycle_id)
    ground = ground_of(session, cycle)
    step = ground.step("refused")
    source = ", ".join(step.rules)
    usual = ground.evaluation.options.get("refused_sent_by")
    if not usual:
        raise NotAllowed(f"{ground.law.act} asks for no dispatch after a refusal; nothing is to be recorded.")
    only_hr(session, cycle, ground, by, now, "sends the result after a refusal", "refused")
    if (channel or usual) != usual:
        raise NotAllowed(f"After a refusal the result goes by {usual} ({source}), not by {channel}.")
    if not reference.strip():
        raise Incomplete(f"Give the number and date of the message sent by {usual} ({source}).")
    refused = execute(session, _REFUSED, {"a": row.id, "v": row.result_version}).scalar_one_or_none()
    if refused is None:
        raise NotFound(
            f"The servant of assessment {row.id} has not refused this result; it is sent to nobody ({source})."
        )
    ground.in_order("A dispatch", now, instant(refused))
    if session.get(ResultDispatch, (row.id, row.result_version)) is not None:
        raise NotNow(f"The result of assessment {row.id} was sent already; it is not sent twice ({source}).")
    session.add(
        ResultDispatch(
            assessment_id=row.id, result_version=row.result_version, at=now, channel=usual, reference=reference.strip(),
            recorded_by=by,
        )
    )  # fmt: skip
    session.flush()
    record(
        session, "result_dispatched", now, f"person/{by}", cycle_id=cycle.id, subject=f"assessment/{row.id}",
        rules=step.rules, reason=f"{usual}: {reference.strip()}",
    )  # fmt: skip
    wrote(session, "result_dispatch", [held_of(session, "result_dispatch", row.id)])
    return str(usual)


_REFUSED = "SELECT at FROM refusal_act WHERE assessment_id = :a AND what = 'result' AND result_version = :v"
