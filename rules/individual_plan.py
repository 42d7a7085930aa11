"""The individual work plan: who gets one, what may stand in it, what may follow what.

Every number and check comes from the act's `plans`; nothing of an act is written here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rules.errors import Incomplete, NotAllowed, NotNow
from rules.evaluation import Described
from rules.people import Servant
from rules.period import Period
from rules.plan import a_month_after, fits

DUE, DRAWN, RETURNED, APPROVED, PLACED, NOT_SET = "due", "drawn", "returned", "approved", "placed", "not_set"
STAGES: Mapping[str, str] = {
    DUE: "the plan is to be drawn up",
    DRAWN: "the plan was drawn up and waits for approval",
    RETURNED: "the plan was sent back for correction",
    APPROVED: "the plan is in force",
    PLACED: "the plan is in force and lies where the act wants it",
    NOT_SET: "no plan is set for this person",
}
#: event -> from-stage -> to-stage
STEPS: Mapping[str, Mapping[str, str]] = {
    "plan_drawn": {DUE: DRAWN, RETURNED: DRAWN},
    "plan_approved": {DRAWN: APPROVED},
    "plan_returned": {DRAWN: RETURNED},
    "plan_placed": {APPROVED: PLACED},
    "plan_changed": {APPROVED: DRAWN, PLACED: DRAWN},
    "plan_monitored": {APPROVED: APPROVED, PLACED: PLACED},
    # the staff file says otherwise now
    "plan_dropped": {DUE: NOT_SET, DRAWN: NOT_SET, RETURNED: NOT_SET},
    "plan_set": {NOT_SET: DUE},
    "plan_replanned": {stage: stage for stage in (DUE, DRAWN, RETURNED, APPROVED, PLACED)},
}


@dataclass(frozen=True)
class Item:
    """One indicator as handed in; `checks` are the properties a person confirms."""

    name: str
    unit: str = ""
    planned: str = ""
    expected: str = ""
    measurable: bool = False
    checks: tuple[str, ...] = ()


def target(event: str, stage: str, plan: Described) -> str:
    """The stage an event leads to.

    Raises:
        NotNow: it cannot happen now.
    """
    moves = STEPS[event]
    if stage not in moves:
        wanted = " or ".join(f"'{one}'" for one in moves)
        raise NotNow(f"'{event}' cannot happen now: the plan stands at '{stage}', it must be {wanted} ({plan.point}).")
    return moves[stage]


def check_items(plan: Described, items: Sequence[Item]) -> None:
    """Refuse a plan the act does not allow, with every fault in one sentence (U-43, U-44, M-23, M-24, J-16, J-17).

    Raises:
        Incomplete: too few or too many indicators, too few measurable ones, a property nobody confirmed, no name.
    """
    faults = [*_number_faults(plan, items), *_share_faults(plan, items)]
    wanted = tuple(plan.get("checks") or ())
    for number, item in enumerate(items, 1):
        if not item.name.strip():
            faults.append(f"indicator {number} has no name")
        missing = [check for check in wanted if check not in item.checks]
        # "measurable" is asked of each only where the act has no share of its own (J-Q19)
        if plan.get("measurable_share") and "measurable" in missing:
            missing.remove("measurable")
        if missing:
            faults.append(f"indicator {number}: nobody confirmed that it is {', '.join(missing).replace('_', ' ')}")
        unknown = [check for check in item.checks if check not in wanted]
        if unknown:
            faults.append(f"indicator {number}: '{unknown[0]}' is no property the act asks for")
    names = [item.name.strip().casefold() for item in items]
    if len(set(names)) < len(names):
        faults.append("two indicators have the same name")
    if faults:
        source = f"{', '.join(plan.rules)}; {plan.point}"
        raise Incomplete(f"The plan cannot be taken: {'; '.join(faults)} ({source}).")


def _number_faults(plan: Described, items: Sequence[Item]) -> list[str]:
    least, most = plan.get("items_min") or 1, plan.get("items_max")
    if len(items) < least or (most is not None and len(items) > most):
        span = f"at least {least}" if most is None else f"exactly {least}" if least == most else f"{least} to {most}"
        return [f"it has {len(items)} indicators, the act asks for {span}"]
    return []


def _share_faults(plan: Described, items: Sequence[Item]) -> list[str]:
    share = plan.get("measurable_share")
    if not share or not items:
        return []
    measurable = sum(item.measurable for item in items)
    if measurable * share[1] < share[0] * len(items):
        return [f"{measurable} of {len(items)} indicators are measurable, at least {share[0]}/{share[1]} must be"]
    return []


def why_none(plan: Described, servant: Servant, period: Period) -> str:
    """Why no plan is set for a servant although the act gives plans to such people; "" where one is due (U-40).

    Too little of the period is left, counted from the appointment to its last day.
    """
    months = plan.get("min_remaining_months")
    if not months or servant.started_on <= period.first_day:
        return ""
    if period.last_day + timedelta(days=1) >= a_month_after(servant.started_on, months):
        return ""
    return (
        f"from the appointment on {servant.started_on} to {period.last_day} less than {months} months remain "
        f"({plan.point})"
    )


def concerns(plan: Described, servant: Servant) -> bool:
    """Does the act give such a servant a plan at all?"""
    return bool(servant.category) and fits(servant, plan.get("for") or {})


def is_new(servant: Servant, drawn_due: date | None, period: Period) -> bool:
    """Was the servant appointed after the plans of the others began, so that the term runs from the appointment?

    Args:
        drawn_due: the last day for the plans of the others, where the act gives a fixed one (J-20: after 10 January).
    """
    return servant.started_on > (drawn_due if drawn_due is not None else period.first_day)


def check_change(plan: Described, reason: str) -> None:
    """Refuse a change of a plan in force for a reason the act does not know (U-46, U-Q25).

    Raises:
        NotAllowed: the reason is none of the act's.
    """
    reasons = plan.get("change_only_on")
    if reasons and reason not in reasons:
        raise NotAllowed(
            f"A plan in force is changed only on {', '.join(reasons).replace('_', ' ')} ({plan.point}); "
            f"'{reason}' is none of them."
        )
