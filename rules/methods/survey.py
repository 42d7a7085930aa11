"""A survey of the working environment (360): the mean of each competency, no single mark, nobody's answer shown.

The self-assessment is kept beside the result and never counted. Nothing is reported of too few answers, and no
group of respondents is shown apart whose mean would tell what one of few people answered (U-Q15).

The form's options name the table of the competencies (`competencies`, with the columns group, n, kk, ru, en), the
`groups` of people in it, the question that rounds a mean (`rounding`), and further `readings` behind every report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rules.errors import Incomplete, RuleError
from rules.grades import EXACT, ROUNDING, mean_of, plain, unit
from rules.law import Form, Label, Law
from rules.methods.fields import Fields
from rules.period import Period
from rules.scale import Scale, rules_of
from rules.scoring import Score

FIELDS = ("group", "answers")
SELF = "self"
#: decimals of a competency's mean
_PLACES = 2


@dataclass(frozen=True)
class Answer:
    """One questionnaire: what the respondent is to the person, and a mark for each competency."""

    respondent: str
    marks: Mapping[int, Decimal]


@dataclass(frozen=True)
class Sheet:
    """All questionnaires about one person; `group` says which competencies are asked."""

    form: str
    period: Period
    group: str
    answers: tuple[Answer, ...]


def read(law: Law, form: Form, period: Period, data: Mapping[str, Any], file: str = "") -> Sheet:
    """The questionnaires in plain fields; every competency has a mark.

    Raises:
        BadFile: a field is unknown, missing or of another kind. RuleError: a mark outside the scale.
        Incomplete: a competency without a mark.
    """
    fields = Fields(data, form.id, file=file)
    fields.only(FIELDS, required=FIELDS)
    group = fields.one_of("group", tuple(form.options["groups"]))
    numbers = competencies(law, form, group)
    answers = tuple(_answer(law, form, numbers, one) for one in fields.several("answers"))
    return Sheet(form.id, period, group, answers)


def _answer(law: Law, form: Form, numbers: Mapping[int, Mapping[str, str]], fields: Fields) -> Answer:
    fields.only(("respondent", "marks"), required=("respondent", "marks"))
    respondent = fields.one_of("respondent", (*law.value("respondent_groups"), SELF))
    marks = fields.numbered("marks", Fields.mark)
    return Answer(respondent, checked(law, form, numbers, marks))


def checked(law: Law, form: Form, numbers: Iterable[int], marks: Mapping[int, Decimal | None]) -> Mapping[int, Decimal]:
    """The marks of one questionnaire, each on the scale and none missing.

    Raises:
        Incomplete: a competency without a mark, or one that is not asked. RuleError: a mark outside the scale.
    """
    scale, asked = Scale.of(law, form.id), tuple(numbers)
    rules = ", ".join(form.rules)
    strange = sorted(set(marks) - set(asked))
    if strange:
        raise Incomplete(
            f"{law.act}, form {form.id}: there is no competency {strange[0]}; they are 1 to {len(asked)} ({rules})."
        )
    found: dict[int, Decimal] = {}
    for number in asked:
        mark = marks.get(number)
        if mark is None:
            raise Incomplete(
                f"{law.act}, form {form.id}: competency {number} has no mark. A blank is not a 0: enter a mark "
                f"from {scale.least} to {scale.most} ({rules})."
            )
        scale.text(number, mark)
        found[number] = mark
    return found


def competencies(law: Law, form: Form, group: str) -> Mapping[int, Mapping[str, str]]:
    """The competencies a group is asked about, by number (U-58)."""
    rows = law.table(form.options["competencies"]).rows
    return {int(row["n"]): row for row in rows if row["group"] == group}


# --- the report -----------------------------------------------------------------------------------------


def score(law: Law, sheet: Sheet) -> Score:
    """The mean of each competency to two decimals; there is no single mark and no grade.

    Raises:
        Incomplete: too few answers to report anything. RuleError: more answers than people may be asked.
    """
    form = law.form(sheet.form)
    counted = tuple(one for one in sheet.answers if one.respondent != SELF)
    own = tuple(one for one in sheet.answers if one.respondent == SELF)
    _check_number(law, sheet, len(counted), len(own))
    rows = competencies(law, form, sheet.group)
    means = _means(law, form, rows, counted)
    shown = shown_groups(Counter(one.respondent for one in counted), int(law.value("respondents_min")))
    asked = (form.options["rounding"], "survey_self", *form.options["readings"])
    used = law.reason(_rules(law, form), form.point, *asked)
    return Score(
        None,
        None,
        None,
        None,
        tuple(_lines(rows, counted, means, own)),
        used.rules,
        used.readings,
        more={
            "results": _as_text(means),
            "answers": len(counted),
            "self": {str(number): plain(mark) for number, mark in own[0].marks.items()} if own else None,
            "by_group": {
                group: _as_text(_means(law, form, rows, (one for one in counted if one.respondent == group)))
                for group in shown
            },
            "least_shown": [str(number) for number in least_shown(means)],
        },
    )


def shown_groups(counts: Mapping[str, int], least: int) -> tuple[str, ...]:
    """The groups whose own means may stand beside the mean of all.

    A group needs `least` answers, and so do those of no shown group together (or there are none): what is shown
    subtracts from the whole, and what is left over must not be the answer of one or two.
    """
    large = tuple(sorted(group for group, number in counts.items() if number >= least))
    rest = sum(counts.values()) - sum(counts[group] for group in large)
    return large if rest == 0 or rest >= least else ()


def least_shown(means: Mapping[int, Decimal]) -> tuple[int, ...]:
    """The competencies with the lowest mean; none when all are alike (U-62)."""
    lowest = min(means.values())
    found = tuple(number for number, mean in means.items() if mean == lowest)
    return found if len(found) < len(means) else ()


def _check_number(law: Law, sheet: Sheet, counted: int, own: int) -> None:
    least, most = law.dated("respondents_min"), law.dated("respondents_max")
    extra = 1 if law.decision("survey_self", "not_counted") == "counted" and own else 0
    reading = law.deciding("survey_self")
    why = "; ".join(
        part for part in (", ".join(least.rules), least.point, f"reading {reading.id}" if reading else "") if part
    )
    where = f"{law.act}, form {sheet.form}"
    if own > 1:
        raise RuleError(f"{where}: a person gives one self-assessment, not {own}; take {own - 1} out ({why}).")
    if counted + extra < least.value:
        raise Incomplete(
            f"{where}: {counted} answers of others are too few, at least {least.value - extra} are needed; nothing is "
            f"reported, so that nobody's answer can be told ({why})."
        )
    if counted + extra > most.value:
        raise RuleError(f"{where}: {counted} answers of others are too many, at most {most.value} are asked ({why}).")


def _rules(law: Law, form: Form) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*form.rules, *rules_of(law, "respondents_min", "respondent_groups"))))


def _means(law: Law, form: Form, numbers: Iterable[int], answers: Iterable[Answer]) -> dict[int, Decimal]:
    """The mean of each competency; where the body's reading does not round, a report still shows two decimals."""
    held, way = tuple(answers), law.reading(form.options["rounding"])
    rounding = ROUNDING.get(way, ROUNDING["half_up"])
    totals = {number: sum((one.marks[number] for one in held), Decimal(0)) for number in numbers}
    return {n: mean_of(total, len(held)).quantize(unit(_PLACES), rounding, EXACT) for n, total in totals.items()}


def _as_text(means: Mapping[int, Decimal]) -> dict[str, str]:
    return {str(number): str(mean) for number, mean in means.items()}


def _lines(
    rows: Mapping[int, Mapping[str, str]],
    counted: tuple[Answer, ...],
    means: Mapping[int, Decimal],
    own: tuple[Answer, ...],
) -> Iterable[str]:
    yield f"{len(counted)} answers are counted" + ("; the self-assessment is not counted" if own else "")
    for number, row in rows.items():
        # the sum only: no line shows what one person answered
        total = sum((one.marks[number] for one in counted), Decimal(0))
        yield f"{number} {row['en']}: {plain(total)} / {len(counted)} -> {means[number]}"


def empty(law: Law, form: Form) -> dict[str, Any]:
    """The fields of an empty sheet: one questionnaire of each kind of respondent."""
    group = tuple(form.options["groups"])[-1]
    blank = dict.fromkeys(map(str, competencies(law, form, group)))
    kinds = (*law.value("respondent_groups"), SELF)
    return {"group": group, "answers": [{"respondent": kind, "marks": dict(blank)} for kind in kinds]}


def about(law: Law, form: Form) -> list[dict[str, Any]]:
    """Every field of the sheet with its type and limits."""
    scale = Scale.of(law, form.id)
    mark = {"type": "decimal", "least": scale.least, "most": scale.most, "decimals": scale.places}
    groups, kinds = list(form.options["groups"]), [*law.value("respondent_groups"), SELF]
    return [
        {"name": "group", "type": "one of", "values": groups},
        {"name": "answers[].respondent", "type": "one of", "values": kinds},
        *(
            {"name": f"answers[].marks.{number}", "label": Label(row["kk"], row["ru"], row["en"]), "group": group}
            | mark
            for group in groups
            for number, row in competencies(law, form, group).items()
        ),
    ]
