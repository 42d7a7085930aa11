"""Sheets: sent to the evaluators, filled in by them, by a substitute or by a designee (pts 3, 17; Annexes 1 and 2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlmodel import Session

from models.base import stamp
from models.bulk import insert_rows, update_rows
from models.sql import execute
from notifications import notify
from rules.errors import Incomplete, NotAllowed, NotFound, NotNow
from rules.law import Law
from rules.marks import plainly
from rules.sheets import check_marks, sanctions_in, signed_marks
from services.door import move, move_one
from services.facts import channels_for, must_serve, sanctions_of
from services.ground import Ground, Known, ground_of, known_cycle
from services.plan import crowded_evaluators
from services.terms import ensure_terms, role_term


@dataclass(frozen=True)
class SignedSheet:
    """A sheet as the evaluator signed it.

    Attributes:
        marks: parameter number -> mark, exact, 0..5.
        comments: parameter number -> remark (optional, N-32).
        signed_at: when it was signed in another system; None is the moment it is handed in.
    """

    assessment_id: int
    marks: Mapping[int, Decimal]
    comments: Mapping[int, str] = field(default_factory=dict)
    signed_by: int | None = None
    signed_at: datetime | None = None


def open_sheets(session: Session, cycle: Known, now: datetime, actor: str) -> int:
    """Send every sheet to its evaluator through the information system, and tell each evaluator once (N-29)."""
    # a plan that changed may know no evaluator yet: such a sheet waits until the staff file names one
    known = "marker_id IS NOT NULL"
    moved = move(session, "opened", cycle.id or 0, now, actor, where=known, reason="sheets sent to the evaluators")
    if moved:
        _tell_markers(session, cycle, now, "true", {})
    return moved


def _tell_markers(
    session: Session, cycle: Known, now: datetime, which: str, params: Mapping[str, Any], round: int = 0
) -> None:
    """Tell everybody with open sheets how many wait; those chosen by `which` alone."""
    term = role_term(session, cycle, "evaluation")
    notify(
        session, "sheets_waiting", cycle.id or 0, now, params={"c": cycle.id, **params}, counted=True, round=round,
        select="SELECT 0 AS assessment_id, marker_id AS recipient_id, COUNT(*) AS count FROM assessment"
        f" WHERE cycle_id = :c AND stage = 'open' AND {which} GROUP BY marker_id",
        facts={"period": cycle.period, "target": str(term.target), "due": str(term.due)},
        channels=channels_for(ground_of(session, cycle), "sheets_waiting"),
    )  # fmt: skip


_SHEET = (
    "SELECT a.cycle_id, a.form, a.marker_id, a.evaluator_id, a.person_id, a.stage FROM assessment a WHERE a.id = :i"
)


def submit(session: Session, sheet: SignedSheet, now: datetime, actor: str) -> None:
    """The evaluator signs a sheet; from this moment the evaluation is completed (X-Q5, N-30, N-32, N-37).

    A sheet after the twentieth is taken and its deadline shown late: no rule of the act voids the mark.

    Raises:
        NotAllowed: somebody else's sheet. Incomplete: a mark is missing or not permitted. NotNow: not open.
    """
    row = execute(session, _SHEET, {"i": sheet.assessment_id}).one_or_none()
    if row is None:
        raise NotFound(f"There is no assessment {sheet.assessment_id}.")
    if row.stage == "open" and sheet.signed_by not in (None, row.marker_id):
        raise NotAllowed(
            f"The sheet of assessment {sheet.assessment_id} lies with another evaluator (N-4, N-9, N-31); "
            "only the evaluator, the substitute or the designee named in the plan may sign it."
        )
    cycle = known_cycle(session, row.cycle_id)
    ground = ground_of(session, cycle)
    responsible = None if row.marker_id == row.evaluator_id else f"person/{row.evaluator_id}"
    signed_at = _signed_at(sheet, now, ground)
    rows = _mark_rows(ground.law, row.form, sheet)
    move_one(
        session,
        "marked",
        sheet.assessment_id,
        now,
        actor,
        sets={"completed_at": stamp(signed_at)},
        guard={"marker_id": row.marker_id},  # handed on at this moment: the sheet lies with somebody else now
        on_behalf_of=responsible,
        acted_at=None if signed_at == now else stamp(signed_at),
        wrote={"mark": [given[1:] for given in rows]},
    )
    sanctions = sanctions_in(sanctions_of(session, [row.person_id]).get(row.person_id, ()), ground.period)
    check_marks(ground.law, row.form, sheet.marks, sheet.comments, bool(sanctions))
    insert_rows(session, "mark", _MARK, rows)
    ensure_terms(session, cycle, "evaluation_completed", [ground.day_of(signed_at)])


def _signed_at(sheet: SignedSheet, now: datetime, ground: Ground) -> datetime:
    if sheet.signed_at is not None and sheet.signed_at > now:
        raise NotNow(
            f"The sheet of assessment {sheet.assessment_id} is signed in the future, {sheet.signed_at} (N-37)."
        )
    moment = sheet.signed_at or now
    if ground.day_of(moment) <= ground.period.last_day:
        raise NotNow(
            f"The sheet of assessment {sheet.assessment_id} is signed on {ground.day_of(moment)}, inside the quarter it "
            "evaluates; it is signed after the quarter (N-10, pt 4). Correct the date."
        )
    return moment


_MARK = ("assessment_id", "number", "value", "comment")


def _mark_rows(law: Law, form: str, sheet: SignedSheet) -> list[tuple[Any, ...]]:
    marks = signed_marks(law, form, sheet.marks)
    return [(sheet.assessment_id, n, plainly(value), sheet.comments.get(n)) for n, value in sorted(marks.items())]


def submit_many(session: Session, cycle: Known, sheets: Iterable[SignedSheet], now: datetime, actor: str) -> int:
    """Take many signed sheets at once, as an export of the information system brings them: all or none.

    Raises:
        Incomplete: with the first sheets that cannot be taken and why. NotNow: some were signed before.
    """
    check, given, source = _Checker(session, cycle), 0, iter(sheets)
    ground, days = ground_of(session, cycle), set()
    while chunk := list(islice(source, CHUNK)):
        check.all(chunk)
        insert_rows(
            session, "mark", _MARK, (row for one in chunk for row in _mark_rows(ground.law, check.form(one), one))
        )
        dated = [(one.assessment_id, "open", stamp(one.signed_at)) for one in chunk if one.signed_at]
        if dated:
            update_rows(session, "assessment", ("id", "stage"), ("completed_at",), dated)
        days |= {ground.day_of(moment) for moment in {_signed_at(one, now, ground) for one in chunk}}
        given += len(chunk)
    moved = move(
        session, "marked", cycle.id or 0, now, actor, params={"now": stamp(now)},
        sets="completed_at = COALESCE(completed_at, :now)",
        where="EXISTS (SELECT 1 FROM mark m WHERE m.assessment_id = assessment.id)",
        acted=("'person/' || marker_id", "NULLIF(completed_at, :now)"), reason=f"{given} signed sheets were taken over together",
    )  # fmt: skip
    if moved != given:
        raise NotNow(f"{given - moved} of {given} sheets are not open for marks: they were signed before.")
    if given:
        ensure_terms(session, cycle, "evaluation_completed", days)
    return moved


CHUNK = 5_000


class _Checker:
    """Looks at sheets chunk by chunk against the open assessments of a cycle."""

    def __init__(self, session: Session, cycle: Known) -> None:
        ground = ground_of(session, cycle)
        held = sanctions_of(session, None)
        self.law = ground.law
        self.punished = {person for person, kinds in held.items() if sanctions_in(kinds, ground.period)}
        self.open = {
            row[0]: (row[1], row[2], row[3])
            for row in execute(
                session,
                "SELECT id, form, person_id, marker_id FROM assessment WHERE cycle_id = :c AND stage = 'open'",
                {"c": cycle.id},
            )
        }
        self.seen: set[int] = set()

    def all(self, sheets: list[SignedSheet]) -> None:
        """Refuse the chunk with its first twenty faults."""
        faults = [fault for sheet in sheets if (fault := self._fault(sheet))]
        if faults:
            raise Incomplete("No sheet was taken. " + "; ".join(faults[:20]))

    def form(self, sheet: SignedSheet) -> str:
        """The form of a sheet that was looked at."""
        return str(self.open[sheet.assessment_id][0])

    def _fault(self, sheet: SignedSheet) -> str | None:
        number = sheet.assessment_id
        if number not in self.open:
            return f"assessment {number}: its sheet is not open for marks"
        if number in self.seen:
            return f"assessment {number}: its sheet comes twice"
        self.seen.add(number)
        form, person, marker = self.open[number]
        if sheet.signed_by not in (None, marker):
            return f"assessment {number}: its sheet was signed by somebody else than who holds it (N-4, N-9, N-31)"
        try:
            check_marks(self.law, form, sheet.marks, sheet.comments, person in self.punished)
        except Incomplete as refusal:
            return f"assessment {number}: {refusal}"
        return None


def replace_evaluator(
    session: Session, assessment_ids: Iterable[int], substitute: int, why: str, now: datetime, actor: str
) -> int:
    """A substitute evaluates while the evaluator is absent (N-9); the sheets still open move to them.

    Raises:
        NotAllowed: the substitute would mark himself or herself. NotNow: a sheet is signed already.
    """
    return _hand_sheets(session, "replaced", assessment_ids, substitute, why, now, actor)


def designate(session: Session, assessment_ids: Iterable[int], designee: int, now: datetime, actor: str) -> int:
    """A servant designated by the evaluator also evaluates, above twenty evaluatees (N-31, N-Q14).

    Raises:
        NotAllowed: the evaluator has twenty evaluatees or fewer, or the designee would mark himself or herself.
    """
    ids = list(assessment_ids)
    for assessment_id in ids:
        row = execute(session, _SHEET, {"i": assessment_id}).one()
        cycle = known_cycle(session, row.cycle_id)
        if row.evaluator_id not in crowded_evaluators(session, cycle):
            threshold = ground_of(session, cycle).law.value("delegation_threshold")
            raise NotAllowed(
                f"The evaluator of assessment {assessment_id} has not more than {threshold} evaluatees, so nobody else "
                "may be designated (N-31, pt 17 para 3)."
            )
    return _hand_sheets(session, "designated", ids, designee, "designated by the evaluator", now, actor)


def _hand_sheets(
    session: Session, event: str, ids: Iterable[int], marker: int, why: str, now: datetime, actor: str
) -> int:
    done = 0
    for assessment_id in ids:
        row = execute(session, _SHEET, {"i": assessment_id}).one_or_none()
        if row is None:
            raise NotFound(f"There is no assessment {assessment_id}.")
        if row.person_id == marker:
            raise NotAllowed(
                f"Assessment {assessment_id}: nobody marks himself or herself (N-4, N-9). Name another person."
            )
        today = ground_of(session, known_cycle(session, row.cycle_id)).day_of(now)
        must_serve(session, marker, today, "evaluate (N-9, N-31)")
        move_one(session, event, assessment_id, now, actor, sets={"marker_id": marker}, reason=why)
        done, cycle = done + 1, known_cycle(session, row.cycle_id)
    if done:
        # who takes sheets over is told at once; each handing over is a round of its own
        handed = "SELECT COUNT(DISTINCT entry_id) FROM journal_row WHERE assessment_id = :a"
        round = int(execute(session, handed, {"a": assessment_id}).scalar_one())
        _tell_markers(session, cycle, now, "marker_id = :m", {"m": marker}, round)
    return done


def open_sheets_of(session: Session, cycle: Known, marker: int) -> list[int]:
    """The sheets that lie with a person and are not signed.

    Raises:
        NotFound: there are none.
    """
    found = list(
        execute(
            session,
            (
                "SELECT id FROM assessment WHERE cycle_id = :c AND marker_id = :m"
                " AND stage IN ('planned', 'notified', 'open') ORDER BY id"
            ),
            {"c": cycle.id, "m": marker},
        ).scalars()
    )
    if not found:
        raise NotFound("No unsigned sheet of this cycle lies with that person; nothing can be handed on (N-9).")
    return found
