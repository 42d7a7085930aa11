"""Before a sitting: HR lays the sheets before the Commission and calls it for a day agreed with the chair (M-53, J-48)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlmodel import Session

from models import CommissionCall, CommissionSubmission
from models.base import instant, stamp
from models.journal import record
from models.sql import execute
from notifications import kinds
from rules.errors import Incomplete, NotAllowed, NotNow
from services.commission import composition, rules_of
from services.content import keep
from services.door import move
from services.ground import Ground, Known, ground_of
from services.officials import FARTHEST, hr_on
from services.telling import tell
from services.terms import begin, ensure_terms

#: the sheets lie here already; every other document of the act is named by its reference
_HERE = "evaluation_sheets"


def documents_asked(ground: Ground) -> tuple[str, ...]:
    """What HR lays before the Commission beside the sheets, as the act lists it."""
    listed = ground.law.values.get("documents_for_commission")
    return tuple(one for one in (listed.value if listed and listed.value else ()) if one != _HERE)


def only_hr(session: Session, cycle: Known, ground: Ground, by: int, now: datetime, what: str, event: str) -> None:
    """Refuse an act of HR done by somebody else.

    Raises:
        NotAllowed: the person has no HR duties that day.
    """
    if by not in hr_on(session, cycle, ground.day_of(now)):
        raise NotAllowed(
            f"HR {what} ({', '.join(ground.step(event).rules)}); somebody without HR duties on {ground.day_of(now)} cannot."
        )


def by_hr(session: Session, cycle: Known, ground: Ground, actor: str, now: datetime, what: str, event: str) -> None:
    """The same for an actor of the journal; another system ("system/import") speaks for HR."""
    if actor.startswith("person/"):
        only_hr(session, cycle, ground, int(actor.removeprefix("person/")), now, what, event)


def submit(
    session: Session,
    cycle: Known,
    documents: Mapping[str, str],
    by: int,
    now: datetime,
    ids: Iterable[int] | None = None,
) -> int:
    """HR submits computed sheets to the Commission: those named, or all that are ready; return how many.

    A sheet after its two working days is taken and its term shown late.

    Raises:
        NotAllowed: not HR. Incomplete: a document of the act is missing or unknown. NotNow: nothing is ready, or one is not.
    """
    ground = ground_of(session, cycle)
    step = ground.step("submitted")
    only_hr(session, cycle, ground, by, now, "submits the sheets to the Commission", "submitted")
    asked, source = documents_asked(ground), ", ".join(step.rules)
    missing = [one for one in asked if not documents.get(one, "").strip()]
    unknown = [one for one in documents if one not in asked]
    if missing:
        raise Incomplete(f"The Commission also gets {', '.join(missing)} ({source}); give the reference of each.")
    if unknown:
        raise Incomplete(f"{', '.join(unknown)}: the act asks for {', '.join(asked) or 'the sheets alone'} ({source}).")
    wanted = None if ids is None else sorted({int(one) for one in ids})
    chosen = "" if wanted is None else f"id IN ({', '.join(map(str, wanted)) or '0'})"
    last = execute(session, _SIGNED + (f" AND {chosen}" if chosen else ""), {"c": cycle.id}).scalar_one()
    ground.in_order("A submission", now, last and instant(last))
    made = CommissionSubmission(
        cycle_id=cycle.id or 0,
        at=now,
        by_id=by,
        documents=json.dumps(dict(documents), ensure_ascii=False, sort_keys=True),
    )
    session.add(made)
    session.flush()
    moved = move(
        session, "submitted", cycle.id or 0, now, f"person/{by}", sets="submitted_at = :now", params={"now": stamp(now)},
        where=chosen, note=f"'submission/{made.id}'",
    )  # fmt: skip
    keep(session, made.id or 0, commission_submission="id")
    if not moved or (wanted is not None and moved != len(wanted)):
        raise NotNow(
            f"{moved if wanted is None else len(wanted) - moved} sheets are "
            f"{'ready' if wanted is None else 'not ready'} for the Commission: they must be computed and not submitted "
            f"yet ({source})."
        )
    return moved


#: the last signature of people; when the machine computed says nothing of the day a paper was handed over
_SIGNED = "SELECT MAX(COALESCE(agreed_at, signed_at)) FROM assessment WHERE cycle_id = :c AND stage = 'computed'"


def call(session: Session, cycle: Known, for_day: date, by: int, now: datetime) -> int:
    """HR calls a sitting for a day agreed with the chair; everybody with a seat is told (M-52, J-45, J-48).

    The terms that end before the sitting begin with its day.

    Raises:
        NotAllowed: not HR. NotNow: the day has passed. NotFound: there is no Commission by that day.
    """
    ground = ground_of(session, cycle)
    rules = rules_of(ground)
    only_hr(session, cycle, ground, by, now, "calls the sitting", "submitted")
    if for_day < ground.day_of(now):
        raise NotNow(f"{for_day} has passed; a sitting is called for a day to come{rules.cite('quorum')}.")
    if for_day > ground.day_of(now) + FARTHEST:
        raise NotNow(f"{for_day} lies more than {FARTHEST.days} days ahead; correct the day{rules.cite('quorum')}.")
    order, _ = composition(session, cycle, for_day)
    made = CommissionCall(cycle_id=cycle.id or 0, for_day=for_day, called_at=now, called_by=by)
    session.add(made)
    session.flush()
    record(
        session, "commission_called", now, f"person/{by}", cycle_id=cycle.id, subject=f"commission_call/{made.id}",
        rules=ground.step("submitted").rules, reason=f"for {for_day}, agreed with the chair",
    )  # fmt: skip
    keep(session, made.id or 0, commission_call="id")
    ensure_terms(session, cycle, "commission_meeting", [for_day])
    begin(session, cycle, "calculation", [for_day])
    tell(
        session, kinds.session_called(period=cycle.period, due=for_day), cycle, now, params={"o": order}, round=made.id or 0,
        select="SELECT 0 AS assessment_id, person_id AS recipient_id FROM commission_seat WHERE order_id = :o",
    )  # fmt: skip
    return made.id or 0


def waiting(session: Session, cycle: Known, before: datetime | None = None) -> int:
    """How many results lie before the Commission; with `before`, those that were submitted before that instant."""
    query = "SELECT COUNT(*) FROM assessment WHERE cycle_id = :c AND stage = 'submitted'"
    if before is not None:
        query += " AND submitted_at < :b"
    return int(execute(session, query, {"c": cycle.id, "b": before and stamp(before)}).scalar_one())
