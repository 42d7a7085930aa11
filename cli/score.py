"""`bagalau score`: the score of one sheet file, with its working and what other readings would give."""

from __future__ import annotations

import json as json_text
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.choosing import governing, identity
from cli.printing import as_json, line
from methodologies.reading import parse
from rules.errors import BadFile, Incomplete, NotFound
from rules.law import Law
from rules.marks import mark_of, row_of
from rules.period import Period
from rules.scoring import Sanction, Score, Sheet, score

app = typer.Typer(add_completion=False)
_KEYS = ("form", "period", "marks", "person", "facts", "comments")


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
    found = score(law, filled)
    if json:
        as_json({**_answer(law, found), "organisation": identity(body, organisation)})
        return
    _for_people(found)


def read_sheet(file: Path) -> Sheet:
    """The sheet in a JSON or YAML file; numbers are read exactly, nobody's name is kept.

    Raises:
        NotFound: there is no such file.
        BadFile: it is no sheet; the sentence names the file and the key.
    """
    if not file.is_file():
        raise NotFound(f"There is no sheet file {file}.")
    data = _data(file)
    where = _Place(file.name)
    where.only(data, "", _KEYS, required=("form", "period", "marks"))
    facts = where.mapping(data.get("facts") or {}, "facts")
    where.only(facts, "facts.", ("sanctions",))
    return Sheet(
        where.text(data["form"], "form"),
        Period.parse(where.text(data["period"], "period")),
        where.numbered(data["marks"], "marks", where.mark),
        tuple(where.sanction(one, n) for n, one in enumerate(where.several(facts.get("sanctions") or []), 1)),
        where.numbered(data.get("comments") or {}, "comments", where.text),
    )


def _data(file: Path) -> Mapping[str, Any]:
    try:
        source = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise BadFile(f"{file.name}: the file is not UTF-8; save it as UTF-8.") from None
    if file.suffix.lower() != ".json":
        return dict(parse(source, file.name).plain())
    try:
        data = json_text.loads(
            source,
            parse_float=Decimal,
            parse_int=Decimal,
            parse_constant=_no_number,
            object_pairs_hook=_unique,
        )
    except json_text.JSONDecodeError as problem:
        raise BadFile(f"{file.name}, line {problem.lineno}: this is not JSON: {problem.msg}.") from None
    except ValueError as problem:
        raise BadFile(f"{file.name}: {problem}.") from None
    return _Place(file.name).mapping(data, "the file")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [key for key, _ in pairs]
        twice = next(key for key in names if names.count(key) > 1)
        raise ValueError(f"the key '{twice}' is written twice")
    return found


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number")


class _Place:
    """Checks of one sheet file; each refusal names the file and the key."""

    def __init__(self, file: str) -> None:
        self.file = file

    def refusal(self, key: str, what: str) -> BadFile:
        return BadFile(f"{self.file}, {key}: {what}")

    def only(
        self, data: Mapping[str, Any], prefix: str, known: tuple[str, ...], required: tuple[str, ...] = ()
    ) -> None:
        for key in data:
            if key not in known:
                raise self.refusal(f"{prefix}{key}", f"this key is not known; known are: {', '.join(known)}.")
        for key in required:
            if key not in data:
                raise self.refusal(f"{prefix}{key}", "this key is missing.")

    def mapping(self, value: Any, key: str) -> Mapping[str, Any]:
        if not isinstance(value, Mapping):
            raise self.refusal(key, "keys with values are expected here.")
        return value

    def several(self, value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise self.refusal("facts.sanctions", "a list is expected here.")
        return value

    def text(self, value: Any, key: str) -> str:
        if isinstance(value, int | Decimal) and key == "period":
            return str(value)
        if not isinstance(value, str) or not value.strip():
            raise self.refusal(key, "a text is expected here.")
        return value.strip()

    def numbered(self, value: Any, key: str, read: Callable[[Any, str], Any]) -> dict[int, Any]:
        found = {}
        for number, one in self.mapping(value, key).items():
            try:
                row = row_of(str(number))
            except Incomplete:
                raise self.refusal(f"{key}.{number}", "rows are named by their number, such as 1.") from None
            found[row] = read(one, f"{key}.{number}")
        return found

    def mark(self, value: Any, key: str) -> Decimal | None:
        if value is None:
            return None
        if type(value) in (int, Decimal) and value < 0:
            return Decimal(value)  # the scale refuses it
        try:
            return mark_of(str(value))
        except Incomplete as trouble:
            raise self.refusal(key, str(trouble)) from None

    def sanction(self, value: Any, number: int) -> Sanction:
        key = f"facts.sanctions.{number}"
        found = self.mapping(value, key)
        self.only(found, f"{key}.", ("kind", "date", "cancelled_on"), required=("kind", "date"))
        cancelled = found.get("cancelled_on")
        return Sanction(
            self.text(found["kind"], f"{key}.kind"),
            self.day(found["date"], f"{key}.date"),
            None if cancelled is None else self.day(cancelled, f"{key}.cancelled_on"),
        )

    def day(self, value: Any, key: str) -> date:
        try:
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            raise self.refusal(key, f"'{value}' is not a real date; write it as 2026-08-14.") from None


def _answer(law: Law, found: Score) -> dict[str, Any]:
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
                "grade_label": law.grade(other.grade).label,
                "differs": other.differs,
            }
            for other in found.alternatives
        ],
    }


def _for_people(found: Score) -> None:
    line(f"{found.score}  {found.grade}: {found.grade_label.kk} / {found.grade_label.en}")
    for step in found.working:
        line(f"  {step}")
    line(f"Rules: {', '.join(found.rules)}. Readings: {', '.join(found.readings)}.")
    for other in found.alternatives:
        line(f"Under {other.reading}({other.option}), {other.says}: {other.score}, {other.grade}.")
