"""The result reaches the person: released, opened, refused with an act, or served on the dismissed (pt 9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from models import RefusalAct
from models.base import instant, stamp
from models.bulk import update_rows
from models.sql import execute
from notifications import kinds
from notifications.kinds import Said
from rules.errors import NotAllowed, NotFound, NotNow
from rules.stages import target
from rules.terms import end_of_day
from services.door import SEEN, move, move_one
from services.ground import Known, ground_of, known_cycle
from services.officials import hr_on
from services.refusals import check_signers, not_in_writing
from services.submission import by_hr
from services.telling import tell
from services.terms import ensure_terms, role_term

_CASE = (
    "SELECT id, person_id, form, evaluator_id, marker_id, dismissed, completed_at, released_at, result_version,"
    f" {SEEN} FROM assessment WHERE id = :i"
)


def case(session: Session, assessment_id: int) -> Any:
    """The row of an assessment.

    Raises:
        NotFound: there is none.
    """
    row = execute(session, _CASE, {"i": assessment_id}).one_or_none()
    if row is None:
        raise NotFound(f"There is no assessment {assessment_id}.")
    return row


def release(session: Session, cycle: Known, now: datetime, actor: str) -> int:
    """Place every computed result where its person finds it, and say so (N-18)."""
    moved = move(
        session,
        "released",
        cycle.id or 0,
        now,
        actor,
        sets="released_at = :now",
        params={"now": stamp(now)},
        reason="placed in the information system and the mobile application",
    )
    if moved:
        which = "cycle_id = :c AND stage = 'released' AND released_at = :at AND dismissed = false"
        _tell(session, kinds.result_ready(period=cycle.period), cycle, now, which, {"at": stamp(now)})
    if moved and ground_of(session, cycle).law.decision("familiarisation_day") == "published":
        _known_by_publication(session, cycle, now, actor)
    return moved


def _known_by_publication(session: Session, cycle: Known, now: datetime, actor: str) -> None:
    """Under N-Q10(b) an active servant is familiarised on the day the result is released."""
    question = ground_of(session, cycle).law.deciding("familiarisation_day")
    why = f"reading {question.id}({question.option().letter})" if question else ""
    move(
        session, "shown", cycle.id or 0, now, actor, where="released_at = :now AND dismissed = false",
        sets="familiarised_at = :now, familiarised_how = 'shown'", params={"now": stamp(now)}, reason=why,
    )  # fmt: skip
    ensure_terms(session, cycle, "familiarized", [ground_of(session, cycle).day_of(now)])


def serve_silent(session: Session, cycle: Known, now: datetime) -> int:
    """Write by a registered channel to those who have not opened their result for the body's own number of days.

    The act gives no term for active servants, so the number is the body's setting `serve_silent_after_days`; without
    it nobody is written to, and HR sees the people waiting in the deadlines (N-18, N-Q10).
    """
    days = ground_of(session, cycle).organisation.settings.get("serve_silent_after_days")
    term = role_term(session, cycle, "evaluation")
    if days is None or term is None:
        return 0
    which = "cycle_id = :c AND stage = 'released' AND dismissed = false AND released_at <= :before"
    before = stamp(now - timedelta(days=int(days)))
    return _tell(session, _served(cycle, term), cycle, now, which, {"before": before})


def _served(cycle: Known, term: Any) -> Said:
    return kinds.result_served(period=cycle.period, due=term.due)


def _tell(
    session: Session,
    said: Said,
    cycle: Known,
    now: datetime,
    which: str,
    params: Mapping[str, Any],
    due_at: datetime | None = None,
    status: str = "dismissed",
) -> int:
    """Tell of results; one that was corrected is told again, for each version has a round of its own."""
    values = {"c": cycle.id, **params}
    versions = execute(session, f"SELECT DISTINCT result_version FROM assessment WHERE {which} ORDER BY 1", values)
    chosen = "SELECT id AS assessment_id, person_id AS recipient_id FROM assessment"
    return sum(
        tell(
            session, said, cycle, now, due_at=due_at, round=version - 1, status=status,
            select=f"{chosen} WHERE {which} AND result_version = :version", params={**values, "version": version},
        )
        for version in versions.scalars()
    )  # fmt: skip


def serve_dismissed(session: Session, cycle: Known, now: datetime, actor: str) -> int:
    """Send the result to every dismissed person by the first usable registered channel; return how many notices.

    Where the act has no term for them (N-19 has one, U-26 has not), the term of the evaluation is named. Rules N-19, U-26.
    """
    term = role_term(session, cycle, "serve_dismissed") or role_term(session, cycle, "evaluation")
    which = "cycle_id = :c AND stage = 'released' AND dismissed = true"
    return _tell(session, _served(cycle, term), cycle, now, which, {}, instant(term.due_at))


def serve_absent(session: Session, cycle: Known, now: datetime) -> int:
    """Send the result by a recorded means to those who were away at the time of the evaluation, where the act asks it.

    They may also open it in the system; what is proved first familiarises (A-11, reading A-Q1).
    """
    ground, done = ground_of(session, cycle), 0
    if "absent" not in ground.law.channels or ground.law.decision("recorded_means_for", _ABSENT) != _ABSENT:
        return 0
    which = "cycle_id = :c AND stage = 'released' AND absent = true AND dismissed = false"
    moments = execute(session, f"SELECT DISTINCT completed_at FROM assessment WHERE {which}", {"c": cycle.id}).scalars()
    for day in sorted({ground.day_of(instant(moment)) for moment in moments}):
        term = role_term(session, cycle, "familiarisation", day)
        span = {
            "from": stamp(end_of_day(day - timedelta(days=1), ground.zone)),
            "to": stamp(end_of_day(day, ground.zone)),
        }
        done += _tell(
            session, _served(cycle, term), cycle, now, f"{which} AND completed_at >= :from AND completed_at < :to", span,
            instant(term.due_at), "absent",
        )  # fmt: skip
    return done


_ABSENT = "absent_employees"


def open_result(session: Session, assessment_id: int, person: int, now: datetime) -> None:
    """The person opens the own result in the system: from here the five working days run (N-18, N-20, N-Q10).

    Raises:
        NotAllowed: somebody else's result. NotNow: nothing is released, or it was opened before.
    """
    row = case(session, assessment_id)
    ground = ground_of(session, known_cycle(session, row.cycle_id))
    source = ground.cite("confidential")
    if row.person_id != person:
        raise NotAllowed(f"This result belongs to another person; results are confidential{source}.")
    not_in_writing(ground)
    _familiarised(session, row, "shown", now, f"person/{person}")


def _familiarised(
    session: Session,
    row: Any,
    event: str,
    at: datetime,
    actor: str,
    note: str | None = None,
    recorded_at: datetime | None = None,
) -> None:
    move_one(
        session,
        event,
        row.id,
        recorded_at or at,
        actor,
        note=note,
        acted_at=None if recorded_at in (None, at) else stamp(at),
        sets={"familiarised_at": stamp(at), "familiarised_how": event},
        seen=row,
    )
    cycle = known_cycle(session, row.cycle_id)
    ensure_terms(session, cycle, "familiarized", [ground_of(session, cycle).day_of(at)])


def opened_many(
    session: Session, cycle: Known, openings: Sequence[tuple[int, datetime]], now: datetime, actor: str
) -> int:
    """Take over openings that the information system logged: (assessment, instant of opening).

    Raises:
        NotAllowed: not HR, or the act familiarises in writing. NotNow: an opening before the release, or in the future.
    """
    ground = ground_of(session, cycle)
    not_in_writing(ground)
    by_hr(session, cycle, ground, actor, now, "takes over who opened the result", "shown")
    # the five days run from the first opening; the list may know several
    openings = list(dict(sorted(openings, key=lambda opening: opening[1], reverse=True)).items())
    given = ((one, "released", stamp(at)) for one, at in openings)
    update_rows(session, "assessment", ("id", "stage"), ("familiarised_at",), given)
    wrong = execute(session, _NO_OPENING, {"c": cycle.id, "now": stamp(now)}).scalars()
    if wrong:
        others = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
        raise NotNow(
            f"Assessment {wrong[0]}{others}: the opening lies before the release or in the future; its terms run from "
            f"the opening{ground.cite('shown', 'requested')}, so correct the list."
        )
    moved = move(
        session,
        "shown",
        cycle.id or 0,
        now,
        actor,
        where="familiarised_at IS NOT NULL",
        sets="familiarised_how = 'shown'",
        acted=("'person/' || person_id", "familiarised_at"),
        reason="openings logged by the information system",
    )
    ensure_terms(session, cycle, "familiarized", {ground.day_of(at) for _, at in openings})
    return moved


_NO_OPENING = (
    "SELECT id FROM assessment WHERE cycle_id = :c AND stage = 'released' AND familiarised_at IS NOT NULL"
    " AND (familiarised_at < released_at OR familiarised_at > :now) ORDER BY id"
)


def refuse(
    session: Session,
    assessment_id: int,
    drawn_up_by: int,
    witnesses: Sequence[int],
    words: str,
    now: datetime,
    actor: str,
) -> None:
    """The person refuses to learn the result; those whom the act names draw up an act (N-18, N-25, M-58, J-53).

    Raises:
        NotAllowed, Incomplete: the signers are not those of the act, or a party. NotNow: nothing is released.
    """
    row = case(session, assessment_id)
    cycle = known_cycle(session, row.cycle_id)
    ground = ground_of(session, cycle)
    target("refused", row.stage, ground.walk.steps)
    ground.in_order("A refusal", now, instant(row.released_at))
    hr, rules = hr_on(session, cycle, ground.day_of(now)), ", ".join(ground.step("refused").rules)
    signers = check_signers("refusal_act", ground, (drawn_up_by, *witnesses), hr, row, rules)
    first, second = (*signers[1:], None, None)[:2]
    act = RefusalAct(
        assessment_id=row.id,
        result_version=row.result_version,
        at=now,
        drawn_up_by=signers[0],
        first_witness=first,
        second_witness=second,
        words=words,
    )
    session.add(act)
    session.flush()
    _familiarised(session, row, "refused", now, actor, note=f"refusal_act/{act.id}")


def on_receipt(session: Session, notice_id: int, now: datetime) -> bool:
    """A receipt came in: a delivered registered notice familiarises its person (N-19); return whether it did.

    Mere acceptance or sending is not familiarisation; only a recorded delivery of `result_served` is.
    """
    row = execute(
        session,
        (
            "SELECT n.assessment_id, n.kind, n.channel, n.round, MIN(r.at) AS at, MIN(r.officer_id) AS officer FROM notice n"
            " JOIN receipt r ON r.notice_id = n.id AND r.event = 'delivered' WHERE n.id = :i"
            " GROUP BY n.assessment_id, n.kind, n.channel, n.round"
        ),
        {"i": notice_id},
    ).one_or_none()
    if row is None or row.kind != "result_served":
        return False
    found = case(session, row.assessment_id)
    if found.stage != "released" or row.round != found.result_version - 1:  # a letter about a result corrected since
        return False
    actor = "system/receipts" if row.officer is None else f"person/{row.officer}"
    _familiarised(
        session, found, "served", instant(row.at), actor, note=f"notice/{notice_id} by {row.channel}", recorded_at=now
    )
    return True
