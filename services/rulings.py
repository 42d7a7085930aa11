"""What the Commission decides: open votes on single cases or on a whole list, approved or revised, in sets (M-49, M-54)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from models.base import instant, stamp
from models.bulk import insert_rows, update_rows
from models.journal import wrote
from models.sql import execute
from rules.composition import SECRETARY
from rules.errors import Incomplete, NotAllowed, NotNow
from rules.panel import Outcome, Sitting, count_votes
from rules.panel_rules import PanelRules
from rules.revision import Revision, revised
from services import year_quarters
from services.appeal_terms import begin_reports
from services.commission import office, rules_of, voting
from services.completion import completed, completing_event
from services.content import beside_rows
from services.door import move
from services.filled import canonical
from services.ground import Ground, Known, ground_of, known_cycle
from services.officials import hr_on
from services.result_rows import RESULT, result_row
from services.sittings import seats_of, sitting
from services.terms import ensure_terms

APPROVE, REVISE = "approve", "revise"
_Result = tuple[Decimal | None, Mapping[str, Any]]


@dataclass(frozen=True)
class Motion:
    """One open vote.

    Attributes:
        votes: person -> "approve" or "revise".
        cases: the assessments it decides on; None: every result before the Commission that no other motion names.
        revision: the correction voted on, for one case alone.
    """

    votes: Mapping[int, str]
    cases: Sequence[int] | None = None
    revision: Revision | None = None


@dataclass(frozen=True)
class Decided:
    """How many results a vote left as they are, and how many it corrected."""

    approved: int
    revised: int


@dataclass
class _Bench:
    """The sitting that decides: its rules, who votes, what was counted before for the same people."""

    number: int
    ground: Ground
    rules: PanelRules
    members: set[int]
    present: set[int]
    chair: int | None
    secretary: int | None
    counted: dict[Any, Outcome[str]] = field(default_factory=dict)


def decide(session: Session, number: int, motions: Sequence[Motion], by: int, now: datetime) -> Decided:
    """Record the votes of a sitting and what they decide; thousands of cases cost a handful of statements.

    A member who is the servant, or who signed the sheet, abstains in that case; in a vote on a list that vote is left
    out of the count of that case alone.

    Raises:
        NotAllowed: a wrong vote, no quorum, or a correction the act does not allow. Incomplete: no explanation where the
        act asks for one. NotNow: a case does not lie before the Commission, or a vote has decided nothing.
    """
    bench, cycle = _bench(session, number, by, now)
    waiting = {row.id: row for row in execute(session, _WAITING, {"c": cycle.id, "s": number})}
    _check_dates(bench, waiting, now)
    taken = _cases(motions, waiting)
    first = 1 + execute(session, _LAST_BALLOT, {"s": number}).scalar_one()
    held = _held(session, motions, waiting)
    decisions: list[tuple[Any, ...]] = []
    results: list[tuple[Any, ...]] = []
    for ballot, (motion, cases) in enumerate(zip(motions, taken, strict=True), first):
        for case in cases:
            outcome, abstained = _count(bench, motion, waiting[case])
            version = waiting[case].result_version
            if outcome.score == REVISE:
                results.append(_corrected(bench, motion, waiting[case], held[case], outcome, now))
            decisions.append(
                (case, number, ballot, outcome.score, outcome.says, json.dumps(sorted(abstained)),
                 motion.revision.explanation if motion.revision and outcome.score == REVISE else "", version,
                 version + (outcome.score == REVISE))
            )  # fmt: skip
    year_quarters.check(session, cycle, bench.ground, [row[0] for row in decisions if row[3] == APPROVE])
    _write(session, number, first, list(zip(motions, taken, strict=True)), decisions, results)
    ruled = _moved(session, bench, cycle, (first, len(decisions), len(results)), now)
    # the new votes alone: an edit of an older one must not be taken for what was recorded
    for kind in ("commission_ballot", "commission_vote"):
        new = beside_rows(session, kind, "sitting_id = :s AND number >= :n", {"s": number, "n": first})
        wrote(session, kind, new)
    return ruled


_WAITING = (
    "SELECT id, person_id, evaluator_id, marker_id, agreed_by, form, result_version, submitted_at FROM assessment"
    " WHERE cycle_id = :c AND stage = 'submitted' AND NOT EXISTS (SELECT 1 FROM commission_decision d"
    " WHERE d.assessment_id = assessment.id AND d.sitting_id = :s) ORDER BY id"
)
_LAST_BALLOT = "SELECT COALESCE(MAX(number), 0) FROM commission_ballot WHERE sitting_id = :s"


def _bench(session: Session, number: int, by: int, now: datetime) -> tuple[_Bench, Known]:
    row = sitting(session, number)
    cycle = known_cycle(session, row.cycle_id)
    ground = ground_of(session, cycle)
    rules, on = rules_of(ground), ground.day_of(now)
    seats, here = seats_of(session, row)
    secretary = office(seats, SECRETARY)
    if by not in hr_on(session, cycle, on) | {secretary}:
        raise NotAllowed(f"The secretary or HR records the votes{rules.cite('secretary')}; somebody else cannot.")
    if row.signed_at is not None:
        raise NotNow(f"The protocol of the sitting {number} is signed; what is left is decided at another sitting.")
    if on != ground.day_of(instant(row.held_at)) or now < instant(row.held_at):
        raise NotNow(
            f"The sitting {number} was held on {ground.day_of(instant(row.held_at))}; its votes are of that day, another "
            f"day needs another sitting{rules.cite('vote')}."
        )
    members = voting(seats)
    return _Bench(number, ground, rules, members, here & members, office(seats), secretary), cycle


def _check_dates(bench: _Bench, waiting: Mapping[int, Any], now: datetime) -> None:
    if not waiting:
        raise NotNow("Nothing lies before the Commission any more; HR submits the sheets first.")
    last = max(row.submitted_at for row in waiting.values())
    bench.ground.in_order("A decision", now, instant(last))


def _cases(motions: Sequence[Motion], waiting: Mapping[int, Any]) -> list[list[int]]:
    """The cases of each motion; each case in one motion alone."""
    named: set[int] = set()
    for motion in motions:
        for case in motion.cases or ():
            if case not in waiting:
                raise NotNow(
                    f"Assessment {case} does not lie before the Commission; it is submitted first, decided once."
                )
            if case in named:
                raise Incomplete(f"Assessment {case} is in two votes; leave one of them.")
            named.add(case)
        if motion.revision is not None and len(motion.cases or ()) != 1:
            raise Incomplete("A correction is voted on for one case; name the case.")
    if sum(motion.cases is None for motion in motions) > 1:
        raise Incomplete("Only one vote can be on all that is left; name the cases of the others.")
    rest = [case for case in waiting if case not in named]
    return [rest if motion.cases is None else list(motion.cases) for motion in motions]


def _count(bench: _Bench, motion: Motion, row: Any) -> tuple[Outcome[str], dict[int, str]]:
    recused = {} if bench.rules.own_case else _recused(bench, row)
    wrong = next((vote for vote in motion.votes.values() if vote not in (APPROVE, REVISE)), None)
    if wrong is not None:
        raise Incomplete(f"'{wrong}' is no vote; a member votes {APPROVE} or {REVISE}{bench.rules.cite('vote')}.")
    key = (id(motion), tuple(sorted(recused.items())))
    if key not in bench.counted:
        bench.counted[key] = _outcome(bench, motion, row, recused)
    return bench.counted[key], recused


def _recused(bench: _Bench, row: Any) -> dict[int, str]:
    parties = dict.fromkeys((row.evaluator_id, row.marker_id, row.agreed_by), "the person signed the sheet")
    parties[row.person_id] = "the person is the evaluated servant"
    return {one: why for one, why in parties.items() if one in bench.members}


def _outcome(bench: _Bench, motion: Motion, row: Any, recused: Mapping[int, str]) -> Outcome[str]:
    single = motion.cases is not None and len(motion.cases) == 1
    votes = motion.votes if single else {one: vote for one, vote in motion.votes.items() if one not in recused}
    if not motion.votes:
        raise Incomplete(f"No vote was given; name who voted and how{bench.rules.cite('vote')}.")
    if not votes:
        raise NotNow(f"Assessment {row.id}: every vote cast is of somebody who must abstain; nothing is decided.")
    seated = Sitting(bench.members, bench.present, recused, bench.chair, bench.secretary)
    outcome = count_votes(bench.rules, seated, votes, APPROVE)
    if not outcome.decided:
        raise NotNow(f"Assessment {row.id}: {outcome.says}.")
    if outcome.score == REVISE:
        _check_revision(bench, motion, row)
    return outcome


def _check_revision(bench: _Bench, motion: Motion, row: Any) -> None:
    panel = bench.ground.law.panels[bench.ground.evaluation.panel or ""]
    if motion.revision is None:
        raise Incomplete(
            f"Assessment {row.id}: the vote is for a correction, but none was proposed; put the case to a vote of its own "
            f"with the corrected result{bench.rules.cite('vote')}."
        )
    if panel.get("correction") == "none":
        raise NotAllowed(f"This Commission corrects no result{bench.rules.cite('vote')}.")
    if panel.get("explanation") and not motion.revision.explanation.strip():
        raise Incomplete(
            f"Assessment {row.id}: a correction is explained in the protocol{bench.rules.cite('explanation')}; give the reason."
        )


def _held(session: Session, motions: Sequence[Motion], waiting: Mapping[int, Any]) -> dict[int, _Result]:
    """The results before the Commission of the cases a correction is proposed for."""
    ids = [case for motion in motions if motion.revision is not None for case in motion.cases or ()]
    rows = execute(
        session,
        "SELECT r.assessment_id, r.score, r.more FROM result r JOIN assessment a ON a.id = r.assessment_id"
        f" AND a.result_version = r.version WHERE a.id IN ({', '.join(str(int(one)) for one in ids) or '0'})",
    )
    return {row[0]: (None if row[1] is None else Decimal(row[1]), json.loads(row[2])) for row in rows}


def _corrected(
    bench: _Bench, motion: Motion, row: Any, held: _Result, outcome: Outcome[str], now: datetime
) -> tuple[Any, ...]:
    law, says = bench.ground.law, f"sitting/{bench.number}: {outcome.says}"
    source = (bench.ground.step("decided").rules, tuple(dict.fromkeys(bench.rules.readings.values())))
    found = revised(law, law.form(row.form), motion.revision or Revision(), held, says, source)
    return result_row(row.id, row.result_version + 1, "revised", stamp(now), found, ())


def _write(
    session: Session,
    number: int,
    first: int,
    ballots: list[tuple[Motion, list[int]]],
    decisions: list[tuple[Any, ...]],
    results: list[tuple[Any, ...]],
) -> None:
    numbered = list(enumerate(ballots, first))
    insert_rows(
        session, "commission_ballot", ("sitting_id", "number", "cases", "proposal"),
        [(number, n, len(cases), _proposal(motion)) for n, (motion, cases) in numbered],
    )  # fmt: skip
    insert_rows(
        session, "commission_vote", ("sitting_id", "number", "person_id", "vote"),
        [(number, n, person, vote) for n, (motion, _) in numbered for person, vote in sorted(motion.votes.items())],
    )  # fmt: skip
    insert_rows(session, "commission_decision", _DECISION, decisions)
    insert_rows(session, "result", RESULT, results)
    update_rows(session, "assessment", ("id",), ("result_version",), [(row[0], row[1]) for row in results])


_DECISION = (
    "assessment_id",
    "sitting_id",
    "ballot",
    "decision",
    "says",
    "abstained",
    "explanation",
    "version_before",
    "version_after",
)


def _proposal(motion: Motion) -> str | None:
    if motion.revision is None:
        return None
    return canonical({"score": motion.revision.score, "results": dict(motion.revision.results)})


def _moved(session: Session, bench: _Bench, cycle: Known, counted: tuple[int, int, int], now: datetime) -> Decided:
    first, cases, corrected = counted
    ground, on = bench.ground, [bench.ground.day_of(now)]
    completes = completing_event(ground) == "decided"
    move(
        session, "decided", cycle.id or 0, now, f"commission/{bench.number}", note=f"'sitting/{bench.number}'",
        sets="decided_at = :now" + (", completed_at = :now" if completes else ""),
        params={"now": stamp(now), "s": bench.number, "first": first},
        where="EXISTS (SELECT 1 FROM commission_decision d WHERE d.assessment_id = assessment.id AND d.sitting_id = :s"
        " AND d.ballot >= :first)",
        reason=f"{cases - corrected} approved, {corrected} revised",
    )  # fmt: skip
    completed(session, cycle, ground, "decided", now)
    if ground.period.quarter is None:
        ensure_terms(session, cycle, "commission_approved_annual_results", on)
    begin_reports(session, cycle, ground, bench.number, on)
    return Decided(cases - corrected, corrected)
