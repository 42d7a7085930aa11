"""The ways a filled-in sheet becomes a result; a form of an act names one of them.

Each way lives in its own file and says four things: how its sheet is read from plain data, how it is scored, what an
empty sheet looks like, and which fields it has. Adding a way is adding a file and a line here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rules.errors import NotFound
from rules.law import Form, Law
from rules.methods import indicators, kpi_count, kpi_marks, marks, points, survey, weighted_year
from rules.methods.indicator_sheet import whole
from rules.period import Period
from rules.scoring import Score


@dataclass(frozen=True)
class Method:
    """One way of scoring.

    Attributes:
        fields: the fields of its sheet. read: law, form, period, plain fields and the file they come from -> sheet;
            it refuses with one sentence.
        score: law and sheet -> result. empty: law and form -> the fields of an empty sheet.
        whole: form, plain fields and their file; refuses a sheet that may be scored but not signed as it stands.
        about: law and form -> name, type and limits of every field, for people and programs that fill sheets in.
    """

    fields: tuple[str, ...]
    read: Callable[[Law, Form, Period, Mapping[str, Any], str], Any]
    score: Callable[[Law, Any], Score]
    empty: Callable[[Law, Form], dict[str, Any]]
    about: Callable[[Law, Form], list[dict[str, Any]]] | None = None
    whole: Callable[[Form, Mapping[str, Any], str], None] | None = None


METHODS: Mapping[str, Method] = {
    "mean_of_marks": Method(marks.FIELDS, marks.read, marks.score, marks.empty, marks.about),
    "kpi_count": Method(kpi_count.FIELDS, kpi_count.read, kpi_count.score, kpi_count.empty, kpi_count.about),
    "kpi_marks": Method(kpi_marks.FIELDS, kpi_marks.read, kpi_marks.score, kpi_marks.empty, kpi_marks.about),
    "survey": Method(survey.FIELDS, survey.read, survey.score, survey.empty, survey.about),
    "points": Method(points.FIELDS, points.read, points.score, points.empty, points.about),
    "weighted_year": Method(
        weighted_year.FIELDS, weighted_year.read, weighted_year.score, weighted_year.empty, weighted_year.about
    ),
    "indicators": Method(
        indicators.FIELDS, indicators.read, indicators.score, indicators.empty, indicators.about, whole
    ),
}


def method_of(form: Form) -> Method:
    """The way a form is scored.

    Raises:
        NotFound: nothing is scored on this form (a plan, a protocol).
    """
    if form.method not in METHODS:
        raise NotFound(f"The form '{form.id}' is not scored; it is a document.")
    return METHODS[form.method]
