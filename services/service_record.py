"""Results entered in the service record, as a recorded fact with its day and its place (J-53, J-64, M-59)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from models.base import instant, stamp
from models.bulk import insert_rows
from models.journal import record, wrote
from models.sql import execute
from rules.errors import Incomplete, NotAllowed, NotNow
from rules.words import counted
from services.consequences import record_rule
from services.content import BESIDE
from services.ground import Known, ground_of
from services.officials import hr_on

_COLUMNS = ("assessment_id", "result_version", "at", "reference", "recorded_by")
_READY = (
    "SELECT a.id, a.result_version, a.completed_at FROM assessment a WHERE a.cycle_id = :c AND a.completed_at IS NOT NULL"
    " AND a.result_version > 0 AND NOT EXISTS (SELECT 1 FROM service_record_entry s WHERE s.assessment_id = a.id"
    " AND s.result_version = a.result_version){chosen} ORDER BY a.id"
)


def enter(
    session: Session, cycle: Known, reference: str, by: int, now: datetime, ids: Iterable[int] | None = None
) -> int:
    """HR entered results in the service records: those named, or all that are final and not entered yet; return how many.

    A servant's refusal to learn the result does not prevent it.

    Args:
        reference: where the entries stand.

    Raises:
        NotAllowed: not HR, or the act asks for no entry. Incomplete: no reference. NotNow: a result is not final, or
            entered already.
    """
    ground = ground_of(session, cycle)
    rule = record_rule(ground)
    if rule is None:
        raise NotAllowed(f"{ground.law.act} says nothing of the service record; nothing is to be recorded.")
    source = f"{', '.join(rule.rules)}, {rule.point}"
    if by not in hr_on(session, cycle, ground.day_of(now)):
        raise NotAllowed(f"HR enters results in the service record ({source}); somebody else cannot.")
    if not reference.strip():
        raise Incomplete(f"Say where the entry stands, by number and date ({source}).")
    wanted = None if ids is None else sorted({int(one) for one in ids})
    chosen = "" if wanted is None else f" AND a.id IN ({', '.join(map(str, wanted)) or '0'})"
    ready = execute(session, _READY.format(chosen=chosen), {"c": cycle.id}).all()
    if not ready or (wanted is not None and len(ready) != len(wanted)):
        raise NotNow(
            f"{'No result is' if not ready else f'{len(wanted or ()) - len(ready)} results are not'} ready for the service "
            f"record: it must be final and not entered yet ({source})."
        )
    ground.in_order("An entry in the service record", now, instant(max(row.completed_at for row in ready)))
    rows = [(row.id, row.result_version, stamp(now), reference.strip(), by) for row in ready]
    insert_rows(session, "service_record_entry", _COLUMNS, rows)
    record(
        session, "service_record_entered", now, f"person/{by}", cycle_id=cycle.id, rules=rule.rules,
        reason=f"{counted(len(rows), 'results')}: {reference.strip()}",
    )  # fmt: skip
    wrote(session, "service_record_entry", (BESIDE["service_record_entry"].named("", _digested(row)) for row in rows))
    return len(rows)


def _digested(row: tuple[int, int, str, str, int]) -> tuple[int, int, str, int, str]:
    """The row in the order of its kind: plain values, then free text."""
    return row[0], row[1], row[2], row[4], row[3]
