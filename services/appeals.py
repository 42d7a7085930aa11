"""Appeals against the Commission's decision: entered, answered by the authorised body, reported back, taken to court."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from models import Appeal, AppealOutcome, AppealReport, CourtRecord
from models.base import as_day, instant, stamp
from models.sql import execute
from rules.errors import Incomplete, NotAllowed, NotFound, NotNow
from rules.stages import target
from services.cycle import move_cycle
from services.door import move_one
from services.ground import Ground, Known, find_cycle, ground_of, known_cycle
from services.submission import only_hr
from services.terms import role_term

DISMISSED, RECOMMENDED = "dismissed", "revision_recommended"
_EVENT = {DISMISSED: "appeal_dismissed", RECOMMENDED: "revision_recommended"}

#: an appeal in time that is not answered, or whose recommendation the body has not followed to its end
OPEN_SQL = (
    "SELECT 1 FROM appeal p LEFT JOIN appeal_outcome o ON o.appeal_id = p.id WHERE p.assessment_id = assessment.id"
    " AND p.late = false AND o.appeal_id IS NULL"
)


@dataclass(frozen=True)
class Lodged:
    """An appeal as it was entered: its number, whether it was late, the last day of its term and the law behind it."""

    appeal: int
    late: bool
    last_day: str
    reason: str


def _case(session: Session, assessment: int) -> Any:
    row = execute(session, _CASE, {"i": assessment}).one_or_none()
    if row is None:
        raise NotFound(f"There is no assessment {assessment}.")
    return row


_CASE = "SELECT id, cycle_id, person_id, stage, completed_at, decided_at, result_version FROM assessment WHERE id = :i"


def lodge(session: Session, assessment: int, authority: str, reference: str, by: int, now: datetime) -> Lodged:
    """The servant appealed the Commission's decision; it is entered with its day (M-60, J-55).

    One after the ten working days is entered too and marked late; what becomes of it the authorised body decides.

    Args:
        authority: to whom it went. reference: its number and date there. now: the day it was lodged.

    Raises:
        Incomplete: no authority or reference. NotAllowed: neither the servant nor HR enters it, or there is no appeal
        here. NotNow: no decision to appeal yet, or an appeal of the same decision is open.
    """
    row = _case(session, assessment)
    cycle = known_cycle(session, row.cycle_id)
    ground = ground_of(session, cycle)
    step = ground.step("appealed")
    source = ", ".join(step.rules)
    if by != row.person_id:
        only_hr(session, cycle, ground, by, now, "or the servant enters an appeal", "appealed")
    _named(authority, "the authorised body or department it went to", source)
    _named(reference, "the number and date of the appeal", source)
    target("appealed", row.stage, {"appealed": step})
    decided = instant(row.completed_at)
    ground.in_order("An appeal", now, decided)
    if execute(session, _UNANSWERED, {"i": assessment, "v": row.result_version}).one_or_none() is not None:
        raise NotNow(
            f"An appeal of assessment {assessment} waits for its outcome already; record that first ({source})."
        )
    term = role_term(session, cycle, "appeal", ground.day_of(decided))
    late = now >= instant(term.due_at)
    made = Appeal(
        assessment_id=assessment, received_at=now, authority=authority.strip(), reference=reference.strip(), late=late,
        last_day=as_day(term.due), result_version=row.result_version, recorded_by=by,
    )  # fmt: skip
    session.add(made)
    session.flush()
    move_one(
        session, "late_appeal" if late else "appealed", assessment, now, f"person/{by}", note=f"appeal/{made.id}",
        sets={} if late else {"closed_at": None}, reason="received after the term" if late else "",
    )  # fmt: skip
    if row.stage == "closed" and not late:
        reopen(session, cycle, now, f"person/{by}")
    return Lodged(made.id or 0, late, str(term.due), str(term.reason))


_UNANSWERED = (
    "SELECT 1 FROM appeal p LEFT JOIN appeal_outcome o ON o.appeal_id = p.id WHERE p.assessment_id = :i"
    " AND o.appeal_id IS NULL LIMIT 1"
)


def _named(given: str, what: str, source: str) -> None:
    if not given.strip():
        raise Incomplete(f"Say {what} ({source}).")


def reopen(session: Session, cycle: Known, now: datetime, actor: str) -> None:
    """A closed cycle goes on when one of its results is contested in time."""
    found = find_cycle(session, cycle.key)
    if found.stage == "closed":
        move_cycle(session, found, "cycle_reopened", now, actor)
        found.closed_at = None


def of_cycle(session: Session, number: int, cycle_id: int) -> None:
    """Refuse an appeal of another cycle than the one it is looked for in.

    Raises:
        NotFound: it is none of this cycle.
    """
    row = _case(session, _appeal(session, number).assessment_id)
    if row.cycle_id != cycle_id:
        raise NotFound(f"There is no appeal {number} in this cycle; `bagalau appeals list` shows those there are.")


def _appeal(session: Session, number: int) -> Any:
    row = execute(session, _APPEAL, {"p": number}).one_or_none()
    if row is None:
        raise NotFound(f"There is no appeal {number}; `bagalau appeals list` shows those there are.")
    return row


_APPEAL = (
    "SELECT p.id, p.assessment_id, p.received_at, o.outcome, o.at AS answered_at, t.at AS reported_at FROM appeal p"
    " LEFT JOIN appeal_outcome o ON o.appeal_id = p.id LEFT JOIN appeal_report t ON t.appeal_id = p.id WHERE p.id = :p"
)


def answered(session: Session, number: int, outcome: str, reference: str, by: int, now: datetime) -> None:
    """The authorised body left the result without revision, or recommended to cancel the decision and revise (M-61).

    After a recommendation the result lies before the Commission again; the old decision stays in the record.

    Raises:
        NotFound: no such appeal or outcome. NotNow: answered already. Incomplete: no reference. NotAllowed: not HR.
    """
    found = _appeal(session, number)
    row = _case(session, found.assessment_id)
    cycle, ground = _ground(session, row)
    if outcome not in _EVENT:
        raise NotFound(f"'{outcome}' is no outcome of an appeal; known are: {', '.join(_EVENT)}.")
    step = ground.step(_EVENT[outcome])
    only_hr(session, cycle, ground, by, now, "enters the outcome", _EVENT[outcome])
    _named(reference, "the number and date of the answer", ", ".join(step.rules))
    if found.outcome is not None:
        raise NotNow(f"The appeal {number} was answered already: {found.outcome} ({', '.join(step.rules)}).")
    ground.in_order("An outcome", now, instant(found.received_at))
    session.add(AppealOutcome(appeal_id=number, outcome=outcome, at=now, reference=reference.strip(), recorded_by=by))
    session.flush()
    again = dict.fromkeys(("released_at", "familiarised_at", "familiarised_how", "closed_at", "decided_at"))
    sets: dict[str, Any] = {**again, "submitted_at": stamp(now)} if outcome == RECOMMENDED else {}
    move_one(session, _EVENT[outcome], row.id, now, f"person/{by}", note=f"appeal/{number}", sets=sets)
    if outcome == RECOMMENDED and row.stage == "closed":
        reopen(session, cycle, now, f"person/{by}")


def _ground(session: Session, row: Any) -> tuple[Known, Ground]:
    cycle = known_cycle(session, row.cycle_id)
    return cycle, ground_of(session, cycle)


def report(session: Session, number: int, reference: str, by: int, now: datetime) -> None:
    """The body told the authorised body what it decided after the appeal (J-56).

    Raises:
        NotAllowed: the act asks for no report, or not HR. NotNow: no decision after the appeal yet, or reported before.
    """
    found = _appeal(session, number)
    row = _case(session, found.assessment_id)
    cycle, ground = _ground(session, row)
    if ground.deadline_id("report") is None:
        raise NotAllowed(f"{ground.law.act} asks for no report on an appeal; nothing is to be recorded.")
    source = ", ".join(ground.step("reported").rules)
    only_hr(session, cycle, ground, by, now, "records the report", "reported")
    _named(reference, "the number and date of the report", source)
    if found.reported_at is not None:
        raise NotNow(f"The decision on the appeal {number} was reported already ({source}).")
    if found.outcome != RECOMMENDED or row.decided_at is None or row.decided_at < found.answered_at:
        raise NotNow(f"There is no decision of the body after the appeal {number} to report yet ({source}).")
    ground.in_order("A report", now, instant(row.decided_at))
    session.add(AppealReport(appeal_id=number, at=now, reference=reference.strip(), recorded_by=by))
    session.flush()
    move_one(session, "reported", row.id, now, f"person/{by}", note=f"appeal/{number}")


def court(session: Session, assessment: int, reference: str, by: int, now: datetime) -> int:
    """The result was taken to court; recorded, and nothing of the procedure waits for it (M-62, J-57).

    Raises:
        NotAllowed: not HR. Incomplete: no reference. NotNow: there is no result that was shown or released yet.
    """
    row = _case(session, assessment)
    cycle, ground = _ground(session, row)
    step = ground.step("court_recorded")
    only_hr(session, cycle, ground, by, now, "records a case before the court", "court_recorded")
    _named(reference, "the court and the number of the case", ", ".join(step.rules))
    target("court_recorded", row.stage, {"court_recorded": step})
    ground.in_order("A case before the court", now, instant(row.completed_at))
    made = CourtRecord(assessment_id=assessment, at=now, reference=reference.strip(), recorded_by=by)
    session.add(made)
    session.flush()
    move_one(session, "court_recorded", assessment, now, f"person/{by}", note=f"court/{made.id}")
    return made.id or 0


def listed(session: Session, cycle: Known) -> list[dict[str, Any]]:
    """Every appeal of a cycle and how it stands; people by personnel number."""
    rows = execute(
        session,
        "SELECT p.id AS appeal, n.personnel_no AS person, p.received_at, p.last_day, p.late, p.authority, p.reference,"
        " o.outcome, o.at AS answered_at, t.at AS reported_at, a.stage FROM appeal p"
        " JOIN assessment a ON a.id = p.assessment_id JOIN person n ON n.id = a.person_id"
        " LEFT JOIN appeal_outcome o ON o.appeal_id = p.id LEFT JOIN appeal_report t ON t.appeal_id = p.id"
        " WHERE a.cycle_id = :c ORDER BY p.id",
        {"c": cycle.id},
    )
    return [row._asdict() | {"late": bool(row.late), "last_day": str(row.last_day)} for row in rows]
