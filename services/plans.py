"""Individual work plans: a round of plans is opened, each plan drawn up, approved or returned, placed, changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import Session, select

from models import PlanRound, WorkPlan
from models.base import instant, stamp
from models.bulk import insert_rows
from models.journal import digest_of, record, wrote
from models.sql import execute
from rules.errors import Conflict, Incomplete, NotFound
from rules.evaluation import Described
from rules.individual_plan import APPROVED, Item, target
from rules.period import Period
from services.content import beside_rows, keep
from services.content_before import plans_as_recorded
from services.facts import must_serve
from services.ground import Ground, ground_of, pin
from services.plan_people import EVENT, follow


def open_round(
    session: Session, organisation_file: Path, act: str, plan: str | None, period: str, now: datetime, actor: str
) -> str:
    """Open the plans of a body for a period: who gets one, who draws it up, until when; return the key (U-37, M-18, J-15).

    Opening the same round again follows changed staff facts: new appointees get a plan with a term of their own.

    Raises:
        NotFound: the act knows no such plan. NotInForce: its wording for the period is not known.
    """
    asked = Period.parse(period)
    ground, _ = pin(session, act, organisation_file, asked)
    name = plan or next(iter(ground.law.plans), "")
    if name not in ground.law.plans:
        raise NotFound(f"{ground.law.act} has no plan '{name}'; it has: {', '.join(ground.law.plans) or 'none'}.")
    described = ground.law.plans[name]
    serves = described.get("evaluation")
    ground, hashes = pin(session, act, organisation_file, asked, serves)
    key = f"{ground.organisation.key}-{asked}-{name}".lower()
    held = session.exec(select(PlanRound).where(PlanRound.key == key)).one_or_none()
    if held is None:
        held = PlanRound(
            key=key, act=ground.law.act, revision=ground.law.revision.id, plan=name, period=str(asked),
            evaluation=serves or "", organisation=ground.organisation.key, time_zone=ground.organisation.time_zone,
            law_hash=hashes[0], organisation_hash=hashes[1], calendar_hash=hashes[2], opened_at=now, opened_by=actor,
        )  # fmt: skip
        session.add(held)
        session.flush()
        record(
            session, "plans_opened", now, actor, subject=f"plan_round/{held.id}", rules=described.rules,
            reason=f"{held.act}, wording {held.revision}, {asked}: {described.what.en}",
        )  # fmt: skip
        keep(session, held.id or 0, plan_round="id")
    follow(session, _ground(session, held), described, held, now, actor)
    return key


def find_round(session: Session, key: str) -> PlanRound:
    """The round of that key.

    Raises:
        NotFound: there is none.
    """
    found = session.exec(select(PlanRound).where(PlanRound.key == key)).one_or_none()
    if found is None:
        raise NotFound(f"There are no plans '{key}'; `bagalau plans list` shows those there are.")
    return found


def plan_of(ground: Ground, held: PlanRound) -> Described:
    """What the act says of this round's plans."""
    return ground.law.plans[held.plan]


def _ground(session: Session, held: PlanRound) -> Ground:
    return ground_of(session, held)  # type: ignore[arg-type]


# --- one plan -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """One plan with everything its events ask about."""

    plan: WorkPlan
    held: PlanRound
    ground: Ground
    described: Described


def case(session: Session, key: str, person: int) -> Case:
    """The plan of a person in a round.

    Raises:
        NotFound: there is none.
    """
    held = find_round(session, key)
    found = session.exec(
        select(WorkPlan).where(WorkPlan.round_id == held.id, WorkPlan.person_id == person)
    ).one_or_none()
    if found is None:
        raise NotFound(f"This person has no plan in {key}; `bagalau plans show {key}` lists those who have one.")
    ground = _ground(session, held)
    return Case(found, held, ground, plan_of(ground, held))


_ITEM = ("plan_id", "version", "number", "name", "unit", "planned", "expected", "measurable", "checks")


def write_items(session: Session, plan: WorkPlan, items: Sequence[Item]) -> None:
    """Write the items as a new version; the old ones stay."""
    plan.content += 1
    rows = [
        (plan.id, plan.content, number, one.name.strip(), one.unit, one.planned, one.expected, one.measurable,
         ", ".join(one.checks))
        for number, one in enumerate(items, 1)
    ]  # fmt: skip
    insert_rows(session, "plan_item", _ITEM, rows)


def step(session: Session, one: Case, event: str, now: datetime, by: int, words: str) -> None:
    """The one way a plan changes its stage: the row with its version, the event, the journal entry that covers both."""
    plan, before = one.plan, one.plan.stage
    plans_as_recorded(session, [plan.id or 0])
    must_serve(session, by, one.ground.day_of(now), f"act on a plan ({one.described.point})")
    last = execute(session, _LAST, {"p": plan.id}).scalar_one()
    one.ground.in_order("A step of a plan", now, last and instant(last))
    plan.stage = target(event, before, one.described)
    seen, plan.version = plan.version, plan.version + 1
    changed = execute(
        session, "UPDATE work_plan SET version = :n WHERE id = :i AND version = :v",
        {"n": plan.version, "i": plan.id, "v": seen},
    )  # fmt: skip
    if changed.rowcount != 1:
        raise Conflict("The plan was changed by somebody else at the same moment. Look again.")
    session.add(plan)
    session.flush()
    entry = record(
        session, event, now, f"person/{by}", subject=f"work_plan/{plan.id}", rules=one.described.rules,
        reason=digest_of(f"{items_text(session, plan.id or 0, plan.content)}\n{words}"),
    )  # fmt: skip
    insert_rows(
        session, "plan_event", EVENT,
        [(plan.id, plan.version, entry.id, event, before, plan.stage, stamp(now), f"person/{by}", words)],
    )  # fmt: skip
    keep(session, plan.id or 0, work_plan="id")
    # what this step wrote alone: an edit of an older row must not be taken for what was recorded
    mine = {"p": plan.id, "e": entry.id, "v": plan.content}
    wrote(session, "plan_event", beside_rows(session, "plan_event", "plan_id = :p AND entry_id = :e", mine))
    if event in ("plan_drawn", "plan_changed"):
        wrote(session, "plan_item", beside_rows(session, "plan_item", "plan_id = :p AND version = :v", mine))


_LAST = (
    "SELECT MAX(at) FROM plan_event WHERE plan_id = :p AND event IN"
    " ('plan_drawn', 'plan_approved', 'plan_returned', 'plan_placed', 'plan_changed')"
)


def items_text(session: Session, plan_id: int, version: int) -> str:
    """The items of one version as they enter the digest of the journal."""
    rows = execute(
        session, f"SELECT {', '.join(_ITEM)} FROM plan_item WHERE plan_id = :p AND version = :v ORDER BY number",
        {"p": plan_id, "v": version},
    )  # fmt: skip
    return "\n".join("|".join(str(int(cell) if isinstance(cell, bool) else cell) for cell in row) for row in rows)


def in_force(session: Session, key: str, person: int) -> tuple[Item, ...]:
    """The items of a person's plan in force.

    Raises:
        NotFound: the person has no plan. Incomplete: it is not in force yet.
    """
    one = case(session, key, person)
    if one.plan.stage not in (APPROVED, "placed"):
        raise Incomplete(f"The plan stands at '{one.plan.stage}'; it is not in force ({one.described.point}).")
    rows = execute(
        session,
        "SELECT name, unit, planned, expected, measurable, checks FROM plan_item WHERE plan_id = :p AND version = :v"
        " ORDER BY number",
        {"p": one.plan.id, "v": one.plan.content},
    )
    return tuple(Item(r[0], r[1], r[2], r[3], bool(r[4]), tuple(c for c in r[5].split(", ") if c)) for r in rows)
