"""Points of a period: a base, bonus points by the lines of a scale, penalty points for each fact of breach.

What counts comes from the form's options (`rules.methods.points`); which facts a sheet covers from `rules.carrying`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules.alternatives import alternative, of_scale, other_options
from rules.carrying import CARRIED, COUNTED, LATER, Coverage, coverage
from rules.grades import plain
from rules.law import Form, Law
from rules.period import Period
from rules.scoring import Alternative, Score

_DECISIONS = ("bonus_counting", "later_facts")
Lines = Mapping[tuple[str, int, int], Mapping[str, str]]


@dataclass(frozen=True)
class Bonus:
    """One encouraged piece of work: a line of the scale, its day and its evidence where they are given."""

    points: int
    n: int
    on: date | None = None
    evidence: str = ""


@dataclass(frozen=True)
class Breach:
    """One fact of breach; `fact` is one of the act's closed list, `source` who documented it."""

    kind: str
    on: date
    fact: str = ""
    source: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class PointsSheet:
    """A sheet of points.

    Attributes:
        body: whose list of the scale holds. drawn_on: the day of the sheet; previous_drawn_on: of the one before.
    """

    form: str
    period: Period
    body: str
    bonuses: tuple[Bonus, ...] = ()
    breaches: tuple[Breach, ...] = ()
    drawn_on: date | None = None
    previous_drawn_on: date | None = None


def lines_of(law: Law, form: Form) -> Lines:
    """The lines of the scale by body, points and number within them."""
    key = ("lines", form.id)
    if key not in law.memo:
        rows = law.table(form.options["scale_table"]).rows
        law.memo[key] = {(row["body"], int(row["points"]), int(row["n"])): row for row in rows}
    found: Lines = law.memo[key]
    return found


@dataclass(frozen=True)
class _Sum:
    """What a sheet comes to under one set of choices."""

    total: Decimal
    bonus: int
    penalty: Decimal
    lines: tuple[str, ...]
    asked: tuple[str, ...]


def score(law: Law, sheet: PointsSheet) -> Score:
    """The score of a period, in points, and its grade (J-23, J-24, J-27, J-33, J-38, J-39).

    Raises:
        NotInForce: no band of the scale covers the sum.
    """
    form = law.form(sheet.form)
    own, scale = _sum(law, form, sheet, {}), law.scale(form.scale)
    placed = scale.place(own.total)
    rules = (*form.rules, *_rules_of(law, form, sheet), *scale.rules)
    reason = law.reason(tuple(dict.fromkeys(rules)), form.point, *form.options.get("readings", ()), *own.asked)
    more = {"base": law.value(form.options["base"]), "bonus_points": own.bonus, "penalty_points": own.penalty}
    return Score(
        placed.score,
        own.total,
        placed.grade.id,
        placed.grade.label,
        (*own.lines, *placed.lines),
        reason.rules,
        reason.readings,
        (*_others(law, form, sheet, own), *of_scale(law, scale, own.total, placed)),
        more,
    )


def _rules_of(law: Law, form: Form, sheet: PointsSheet) -> tuple[str, ...]:
    """The rules behind the parts of the sum that this sheet has."""
    options = form.options
    named = [options["base"], *(options["bonus_points"] if sheet.bonuses else ())]
    named += [options["penalty"], options["breach_facts"]] if sheet.breaches else []
    table = law.table(options["scale_table"]).rules if sheet.bonuses else ()
    return (*(rule for name in named for rule in law.dated(name).rules), *table)


def _sum(law: Law, form: Form, sheet: PointsSheet, choices: Mapping[str, str]) -> _Sum:
    covered = coverage(
        law,
        form.options.get("early_deadline"),
        sheet.period,
        sheet.drawn_on,
        sheet.previous_drawn_on,
        choices.get("later_facts"),
    )
    once = choices.get("bonus_counting", law.decision("bonus_counting", "per_occurrence")) == "per_kind"
    base, each = law.value(form.options["base"]), law.value(form.options["penalty"])
    bonuses = list(_bonuses(law, form, sheet, covered, once))
    breaches = list(_breaches(law, sheet, covered, each))
    bonus, count = sum(points for points, _ in bonuses), sum(counted for counted, _ in breaches)
    total = base + bonus - count * each
    parts = [plain(base), f"+ {bonus}" if bonus else "", f"- {count} x {plain(each)}" if count else ""]
    facts: tuple[Bonus | Breach, ...] = (*sheet.bonuses, *sheet.breaches)
    asked = [*(("bonus_counting",) if sheet.bonuses else ())]
    if any(covered.asks(one.on) for one in facts):
        asked.append("later_facts")
    lines = (
        f"base: {plain(base)} ({', '.join(law.dated(form.options['base']).rules)})",
        *(line for _, line in bonuses),
        *(line for _, line in breaches),
        f"{' '.join(part for part in parts if part)} = {plain(total)}",
    )
    return _Sum(total, bonus, count * each, lines, tuple(asked))


def _bonuses(law: Law, form: Form, sheet: PointsSheet, covered: Coverage, once: bool) -> Iterator[tuple[int, str]]:
    """Points and line of each bonus; 0 points where it does not count."""
    table, texts, seen = law.table(form.options["scale_table"]), lines_of(law, form), set()
    for bonus in sheet.bonuses:
        says = _short(texts[sheet.body, bonus.points, bonus.n]["en"])
        what = f"bonus {table.point}, {sheet.body}, {bonus.points} points, line {bonus.n} ({says})"
        left_out, note = _fate(law, covered, bonus.on)
        if not left_out and once and (bonus.points, bonus.n) in seen:
            left_out, note = True, f", not counted a second time ({_question(law, 'bonus_counting')})"
        if not left_out:
            seen.add((bonus.points, bonus.n))
        yield 0 if left_out else bonus.points, f"{what}{note}: {'0' if left_out else f'+{bonus.points}'}"


def _breaches(law: Law, sheet: PointsSheet, covered: Coverage, each: Decimal) -> Iterator[tuple[int, str]]:
    """1 or 0 and the line of each breach."""
    for breach in sheet.breaches:
        fact = f" ({breach.fact})" if breach.fact else ""
        left_out, note = _fate(law, covered, breach.on)
        result = "0" if left_out else f"-{plain(each)}"
        yield 0 if left_out else 1, f"breach of {breach.kind} discipline{fact} on {breach.on}{note}: {result}"


def _fate(law: Law, covered: Coverage, on: date | None) -> tuple[bool, str]:
    """Is a fact left out, and the words that say what becomes of it."""
    fate = covered.place(on)
    if fate == COUNTED:
        return False, ""
    question = _question(law, "later_facts")
    if fate == CARRIED:
        return False, f", carried from {covered.period.before}, after its sheet of {covered.carried_after} ({question})"
    if fate == LATER:
        goes = f"carried to {covered.period.after}" if covered.way == "carried" else "in no period"
        return True, f", after the sheet of {covered.until}: {goes} ({question})"
    return True, f", {on} is outside {covered.period}"


def _question(law: Law, decision: str) -> str:
    reading = law.deciding(decision)
    return f"reading {reading.id}" if reading else "no open question"


def _short(text: str, most: int = 90) -> str:
    return text if len(text) <= most else text[: most - 3].rsplit(" ", 1)[0] + " ..."


def _others(law: Law, form: Form, sheet: PointsSheet, own: _Sum) -> Iterator[Alternative]:
    scale = law.scale(form.scale)
    grade = scale.place(own.total).grade
    # a question nobody had to ask gives the same sum whatever its answer
    for decision in (one for one in _DECISIONS if one in own.asked):
        for reading, option in other_options(law, decision):
            other = _sum(law, form, sheet, {decision: option.id})
            if other.total != own.total:
                yield alternative(reading, option, scale.place(other.total), other.total, grade)


def carried_forward(law: Law, sheet: PointsSheet) -> tuple[tuple[Bonus, ...], tuple[Breach, ...]]:
    """The facts on a sheet that came after its day and go to the next period (J-Q5); none under another reading."""
    deadline = law.form(sheet.form).options.get("early_deadline")
    covered = coverage(law, deadline, sheet.period, sheet.drawn_on, sheet.previous_drawn_on)
    if covered.way != "carried":
        return (), ()
    return (
        tuple(one for one in sheet.bonuses if covered.place(one.on) == LATER),
        tuple(one for one in sheet.breaches if covered.place(one.on) == LATER),
    )
