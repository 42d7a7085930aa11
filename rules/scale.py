"""One form's scale under one law, prepared once: which marks are allowed and what a sum of marks comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

from rules.errors import RuleError
from rules.grades import EXACT, Grade, mean_of, plain, unit
from rules.law import Form, Law

#: what the readings of an act may decide about a sheet of marks, with the way where the act leaves nothing open
_WAYS = {
    "sanction_limits": "mark",
    "fractions": "two_decimals",
    "row_without_sanction": "free",
    "sanction_time": "applied_in_period",
    "blank_row": "all_required",
}


@dataclass(frozen=True)
class Outcome:
    """Mean, score and grade of one sum of marks; the same for every sheet with that sum."""

    unrounded: Decimal
    score: Decimal
    grade: Grade
    working: tuple[str, ...]


class Scale:
    """What one law says about one form; it answers a hundred thousand sheets, so it remembers its answers.

    Attributes:
        way: decision -> option in use. numbers: the rows of the form.
        least, most: the ends of the scale (N-30). places: decimals a mark may carry (N-Q3).
        sanction_row: the row a sanction limits (N-36); 0 where the act has none.
        proposed: the mark of that row while blank and no sanction (N-Q4).
    """

    def __init__(self, law: Law, form: Form, choices: Mapping[str, str]) -> None:
        self.law, self.form = law, form
        self.way = {name: choices.get(name, law.decision(name, usual)) for name, usual in _WAYS.items()}
        self.grades = law.scale(form.scale)
        self.rounding = choices.get("rounding", self.grades.way)
        self.numbers = tuple(row.number for row in form.parameters)
        self.known = frozenset(self.numbers)
        self.least, self.most = law.value("mark_min"), law.value("mark_max")
        self.places = law.value("mark_decimals") if self.way["fractions"] == "two_decimals" else 0
        self.sanction_row = law.value("sanction_parameter") if "sanction_parameter" in law.values else 0
        self.proposed = self.most if self.way["row_without_sanction"] == "proposed_top" else None
        self._texts: dict[Decimal, str] = {}
        self._outcomes: dict[tuple[Decimal, int, Decimal | None], Outcome] = {}
        #: what other roundings give, by unrounded mean; filled by the scoring
        self.roundings: dict[Decimal, tuple[Any, ...]] = {}
        self._used: dict[tuple[str, ...], tuple[tuple[str, ...], tuple[str, ...]]] = {}

    def question(self, decision: str) -> str:
        """The open question behind a decision, as it is quoted: "reading N-Q3"; empty where nothing is open."""
        found = self.law.deciding(decision)
        return f"reading {found.id}" if found else ""

    def sources(self, *names: str) -> str:
        """The rules behind some values, as they are quoted: "N-30"."""
        return ", ".join(rules_of(self.law, *names))

    @classmethod
    def of(cls, law: Law, form_id: str, choices: tuple[tuple[str, str], ...] = ()) -> Scale:
        """The scale of a form, with other options for some questions when asked what they would give."""
        key = ("scale", form_id, choices)
        if key not in law.memo:
            law.memo[key] = cls(law, law.form(form_id), dict(choices))
        found: Scale = law.memo[key]
        return found

    def text(self, number: int, mark: Decimal) -> str:
        """The mark as the working shows it.

        Raises:
            RuleError: it is no exact number, outside the scale (N-30), or has too many decimals (N-Q3).
        """
        text = self._texts.get(mark) if type(mark) is Decimal else None
        if text is None:
            self._check(number, mark)
            text = self._texts[mark] = plain(mark)
        return text

    def _check(self, number: int, mark: Any) -> None:
        where = f"{self.law.act}, form {self.form.id}, row {number}"
        if not isinstance(mark, Decimal):
            raise RuleError(f"{where}: the mark {mark!r} is not an exact decimal number.")
        if not mark.is_finite() or not self.least <= mark <= self.most:
            point = self.law.dated("mark_max").point
            scale = f"{self.least} to {self.most} ({point}, {self.sources('mark_max')})"
            raise RuleError(f"{where}: the mark {mark} is outside {scale}; correct it.")
        if mark != mark.quantize(unit(self.places), ROUND_DOWN, EXACT):
            allowed = f"at most {self.places} decimals" if self.places else "whole marks only"
            why = self.question("fractions") or self.law.dated("mark_decimals").point
            raise RuleError(f"{where}: the mark {mark} is not allowed, {allowed} ({why}); correct it.")

    def outcome(self, total: Decimal, count: int, limit: Decimal | None = None) -> Outcome:
        """The mean of a sum of marks, limited, rounded and placed in its band (N-16, N-34, N-35)."""
        found = self._outcomes.get((total, count, limit))
        if found is None:
            found = self._outcomes[total, count, limit] = self._compute(total, count, limit)
        return found

    def _compute(self, total: Decimal, count: int, limit: Decimal | None) -> Outcome:
        mean = mean_of(total, count)
        lines = [f"{plain(total)} / {count} = {plain(mean)}"]
        if limit is not None and mean > limit:
            lines.append(f"{plain(mean)} -> {plain(limit)} ({self.sanction_source})")
            mean = Decimal(plain(limit))
        placed = self.grades.place(mean, self.rounding)
        return Outcome(mean, placed.score, placed.grade, (*lines, *placed.lines))

    @property
    def sanction_source(self) -> str:
        """Where the limit after a sanction stands: "N-36, reading N-Q1"."""
        parts = (self.sources("sanction_parameter"), self.question("sanction_limits"))
        return ", ".join(part for part in parts if part)

    def used(self, *questions: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The rules and the reading ids behind a result that these decisions made."""
        if questions not in self._used:
            sanction = ("sanction_parameter",) if "sanction_time" in questions else ()
            rules = (*self.form.rules, *rules_of(self.law, "mark_min", "mark_max", *sanction), *self.grades.rules)
            asked = (self.grades.reading or "", *questions)
            reason = self.law.reason(tuple(dict.fromkeys(rules)), self.form.annex, *asked)
            self._used[questions] = reason.rules, reason.readings
        return self._used[questions]


def rules_of(law: Law, *names: str) -> tuple[str, ...]:
    """The rules behind some values, each once."""
    return tuple(dict.fromkeys(rule for name in names for rule in law.dated(name).rules))
