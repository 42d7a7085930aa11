"""Who has a plan in a round and with whom it lies: newcomers, who has left, another supervisor, as the staff file says now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from models import PlanRound
from models.base import stamp
from models.bulk import insert_rows, update_rows
from models.journal import is_postgres, record, wrote
from models.sql import execute
from rules.evaluation import Described
from rules.individual_plan import DUE, NOT_SET, STEPS, concerns, is_new, why_none
from rules.people import Servant
from rules.terms import due
from rules.words import counted
from services.content import beside_rows
from services.content_before import plans_as_recorded
from services.facts import person_id
from services.ground import Ground
from services.servants import Heads, servants

#: a body's own term for the plan of who is appointed later than the act's term; `due_reason` begins with it
HOUSE_TERM = "house_plan_of_new_appointee"
_COLUMNS = (
    "round_id", "person_id", "appointment_id", "stage", "version", "supervisor_id", "approver_id", "due", "due_reason",
    "content", "note",
)  # fmt: skip
_CHANGED = ("stage", "version", "appointment_id", "supervisor_id", "approver_id", "due", "due_reason", "note")
EVENT = ("plan_id", "version", "entry_id", "event", "from_stage", "to_stage", "at", "by", "words")
_HELD = (
    "SELECT id, person_id, stage, version, appointment_id, supervisor_id, approver_id, due, due_reason, note FROM work_plan"
    " WHERE round_id = :r ORDER BY id"
)
#: event -> what the journal says of it
_SAYS = {
    "plan_dropped": "plans are not set after all",
    "plan_set": "plans are to be drawn up after all",
    "plan_replanned": "plans lie with other people",
}


def follow(session: Session, ground: Ground, plan: Described, held: PlanRound, now: datetime, actor: str) -> None:
    """Bring the plans of a round in line with the staff: newcomers get one, who has left loses one not in force yet."""
    head = (ground.organisation.settings.get("officials") or {}).get("head_of_body")
    heads = Heads(person_id(session, str(head)) if head is not None else None)
    today = ground.day_of(now)
    people = {
        one.person: one
        for one in servants(session, ground, heads)
        if concerns(plan, one) and not one.dismissed and (one.ended_on is None or one.ended_on >= today)
    }
    changes: dict[str, list[tuple[Any, tuple[Any, ...]]]] = {event: [] for event in _SAYS}
    # on PostgreSQL a plan may be signed between the look and the change; SQLite has one writer
    for row in execute(session, _HELD + (" FOR UPDATE" if is_postgres(session) else ""), {"r": held.id}).all():
        event, values = _change(ground, plan, row, people.pop(row.person_id, None))
        if event:
            changes[event].append((row, values))
    for event, found in changes.items():
        if found:
            _apply(session, plan, held, event, found, now, actor)
    _add(session, ground, plan, held, people.values(), now, actor)


def _change(ground: Ground, plan: Described, row: Any, servant: Servant | None) -> tuple[str, tuple[Any, ...]]:
    """The event that brings a plan in line, or "", and the new values of its row."""
    kept = (row.appointment_id, row.supervisor_id, row.approver_id, row.due, row.due_reason)
    none = why_none(plan, servant, ground.period) if servant else f"serves here no more ({plan.point})"
    if servant is None or none:
        dropped = STEPS["plan_dropped"].get(row.stage)
        return ("plan_dropped", (dropped, *kept, none)) if dropped else ("", ())
    superiors = (servant.supervisor, _approver(plan, servant))
    note = "" if servant.supervisor else _ALONE
    if row.stage == NOT_SET:
        return "plan_set", (DUE, servant.appointment, *superiors, *_drawn_by(ground, plan, servant), note)
    if superiors == (row.supervisor_id, row.approver_id):
        return "", ()
    return "plan_replanned", (row.stage, servant.appointment, *superiors, *kept[3:], note)


_ALONE = "no direct supervisor is known; fill in the staff file"


def _apply(
    session: Session,
    plan: Described,
    held: PlanRound,
    event: str,
    found: list[tuple[Any, tuple[Any, ...]]],
    now: datetime,
    actor: str,
) -> None:
    entry = record(
        session, event, now, actor, subject=f"plan_round/{held.id}", rules=plan.rules,
        reason=f"{len(found)} {_SAYS[event]}: the staff file says so",
    )  # fmt: skip
    ids = ", ".join(str(row.id) for row, _ in found)
    plans_as_recorded(session, [row.id for row, _ in found])
    rows = [(row.id, values[0], row.version + 1, *values[1:]) for row, values in found]
    update_rows(session, "work_plan", ("id",), _CHANGED, rows)
    insert_rows(
        session, "plan_event", EVENT,
        [
            (row.id, row.version + 1, entry.id, event, row.stage, values[0], stamp(now), actor, values[-1])
            for row, values in found
        ],
    )  # fmt: skip
    wrote(session, "work_plan", beside_rows(session, "work_plan", f"id IN ({ids})"))
    wrote(session, "plan_event", beside_rows(session, "plan_event", "entry_id = :e", {"e": entry.id}))


def _add(
    session: Session,
    ground: Ground,
    plan: Described,
    held: PlanRound,
    people: Iterable[Servant],
    now: datetime,
    actor: str,
) -> None:
    rows = [_row(ground, plan, held, servant) for servant in people]
    if not rows:
        return
    last = execute(
        session, "SELECT COALESCE(MAX(id), 0) FROM work_plan WHERE round_id = :r", {"r": held.id}
    ).scalar_one()
    insert_rows(session, "work_plan", _COLUMNS, rows)
    record(
        session, "plans_due", now, actor, subject=f"plan_round/{held.id}", rules=plan.rules,
        reason=f"{counted(sum(row[3] == DUE for row in rows), 'plans')} to be drawn up,"
        f" {sum(row[3] == NOT_SET for row in rows)} not set",
    )  # fmt: skip
    # the new ones alone: an edit of an older row must not be taken for what was recorded
    new = beside_rows(session, "work_plan", "round_id = :r AND id > :last", {"r": held.id, "last": last})
    wrote(session, "work_plan", new)


def _row(ground: Ground, plan: Described, held: PlanRound, servant: Servant) -> tuple[Any, ...]:
    note = why_none(plan, servant, ground.period)
    last, reason = (None, "") if note else _drawn_by(ground, plan, servant)
    return (
        held.id, servant.person, servant.appointment, NOT_SET if note else DUE, 1, servant.supervisor,
        _approver(plan, servant), last, reason, 0, note or ("" if servant.supervisor else _ALONE),
    )  # fmt: skip


def _approver(plan: Described, servant: Servant) -> int | None:
    approves = (plan.get("approval") or "none") == "superior_supervisor"
    return (servant.superior or servant.supervisor) if approves else None


def _drawn_by(ground: Ground, plan: Described, servant: Servant) -> tuple[date | None, str]:
    """The last day for drawing up a plan, and why: from the period, or from the appointment of a newcomer."""
    deadlines: Mapping[str, str] = plan.get("deadlines") or {}
    usual = due_of(ground, deadlines.get("drawn"), {})
    fixed = usual.due if usual is not None and usual.rule.unit == "date" else None
    own = None
    if "new_appointee" in deadlines and is_new(servant, fixed, ground.period):
        own = due_of(ground, deadlines["new_appointee"], {"appointed": servant.started_on})
    if own is None and usual is not None and servant.started_on > usual.due:
        none = f"appointed on {servant.started_on}, after {usual.due}: the act gives no term ({usual.rule.point})"
        house = due_of(ground, HOUSE_TERM, {"appointed": servant.started_on})
        return (None, none) if house is None else (house.due, f"{HOUSE_TERM}, house rule; {none}")
    found = own or usual
    return (None, "") if found is None else (found.due, str(found.reason))


def due_of(ground: Ground, deadline_id: str | None, anchors: Mapping[str, date]) -> Any:
    """A deadline of the act for an event, or None where the act has none of that id."""
    rule = ground.law.deadlines.get(deadline_id or "")
    return due(ground.law, rule, ground.calendar, ground.period, anchors) if rule else None
