"""The sections that say what is filled in and what it earns: forms and scales of grades."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from methodologies.act import Dated
from methodologies.reading import Item, each
from methodologies.sections import dated, name
from rules.grades import GradeScale
from rules.law import Form, FormParameter, Grade
from rules.methods import METHODS


def scales(section: Item) -> dict[str, Dated]:
    """The scales of grades by name, each by date, best band first; bands must not touch or cross."""
    return {one.name: one for one in each(section.entries(), _scale)}


def _scale(entry: tuple[str, Item]) -> Dated:
    key, item = entry
    parts = item.fields("what", "rules", "point", "values", optional=("decimals", "reading"))
    decimals = parts["decimals"].integer() if "decimals" in parts and not parts["decimals"].is_null else None
    reading = parts["reading"].text() if "reading" in parts and not parts["reading"].is_null else None
    rules, point = parts["rules"].texts(), parts["point"].text()

    def scale(bands: Item) -> GradeScale:
        return GradeScale(key, _bands(bands), decimals, reading, rules, point)

    return dated(entry, parts, "scale", scale)


def _bands(item: Item) -> tuple[Grade, ...]:
    bands = sorted(each(item.entries(), _band), key=_lower_end, reverse=True)
    for better, worse in pairwise(bands):
        if _crossing(better, worse):
            raise item.refusal(f"the bands '{worse.id}' and '{better.id}' overlap.")
    return tuple(bands)


def _lower_end(grade: Grade) -> tuple[bool, Any, bool]:
    return grade.least is not None, grade.least, grade.least_excluded


def _crossing(better: Grade, worse: Grade) -> bool:
    if better.least is None or worse.most is None:
        return True
    if worse.most == better.least:
        return not (worse.most_excluded or better.least_excluded)
    return worse.most > better.least


def _band(entry: tuple[str, Item]) -> Grade:
    key, item = entry
    parts = item.fields("least", "most", "label", optional=("least_excluded", "most_excluded"))
    least, most = (None if parts[end].is_null else parts[end].decimal() for end in ("least", "most"))
    if least is not None and most is not None and most < least:
        raise item.refusal(f"the band ends at {most}, below its start {least}.")
    left_out = (one in parts and parts[one].flag() for one in ("least_excluded", "most_excluded"))
    return Grade(name(item, key), least, most, parts["label"].label(), *left_out)


def forms(section: Item) -> dict[str, Dated]:
    """The sheets by id, each a dated form."""
    return {key: _form((key, item)) for key, item in section.entries()}


def _form(entry: tuple[str, Item]) -> Dated:
    key, item = entry
    parts = item.fields("what", "rules", "point", "annex", "values", optional=("method", "scale", "options"))
    rules, annex, point = parts["rules"].texts(), parts["annex"].text(), parts["point"].text()
    method = parts["method"].one_of(METHODS) if "method" in parts and not parts["method"].is_null else ""
    scale = parts["scale"].text() if "scale" in parts and not parts["scale"].is_null else None
    options = parts["options"].plain() if "options" in parts else {}

    def form(version: Item) -> Form:
        found = version.fields("texts", optional=("parameters",))
        texts = {one: value.label() for one, value in found["texts"].entries()}
        rows = _rows(found["parameters"]) if "parameters" in found else ()
        return Form(key, annex, rules, texts, rows, method, scale, options, point)

    return dated(entry, parts, "form", form)


def _rows(item: Item) -> tuple[FormParameter, ...]:
    rows = tuple(each(item.items(), _row))
    for group in {row.group for row in rows}:
        numbers = [row.number for row in rows if row.group == group]
        if numbers != list(range(1, len(numbers) + 1)):
            raise item.refusal("the rows must be numbered 1, 2, 3 in order.")
    return rows


def _row(item: Item) -> FormParameter:
    parts = item.fields("number", "label", optional=("explanation", "corrected", "id", "group", "flags"))

    def wording(key: str) -> Any:
        return parts[key].label() if key in parts else None

    return FormParameter(
        parts["number"].integer(),
        parts["label"].label(),
        wording("explanation"),
        wording("corrected"),
        name(parts["id"], parts["id"].text()) if "id" in parts else "",
        parts["group"].text() if "group" in parts else "",
        parts["flags"].texts() if "flags" in parts else (),
    )
