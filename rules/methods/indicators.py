"""Competencies by behaviour indicators: which share of a competency's indicators was shown, competency by competency.

Shares are compared in whole numbers, so that exactly three quarters are three quarters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rules.errors import NotInForce
from rules.grades import Grade, GradeScale
from rules.law import Form, FormParameter, Law
from rules.methods.indicator_sheet import (
    EFFECTIVE,
    FIELDS,
    INEFFECTIVE,
    IndicatorSheet,
    for_services,
    indicators_of,
    read,
    twins_of,
)
from rules.scoring import Alternative, Score

__all__ = ["EFFECTIVE", "FIELDS", "INEFFECTIVE", "about", "empty", "grade_at", "indicators_of", "read", "score"]

NOT_EVALUATED = "not_evaluated"
_COUNTED, _CONTRADICTORY = "indicators_counted", "contradictory_indicator"


@dataclass(frozen=True)
class _Counting:
    """One way of counting, prepared for one sheet."""

    law: Law
    form: Form
    sheet: IndicatorSheet
    counted: str
    contradictory: str

    def results(self) -> dict[str, tuple[Grade | None, str]]:
        """Competency -> its grade (None: not evaluated) and the line that says how."""
        return {row.id: self._result(row) for row in self.form.parameters}

    def _result(self, row: FormParameter) -> tuple[Grade | None, str]:
        if for_services(self.form, row) and not self.sheet.provides_services:
            return None, f"{row.id}: not evaluated, the duties hold no public services{self._aside(row)}"
        reached, total, how = self._share(row.id)
        scale = self.law.scale(self.form.options["scale"])
        grade = grade_at(scale, reached, total)
        sign = ">=" if grade == scale.bands[0] else "<"
        least = Fraction(scale.bands[0].least or 0)
        return grade, f"{row.id}: {how}; {reached} of {total} {sign} {least} -> {grade.id}"

    def _aside(self, row: FormParameter) -> str:
        given = self.sheet.shown.get(row.id) or self.sheet.ineffective.get(row.id)
        return ", what the sheet says of it is left aside" if given else ""

    def _share(self, competency: str) -> tuple[int, int, str]:
        """How many of how many, and the words for it, under the way of counting."""
        good = self._list(competency, EFFECTIVE)
        shown = self.sheet.shown.get(competency, ())
        how = f"{len(shown)} of {len(good)} effective shown"
        if self.counted == "effective_only":
            return len(shown), len(good), how
        bad = self._list(competency, INEFFECTIVE)
        seen = [number for number in self.sheet.ineffective.get(competency, ()) if number in bad]
        if self.counted == "both":
            avoided = len(bad) - len(seen)
            return len(shown) + avoided, len(good) + len(bad), f"{how}, {avoided} of {len(bad)} ineffective not shown"
        return max(len(shown) - len(seen), 0), len(good), f"{how}, {len(seen)} ineffective shown taken off"

    def _list(self, competency: str, polarity: str) -> tuple[int, ...]:
        numbers = indicators_of(self.law, self.form, self.sheet.category).get((competency, polarity), ())
        if polarity == EFFECTIVE or self.contradictory == "as_printed":
            return numbers
        twins = twins_of(self.law, self.form, self.sheet.category)
        return tuple(number for number in numbers if (competency, number) not in twins)


def grade_at(scale: GradeScale, reached: int, total: int) -> Grade:
    """The band of a share, exactly: the best one whose lower end the share reaches, `reached` >= end x `total`."""
    for band in scale.bands:
        end = (band.least or Decimal(0)) * total
        if reached > end or (reached == end and not band.least_excluded):
            return band
    raise NotInForce(f"no band of the scale '{scale.name}' ({scale.point}) covers {reached} of {total}.")


def score(law: Law, sheet: IndicatorSheet) -> Score:
    """The result of every competency; there is no single mark and no grade.

    Answers besides: `results` (competency -> meets_expectations, below_expectations or not_evaluated) and `missing`
    (competency below expectations -> the effective indicators that were not shown).
    """
    form = law.form(sheet.form)
    counting = _Counting(law, form, sheet, *_choices(law))
    found = counting.results()
    table, scale, most = law.table(form.options["indicators"]), law.scale(form.options["scale"]), form.options["most"]
    rules = (*form.rules, *table.rules, *scale.rules, *law.dated(most).rules)
    below = any(grade is not None and grade != scale.bands[0] for grade, _ in found.values())
    asked = (_COUNTED, *((_CONTRADICTORY,) if counting.counted != "effective_only" else ()))
    asked += tuple(form.options.get("readings_below", ())) if below else ()
    used = law.reason(tuple(dict.fromkeys(rules)), form.annex, *asked)
    missing = _missing(law, form, sheet, {key: grade for key, (grade, _) in found.items()}, scale)
    return Score(
        score=None,
        unrounded=None,
        grade=None,
        grade_label=None,
        working=(
            f"category {sheet.category} ({table.point})",
            *(line for _, line in found.values()),
            *(f"{competency}: not shown: {', '.join(map(str, numbers))}" for competency, numbers in missing.items()),
        ),
        rules=used.rules,
        readings=used.readings,
        alternatives=_alternatives(law, counting, found),
        more={"results": _named(found), "missing": {key: list(numbers) for key, numbers in missing.items()}},
    )


def _choices(law: Law) -> tuple[str, str]:
    return law.decision(_COUNTED, "effective_only"), law.decision(_CONTRADICTORY, "left_out")


def _named(found: Mapping[str, tuple[Grade | None, str]]) -> dict[str, str]:
    return {competency: grade.id if grade else NOT_EVALUATED for competency, (grade, _) in found.items()}


def _missing(
    law: Law, form: Form, sheet: IndicatorSheet, grades: Mapping[str, Grade | None], scale: GradeScale
) -> dict[str, tuple[int, ...]]:
    lists = indicators_of(law, form, sheet.category)
    return {
        competency: tuple(n for n in lists.get((competency, EFFECTIVE), ()) if n not in sheet.shown.get(competency, ()))
        for competency, grade in grades.items()
        if grade is not None and grade != scale.bands[0]
    }


def _alternatives(law: Law, own: _Counting, found: Mapping[str, tuple[Grade | None, str]]) -> tuple[Alternative, ...]:
    """What the other permitted ways of counting would give, where a result differs."""
    others = []
    for decision in (_COUNTED, _CONTRADICTORY):
        reading = law.deciding(decision)
        for option in reading.options if reading else ():
            counted = option.id if decision == _COUNTED else own.counted
            contradictory = option.id if decision == _CONTRADICTORY else own.contradictory
            other = _named(_Counting(law, own.form, own.sheet, counted, contradictory).results())
            changed = {key: result for key, result in other.items() if result != _named(found)[key]}
            if reading and changed:
                says = "; ".join(f"{key} {result}" for key, result in changed.items())
                others.append(_alternative(reading.id, option.letter, f"{option.says}: {says}"))
    return tuple(others)


def _alternative(reading: str, letter: str, says: str) -> Alternative:
    return Alternative(reading, letter, says, None, None, None, "results")


def empty(law: Law, form: Form) -> dict[str, Any]:
    """The fields of an empty sheet."""
    shown: dict[str, list[int]] = {row.id: [] for row in form.parameters}
    return {"category": None, "provides_services": None, "shown": shown}


def about(law: Law, form: Form) -> list[dict[str, Any]]:
    """Every field of the sheet with its type and limits."""
    table = law.table(form.options["indicators"])
    categories = list(dict.fromkeys(one for row in table.rows for one in row["categories"].split(";")))
    found: list[dict[str, Any]] = [
        {"name": "category", "type": "one of", "values": categories},
        {"name": "provides_services", "type": "true or false"},
    ]
    for row in form.parameters:
        shown = [one for one in table.rows if one["competency"] == row.id and one["polarity"] == EFFECTIVE]
        found.append(
            {
                "name": f"shown.{row.id}",
                "label": row.label,
                "type": "list of indicator numbers",
                "required": not for_services(form, row),
                "indicators": [{key: one[key] for key in ("categories", "n", "kk", "ru", "en")} for one in shown],
            }
        )
    return [*found, {"name": "ineffective", "type": "lists of indicator numbers by competency", "required": False}]
