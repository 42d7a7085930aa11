"""Sheets of any form but rows of marks: filled in by the servant or the evaluator, kept version by version.

Rows of marks that complete the evaluation with the signature have their own fast way in `services.sheets`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlmodel import Session

from models.base import as_day, instant, stamp
from models.bulk import insert_rows, update_rows
from models.sheet import EVALUATOR, SELF, STANDING_SQL
from models.sql import execute
from rules.errors import Incomplete, NotAllowed, NotFound, NotNow, RuleError
from rules.marks import plainly
from rules.methods import METHODS, method_of
from rules.stages import COMPUTED, SELF_EVALUATED
from services.door import move
from services.ground import Ground, Known, ground_of, known_cycle
from services.sheet_facts import SheetFacts
from services.sheets import GONE, alone, gone
from services.terms import begin, ensure_terms

CHUNK = 5_000
_CONTENT = ("assessment_id", "side", "version", "body", "signed_by", "signed_at", "recorded_at")
_EVENT = {SELF: "self_evaluated", EVALUATOR: "marked"}


@dataclass(frozen=True)
class FilledSheet:
    """A sheet of any form as it was signed.

    Attributes:
        fields: what its method reads (`bagalau methodology show ID --form NAME`); numbers are exact.
        signed_by: who signed; None: who holds it. signed_at: when, in another system; None: when it is handed in.
        where: its place in a file, for the sentence of a refusal.
    """

    assessment_id: int
    fields: Mapping[str, Any]
    signed_by: int | None = None
    signed_at: datetime | None = None
    where: str = ""


def by_rows(ground: Ground, form: str) -> bool:
    """Is a form kept as rows of marks: a mean of marks, signed once, completed by that signature?"""
    one = ground.evaluation
    signed_once = SELF_EVALUATED not in one.path and "return" not in one.branches
    return ground.law.form(form).method == "mean_of_marks" and one.completed_by == "marked" and signed_once


def canonical(fields: Mapping[str, Any]) -> str:
    """The fields as one JSON text, the same for the same content: keys sorted, exact decimals as texts."""
    return json.dumps(_plain(fields), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal):
        return plainly(value)
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        return str(value)
    raise Incomplete(f"'{value}' is not an exact value; write numbers as texts or whole numbers.")


def self_evaluate(session: Session, sheet: FilledSheet, person: int, now: datetime) -> None:
    """The servant hands the own part of the sheet to the supervisor (J-34, J-40).

    Raises:
        NotAllowed: somebody else's sheet, or the act knows no own part. Other refusals as `take`.
    """
    row = _row(session, sheet.assessment_id)
    if row.person_id != person:
        step = ground_of(session, known_cycle(session, row.cycle_id)).step("self_evaluated")
        raise NotAllowed(f"Only the servant fills in the own part of the sheet ({', '.join(step.rules)}).")
    take(session, known_cycle(session, row.cycle_id), [sheet], now, f"person/{person}", SELF, sheet.assessment_id)


def sign(session: Session, sheet: FilledSheet, now: datetime, actor: str) -> None:
    """The evaluator signs a sheet of any form; after a return it is a further version (M-28, M-38, J-35, J-41).

    Raises:
        NotFound: no such assessment. Other refusals as `take`.
    """
    row = _row(session, sheet.assessment_id)
    take(session, known_cycle(session, row.cycle_id), [sheet], now, actor, EVALUATOR, sheet.assessment_id)


def _row(session: Session, assessment: int) -> Any:
    query = "SELECT cycle_id, person_id FROM assessment WHERE id = :i"
    row = execute(session, query, {"i": assessment}).one_or_none()
    if row is None:
        raise NotFound(f"There is no assessment {assessment}.")
    return row


def take(
    session: Session,
    cycle: Known,
    sheets: Iterable[FilledSheet],
    now: datetime,
    actor: str,
    side: str = EVALUATOR,
    only: int | None = None,
) -> int:
    """Take signed sheets of one side, one or many thousand: all or none; return how many.

    Args:
        only: the assessment, where there is one alone; then nobody else is looked at.

    Raises:
        Incomplete: with the first twenty sheets that cannot be taken and why. NotNow: one is not open for that side.
        NotAllowed: this evaluation knows no such side.
    """
    taker, source, given = _Taker(session, cycle, side, now, only, actor), iter(sheets), 0
    while chunk := list(islice(source, CHUNK)):
        rows = taker.rows(chunk)
        insert_rows(session, "sheet_content", _CONTENT, rows)
        if side == EVALUATOR:
            update_rows(session, "assessment", ("id",), ("signed_at",), ((row[0], row[5]) for row in rows))
        given += len(chunk)
    if not given:
        return 0
    completes = side == EVALUATOR and taker.ground.evaluation.completed_by == "marked"
    moved = move(
        session, _EVENT[side], cycle.id or 0, now, actor, wrote_as="sheet_content",
        where=f"{taker.one}EXISTS (SELECT 1 FROM sheet_content s WHERE s.assessment_id = assessment.id AND {STANDING_SQL})",
        sets="completed_at = signed_at" if completes else "", params={"side": side, "now": stamp(now)},
        acted=taker.acted, reason="" if given == 1 else f"{given} signed sheets were taken over together",
    )  # fmt: skip
    if moved != given:
        raise NotNow(f"{given - moved} of {given} sheets are not open for signing any more; look again.")
    _begin_terms(session, cycle, taker, side, completes)
    return moved


def _begin_terms(session: Session, cycle: Known, taker: _Taker, side: str, completes: bool) -> None:
    ground = taker.ground
    if completes:
        ensure_terms(session, cycle, "evaluation_completed", taker.days)
    if side == EVALUATOR and last_signature(ground) == "marked":
        begin(session, cycle, "to_commission", taker.days)


def last_signature(ground: Ground) -> str:
    """The stage in which a sheet has all the signatures its path asks for before it is computed."""
    path = ground.evaluation.path
    return path[path.index(COMPUTED) - 1] if COMPUTED in path else ""


class _Taker:
    """Looks at sheets chunk by chunk against the cases of a cycle that are open for one side."""

    def __init__(self, session: Session, cycle: Known, side: str, now: datetime, only: int | None, actor: str) -> None:
        self.ground, self.side, self.now = ground_of(session, cycle), side, now
        self.step = self.ground.step(_EVENT[side])
        self.facts = SheetFacts.of(session, cycle, None if only is None else [only])
        self.one = "" if only is None else f"id = {int(only)} AND "
        self.first = _first_day(session, cycle, self.ground)
        rows = execute(session, f"{_OPEN}{self.one and f' AND a.id = {only}'}", {"c": cycle.id, "side": side})
        self.open = {row.id: row for row in rows}
        self.gone = {row[0]: (row[1], row[2]) for row in execute(session, GONE, {"c": cycle.id})}
        self.alone = alone(session, cycle, self.ground.day_of(now), actor)
        self.seen: set[int] = set()
        self.checked: set[tuple[str, str]] = set()
        self.days: set[date] = set()

    @property
    def acted(self) -> tuple[str, str]:
        """SQL for who signed and when, in the rows of the journal."""
        if self.side == SELF:
            return "'person/' || person_id", "NULL"
        return "'person/' || marker_id", "NULLIF(signed_at, :now)"

    def rows(self, sheets: list[FilledSheet]) -> list[tuple[Any, ...]]:
        """The rows of a chunk, or a refusal with its first twenty faults."""
        rows, faults = [], []
        for sheet in sheets:
            try:
                rows.append(self._taken(sheet))
            except RuleError as refusal:
                faults.append(refusal)
        if faults and len(sheets) == 1:
            raise faults[0]
        if faults:
            said = (str(one) for one in faults[:20])
            raise Incomplete("No sheet was taken. " + " ".join(said))
        return rows

    def _taken(self, sheet: FilledSheet) -> tuple[Any, ...]:
        row, name = self.open.get(sheet.assessment_id), sheet.where or f"Assessment {sheet.assessment_id}"
        if row is None or row.stage not in self.step.moves:
            stage = f"the stage is '{row.stage}'" if row else "it is not part of this cycle"
            needed = " or ".join(f"'{one}'" for one in self.step.moves)
            raise NotNow(
                f"{name}: the sheet is not open for signing, {stage}, it must be {needed} ({', '.join(self.step.rules)})."
            )
        if sheet.assessment_id in self.seen:
            raise Incomplete(f"{name}: its sheet comes twice; leave one of them.")
        self.seen.add(sheet.assessment_id)
        owner = row.person_id if self.side == SELF else row.marker_id
        if sheet.signed_by not in (None, owner):
            raise NotAllowed(
                f"{name}: its sheet lies with somebody else; only who holds it signs it ({', '.join(self.step.rules)})."
            )
        if self.alone not in (None, owner):
            raise NotAllowed(
                f"{name}: only HR hands in sheets that lie with somebody else ({', '.join(self.step.rules)})."
            )
        moment = self._moment(sheet, name)
        for earlier in (row.returned, row.handed):
            self.ground.in_order(f"{name}: a signature", moment, earlier and instant(earlier))
        self._in_service(owner, moment, name)
        body = self._content(row, sheet, name, self.ground.day_of(moment))
        self.days.add(self.ground.day_of(moment))
        return (row.id, self.side, row.newest + 1, body, owner, stamp(moment), stamp(self.now))

    def _in_service(self, owner: int, moment: datetime, name: str) -> None:
        number, last = self.gone.get(owner, ("", None))
        if number and (last is None or as_day(last) < self.ground.day_of(moment)):
            raise NotAllowed(f"{name}: {gone(self.ground, number, self.ground.day_of(moment))}")

    def _content(self, row: Any, sheet: FilledSheet, name: str, day: date) -> str:
        if self.ground.law.form(row.form).method not in METHODS or by_rows(self.ground, row.form):
            raise NotAllowed(f"{name}: the form '{row.form}' is filled in as a list of marks; use its columns.")
        where = sheet.where or f"sheet {row.form}"
        fields = self.facts.filled(row.id, row.form, sheet.fields, where, day)
        body = canonical(fields)
        key = (row.form, body)
        if key not in self.checked:  # equal sheets are looked at once
            _check(self.ground, row.form, fields, where)
            self.checked.add(key)
        return body

    def _moment(self, sheet: FilledSheet, name: str) -> datetime:
        moment = sheet.signed_at or self.now
        if moment > self.now:
            raise NotNow(f"{name}: the sheet is signed in the future, {moment} ({', '.join(self.step.rules)}).")
        if self.ground.day_of(moment) < self.first:
            raise NotNow(
                f"{name}: the sheet is signed on {self.ground.day_of(moment)}, before the evaluation begins on "
                f"{self.first} ({self.ground.evaluation.point}); correct the date."
            )
        return moment


_OPEN = """
SELECT a.id, a.form, a.person_id, a.marker_id, a.stage, (SELECT COALESCE(MAX(s.version), 0) FROM sheet_content s
 WHERE s.assessment_id = a.id AND s.side = :side) AS newest, (SELECT MAX(r.at) FROM sheet_return r
 WHERE r.assessment_id = a.id AND r.side = :side) AS returned, (SELECT MAX(s.signed_at) FROM sheet_content s
 WHERE s.assessment_id = a.id AND s.side <> :side AND s.side = 'self') AS handed
FROM assessment a WHERE a.cycle_id = :c
"""


def _first_day(session: Session, cycle: Known, ground: Ground) -> date:
    starts = execute(session, "SELECT starts_on FROM cycle WHERE id = :i", {"i": cycle.id}).scalar_one()
    return ground.period.day_after if starts is None else as_day(starts)


def _check(ground: Ground, form: str, fields: Mapping[str, Any], where: str) -> None:
    """Read and score the sheet once, so that nothing is signed that cannot be computed."""
    shape = ground.law.form(form)
    way = method_of(shape)
    if way.whole:
        way.whole(shape, fields, where)
    way.score(ground.law, way.read(ground.law, shape, ground.period, fields, where))
