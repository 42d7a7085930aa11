"""`bagalau methodology`: look at the acts as data, and check a new one before it is used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.checking import checked_body, is_body, left, tell_left
from cli.choosing import body, day_or_period, governing, identity
from cli.common import a_day
from cli.printing import as_json, line, note, table
from methodologies import Act, acts, difference, load
from methodologies import law as law_on
from methodologies.loading import unique
from methodologies.starting import start
from rules.errors import NotFound
from rules.evaluation import Evaluation
from rules.law import Form, Law
from rules.methods import METHODS
from rules.organisation import Organisation
from rules.period import Period
from rules.stages import Walk
from services.bpmn import bpmn
from services.chart import mermaid

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Look at the acts as data; check new ones.")
_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_acts(json: _Json = False) -> None:
    """The acts that come with the program."""
    found = [load(act_id) for act_id in acts()]
    if json:
        as_json([_summary(act) for act in found])
        return
    rows = [(act.id, act.title.en, act.revisions[-1].title, act.compared_with_text_on) for act in found]
    table(("id", "title", "last wording", "compared with the text on"), rows)


@app.command()
def show(
    methodology: Annotated[str, typer.Argument(help="Id of the methodology, or a path to one.")],
    form: Annotated[str | None, typer.Option(help="Show one form: its texts, fields and an empty sheet.")] = None,
    period: Annotated[str | None, typer.Option(help="As it governs this period; else the last wording.")] = None,
    organisation: Annotated[Path | None, typer.Option(help="File of the body; otherwise the sample body.")] = None,
    json: _Json = False,
) -> None:
    """One act: values, readings, grades, deadlines and forms, each with its point."""
    asked = Period.parse(period) if period else None
    law, chosen = governing(methodology, asked, organisation)
    if form:
        _show_form(law, law.form(form), asked, json)
        return
    data = _whole(load(methodology), law, chosen, organisation)
    if json:
        as_json(data)
        return
    _for_people(data)


@app.command()
def simulate(
    methodology: Annotated[str, typer.Argument(help="Id of the methodology, or a path to its folder.")],
    organisation: Annotated[Path | None, typer.Option(help="File of the body; otherwise the sample body.")] = None,
    year: Annotated[int | None, typer.Option(help="The year to live; otherwise that of the body's story.")] = None,
    people: Annotated[int | None, typer.Option(min=10, help="A body of so many people, grown from the sample.")] = None,
    json: _Json = False,
) -> None:
    """Live a whole year of a body on the virtual clock: its busiest days, and the deadlines at risk."""
    from cli.simulating import simulate_year

    simulate_year(methodology, organisation, year, people, json)


@app.command()
def check(
    path: Annotated[Path, typer.Argument(help="Folder or file of a methodology, or an organisation file.")],
    organisation: Annotated[Path | None, typer.Option(help="File of a body to check beside the methodology.")] = None,
    json: _Json = False,
) -> None:
    """Read a methodology or an organisation file strictly and say every finding with its file and line.

    What the act leaves to the body is listed; exit code 1 when a body is given and has not said all of it.
    """
    body = None
    if is_body(path):
        act, body, summary = checked_body(path)
    else:
        act = load(path if path.exists() else str(path))
        summary = _summary(act)
    if organisation:
        _, body, of_body = checked_body(organisation, act)
        summary |= of_body
    for warning in act.warnings:
        note(f"{act.id}: {warning}")
    found = left(act, body)
    if json:
        as_json(summary | found)
    else:
        line("In order: " + ", ".join(f"{key} {_brief(value)}" for key, value in summary.items() if value))
        tell_left(act, body, found)
    if body and found and found["missing"]:
        raise typer.Exit(1)


@app.command()
def diff(
    methodology: Annotated[str, typer.Argument(help="Id of the methodology, or a path to one.")],
    before: Annotated[str, typer.Argument(help="A day, 2026-03-31, or a period.")],
    after: Annotated[str, typer.Argument(help="Another day or period.")],
    organisation: Annotated[Path | None, typer.Option(help="File of the body; otherwise the sample body.")] = None,
    json: _Json = False,
) -> None:
    """What changed in an act between two days."""
    act = load(methodology)
    where = body(act, organisation)
    found = difference(law_on(act, day_or_period(before), where), law_on(act, day_or_period(after), where))
    if json:
        as_json(found)
        return
    table(("what", "name", "before", "after", "for whom"), [(c.kind, c.name, c.before, c.after, c.whom) for c in found])
    line(f"{len(found)} differences.")


@app.command()
def diagram(
    methodology: Annotated[str, typer.Argument(help="Id of the methodology, or a path to one.")],
    form: Annotated[
        str, typer.Option("--format", help="mermaid: a state diagram. bpmn: BPMN 2.0 for an editor.")
    ] = "mermaid",
    evaluation: Annotated[
        str | None, typer.Option(help="One kind of evaluation; otherwise all (bpmn: the first).")
    ] = None,
) -> None:
    """The life of one assessment under this act, as a state diagram, or as a process with a lane for each role."""
    act = load(methodology)
    if evaluation is not None and evaluation not in act.evaluations:
        raise NotFound(f"{act.id} has no evaluation '{evaluation}'; it has: {', '.join(act.evaluations) or 'none'}.")
    if form not in ("mermaid", "bpmn"):
        raise typer.BadParameter(f"'{form}' is no format; write mermaid or bpmn.")
    kinds = [act.evaluations[evaluation]] if evaluation else list(act.evaluations.values())
    if not kinds:
        raise NotFound(f"{act.id} leaves the kinds of evaluation to the body; there is no path to draw.")
    if form == "bpmn":
        print(bpmn(act.id, kinds[0]), end="")
        return
    for one in kinds:
        print(f"---\ntitle: {act.id}, {one.what.en}\n---\n{mermaid(one)}")


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(help="A new folder for the methodology of a body.")],
    source: Annotated[str, typer.Option("--from", help="The act to start from, id or path.")],
    name: Annotated[str, typer.Option("--id", help="Id of the new methodology, as lakes-2025.")],
    adopted: Annotated[str, typer.Option(help="The day the new act was adopted, as 2025-01-20.")],
) -> None:
    """Start the folder of a new body's methodology from an act that exists; then compare every line with your act."""
    day = a_day(adopted)
    assert day is not None  # noqa: S101 - the option is required
    for file in start(load(source), folder, name, day):
        line(f"written: {file}")
    line(
        f"Next: edit the files, then `bagalau methodology check {folder}`. docs/methodology.md explains every section."
    )


def _evaluation(one: Evaluation) -> dict[str, Any]:
    return {"id": one.id, "what": one.what, "period": one.period, "path": one.path, "stages": Walk.of(one).stages}


def _brief(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def _summary(act: Act) -> dict[str, Any]:
    return {
        "id": act.id,
        "title": act.title.en,
        "revisions": [revision.id for revision in act.revisions],
        "compared_with_text_on": act.compared_with_text_on,
        "parameters": len(act.parameters),
        "readings": len(unique(act.readings)),
        "deadlines": len(act.deadlines),
        "forms": list(act.forms),
        "rules": len(act.rules),
        "content_hash": act.content_hash,
        "warnings": act.warnings,
    }


def _whole(act: Act, law: Law, chosen: Organisation, file: Path | None) -> dict[str, Any]:
    return {
        "id": act.id,
        "title": act.title,
        "source": act.source,
        "compared_with_text_on": act.compared_with_text_on,
        "on": law.on,
        "revision": vars(law.revision),
        "evaluations": [_evaluation(one) for one in law.evaluations.values()],
        "values": [vars(value) for value in law.values.values()],
        "readings": list(_readings(law)),
        "scales": {name: list(scale.bands) for name, scale in law.scales.items()},
        "plans": {name: vars(one) for name, one in law.plans.items()},
        "panels": {name: vars(one) for name, one in law.panels.items()},
        "consequences": {name: vars(one) for name, one in law.consequences.items()},
        "left_to_body": {name: vars(one) for name, one in law.left_to_body.items()},
        "sanctions": law.sanctions,
        "channels": law.channels,
        "deadlines": [vars(rule) for rule in law.deadlines.values()],
        "forms": [{"id": one.id, "annex": one.annex, "title": one.texts.get("title")} for one in law.forms.values()],
        "rules": [vars(rule) for rule in act.rules.values()],
        "organisation": identity(chosen, file),
        "content_hash": law.content_hash,
        "warnings": act.warnings,
    }


def _readings(law: Law) -> Iterator[dict[str, Any]]:
    for reading in unique(law.readings):
        options = [vars(option) for option in reading.options]
        yield vars(reading) | {"letter": reading.option().letter, "options": options}


def _for_people(data: dict[str, Any]) -> None:
    line(f"{data['id']}: {data['title'].en}")
    line(f"{data['revision']['title']}, in force here from {data['revision']['in_force_from']}")
    rows: list[tuple[Any, ...]] = [(v["name"], v["value"], v["unit"], v["since"], v["point"]) for v in data["values"]]
    table(("value", "is", "unit", "since", "point"), rows, "Values")
    rows = [(r["id"], r["question"], f"({r['letter']}) {r['chosen']}", r["by"]) for r in data["readings"]]
    table(("reading", "question", "answer", "by"), rows, "Readings")
    for scale in data["scales"]:
        rows = [(grade.id, grade.span, grade.label.kk) for grade in data["scales"][scale]]
        table(("grade", "points", "label"), rows, f"Grades: {scale}")
    rows = [
        (
            d["id"],
            f"{d['amount']} {d['unit']} {d['direction']} {d['anchor']}",
            "house" if d["house"] else d["point"],
        )
        for d in data["deadlines"]
    ]
    table(("deadline", "term", "point"), rows, "Deadlines")
    line(f"Forms: {', '.join(form['id'] for form in data['forms'])} (methodology show {data['id']} --form ...)")


def _show_form(law: Law, form: Form, period: Period | None, json: bool) -> None:
    if json:
        about = {**vars(form), "fields": _fields(law, form), "rows": list(_rows(form))}
        as_json({"form": about, "empty_sheet": _empty(law, form, period)})
        return
    line(f"{form.annex}: {form.texts['title'].kk}")
    rows = [(row.number, row.label.kk, row.label.en) for row in form.parameters]
    if rows:
        table(("row", "kk", "en"), rows)
    else:
        fields = ", ".join(
            dict.fromkeys(str(one["name"]).partition("[")[0].partition(".")[0] for one in _fields(law, form))
        )
        line(
            f"The form has no rows of its own{f'; its sheet holds: {fields}' if fields else ', and no sheet is filled in on it'}."
        )
    line("An empty sheet: add --json.")


def _fields(law: Law, form: Form) -> list[dict[str, Any]]:
    method = METHODS.get(form.method)
    if method is None:
        return []
    return method.about(law, form) if method.about else [{"name": name} for name in method.fields]


def _rows(form: Form) -> Iterator[dict[str, Any]]:
    for row in form.parameters:
        about = {"id": row.id, "group": row.group, "flags": row.flags}
        yield {"row": row.number, "label": row.label, "explanation": row.explanation} | {
            key: value for key, value in about.items() if value
        }


def _empty(law: Law, form: Form, period: Period | None) -> dict[str, Any]:
    filled = METHODS[form.method].empty(law, form) if form.method in METHODS else {}
    return {"form": form.id, "person": {"personnel_no": ""}, "period": str(period) if period else "", **filled}
