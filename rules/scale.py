"""One form's scale under one law, prepared once: which marks are allowed and what a sum of marks comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from typing import Any

from rules.errors import NotFound, RuleError
from rules.law import Form, Grade, Law

#: divisions are by small whole numbers, so 28 digits never hide a tie at the second decimal
EXACT = Context(prec=28)
ROUNDING = {"half_up": ROUND_HALF_UP, "down": ROUND_DOWN}
#: the methods of computing an act's data may name
METHODS = ("mean_of_marks",)
_QUESTIONS = ("N-Q1", "X-Q3", "N-Q3", "N-Q4", "N-Q5", "N-Q23")


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
        reading: question -> option in use. numbers: the rows of the form.
        least, most: the ends of the scale (N-30). places: decimals a mark may carry (N-Q3).
        sanction_row: the row a sanction limits (N-36). proposed: its mark while blank and no sanction (N-Q4).
    """

    def __init__(self, law: Law, form: Form, choices: Mapping[str, str]) -> None:
        self.law, self.form = law, form
        self.reading = {question: choices.get(question, law.reading(question)) for question in _QUESTIONS}
        self.numbers = tuple(row.number for row in form.parameters)
        self.known = frozenset(self.numbers)
        self.least, self.most = law.value("mark_min"), law.value("mark_max")
        self.places = law.value("mark_decimals") if self.reading["N-Q3"] == "two_decimals" else 0
        self.sanction_row = law.value("sanction_parameter")
        self.proposed = self.most if self.reading["N-Q4"] == "proposed_top" else None
        self._step = unit(law.value("score_decimals"))
        self._texts: dict[Decimal, str] = {}
        self._outcomes: dict[tuple[Decimal, int, Decimal | None], Outcome] = {}
        #: what other roundings give, by unrounded mean; filled by the scoring
        self.roundings: dict[Decimal, tuple[Any, ...]] = {}
        self._used: dict[tuple[str, ...], tuple[tuple[str, ...], tuple[str, ...]]] = {}

    @classmethod
    def of(cls, law: Law, form_id: str, choices: tuple[tuple[str, str], ...] = ()) -> Scale:
        """The scale of a form, with other options for some questions when asked what they would give."""
        key = ("scale", form_id, choices)
        if key not in law.memo:
            method = law.value("score_method")
            if method not in METHODS:
                raise NotFound(f"{law.act}: the program has no method '{method}'; it has: {', '.join(METHODS)}.")
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
            scale = f"{self.least} to {self.most} ({point}, N-30)"
            raise RuleError(f"{where}: the mark {mark} is outside {scale}; correct it.")
        if mark != mark.quantize(unit(self.places), ROUND_DOWN, EXACT):
            allowed = f"at most {self.places} decimals" if self.places else "whole marks only"
            raise RuleError(f"{where}: the mark {mark} is not allowed, {allowed} (reading N-Q3); correct it.")

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
            lines.append(f"{plain(mean)} -> {plain(limit)} (N-36, reading N-Q1)")
            mean = Decimal(plain(limit))
        score = mean.quantize(self._step, ROUNDING[self.reading["X-Q3"]], EXACT)
        if score != mean:
            lines.append(f"{plain(mean)} -> {score} (reading X-Q3)")
        grade = self.law.grade_of(score)
        lines.append(f"{score} -> {grade.id} ({plain(grade.least)} to {plain(grade.most)})")
        return Outcome(mean, score, grade, tuple(lines))

    def used(self, *questions: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The rules and the reading ids behind a result that these open questions decided."""
        if questions not in self._used:
            names = ("mark_min", "mark_max", "score_method", "score_decimals")
            sanction = ("sanction_parameter",) if "N-Q5" in questions else ()
            rules = (*self.form.rules, *rules_of(self.law, *names, *sanction))
            reason = self.law.reason(tuple(dict.fromkeys(rules)), self.form.annex, *questions)
            self._used[questions] = reason.rules, reason.readings
        return self._used[questions]


def rules_of(law: Law, *names: str) -> tuple[str, ...]:
    """The rules behind some values, each once."""
    return tuple(dict.fromkeys(rule for name in names for rule in law.dated(name).rules))


def mean_of(total: Decimal, count: int) -> Decimal:
    """The mean of a sum, written the same way whatever way the marks were: 4.4, not 4.40."""
    return Decimal(plain(EXACT.divide(total, Decimal(count))))


def unit(places: int) -> Decimal:
    """The last decimal place: 0.01 for two."""
    return Decimal(1).scaleb(-places)


def plain(number: Decimal) -> str:
    """A number without needless zeros, the same text for 5, 5.0 and 5.00."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
