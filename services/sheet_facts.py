"""What a sheet need not say because it is known here: category and duties of the post, the body's scale, the quarters.

Also how many indicators the plan in force has, and what the period before hands on. Everything is read for a whole set
at once. A sheet that says something else than what is known is refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from models.sql import execute
from rules.categories import normal
from rules.errors import BadFile, Incomplete, MissingSetting
from rules.individual_plan import APPROVED, PLACED
from rules.methods import METHODS
from rules.period import Period
from services import carried
from services.ground import Ground, Known, ground_of

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class SheetFacts:
    """What is known of each sheet of a cycle.

    Attributes:
        known: assessment -> field -> value. carried: assessment -> what the period before hands on.
        indicators: assessment -> how many indicators the plan in force has; None where no plans are kept here.
    """

    ground: Ground
    known: Mapping[int, Fields]
    carried: Mapping[int, carried.Carried] = field(default_factory=dict)
    indicators: Mapping[int, int] | None = None

    @classmethod
    def of(cls, session: Session, cycle: Known, ids: Iterable[int] | None = None) -> SheetFacts:
        """Read what is known of some assessments of a cycle, or of all."""
        ground = ground_of(session, cycle)
        wanted = _wanted(ground)
        found: dict[int, dict[str, Any]] = defaultdict(dict)
        chosen = "" if ids is None else f" AND a.id IN ({', '.join(str(int(one)) for one in ids) or '0'})"
        if wanted & {"category", "body", "provides_services"}:
            for row in execute(session, _POSTS + chosen, {"c": cycle.id}):
                found[row.id] |= _of_post(ground, row, wanted)
        if "quarters" in wanted:
            for assessment, marks in _quarters(session, cycle, ground, chosen).items():
                found[assessment]["quarters"] = marks
        before = carried.into(session, cycle, ground, chosen)
        for assessment, one in before.items():
            found[assessment]["previous_drawn_on"] = one.drawn_on.isoformat()
        return cls(ground, found, before, _indicators(session, cycle, ground, chosen))

    def filled(
        self, assessment: int, form: str, fields: Fields, where: str = "", day: date | None = None
    ) -> dict[str, Any]:
        """The fields of a sheet with what is known besides.

        Args:
            day: when the sheet is signed; one that is drawn up before its period ends covers the time until then.

        Raises:
            BadFile: the sheet says something else than what is known. Incomplete: its plan is not in force, or has
                another number of indicators.
        """
        shape, name = self.ground.law.form(form), where or f"sheet {form}"
        own = METHODS[shape.method or ""].fields
        known = {key: value for key, value in self.known.get(assessment, {}).items() if key in own}
        if day is not None and "drawn_on" in own and carried.is_early(self.ground, shape):
            known["drawn_on"] = day.isoformat()
        weights = self.ground.law.settings.get(shape.options.get("weights", ""))
        for key, value in (*known.items(), *([("weights", weights)] if weights else [])):
            if fields.get(key) is not None and not _same(fields[key], value):
                raise BadFile(
                    f"{name}, {key}: the sheet says {_said(fields[key])}, known is {_said(value)}; "
                    "leave the field out or correct the staff file or the sheet."
                )
        self._check_plan(assessment, own, fields, name)
        # the body's own weights are read where the score is made, and named there as the body's
        whole = {key: value for key, value in fields.items() if key != "weights" or not weights} | known
        if one := self.carried.get(assessment):
            whole["bonuses"] = carried.joined(fields.get("bonuses"), one.bonuses)
            whole["breaches"] = carried.joined(fields.get("breaches"), one.breaches)
        return whole

    def _check_plan(self, assessment: int, own: Iterable[str], fields: Fields, name: str) -> None:
        """A mark for each indicator of the plan in force, where plans are kept here."""
        if self.indicators is None:
            return
        key, held = next((one for one in ("plan", "kpis") if one in own), ""), self.indicators.get(assessment)
        plan = self.ground.law.plans[self.ground.evaluation.options["plan"]]
        if not key:
            return
        if held is None:
            raise Incomplete(
                f"{name}, {key}: no plan of this servant is in force, so there are no indicators to mark "
                f"({', '.join(plan.rules)}, {plan.point}); `bagalau plans show` lists the plans."
            )
        given = fields.get(key)
        if isinstance(given, list | tuple) and len(given) != held:
            raise Incomplete(
                f"{name}, {key}: {len(given)} are given, the plan in force has {held} indicators; each has its mark "
                f"({', '.join(plan.rules)}, {plan.point})."
            )


def _wanted(ground: Ground) -> set[str]:
    forms = (ground.law.forms.get(choice.form) for choice in ground.evaluation.forms)
    fields = {key for form in forms if form and form.method in METHODS for key in METHODS[form.method].fields}
    if not ground.evaluation.options.get("quarters_of"):
        fields.discard("quarters")
    return fields


_POSTS = (
    "SELECT a.id, p.category, b.code, t.provides_services FROM assessment a JOIN appointment t ON t.id = a.appointment_id"
    " JOIN post p ON p.id = t.post_id JOIN unit u ON u.id = p.unit_id JOIN body b ON b.id = u.body_id"
    " WHERE a.cycle_id = :c"
)


def _of_post(ground: Ground, row: Any, wanted: set[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "category" in wanted:
        found["category"] = normal(row.category)
    if "provides_services" in wanted:
        found["provides_services"] = bool(row.provides_services)
    if "body" in wanted:
        found["body"] = _scale_of(ground, row.code)
    return found


def _scale_of(ground: Ground, body: str) -> str:
    """Which list of the act's scale holds for a body, as the body's file says."""
    given = ground.law.setting("scale_of_body")
    if isinstance(given, Mapping) and body in given:
        return str(given[body])
    raise MissingSetting(
        f"{ground.law.act}: settings.scale_of_body of {ground.organisation.key} does not name the body '{body}'; add it."
    )


#: everybody of the cycle, also who has no score in the year: the sheet itself says no scores
_SCORED = """
SELECT n.id, q.period, q.score FROM (SELECT a.id, a.person_id FROM assessment a WHERE a.cycle_id = :c{chosen}) n
LEFT JOIN (SELECT a.person_id, c.period, r.score FROM assessment a JOIN cycle c ON c.id = a.cycle_id
 JOIN result r ON r.assessment_id = a.id AND r.version = a.result_version
 WHERE c.organisation = :o AND c.act = :act AND c.evaluation = :e AND c.period LIKE :y AND c.stage <> 'abandoned'
 AND r.score IS NOT NULL) q ON q.person_id = n.person_id ORDER BY n.id, q.period
"""


def _quarters(session: Session, cycle: Known, ground: Ground, chosen: str) -> dict[int, list[str | None]]:
    """The scores of the computed quarters of the year by assessment; a quarter without one is None.

    A quarter counts as it stands: what the Commission revises later changes the year when that is computed or decided.
    """
    names = [str(one) for one in Period(ground.period.year).quarters]
    rows = execute(
        session,
        _SCORED.format(chosen=chosen),
        {"c": cycle.id, "o": cycle.organisation, "act": cycle.act, "y": f"{ground.period.year}-Q%",
         "e": ground.evaluation.options["quarters_of"]},
    )  # fmt: skip
    found: dict[int, list[str | None]] = defaultdict(lambda: [None] * len(names))
    for assessment, period, score in rows:
        if period is None:
            found[assessment] = [None] * len(names)
        else:
            found[assessment][names.index(period)] = score
    return dict(found)


_PLANS = f"""
SELECT n.id, COUNT(i.number) FROM work_plan w JOIN plan_round r ON r.id = w.round_id
JOIN plan_item i ON i.plan_id = w.id AND i.version = w.content
JOIN (SELECT a.id, a.person_id FROM assessment a WHERE a.cycle_id = :c{{chosen}}) n ON n.person_id = w.person_id
WHERE r.organisation = :o AND r.act = :act AND r.plan = :n AND r.period IN (:p, :y)
AND w.stage IN ('{APPROVED}', '{PLACED}') GROUP BY n.id
"""
_KEPT_HERE = (
    "SELECT 1 FROM plan_round WHERE organisation = :o AND act = :act AND plan = :n AND period IN (:p, :y) LIMIT 1"
)


def _indicators(session: Session, cycle: Known, ground: Ground, chosen: str) -> dict[int, int] | None:
    """How many indicators each plan in force has; None where this body keeps no plans of the period here."""
    name = ground.evaluation.options.get("plan")
    if not name:
        return None
    params = {"o": cycle.organisation, "act": cycle.act, "n": name, "p": cycle.period, "y": str(ground.period.year)}
    if execute(session, _KEPT_HERE, params).one_or_none() is None:
        return None
    return {row[0]: row[1] for row in execute(session, _PLANS.format(chosen=chosen), {"c": cycle.id, **params})}


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return set(one) == set(other) and all(_same(value, other[key]) for key, value in one.items())
    if one is None or other is None or isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if str(one) == str(other) or (isinstance(one, str) and isinstance(other, str) and normal(one) == normal(other)):
        return True
    try:
        return Decimal(str(one)) == Decimal(str(other))
    except ArithmeticError:
        return False


def _said(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {one}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join("none" if one is None else str(one) for one in value)
    return f"'{value}'"
