"""The session itself: arguments, votes, protocol, upload, feedback (pts 22, 23)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import Session, select

from models import CalibrationSession, SessionMember
from models.base import stamp
from models.bulk import insert_rows
from models.sql import execute
from notifications import kinds
from rules.errors import Incomplete, NotAllowed, NotFound
from rules.marks import plainly
from rules.panel import Outcome, count_votes
from rules.scoring import Score
from rules.sheets import calibrated
from services.door import move_one
from services.familiarisation import case
from services.ground import Ground, ground_of, known_cycle
from services.panels import panel_rules, tell
from services.result_rows import RESULT, result_row
from services.terms import ensure_terms, term_for

#: how the evaluated person may argue (N-47)
MANNERS = ("oral", "written")


@dataclass(frozen=True)
class Vote:
    """What one member holds to be the right mark, with the argument (N-48)."""

    person: int
    score: Decimal
    argument: str = ""


def hold(
    session: Session,
    session_id: int,
    votes: Sequence[Vote],
    evaluator_argument: str,
    evaluatee_argument: str,
    now: datetime,
    actor: str,
    manner: str | None = None,
) -> Outcome[Decimal]:
    """Hold the session: the evaluator argues, the person is heard, every member votes, the majority decides (N-44..N-49).

    Args:
        manner: how the evaluatee argued, one of `MANNERS`; None: not recorded, or nobody argued.

    Raises:
        Incomplete: a vote or the evaluator's argument is missing. NotAllowed: a stranger votes or a mark is impossible.
    """
    made = _session(session, session_id)
    row = case(session, made.assessment_id)
    ground = ground_of(session, known_cycle(session, row.cycle_id))
    ground.in_order("A session", now, made.approved_at)
    source = ground.cite("session_held")
    if not evaluator_argument.strip():
        raise Incomplete(f"The evaluator describes the work and argues for the mark; record it first{source}.")
    _check_manner(manner, evaluatee_argument, source)
    if len({vote.person for vote in votes}) != len(votes):
        raise NotAllowed(f"A member votes once{source}; one person is named twice.")
    for vote in votes:
        _check_vote(ground, vote)
    votes = [replace(vote, score=Decimal(plainly(vote.score))) for vote in votes]
    members = list(session.exec(select(SessionMember).where(SessionMember.session_id == session_id)).all())
    before = _current_score(session, row.id)
    outcome = count_votes(
        panel_rules(ground), [m.person_id for m in members], {v.person: v.score for v in votes}, before
    )
    given = {v.person: v for v in votes}
    for member in members:
        if member.person_id in given:
            member.vote, member.argument = given[member.person_id].score, given[member.person_id].argument
    made.held_at, made.evaluator_argument, made.evaluatee_argument = now, evaluator_argument, evaluatee_argument
    made.argument_manner = manner
    made.score_before, made.score_after, made.outcome = before, outcome.score, outcome.says
    session.add_all([made, *members])
    session.flush()
    move_one(session, "session_held", row.id, now, actor, note=f"session/{session_id}")
    return outcome


def _check_manner(manner: str | None, argument: str, source: str) -> None:
    if manner is None:
        return
    if manner not in MANNERS:
        raise NotFound(f"'{manner}' is no way to argue; the evaluated person argues {' or '.join(MANNERS)}{source}.")
    if not argument.strip():
        raise Incomplete(f"The evaluated person argued; record what was said or written too{source}.")


def _check_vote(ground: Ground, vote: Vote) -> None:
    low, high = Decimal(ground.law.value("mark_min")), Decimal(ground.law.value("mark_max"))
    places = int((ground.scale.decimals if ground.scale else None) or 0)
    if not vote.score.is_finite() or not low <= vote.score <= high or vote.score != round(vote.score, places):
        raise NotAllowed(
            f"{vote.score} is not a possible final mark: it lies between {low} and {high}, "
            f"with at most {places} decimals{ground.cite('session_held')}."
        )


def _session(session: Session, session_id: int) -> CalibrationSession:
    found = session.get(CalibrationSession, session_id)
    if found is None:
        raise NotFound(f"There is no calibration session {session_id}.")
    return found


def _current_score(session: Session, assessment_id: int) -> Decimal:
    return Decimal(
        execute(
            session,
            (
                "SELECT r.score FROM result r JOIN assessment a ON a.id = r.assessment_id AND a.result_version = r.version"
                " WHERE a.id = :i"
            ),
            {"i": assessment_id},
        ).scalar_one()
    )


def sign_protocol(session: Session, session_id: int, now: datetime, actor: str) -> None:
    """The protocol is signed: its mark becomes the final one, as a new version; the old result stays (N-49)."""
    made = _session(session, session_id)
    row = case(session, made.assessment_id)
    cycle = known_cycle(session, row.cycle_id)
    ground = ground_of(session, cycle)
    ground.in_order("A protocol", now, made.held_at)
    sets: dict[str, Any] = {}
    if made.score_after is not None and made.score_after != made.score_before:
        version = (
            execute(session, "SELECT result_version FROM assessment WHERE id = :i", {"i": row.id}).scalar_one() + 1
        )
        asked = ground.law.deciding("votes_needed")
        found: Score = calibrated(
            ground.law.scale(ground.law.form(row.form).scale),
            made.score_after,
            f"session/{session_id}: {made.outcome}",
            ground.step("protocol_signed").rules,
            asked.ids if asked else (),
        )
        insert_rows(session, "result", RESULT, [result_row(row.id, version, "calibrated", stamp(now), found, ())])
        sets["result_version"] = version
    made.protocol_signed_at = now
    session.add(made)
    session.flush()
    move_one(session, "protocol_signed", row.id, now, actor, sets=sets, note=f"session/{session_id}")
    ensure_terms(session, cycle, "protocol_signed", [ground.day_of(now)])
    tell(session, kinds.calibrated_result(period=cycle.period), cycle, row.id, row.person_id, now)
    term = term_for(session, row.cycle_id, "house_request_feedback_meeting", ground.day_of(now))
    due = term.due if term else ground.day_of(now) + timedelta(days=7)
    tell(session, kinds.feedback_due(period=cycle.period, due=due), cycle, row.id, row.evaluator_id, now)


def upload_protocol(session: Session, session_id: int, now: datetime, actor: str) -> None:
    """HR places the protocol in the information system (N-50)."""
    made = _session(session, session_id)
    row = case(session, made.assessment_id)
    cycle = known_cycle(session, row.cycle_id)
    ground_of(session, cycle).in_order("The placing of a protocol", now, made.protocol_signed_at)
    made.protocol_uploaded_at = now
    session.add(made)
    session.flush()
    move_one(session, "protocol_uploaded", made.assessment_id, now, actor, note=f"session/{session_id}")
    tell(session, kinds.protocol_ready(period=cycle.period), cycle, row.id, row.person_id, now)


def give_feedback(session: Session, session_id: int, note: str, by: int, now: datetime) -> None:
    """The evaluator meets the person and speaks of the final result (N-51).

    Raises:
        NotAllowed: somebody else than the evaluator or the one who marked.
    """
    made = _session(session, session_id)
    row = case(session, made.assessment_id)
    ground = ground_of(session, known_cycle(session, row.cycle_id))
    if by not in (row.evaluator_id, row.marker_id):
        source = ground.cite("feedback_given")
        raise NotAllowed(f"The evaluator meets the evaluated person{source}; somebody else cannot record it.")
    ground.in_order("A meeting", now, made.protocol_signed_at)
    made.feedback_at, made.feedback_note = now, note
    session.add(made)
    session.flush()
    move_one(session, "feedback_given", row.id, now, f"person/{by}", note=f"session/{session_id}")
