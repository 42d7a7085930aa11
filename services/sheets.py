"""Sheets: sent to the evaluators, filled in by them, by a substitute or by a designee (pts 3, 17; Annexes 1 and 2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlmodel import Session

from models.base import as_day, stamp
from models.bulk import insert_rows, update_rows
from models.journal import is_postgres
from models.sql import execute
from rules.errors import Incomplete, NotAllowed, NotFound, NotNow
from rules.law import Law
from rules.marks import plainly
from rules.sheets import check_marks, sanctions_in, signed_marks
from services.door import SEEN, move, move_one
from services.facts import must_serve, personnel_no, sanctions_of, serves
from services.ground import Ground, Known, ground_of, known_cycle
from services.handing import designate, open_sheets_of, replace_evaluator, tell_markers
from services.officials import hr_on
from services.returning import here_sql
from services.terms import ensure_terms

__all__ = [
    "CHUNK",
    "SignedSheet",
    "designate",
    "open_sheets",
    "open_sheets_of",
    "replace_evaluator",
    "submit",
    "submit_many",
]


@dataclass(frozen=True)
class SignedSheet:
    """A sheet as the evaluator signed it.

    Attributes:
        marks: parameter number -> mark, exact, 0..5.
        comments: parameter number -> remark (optional, N-32).
        signed_by: who signed it; a list that does not say so means whoever holds the sheet (`submit_many`).
        signed_at: when it was signed in another system; None is the moment it is handed in.
    """

    assessment_id: int
    marks: Mapping[int, Decimal]
    comments: Mapping[int, str] = field(default_factory=dict)
    signed_by: int | None = None
    signed_at: datetime | None = None


def open_sheets(session: Session, cycle: Known, now: datetime, actor: str) -> int:
    """Send every sheet to its evaluator through the information system, and tell each evaluator once (N-29).

    Where the act evaluates the absent after their return, their sheets wait for it (M-11, J-5).
    """
    ground = ground_of(session, cycle)
    here = here_sql(ground, ground.day_of(now))
    # a plan that changed may know no evaluator yet: such a sheet waits until the staff file names one
    known = "marker_id IS NOT NULL" + (f" AND {here}" if here else "")
    moved = move(session, "opened", cycle.id or 0, now, actor, where=known, reason="sheets sent to the evaluators")
    if moved and not ground_of(session, cycle).is_survey:  # who is asked in a survey is told with the invitation
        tell_markers(session, cycle, now, "true", {})
    return moved


_SHEET = f"SELECT form, marker_id, evaluator_id, person_id, {SEEN} FROM assessment WHERE id = :i"


def submit(session: Session, sheet: SignedSheet, now: datetime, actor: str) -> None:
    """The evaluator signs a sheet; from this moment the evaluation is completed (X-Q5, N-30, N-32, N-37).

    A sheet after the twentieth is taken and its deadline shown late: no rule of the act voids the mark.

    Raises:
        NotAllowed: somebody else's sheet, or signed after the last day in service. NotNow: not open.
        Incomplete: a mark is missing or not permitted, or nobody signed.
    """
    row = execute(session, _SHEET, {"i": sheet.assessment_id}).one_or_none()
    if row is None:
        raise NotFound(f"There is no assessment {sheet.assessment_id}.")
    cycle = known_cycle(session, row.cycle_id)
    ground = ground_of(session, cycle)
    if sheet.signed_by is None:
        raise Incomplete(
            f"The sheet of assessment {sheet.assessment_id} does not say who signed it; the evaluator "
            f"signs{ground.cite('marked')}."
        )
    if row.stage == "open" and sheet.signed_by != row.marker_id:
        raise NotAllowed(
            f"The sheet of assessment {sheet.assessment_id} lies with another evaluator{_holders(ground)}; "
            "only the evaluator, the substitute or the designee named in the plan may sign it."
        )
    responsible = None if row.marker_id == row.evaluator_id else f"person/{row.evaluator_id}"
    signed_at = _signed_at(sheet, now, ground)
    if row.stage == "open" and not serves(session, row.marker_id, ground.day_of(signed_at)):
        raise NotAllowed(
            f"The sheet of assessment {sheet.assessment_id}: "
            + gone(ground, personnel_no(session, row.marker_id), ground.day_of(signed_at))
        )
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
        seen=row,
    )
    sanctions = sanctions_in(sanctions_of(session, [row.person_id]).get(row.person_id, ()), ground.period)
    check_marks(ground.law, row.form, sheet.marks, sheet.comments, bool(sanctions))
    insert_rows(session, "mark", _MARK, rows)
    ensure_terms(session, cycle, "evaluation_completed", [ground.day_of(signed_at)])


def _signed_at(sheet: SignedSheet, now: datetime, ground: Ground) -> datetime:
    if sheet.signed_at is not None and sheet.signed_at > now:
        raise NotNow(
            f"The sheet of assessment {sheet.assessment_id} is signed in the future, {sheet.signed_at}"
            f"{ground.cite('marked')}."
        )
    moment = sheet.signed_at or now
    if ground.day_of(moment) <= ground.period.last_day:
        raise NotNow(
            f"The sheet of assessment {sheet.assessment_id} is signed on {ground.day_of(moment)}, inside the period it "
            f"evaluates; it is signed after the period{ground.cite('deadline:evaluation')}. Correct the date."
        )
    return moment


def _holders(ground: Ground) -> str:
    """Where the act says with whom a sheet lies."""
    return ground.cite("marked", "replaced", "designated")


def gone(ground: Ground, number: str, day: date) -> str:
    """The sentence that refuses a signature given after the last day in service."""
    return (
        f"{number} does not serve in the body on {day} and signs no sheet any more{ground.cite('replaced')}; name a "
        "substitute with `bagalau cycle replace`."
    )


_MARK = ("assessment_id", "number", "value", "comment")


def _mark_rows(law: Law, form: str, sheet: SignedSheet) -> list[tuple[Any, ...]]:
    marks = signed_marks(law, form, sheet.marks)
    return [(sheet.assessment_id, n, plainly(value), sheet.comments.get(n)) for n, value in sorted(marks.items())]


def submit_many(session: Session, cycle: Known, sheets: Iterable[SignedSheet], now: datetime, actor: str) -> int:
    """Take many signed sheets at once, as an export of the information system brings them: all or none.

    A person hands in as HR, or only sheets that lie with himself or herself (N-17, N-37).

    Raises:
        Incomplete: with the first sheets that cannot be taken and why. NotNow: some were signed before.
        NotAllowed: who hands them in has left the body.
    """
    check, given, source = _Checker(session, cycle, now, actor), 0, iter(sheets)
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

    def __init__(self, session: Session, cycle: Known, now: datetime, actor: str) -> None:
        self.ground, self.now = ground_of(session, cycle), now
        held = sanctions_of(session, None)
        self.law = self.ground.law
        self.punished = {person for person, kinds in held.items() if sanctions_in(kinds, self.ground.period)}
        # on PostgreSQL a sheet may be handed on between the look and the change; SQLite has one writer
        lock = " FOR UPDATE" if is_postgres(session) else ""
        self.open = {
            row[0]: (row[1], row[2], row[3])
            for row in execute(
                session,
                "SELECT id, form, person_id, marker_id FROM assessment WHERE cycle_id = :c AND stage = 'open'"
                f" ORDER BY id{lock}",
                {"c": cycle.id},
            )
        }
        self.gone = {row[0]: (row[1], row[2]) for row in execute(session, GONE, {"c": cycle.id})}
        self.only = alone(session, cycle, self.ground.day_of(now), actor)
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
            return (
                f"assessment {number}: its sheet was signed by somebody else than who holds it{_holders(self.ground)}"
            )
        if self.only not in (None, marker):
            return (
                f"assessment {number}: only HR hands in sheets that lie with somebody else{self.ground.cite('marked')}"
            )
        if marker in self.gone and (left := self._signed_when_gone(sheet, *self.gone[marker])):
            return f"assessment {number}: {left}"
        try:
            check_marks(self.law, form, sheet.marks, sheet.comments, person in self.punished)
        except Incomplete as refusal:
            return f"assessment {number}: {refusal}"
        return None

    def _signed_when_gone(self, sheet: SignedSheet, number: str, last_day: Any) -> str:
        day = self.ground.day_of(sheet.signed_at or self.now)
        return gone(self.ground, number, day) if last_day is None or as_day(last_day) < day else ""


#: holders of open sheets none of whose appointments goes on, with the last day in service
GONE = """
SELECT h.marker_id, p.personnel_no, MAX(a.ended_on) FROM (SELECT DISTINCT marker_id FROM assessment
 WHERE cycle_id = :c AND stage IN ('open', 'self_evaluated') AND marker_id IS NOT NULL) h JOIN person p ON p.id = h.marker_id
LEFT JOIN appointment a ON a.person_id = h.marker_id
GROUP BY h.marker_id, p.personnel_no HAVING COUNT(a.id) = COUNT(a.ended_on)
"""


def alone(session: Session, cycle: Known, today: date, actor: str) -> int | None:
    """The person whose own sheets alone may be handed in; None for HR and for another system."""
    if not actor.startswith("person/"):
        return None
    person = int(actor.removeprefix("person/"))
    must_serve(session, person, today, "hand sheets in")
    return None if person in hr_on(session, cycle, today) else person
