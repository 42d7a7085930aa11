"""Who fills a sheet in: the evaluator, a substitute while the evaluator is absent (N-9), a designee above twenty (N-31)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from models.sql import execute
from notifications import kinds
from rules.errors import NotAllowed, NotFound, NotNow
from rules.stages import ABANDONED
from services.door import move_one
from services.facts import must_serve, personnel_no
from services.ground import Ground, Known, ground_of, known_cycle
from services.officials import must_be_in_charge
from services.plan import crowded_evaluators
from services.telling import tell
from services.terms import role_term

#: stages in which a sheet may still change hands
UNSIGNED = "('planned', 'notified', 'open', 'self_evaluated')"

_SHEET = "SELECT id, cycle_id, marker_id, evaluator_id, person_id, form FROM assessment WHERE id = :i"


def tell_markers(
    session: Session, cycle: Known, now: datetime, which: str, params: Mapping[str, Any], round: int = 0
) -> int:
    """Tell everybody with sheets to sign how many wait; those chosen by `which` alone. Return how many are told anew."""
    term, ground = role_term(session, cycle, "evaluation"), ground_of(session, cycle)
    # where the servant fills in the own part first, the sheet waits for the evaluator only after it
    stages = ", ".join(f"'{stage}'" for stage in ground.step("marked").moves)
    return tell(
        session, kinds.sheets_waiting(period=cycle.period, target=term.target, due=term.due), cycle, now,
        params={"c": cycle.id, **params}, counted=True, round=round,
        select="SELECT 0 AS assessment_id, marker_id AS recipient_id, COUNT(*) AS count FROM assessment"
        f" WHERE cycle_id = :c AND stage IN ({stages}) AND marker_id IS NOT NULL AND {which} GROUP BY marker_id",
    )  # fmt: skip


def replace_evaluator(
    session: Session, assessment_ids: Iterable[int], substitute: int, why: str, now: datetime, actor: str
) -> int:
    """A substitute evaluates while the evaluator is absent or gone (N-9); the sheets still open move to them.

    Raises:
        NotAllowed: neither HR nor the appointing official says so; the substitute does not serve, is the evaluated
            person or a subordinate of theirs, is evaluated by them, or is replaced by whom he or she would replace.
        NotNow: a sheet is signed already.
    """
    return _hand_over(session, "replaced", list(assessment_ids), substitute, why, now, actor)


def designate(session: Session, assessment_ids: Iterable[int], designee: int, now: datetime, actor: str) -> int:
    """A servant designated by the evaluator also evaluates, above twenty evaluatees (N-31, N-Q14).

    Raises:
        NotAllowed: the evaluator has twenty evaluatees or fewer, or the designee may not mark (see `replace_evaluator`).
    """
    ids = list(assessment_ids)
    rows = _sheets(session, ids)
    crowds = {one: crowded_evaluators(session, known_cycle(session, one)) for one in {row.cycle_id for row in rows}}
    for row in rows:
        if row.evaluator_id not in crowds[row.cycle_id]:
            ground = ground_of(session, known_cycle(session, row.cycle_id))
            held = ground.law.values.get("delegation_threshold")
            if held is None or held.value is None:
                raise NotAllowed(f"{ground.law.act} lets nobody else be designated to evaluate.")
            threshold = held.value
            raise NotAllowed(
                f"The evaluator of assessment {row.id} has not more than {threshold} evaluatees, so nobody else "
                f"may be designated{ground.cite('designated')}."
            )
    return _hand_over(session, "designated", ids, designee, "designated by the evaluator", now, actor)


def _sheets(session: Session, ids: Sequence[int]) -> list[Any]:
    found = []
    for assessment_id in ids:
        row = execute(session, _SHEET, {"i": assessment_id}).one_or_none()
        if row is None:
            raise NotFound(f"There is no assessment {assessment_id}.")
        found.append(row)
    return found


def _hand_over(
    session: Session, event: str, ids: Sequence[int], marker: int, why: str, now: datetime, actor: str
) -> int:
    rows = _sheets(session, ids)
    if not rows:
        return 0
    cycle = known_cycle(session, rows[0].cycle_id)
    stage = execute(session, "SELECT stage FROM cycle WHERE id = :i", {"i": cycle.id}).scalar_one()
    if stage == ABANDONED:
        raise NotNow(f"The cycle {cycle.key} was abandoned; its sheets change hands no more.")
    # who has too many to evaluate names a designee; a substitute is named for, not by, whoever is away
    own = frozenset(row.evaluator_id for row in rows if row.evaluator_id) if event == "designated" else frozenset[int]()
    must_be_in_charge(session, cycle, actor, now, "give sheets to another evaluator", event, own)
    _check_marker(session, event, cycle, rows, marker)
    ground = ground_of(session, cycle)
    must_serve(session, marker, ground.day_of(now), f"evaluate{ground.cite(event)}")
    for row in rows:
        move_one(session, event, row.id, now, actor, sets={"marker_id": marker}, reason=why)
    # who takes sheets over is told at once; each handing over is a round of its own
    handed = "SELECT COUNT(DISTINCT entry_id) FROM journal_row WHERE assessment_id = :a"
    round = int(execute(session, handed, {"a": rows[-1].id}).scalar_one())
    tell_markers(session, cycle, now, "marker_id = :m", {"m": marker}, round)
    return len(rows)


def _check_marker(session: Session, event: str, cycle: Known, rows: Sequence[Any], marker: int) -> None:
    """Nobody marks himself, a superior, or who marks him; and nobody is replaced by whom he replaces (N-9, N-27, N-28)."""
    above = superiors(session, marker)
    own = _own_markers(session, cycle, marker)
    away = _replaced_by(session, cycle, marker, rows) if event == "replaced" else set()
    ground = ground_of(session, cycle)
    source = ground.cite(event)
    for row in rows:
        if row.person_id == marker:
            raise NotAllowed(f"Assessment {row.id}: nobody marks himself or herself{source}. Name another person.")
        if row.person_id in above:
            raise NotAllowed(
                f"Assessment {row.id}: {personnel_no(session, marker)} is a subordinate of the evaluated person, and the "
                f"superior evaluates{_who_evaluates(ground, row.form)}. Name somebody who does not answer to them."
            )
        if row.person_id in own:
            raise NotAllowed(
                f"Assessment {row.id}: {personnel_no(session, marker)} is marked by the evaluated person in this cycle, and "
                f"two people do not evaluate each other{source}. Name another person."
            )
        if {row.evaluator_id, row.marker_id} & away and row.evaluator_id != marker:
            raise NotAllowed(
                f"Assessment {row.id}: {personnel_no(session, marker)} is absent, and the own sheets lie with whom he or she "
                f"would replace; two people are not substitutes for each other{source}. Give those sheets back first."
            )


def _who_evaluates(ground: Ground, form: str) -> str:
    """Where the act says who evaluates on a form."""
    lines = [one for one in ground.evaluation.forms if one.form == form]
    said = dict.fromkeys([*(rule for one in lines for rule in one.rules), *(one.point for one in lines)])
    return f" ({', '.join(said)})" if said else ""


_ABOVE = """
SELECT a.supervisor_id, u.head_id FROM appointment a JOIN post p ON p.id = a.post_id JOIN unit u ON u.id = p.unit_id
WHERE a.person_id = :p AND a.started_on = (SELECT MAX(b.started_on) FROM appointment b WHERE b.person_id = a.person_id)
"""


def superiors(session: Session, person: int) -> list[int]:
    """Whom the person answers to by the latest post: supervisor, head of the unit, then theirs; the nearest first."""
    found: list[int] = []
    edge = [person]
    while edge:
        met = [one for each in edge for row in execute(session, _ABOVE, {"p": each}).all() for one in row]
        edge = [one for one in dict.fromkeys(met) if one and one != person and one not in found]
        found += edge
    return found


def _own_markers(session: Session, cycle: Known, person: int) -> set[int]:
    query = (
        "SELECT marker_id, evaluator_id FROM assessment WHERE cycle_id = :c AND person_id = :p AND stage <> 'exempt'"
    )
    return {one for row in execute(session, query, {"c": cycle.id, "p": person}).all() for one in row if one}


def _replaced_by(session: Session, cycle: Known, person: int, given: Sequence[Any]) -> set[int]:
    """Who holds sheets of this evaluator as a substitute, beside the sheets that change hands now."""
    query = (
        "SELECT a.id, a.marker_id FROM assessment a WHERE a.cycle_id = :c AND a.evaluator_id = :p AND a.marker_id <> :p"
        f" AND a.stage IN {UNSIGNED} AND EXISTS (SELECT 1 FROM journal_row j JOIN journal_entry e ON e.id = j.entry_id"
        " WHERE j.assessment_id = a.id AND e.event = 'replaced')"
    )
    moving = {row.id for row in given}
    return {row[1] for row in execute(session, query, {"c": cycle.id, "p": person}) if row[0] not in moving}


def open_sheets_of(session: Session, cycle: Known, marker: int) -> list[int]:
    """The sheets that lie with a person and are not signed.

    Raises:
        NotFound: there are none.
    """
    query = f"SELECT id FROM assessment WHERE cycle_id = :c AND marker_id = :m AND stage IN {UNSIGNED} ORDER BY id"
    found = list(execute(session, query, {"c": cycle.id, "m": marker}).scalars())
    if not found:
        source = ground_of(session, cycle).cite("replaced")
        raise NotFound(f"No unsigned sheet of this cycle lies with that person; nothing can be handed on{source}.")
    return found
