"""Between the evaluator's signature and the computing: the superior agrees or sends back, the servant signs or refuses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from models import RefusalAct
from models.base import instant, stamp
from models.bulk import insert_rows
from models.familiarisation import SHEET
from models.sheet import EVALUATOR, SELF
from models.sql import execute
from rules.errors import Conflict, Incomplete, NotAllowed, NotFound, NotNow
from rules.stages import SELF_EVALUATED, target
from services.door import move, move_one
from services.facts import must_serve
from services.filled import last_signature
from services.ground import Ground, Known, ground_of, known_cycle
from services.handing import tell_markers
from services.officials import holder, hr_on
from services.refusals import check_signers
from services.terms import begin

#: rounds of the notice that sheets wait: from here on for those sent back
RETURNED = 100_000
_CASE = (
    "SELECT id, cycle_id, person_id, evaluator_id, marker_id, stage, signed_at, agreed_at FROM assessment WHERE id = :i"
)


def _case(session: Session, assessment: int) -> Any:
    row = execute(session, _CASE, {"i": assessment}).one_or_none()
    if row is None:
        raise NotFound(f"There is no assessment {assessment}.")
    return row


# --- the superior supervisor ------------------------------------------------------------------------------


def superiors(session: Session, cycle: Known, on: date) -> dict[int, int]:
    """Evaluator -> who agrees with that evaluator's sheets on a day: the superior supervisor (M-3).

    An evaluator who is the first head of the body agrees alone (M-33).
    """
    rows = execute(session, _SUPERVISORS, {"c": cycle.id, "d": on})
    found = {row[0]: row[1] for row in rows}
    head = holder(session, cycle, "head_of_body", on)
    return found | ({head: head} if head is not None else {})


_SUPERVISORS = (
    # the last post begun by then: an evaluator who left after signing still has a superior
    "SELECT t.person_id, t.supervisor_id FROM appointment t WHERE t.supervisor_id IS NOT NULL AND t.started_on <= :d"
    " AND t.person_id IN (SELECT a.evaluator_id FROM assessment a WHERE a.cycle_id = :c) ORDER BY t.started_on, t.id"
)


def waiting_for(session: Session, cycle: Known, superior: int, on: date) -> list[int]:
    """The signed sheets of a cycle that wait for this person's agreement."""
    whose = superiors(session, cycle, on)
    mine = ", ".join(str(one) for one, above in whose.items() if above == superior)
    query = f"SELECT id FROM assessment WHERE cycle_id = :c AND stage = 'marked' AND evaluator_id IN ({mine or '0'}) ORDER BY id"
    return list(execute(session, query, {"c": cycle.id}).scalars())


def agree(session: Session, cycle: Known, by: int, now: datetime, ids: Iterable[int] | None = None) -> int:
    """The superior supervisor agrees with sheets: with those named, or with all that wait for this person (M-34).

    Raises:
        NotAllowed: a sheet waits for another person, or the act asks nobody. NotNow: a sheet is not signed, or none waits.
    """
    ground = ground_of(session, cycle)
    step = ground.step("agreed")
    on = ground.day_of(now)
    must_serve(session, by, on, f"agree with a sheet ({', '.join(step.rules)})")
    chosen = waiting_for(session, cycle, by, on)
    if ids is not None:
        chosen = [_his(session, cycle, ground, by, on, one, "agreed").id for one in ids]
    if not chosen:
        raise NotNow(f"No signed sheet waits for this person's agreement ({', '.join(step.rules)}).")
    listed = ", ".join(str(int(one)) for one in chosen)
    _not_before(session, ground, listed, now)
    moved = move(
        session, "agreed", cycle.id or 0, now, f"person/{by}", where=f"id IN ({listed})",
        sets="agreed_at = :now, agreed_by = :by", params={"now": stamp(now), "by": by},
    )  # fmt: skip
    if moved != len(set(chosen)):
        raise Conflict("A sheet was sent back or agreed by somebody else at the same moment. Look again.")
    if last_signature(ground) == "agreed":
        begin(session, cycle, "to_commission", [on])
    return moved


def _not_before(session: Session, ground: Ground, listed: str, now: datetime) -> None:
    last = execute(session, f"SELECT MAX(signed_at) FROM assessment WHERE id IN ({listed})").scalar_one()
    ground.in_order("An agreement", now, last and instant(last))


def _his(session: Session, cycle: Known, ground: Ground, by: int, on: date, assessment: int, event: str) -> Any:
    """The case, if it waits for this superior."""
    row, step = _case(session, assessment), ground.step(event)
    source = ", ".join(step.rules)
    if row.cycle_id != cycle.id:
        raise NotFound(f"Assessment {assessment} is not part of the cycle {cycle.key}.")
    target(event, row.stage, {event: step})
    above = superiors(session, cycle, on).get(row.evaluator_id)
    if above is None:
        raise NotFound(
            f"Assessment {assessment}: no superior of its evaluator is known ({source}); fill in the supervisor of the "
            "evaluator in the staff file, or name the first head under officials.head_of_body."
        )
    if above != by:
        raise NotAllowed(
            f"Assessment {assessment}: another person is the superior of its evaluator; only that person agrees with the "
            f"sheet or sends it back ({source})."
        )
    return row


# --- sent back --------------------------------------------------------------------------------------------


def send_back(session: Session, assessment: int, reasons: str, by: int, now: datetime) -> None:
    """A sheet goes back for correction: the superior's to the evaluator, the own part to the servant (M-34, M-35).

    Raises:
        Incomplete: no reasons. NotAllowed: somebody else's to send back, or the act knows no return. NotNow: not there.
    """
    row = _case(session, assessment)
    cycle = known_cycle(session, row.cycle_id)
    ground = ground_of(session, cycle)
    step, on = ground.step("returned"), ground.day_of(now)
    if not reasons.strip():
        raise Incomplete(
            f"Say why the sheet goes back: which facts are missing or unreliable ({', '.join(step.rules)})."
        )
    target("returned", row.stage, {"returned": step})
    side = SELF if row.stage == SELF_EVALUATED else EVALUATOR
    if side == SELF and by != row.marker_id:
        raise NotAllowed(f"Only the supervisor sends the own part back to the servant ({', '.join(step.rules)}).")
    if side == EVALUATOR:
        _his(session, cycle, ground, by, on, assessment, "returned")
        ground.in_order("A return", now, row.signed_at and instant(row.signed_at))
    newest = execute(
        session,
        "SELECT MAX(version) FROM sheet_content WHERE assessment_id = :i AND side = :s",
        {"i": row.id, "s": side},
    ).scalar_one()
    if newest is None:
        raise NotNow(f"There is no own part to send back; the sheet went on without it ({', '.join(step.rules)}).")
    insert_rows(session, "sheet_return", _RETURN, [(row.id, side, newest, stamp(now), by, reasons.strip())])
    move_one(session, "returned", row.id, now, f"person/{by}")
    if side == EVALUATOR:
        begin(session, cycle, "resubmitted", [on])
        told = execute(session, "SELECT COUNT(*) FROM sheet_return").scalar_one()
        tell_markers(session, cycle, now, "id = :i", {"i": row.id}, RETURNED + int(told))


_RETURN = ("assessment_id", "side", "version", "at", "returned_by", "reasons")


# --- the servant ------------------------------------------------------------------------------------------


def countersign(session: Session, assessment: int, person: int, now: datetime) -> None:
    """The servant signs the agreed sheet (J-36, J-43).

    Raises:
        NotAllowed: somebody else's sheet. NotNow: it is not agreed yet, or signed already.
    """
    row = _case(session, assessment)
    cycle = known_cycle(session, row.cycle_id)
    ground = ground_of(session, cycle)
    step = ground.step("signed")
    if row.person_id != person:
        raise NotAllowed(f"Only the servant signs the agreed sheet ({', '.join(step.rules)}).")
    ground.in_order("A signature", now, row.signed_at and instant(row.signed_at))
    move_one(session, "signed", row.id, now, f"person/{person}")
    _all_signed(session, cycle, ground, now)


def refuse_to_sign(session: Session, assessment: int, signers: Iterable[int], words: str, now: datetime) -> None:
    """The servant refuses to sign; those whom the act names draw up an act, and the sheet goes on (J-37, J-44).

    Args:
        signers: who signs the act, an employee of HR first.

    Raises:
        Incomplete, NotAllowed: the signers are not those of the act. NotNow: the sheet is not agreed yet.
    """
    row = _case(session, assessment)
    cycle = known_cycle(session, row.cycle_id)
    ground = ground_of(session, cycle)
    step, on = ground.step("sign_refused"), ground.day_of(now)
    target("sign_refused", row.stage, {"sign_refused": step})
    ground.in_order("A refusal", now, row.signed_at and instant(row.signed_at))
    drawn_up = check_signers(
        "sign_refusal_act", ground, tuple(signers), hr_on(session, cycle, on), row, ", ".join(step.rules)
    )
    for one in drawn_up:
        must_serve(session, one, on, "sign the act of refusal")
    newest = execute(
        session, "SELECT COALESCE(MAX(version), 0) FROM sheet_content WHERE assessment_id = :i AND side = :s",
        {"i": row.id, "s": EVALUATOR},
    ).scalar_one()  # fmt: skip
    first, second, third = (*drawn_up, None, None)[:3]
    act = RefusalAct(
        assessment_id=row.id, what=SHEET, result_version=newest, at=now, drawn_up_by=first or 0, first_witness=second,
        second_witness=third, words=words,
    )  # fmt: skip
    session.add(act)
    session.flush()
    move_one(session, "sign_refused", row.id, now, f"person/{drawn_up[0]}", note=f"refusal_act/{act.id}")
    _all_signed(session, cycle, ground, now)


def _all_signed(session: Session, cycle: Known, ground: Ground, now: datetime) -> None:
    if last_signature(ground) == "signed":
        begin(session, cycle, "to_commission", [ground.day_of(now)])
