"""Who plays which part: chosen from the facts of the staff and the plan, never by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models import Cycle
from rules.errors import NotFound
from services.ground import Ground
from services.officials import holder
from services.plan import crowded_evaluators

_PLANNED = text(
    "SELECT a.id, a.person_id, a.evaluator_id, a.form, a.dismissed, p.personnel_no, p.language, t.unit_id, t.leadership,"
    " EXISTS (SELECT 1 FROM sanction s WHERE s.person_id = p.id AND s.applied_on >= :first AND s.applied_on <= :last)"
    " AS punished FROM assessment a JOIN person p ON p.id = a.person_id JOIN appointment o ON o.id = a.appointment_id"
    " JOIN post t ON t.id = o.post_id WHERE a.cycle_id = :c AND a.stage <> 'exempt' ORDER BY a.id"
)
_SANCTIONS = text("SELECT person_id, kind FROM sanction WHERE applied_on >= :first AND applied_on <= :last ORDER BY id")
_ILL = text(
    "SELECT person_id FROM absence WHERE kind = 'temporary_incapacity' AND first_day > :last AND first_day <= :due"
    " ORDER BY id"
)


@dataclass
class Cast:
    """The people of the story by their ids; a part nobody fits stays None and is left out.

    Attributes:
        sheets: every planned sheet. groups: evaluator -> the sheets he or she is responsible for.
        crowded, designee: an evaluator with more people than the act's threshold, and who also marks (N-31).
        late: marks after the twentieth. ill: falls ill in the term (N-9).
        raised, upheld, tardy: they disagree. refuser: refuses to learn the result. slow: open only after reminders.
        leavers: those who leave during the story. closed_mailboxes, dead_phones: whom e-mail and short messages do not reach.
    """

    sheets: list[Any]
    groups: dict[int, list[Any]]
    official: int
    hr: int
    crowded: int | None = None
    designee: int | None = None
    late: int | None = None
    ill: int | None = None
    raised: Any = None
    upheld: Any = None
    tardy: Any = None
    refuser: Any = None
    slow: set[int] = field(default_factory=set)
    leavers: list[Any] = field(default_factory=list)
    sanctioned: dict[int, str] = field(default_factory=dict)
    closed_mailboxes: set[int] = field(default_factory=set)
    dead_phones: set[int] = field(default_factory=set)

    def who(self) -> set[int]:
        """Everybody who has a part already."""
        cases = (self.raised, self.upheld, self.tardy, self.refuser, *self.leavers)
        return {one.person_id for one in cases if one} | set(self.groups) | self.slow | {self.designee or 0}


def choose(session: Session, cycle: Cycle, ground: Ground, due: date, file_leavers: Iterable[str], extra: int) -> Cast:
    """Choose the people of the story; `extra` more leave than the staff file says.

    Raises:
        NotFound: the body's file names no appointing official or no HR officer.
    """
    span = {"first": ground.period.first_day, "last": ground.period.last_day}
    sheets = list(session.connection().execute(_PLANNED, {"c": cycle.id, **span}).all())
    groups: dict[int, list[Any]] = defaultdict(list)
    for sheet in sheets:
        groups[sheet.evaluator_id].append(sheet)
    cast = Cast(
        sheets,
        dict(groups),
        _officer(session, cycle, ground, "appointing_official"),
        _officer(session, cycle, ground, "hr_officer"),
    )
    cast.sanctioned = {row[0]: row[1] for row in session.connection().execute(_SANCTIONS, span)}
    cast.crowded = next(iter(crowded_evaluators(session, cycle)), None)
    ill = session.connection().execute(_ILL, {"last": span["last"], "due": due}).scalars().all()
    _evaluators(cast, [one for one in ill if one in cast.groups])
    _evaluatees(cast, set(file_leavers), extra)
    _hard_to_reach(cast)
    return cast


def _officer(session: Session, cycle: Cycle, ground: Ground, role: str) -> int:
    found = holder(session, cycle, role, ground.period.day_after)
    if found is None:
        raise NotFound(f"{ground.organisation.source} names no {role} under settings.officials; the story needs one.")
    return found


def _evaluators(cast: Cast, ill: list[int]) -> None:
    busy = {cast.official, cast.hr, cast.crowded}
    usual = sorted(
        (e for e in cast.groups if e not in busy and len(cast.groups[e]) >= 2), key=lambda e: len(cast.groups[e])
    )
    cast.ill = next(iter(ill), None) or (usual[len(usual) // 2] if len(usual) > 3 else None)
    cast.late = next((one for one in usual if one != cast.ill), None)
    if cast.crowded:
        own = [one for one in cast.groups[cast.crowded] if not one.dismissed]
        cast.designee = next((one.person_id for one in own if one.leadership), own[0].person_id)


def _evaluatees(cast: Cast, gone: set[str], extra: int) -> None:
    """One after another from different units, none of them with another part."""
    taken: set[int] = set()

    def pick(evaluators: set[int | None]) -> Any:
        free = [
            one for one in cast.sheets
            if one.person_id not in cast.who() and one.evaluator_id not in evaluators and one.personnel_no not in gone
            and not (one.leadership or one.punished or one.dismissed or one.person_id == cast.hr)
        ]  # fmt: skip
        best = next((one for one in free if one.unit_id not in taken), free[0] if free else None)
        if best:
            taken.add(best.unit_id)
        return best

    quiet: set[int | None] = {cast.late, cast.ill, cast.hr}
    cast.raised, cast.upheld = pick({*quiet, cast.crowded}), pick({*quiet, cast.crowded})
    cast.tardy, cast.refuser = pick(quiet), pick(quiet)
    for _ in range(extra):
        if (leaver := pick({cast.late, cast.ill, cast.hr})) is not None:
            cast.leavers.append(leaver)
    for _ in range(3):
        if (slow := pick({cast.late})) is not None:
            cast.slow.add(slow.person_id)


def _hard_to_reach(cast: Cast) -> None:
    """The mailbox of who disagrees is closed and the telephone dead; of two others it is one or both."""
    others = [one.person_id for one in cast.sheets if one.person_id not in cast.who() and not one.dismissed]
    own = [cast.raised.person_id] if cast.raised else []
    cast.closed_mailboxes = {*own, *others[:2]}
    cast.dead_phones = {*own, *others[:1]}
