"""`bagalau score`: the score of one sheet file, with its working and what other readings would give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.choosing import governing, identity
from cli.data_file import a_data_file
from cli.printing import as_json, line
from rules.errors import NotFound
from rules.law import Form, Law
from rules.methods import method_of
from rules.methods.fields import Fields
from rules.period import Period
from rules.scoring import Score

app = typer.Typer(add_completion=False)


@app.command("score")
def score_sheet(
    methodology: Annotated[str, typer.Argument(help="Id of the methodology, or a path to one.")],
    sheet: Annotated[
        Path, typer.Option(help="Sheet file, JSON or YAML; `methodology show ID --form F` has an empty one.")
    ],
    organisation: Annotated[Path | None, typer.Option(help="File of the body; otherwise the sample body.")] = None,
    reading: Annotated[list[str] | None, typer.Option(help="QUESTION=OPTION, such as N-Q1=b; repeatable.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """The average final mark and grade of one sheet, with the working."""
    filled = read_sheet(sheet)
    law, body = governing(methodology, filled.period, organisation, reading or [])
    form = law.form(filled.form)
    way = method_of(form)
    found = way.score(law, way.read(law, form, filled.period, filled.fields, sheet.name))
    if json:
        as_json({**_answer(law, form, found), "organisation": identity(body, organisation)})
        return
    _for_people(found)


@dataclass(frozen=True)
class SheetFile:
    """A sheet file as read: form and period, and the fields the form's method reads."""

    form: str
    period: Period
    fields: Mapping[str, Any]


def read_sheet(file: Path) -> SheetFile:
    """The sheet in a JSON or YAML file; numbers are read exactly, nobody's name is kept.

    Raises:
        NotFound: there is no such file.
        BadFile: it is no sheet; the sentence names the file and the key.
    """
    if not file.is_file():
        raise NotFound(f"There is no sheet file {file}.")
    data = a_data_file(file)
    fields = Fields(data, file.name, file=file.name)
    for key in ("form", "period"):
        if key not in data:
            raise fields.refusal(key, "this key is missing.")
    period = data["period"]
    asked = str(period) if isinstance(period, int | Decimal) else fields.text("period")
    rest = {key: value for key, value in data.items() if key not in ("form", "period", "person")}
    # a form may have a number for its name
    form = str(data["form"]) if isinstance(data["form"], int | Decimal) else fields.text("form")
    return SheetFile(form, Period.parse(asked), rest)


def _answer(law: Law, form: Form, found: Score) -> dict[str, Any]:
    return {
        "score": found.score,
        "unrounded": found.unrounded,
        "grade": found.grade,
        "grade_label": found.grade_label,
        "working": found.working,
        "rules": found.rules,
        "readings": found.readings,
        "alternatives": [
            {
                "reading": other.reading,
                "option": other.option,
                "says": other.says,
                "score": other.score,
                "unrounded": other.unrounded,
                "grade": other.grade,
                "grade_label": law.grade(other.grade, form.scale).label if other.grade else None,
                "differs": other.differs,
            }
            for other in found.alternatives
        ],
        **found.more,
    }


def _for_people(found: Score) -> None:
    if found.grade_label is not None:
        line(f"{found.score}  {found.grade}: {found.grade_label.kk} / {found.grade_label.en}")
    for step in found.working:
        line(f"  {step}")
    for name, values in found.more.items():
        line(f"{name}: {values}")
    line(f"Rules: {', '.join(found.rules)}. Readings: {', '.join(found.readings)}.")
    for other in found.alternatives:
        outcome = f": {other.score}, {other.grade}" if other.score is not None else ""
        line(f"Under {other.reading}({other.option}), {other.says}{outcome}.")
