"""What invented people write on their sheets: plausible, and the same every time for the same seed.

One way for each way of scoring (`rules.methods`); a new way of scoring needs a line here before it can be demonstrated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from rules.errors import NotFound
from rules.law import Form, Law
from rules.methods.indicators import EFFECTIVE, indicators_of
from rules.methods.kpi_marks import permitted_marks
from rules.period import Period
from rules.points import lines_of
from rules.scale import Scale

#: beside a mark of the sanction row, where a sanction was applied
SANCTIONED = "Кезеңде тәртіптік жаза қолданылды."


@dataclass(frozen=True)
class Writer:
    """Whoever fills a sheet in, and what is known of it.

    Attributes:
        level: how well the person did, from 0 to 1. dice: of this sheet. known: what need not be said (`SheetFacts`).
        services: do the duties hold public services? items: indicators of the plan. punished: a sanction counts.
    """

    law: Law
    form: Form
    period: Period
    level: float
    dice: Random
    known: Mapping[str, Any] = field(default_factory=dict)
    services: bool = False
    items: int = 0
    punished: bool = False

    def mark(self, least: Decimal, most: Decimal, places: int) -> Decimal:
        """A mark around the person's own level, in steps the act allows."""
        wanted = float(least) + float(most - least) * min(max(self.dice.gauss(self.level, 0.07), 0), 1)
        step = Decimal(1) if not places else Decimal("0.5")
        found = (Decimal(round(wanted / float(step))) * step).quantize(Decimal(1) if not places else Decimal("0.1"))
        return min(max(found, least), most)


Content = dict[str, Any]


def content(writer: Writer) -> Content:
    """The fields of a sheet.

    Raises:
        NotFound: nobody here knows how to fill in such a form.
    """
    way = WAYS.get(writer.form.method)
    if way is None:
        raise NotFound(f"Nobody here knows how to fill in '{writer.form.id}' ({writer.form.method}).")
    return way(writer)


def _marks(writer: Writer) -> Content:
    scale = Scale.of(writer.law, writer.form.id)
    marks = {n: writer.mark(scale.least, scale.most, scale.places) for n in scale.numbers}
    comments = {}
    if scale.sanction_row in marks:
        marks[scale.sanction_row] = scale.most
        if writer.punished:
            marks[scale.sanction_row], comments[scale.sanction_row] = scale.least + 1, SANCTIONED
    return {"marks": marks, "comments": comments}


def _kpi_marks(writer: Writer) -> Content:
    scale, table = Scale.of(writer.law, writer.form.id), permitted_marks(writer.law, writer.form)
    number = min(max(writer.items, int(writer.law.value("kpi_count_min"))), int(writer.law.value("kpi_count_max")))
    found = []
    for _ in range(number):
        percent = Decimal(max(0, round(writer.dice.gauss(62 + 45 * writer.level, 8))))
        line = next(one for one in table if one.holds(percent))
        mark = writer.mark(scale.least, scale.most, scale.places)
        step = Decimal(1) if scale.places == 0 else Decimal("0.1")
        most = line.most // step * step
        found.append({"percent": percent, "mark": min(max(mark, line.least), most)})
    return {"kpis": found}


def _kpi_count(writer: Writer) -> Content:
    number = int(writer.law.value(writer.form.options["count"]))
    achieved = min(number, max(0, round(writer.dice.gauss(number * writer.level, 0.6))))
    return {"kpis": [{"achieved": place < achieved} for place in range(number)]}


def _indicators(writer: Writer) -> Content:
    lists = indicators_of(writer.law, writer.form, str(writer.known["category"]))
    shown = {}
    for row in writer.form.parameters:
        numbers = lists.get((row.id, EFFECTIVE), ())
        kept = [n for n in numbers if writer.dice.random() < 0.55 + 0.45 * writer.level]
        shown[row.id] = list(numbers) if writer.dice.random() < writer.level else kept
    return {"category": writer.known["category"], "provides_services": writer.services, "shown": shown}


def _points(writer: Writer) -> Content:
    body = str(writer.known["body"])
    lines = sorted((points, n) for whose, points, n in lines_of(writer.law, writer.form) if whose == body)
    # from nothing beside the duties done, up to more than a dozen pieces of encouraged work
    number = max(0, round(writer.dice.gauss(26 * (writer.level - 0.66), 1.2)))
    chosen = writer.dice.sample(lines, min(number, len(lines)))
    span = (writer.period.last_day - writer.period.first_day).days
    bonuses = [
        {"points": points, "n": n, "date": _some_day(writer, span), "evidence": f"№ {writer.dice.randint(1, 400)} хат"}
        for points, n in sorted(chosen, reverse=True)
    ]
    facts: Mapping[str, str] = writer.law.value(writer.form.options["breach_facts"])
    late = [
        {"kind": facts[fact], "date": _some_day(writer, span), "fact": fact}
        for fact in writer.dice.sample(list(facts), 1 if writer.level < 0.55 else 0)
    ]
    return {"body": body, "bonuses": bonuses, "breaches": late}


def _some_day(writer: Writer, span: int) -> str:
    """A day of the first two thirds of the period: what is evaluated early has it behind it too."""
    ordinal = writer.period.first_day.toordinal() + writer.dice.randint(0, span * 2 // 3)
    return type(writer.period.first_day).fromordinal(ordinal).isoformat()


def _weighted_year(writer: Writer) -> Content:
    bands = [band.least for band in writer.law.scale(writer.form.options["plan_scale"]).bands if band.least is not None]
    marks, most = sorted(bands), int(writer.law.value(writer.form.options["plan_marks_max"]))
    number = min(writer.items or most, most)
    places = [writer.dice.gauss(writer.level, 0.12) * len(marks) for _ in range(number)]
    return {"plan": [marks[min(max(int(one), 0), len(marks) - 1)] for one in places]}


#: way of scoring -> how its sheet is invented
WAYS: Mapping[str, Callable[[Writer], Content]] = {
    "mean_of_marks": _marks,
    "kpi_marks": _kpi_marks,
    "kpi_count": _kpi_count,
    "indicators": _indicators,
    "points": _points,
    "weighted_year": _weighted_year,
}
