"""Who is evaluated, by whom, on which form, and who is exempt under which rule; every line of it is the act's data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from rules.evaluation import Evaluation, FormChoice
from rules.law import Law, Value
from rules.people import Planned, Servant
from rules.period import Period
from rules.terms import by_period

_DAY = timedelta(days=1)


def a_month_after(day: date, months: int = 1) -> date:
    """The day of the same number `months` later, or the last day of that month (N-13)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    first_of_next = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (first_of_next - _DAY).day
    return date(year, month + 1, min(day.day, last))


#: fact about a servant an act's data may choose by -> how it is written there
SELECTORS: Mapping[str, str] = {
    "categories": "list",
    "leadership": "flag",
    "heads_body": "flag",
    "heads_unit": "flag",
    "seconded": "flag",
    "reports_to_first_head": "flag",
}
_FACTS: Mapping[str, Callable[[Servant], bool]] = {
    "leadership": lambda one: one.leadership,
    "heads_body": lambda one: one.person == one.body_head,
    "heads_unit": lambda one: one.person == one.unit_head,
    "seconded": lambda one: one.seconded,
    "reports_to_first_head": lambda one: one.supervisor is not None and one.supervisor == one.body_head,
}


def fits(servant: Servant, selectors: Mapping[str, object]) -> bool:
    """Do all the facts hold that an act's data chooses by?"""
    for name, wanted in selectors.items():
        if name == "categories":
            if servant.category not in wanted:  # type: ignore[operator]
                return False
        elif _FACTS[name](servant) != wanted:
            return False
    return True


def _other(person: int | None, servant: Servant) -> int | None:
    return None if person == servant.person else person


def _unit_head(servant: Servant) -> int | None:
    return _other(servant.unit_head if servant.unit_head != servant.person else servant.body_head, servant)


#: who an act's data may name as the evaluator -> how the person is found; nobody evaluates himself
EVALUATORS: Mapping[str, Callable[[Servant], int | None]] = {
    "direct_supervisor": lambda one: _other(one.supervisor, one),
    "superior_supervisor": lambda one: _other(one.superior, one),
    "unit_head": _unit_head,
    "body_head": lambda one: _other(one.body_head, one),
    "host_unit_head": lambda one: _other(one.host_unit_head, one),
    "chief_of_staff": lambda one: _other(one.chief_of_staff, one),
}
#: where the fact stands in what a body gives us, for the sentence when it is missing
_COLUMNS = {
    "direct_supervisor": "fill in the column 'supervisor' of the staff file",
    "superior_supervisor": "fill in the column 'supervisor' of the supervisor in the staff file",
    "unit_head": "fill in the column 'unit_head' of the staff file",
    "body_head": "set settings.officials.head_of_body in the organisation file",
    "host_unit_head": "fill in the column 'host_unit' of the staff file",
    "chief_of_staff": "set settings.officials.chief_of_staff in the organisation file",
}

Exemption = tuple[tuple[str, ...], str]


@dataclass(frozen=True)
class Planner:
    """The act's rules of planning, prepared once for a period and applied to each servant.

    Attributes:
        exemptions: the parameters that leave a servant out, in the act's order, each with its source.
        of_line: the same for the servants of one line of "who evaluates whom", in the order of the lines.
        month_only: the days actually worked do not decide (reading N-Q8).
        plan: the period an individual plan is for (reading U-Q2).
        not_dismissed: the open question by which the dismissed are not evaluated, where the act has no rule for them.
        last_day: of the evaluation; who leaves later is evaluated before that.
        dismissed, absent: the rules and the point under which they are evaluated without participation, if any.
    """

    period: Period
    evaluation: Evaluation
    exemptions: tuple[Value, ...]
    of_line: tuple[tuple[Value, ...], ...]
    month_only: bool
    dismissed: tuple[tuple[str, ...], str] | None
    absent: tuple[tuple[str, ...], str] | None
    plan: Period
    not_dismissed: str = ""
    last_day: date = date.max

    @classmethod
    def under(cls, law: Law, period: Period, evaluation: Evaluation | None = None) -> Planner:
        """Prepare the rules of an act for a period and a kind of evaluation.

        Raises:
            NotInForce: a value that decides who is evaluated is not in our text on this day.
        """
        one = evaluation or law.evaluation()
        dismissed, absent = (law.deadlines.get(one.deadlines.get(role, "")) for role in ("dismissed", "absent"))
        return cls(
            period,
            one,
            tuple(law.dated(name) for name in one.exemptions),
            tuple(tuple(law.dated(name) for name in line.exemptions) for line in one.forms),
            law.decision("tenure_and_days", "both") == "month_only",
            (dismissed.rules, dismissed.point) if dismissed else None,
            (absent.rules, absent.point) if absent else None,
            Period(period.year) if law.decision("plan_period") == "year" else period,
            _question_of_dismissed(law),
            _last_day(law, one, period),
        )

    def decide(self, servant: Servant) -> Planned | None:
        """How the servant takes part; None for those the act does not speak of (outside corps B, not in the period)."""
        if not servant.category or not self._in_period(servant):
            return None
        place = next((n for n, one in enumerate(self.evaluation.forms) if fits(servant, one.selectors)), None)
        if place is None:
            return None
        choice, exempt = self.evaluation.forms[place], self._exemption(servant, self.of_line[place])
        exempt = exempt or self._gone(servant, choice)
        if exempt:
            rules, note = exempt
            return self._planned(servant, True, "", None, rules, note)
        evaluator, rules = EVALUATORS[choice.evaluator](servant), choice.rules
        problem = "" if evaluator is not None else self._no_evaluator(servant, choice)
        note = ""
        if servant.dismissed and self.dismissed:
            rules = (*rules, *self.dismissed[0])
            note = f"dismissed: evaluated without participation ({self.dismissed[1]})"
        elif servant.away and self.absent:
            rules = (*rules, *self.absent[0])
            note = f"away at the time of the evaluation: evaluated without participation ({self.absent[1]})"
        return self._planned(servant, False, choice.form, evaluator, rules, note, problem)

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
            absent=servant.away and not servant.dismissed and self.absent is not None and not exempt,
        )

    def _in_period(self, servant: Servant) -> bool:
        ended = servant.ended_on
        return servant.started_on <= self.period.last_day and (ended is None or ended >= self.period.first_day)

    def _gone(self, servant: Servant, choice: FormChoice) -> Exemption | None:
        """Who left the service before the end of the evaluation, where the act has no rule for them (J-Q28)."""
        if not servant.dismissed or not self.not_dismissed or (servant.ended_on or date.max) > self.last_day:
            return None
        why = f"left the service on {servant.ended_on}, before the evaluation (reading {self.not_dismissed})"
        return choice.rules, why

    def _exemption(self, servant: Servant, of_line: tuple[Value, ...]) -> Exemption | None:
        for value in (*self.exemptions, *of_line):
            found = EXEMPTIONS[value.name](self, servant, value)
            if found:
                return value.rules, found
        return None

    def no_tenure(self, servant: Servant, value: Value) -> str | None:
        """Too short a time in the post within the period (N-13, U-18, M-9, J-4)."""
        last = min(servant.ended_on or self.period.last_day, self.period.last_day)
        start = max(servant.started_on, self.period.first_day, servant.tenure_from or date.min)
        months = int(value.value)
        if last + _DAY >= a_month_after(start, months):
            return None
        held = max((last - start).days + 1, 0)
        again = (
            f", counted anew {servant.tenure_from_why}"
            if servant.tenure_from_why and start == servant.tenure_from
            else ""
        )
        less = "one month" if months == 1 else f"{months} months"
        return f"{held} days in the post in the period, from {start} to {last}{again}: less than {less} ({_pt(value)})"

    def few_days(self, servant: Servant, value: Value) -> str | None:
        """Too few working days actually worked in the period (N-14)."""
        if servant.worked >= int(value.value) or self.month_only:
            return None
        days = f"{servant.worked} working days actually worked ({servant.worked_source})"
        return f"{days}, {value.value} are needed ({_pt(value)})"

    def on_probation(self, servant: Servant, value: Value) -> str | None:
        """On probation on the last day of the period (M-10, J-4)."""
        if not value.value or servant.probation_until is None or servant.probation_until < self.period.last_day:
            return None
        return f"on probation until {servant.probation_until} ({_pt(value)})"

    def no_plan(self, servant: Servant, value: Value) -> str | None:
        """Appointed so late in the period of the plan that none is made for the rest of it (U-40)."""
        start, end, months = servant.started_on, self.plan.last_day, int(value.value)
        if start <= self.plan.first_day or a_month_after(start, months) <= end + _DAY:
            return None
        return f"appointed on {start}: less than {months} months are left to {end}, so no plan is made ({_pt(value)})"

    def _no_evaluator(self, servant: Servant, choice: FormChoice) -> str:
        who = choice.evaluator.replace("_", " ").replace("unit head", "head of the unit")
        return (
            f"appointment {servant.appointment}: no {who} is known ({', '.join(choice.rules)}, {_short(choice.point)}); "
            f"{_COLUMNS[choice.evaluator]}"
        )


def _question_of_dismissed(law: Law) -> str:
    reading = law.deciding("dismissed")
    return reading.id if reading and reading.chosen == "not_evaluated" else ""


def _last_day(law: Law, one: Evaluation, period: Period) -> date:
    """The last day for the evaluation where the act has one that follows from the period, else that of the period."""
    rule = law.deadlines.get(one.deadline_id("evaluation", period) or "")
    return (rule and by_period(law, rule, period)) or period.last_day


#: parameter of the act that leaves a servant out -> how it is judged
EXEMPTIONS: Mapping[str, Callable[[Planner, Servant, Value], str | None]] = {
    "min_tenure_in_position": Planner.no_tenure,
    "min_days_actually_worked": Planner.few_days,
    "probation_not_evaluated": Planner.on_probation,
    "min_remaining_period_for_kpi": Planner.no_plan,
}


def _pt(value: Value) -> str:
    return _short(value.point)


def _short(point: str) -> str:
    """The point without its paragraph: "pt 5" for "pt 5 para 1"."""
    return point.partition(" para")[0]


def crowded(counts: Mapping[int, int], threshold: int) -> dict[int, int]:
    """Evaluators with strictly more evaluatees than the threshold: designees also evaluate (N-31, N-Q14)."""
    return {person: n for person, n in counts.items() if n > threshold}
