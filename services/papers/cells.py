"""What stands in the cells of a sheet of any form, by the way the form is scored; from the signed content and the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from documents.form import Step
from rules.errors import RuleError
from rules.individual_plan import Item
from rules.law import Form, Law
from rules.methods import method_of
from rules.methods.indicators import EFFECTIVE
from rules.methods.kpi_marks import permitted_marks
from rules.period import Period
from rules.points import lines_of
from services.papers.form_words import LINES, day, figure, mark, said

Row = Mapping[str, str]
Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Sheet:
    """One sheet to print: its form, both sides as signed (None: not yet), what is known of the person, the result.

    Attributes:
        items: the indicators of the person's plan. actual: number -> actual value by HR's calculation.
        more: what the result answers besides; None: not computed. label: the grade in the language, "" without one.
    """

    law: Law
    form: Form
    period: Period
    language: str
    own: Fields | None
    given: Fields | None
    items: Sequence[Item]
    actual: Mapping[int, str]
    category: str
    score: str | None
    label: str
    more: Mapping[str, Any] | None

    def text(self, name: str, otherwise: str = "") -> str:
        """A printed text of the form."""
        return self.form.texts[name].as_dict()[self.language] if name in self.form.texts else otherwise

    def line(self, name: str) -> str:
        """A word of ours."""
        return LINES[self.language][name]


@dataclass(frozen=True)
class Content:
    """The rows of a sheet, what is said beneath them, and the working in a language."""

    rows: tuple[Row, ...]
    said: Row
    working: tuple[Step, ...] = ()


def content_of(sheet: Sheet) -> Content:
    """What stands in a sheet; a form the program cannot score is printed blank."""
    return _BY_METHOD[sheet.form.method](sheet) if sheet.form.method in _BY_METHOD else Content((), {})


def plan_rows(items: Sequence[Item], blank: int = 0) -> tuple[Row, ...]:
    """The indicators of a plan; `blank` lines to fill in by hand where there are none yet."""
    rows = [
        {"number": str(n), "indicator": one.name, "kpi": one.name, "unit": one.unit, "planned": one.planned,
         "expected": one.expected or " ".join(part for part in (one.planned, one.unit) if part)}
        for n, one in enumerate(items, 1)
    ]  # fmt: skip
    return tuple(rows or ({"number": str(n)} for n in range(1, blank + 1)))


def _kpi_rows(sheet: Sheet, kpis: Sequence[Fields]) -> Iterator[dict[str, str]]:
    """The plan's indicators with what the sheet says of each, its own words first."""
    planned = plan_rows(sheet.items)
    for number in range(1, max(len(planned), len(kpis)) + 1):
        row: Row = planned[number - 1] if number <= len(planned) else {}
        one: Fields = kpis[number - 1] if number <= len(kpis) else {}
        own = {key: str(one[key]) for key in ("unit", "planned", "actual") if one.get(key)}
        named = {"indicator": str(one["name"]), "kpi": str(one["name"])} if one.get("name") else {}
        yield {"number": str(number), "actual": sheet.actual.get(number, ""), **row, **own, **named}


def _kpi_count(sheet: Sheet) -> Content:
    kpis = (sheet.given or {}).get("kpis") or ()
    rows = list(_kpi_rows(sheet, kpis))
    for row, one in zip(rows, kpis, strict=False):
        row["achieved"] = sheet.text("achieved" if one["achieved"] else "not_achieved")
    count = int(sheet.law.value(sheet.form.options["count"]))
    working = (Step(sheet.line("achieved"), f"{figure(sheet.score)} / {count}"),) if sheet.score is not None else ()
    return Content(tuple(rows or plan_rows((), count)), {"result": sheet.label}, working)


def _kpi_marks(sheet: Sheet) -> Content:
    kpis = (sheet.given or {}).get("kpis") or ()
    rows = list(_kpi_rows(sheet, kpis))
    table = permitted_marks(sheet.law, sheet.form) if kpis else ()
    for row, one in zip(rows, kpis, strict=False):
        from_table = next((line for line in table if line.holds(Decimal(str(one["percent"])))), None)
        row["percent"], row["mark"] = figure(one["percent"]), figure(one["mark"])
        row["permitted"] = f"{figure(from_table.least)}–{figure(from_table.most)}" if from_table else ""
    blank = int(sheet.law.value("kpi_count_min"))
    return Content(tuple(rows or plan_rows((), blank)), {"average": mark(sheet.score), "result": sheet.label})


def _points(sheet: Sheet) -> Content:
    own, given = _points_columns(sheet, sheet.own), _points_columns(sheet, sheet.given)
    sides = {f"self_{key}": lines for key, lines in own.items()} | {f"supervisor_{k}": v for k, v in given.items()}
    depth = max(3, *(len(lines) for lines in sides.values()))
    rows = tuple(
        {"number": str(n + 1), **{key: lines[n] for key, lines in sides.items() if n < len(lines)}}
        for n in range(depth)
    )
    working: tuple[Step, ...] = ()
    if more := sheet.more:
        sum_ = f"{figure(more['base'])} + {figure(more['bonus_points'])} − {figure(more['penalty_points'])}"
        working = (Step(sheet.line("sum"), f"{sum_} = {figure(sheet.score)}"),)
    result = f"{figure(sheet.score)} ({sheet.label})" if sheet.label else figure(sheet.score)
    return Content(rows, {"result_self": _own_score(sheet), "result": result}, working)


def _own_score(sheet: Sheet) -> str:
    """What the servant's own part comes to."""
    if sheet.own is None:
        return ""
    way = method_of(sheet.form)
    try:
        found = way.score(sheet.law, way.read(sheet.law, sheet.form, sheet.period, sheet.own, "own part"))
    except RuleError:  # the own part is the servant's word: what cannot be counted is printed without a sum
        return ""
    return figure(found.score)


def _points_columns(sheet: Sheet, fields: Fields | None) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"bonuses": [], "executive": [], "labour": []}
    lines = lines_of(sheet.law, sheet.form)
    for one in (fields or {}).get("bonuses") or ():
        row = lines.get(((fields or {}).get("body", ""), int(one["points"]), int(one["n"])))
        text = row[sheet.language] if row else f"№ {one['n']}"
        found["bonuses"].append(sheet.line("points").format(points=one["points"], text=text) + _evidence(one))
    for one in (fields or {}).get("breaches") or ():
        what = said(sheet.language, one.get("fact") or one["kind"])
        source = f"; {said(sheet.language, one['source'])}" if one.get("source") else ""
        rest = f"; {one['evidence']}" if one.get("evidence") else ""
        found.setdefault(one["kind"], []).append(f"{day(one['date'])}: {what}{source}{rest}")
    return found


def _evidence(one: Fields) -> str:
    parts = [part for part in (day(one.get("date")), one.get("evidence") or "") if part]
    return f" ({'; '.join(parts)})" if parts else ""


def _weighted_year(sheet: Sheet) -> Content:
    own, given = (sheet.own or {}).get("plan") or (), (sheet.given or {}).get("plan") or ()
    blank = int(sheet.law.value(sheet.form.options["plan_marks_max"])) if not (own or given or sheet.items) else 0
    number = max(len(own), len(given), len(sheet.items), blank)
    rows = tuple(
        {"number": str(n), "result": _row_label(sheet, n), "range": sheet.text("range"),
         "self": figure(own[n - 1]) if n <= len(own) else "",
         "supervisor": figure(given[n - 1]) if n <= len(given) else ""}
        for n in range(1, number + 1)
    )  # fmt: skip
    return Content(rows, {}, tuple(_year_steps(sheet)))


def _row_label(sheet: Sheet, number: int) -> str:
    """The printed label of a row; the form prints the first ones, and the further ones are worded like the first."""
    printed = sheet.text(f"row_{number}", sheet.text("row_1").replace("1", str(number)))
    name = sheet.items[number - 1].name if number <= len(sheet.items) else ""
    return ": ".join(part for part in (printed, name) if part)


def _year_steps(sheet: Sheet) -> Iterator[Step]:
    if not sheet.more:
        return
    for name in ("quarters_mean", "quarters_mark", "plan_mark"):
        yield Step(sheet.line(name), figure(sheet.more[name]))
    weights = sheet.more["weights"]
    yield Step(sheet.line("weights"), f"{figure(weights['quarters'])}; {figure(weights['plan'])}")
    yield Step(sheet.line("total"), f"{figure(sheet.score)}: {sheet.label}")


def _indicators(sheet: Sheet) -> Content:
    results, missing = (sheet.more or {}).get("results") or {}, (sheet.more or {}).get("missing") or {}
    texts = {
        (row["competency"], int(row["n"])): row[sheet.language]
        for row in sheet.law.table(sheet.form.options["indicators"]).rows
        if row["polarity"] == EFFECTIVE and sheet.category in row["categories"].split(";")
    }
    rows = tuple(
        {"number": f"{one.number}.", "competency": one.label.as_dict()[sheet.language],
         "result": sheet.text(results.get(one.id, "")),
         "not_shown": "\n".join(f"{n}. {texts.get((one.id, int(n)), '')}" for n in missing.get(one.id, ()))}
        for one in sheet.form.parameters
    )  # fmt: skip
    return Content(rows, {})


_BY_METHOD: Mapping[str, Callable[[Sheet], Content]] = {
    "kpi_count": _kpi_count,
    "kpi_marks": _kpi_marks,
    "points": _points,
    "weighted_year": _weighted_year,
    "indicators": _indicators,
}
