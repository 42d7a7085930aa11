"""Who is evaluated, by whom, on which form, and who is exempt under which rule (pts 3, 5, 6, 16, 17)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from rules.law import Law
from rules.people import Planned, Servant
from rules.period import Period


def a_month_after(day: date, months: int = 1) -> date:
    """The day of the same number `months` later, or the last day of that month (N-13)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    first_of_next = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (first_of_next - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


@dataclass(frozen=True)
class Planner:
    """The act's rules of planning, prepared once for a period and applied to each servant.

    Attributes:
        months: least time in the post, months (N-13); days: least working days actually worked (N-14).
        heads: categories evaluated by their direct supervisor (N-26).
    """

    period: Period
    months: int
    days: int
    heads: frozenset[str]
    both: bool

    @classmethod
    def under(cls, law: Law, period: Period) -> Planner:
        """Prepare the rules of an act for a period."""
        return cls(
            period,
            int(law.value("min_tenure_in_position")),
            int(law.value("min_days_actually_worked")),
            frozenset(law.value("categories_evaluated_by_supervisor")),
            law.reading("N-Q8") == "both",
        )

    def decide(self, servant: Servant) -> Planned | None:
        """How the servant takes part; None for those the act does not speak of (outside corps B, not in the period)."""
        if not servant.category or not self._in_period(servant):
            return None
        exempt = self._exemption(servant)
        if exempt:
            rules, note = exempt
            return self._planned(servant, True, "", None, rules, note)
        form, evaluator, rules = self._evaluator(servant)
        note = "dismissed: evaluated without participation (pt 6)" if servant.dismissed else ""
        rules = (*rules, "N-15") if servant.dismissed else rules
        problem = "" if evaluator is not None else self._no_evaluator(servant)
        return self._planned(servant, False, form, evaluator, rules, note, problem)

    def _planned(
        self,
        servant: Servant,
        exempt: bool,
        form: str,
        evaluator: int | None,
        rules: tuple[str, ...],
        note: str,
        problem: str = "",
    ) -> Planned:
        return Planned(
            servant.person,
            servant.appointment,
            exempt,
            form,
            evaluator,
            servant.dismissed,
            rules,
            note,
            problem,
        )

    def _in_period(self, servant: Servant) -> bool:
        ended = servant.ended_on
        return servant.started_on <= self.period.last_day and (ended is None or ended >= self.period.first_day)

    def _exemption(self, servant: Servant) -> tuple[tuple[str, ...], str] | None:
        last = min(servant.ended_on or self.period.last_day, self.period.last_day)
        start = max(servant.started_on, self.period.first_day)
        short = last + timedelta(days=1) < a_month_after(start, self.months)
        few = servant.worked < self.days
        if short:
            held = (last - start).days + 1
            return (
                "N-13",
            ), f"{held} days in the post in the period, from {start} to {last}: less than one month (pt 5)"
        if few and self.both:
            return (
                ("N-14",),
                f"{servant.worked} working days actually worked ({servant.worked_source}), {self.days} are needed (pt 5)",
            )
        return None

    def _evaluator(self, servant: Servant) -> tuple[str, int | None, tuple[str, ...]]:
        if servant.category in self.heads:
            boss = servant.supervisor if servant.supervisor != servant.person else None
            return "leader", boss, ("N-2", "N-3", "N-26")
        head = servant.unit_head if servant.unit_head != servant.person else servant.body_head
        if head == servant.person:
            head = None
        rule = "N-27" if servant.leadership else "N-28"
        return ("leader" if servant.leadership else "non_leader"), head, (rule,)

    def _no_evaluator(self, servant: Servant) -> str:
        if servant.category in self.heads:
            return (
                f"appointment {servant.appointment}: no direct supervisor is known (N-26, pt 16); "
                "fill in the column 'supervisor' of the staff file"
            )
        return (
            f"appointment {servant.appointment}: no head of the unit is known (N-27, N-28, pt 16); "
            "fill in the column 'unit_head' of the staff file"
        )


def crowded(counts: Mapping[int, int], threshold: int) -> dict[int, int]:
    """Evaluators with strictly more evaluatees than the threshold: designees also evaluate (N-31, N-Q14)."""
    return {person: n for person, n in counts.items() if n > threshold}
