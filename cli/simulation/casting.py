"""Who has a part where the story names nobody: chosen by lot from those who can have it, so that any act shows its rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cli.demonstration.scene import rows
from cli.simulation.script import Happening
from cli.simulation.world import Run, World
from models.work import reading

_PLANNED = (
    "SELECT a.person_id, a.evaluator_id, a.form, a.dismissed, t.supervisor_id FROM assessment a JOIN appointment t ON"
    " t.id = a.appointment_id WHERE a.cycle_id = :c AND a.stage <> 'exempt' ORDER BY a.id"
)


def invent(world: World, run: Run) -> None:
    """One of each thing the evaluation allows, each of another person.

    Nobody who evaluates, is evaluated by an official, or is away has a part.
    """
    with reading() as session:
        planned = rows(session, _PLANNED, c=run.id)
    officials = set(map(str, (world.body.settings.get("officials") or {}).values()))
    busy = {row.evaluator_id for row in planned}
    free = [
        row for row in planned
        if not (row.dismissed or row.person_id in busy or world.is_away(row.person_id, run.first))
        and not officials & {world.numbers[row.person_id], world.numbers.get(row.evaluator_id, "")}
    ]  # fmt: skip
    world.dice(run.key, "parts").shuffle(free)
    taken: set[int] = set()
    for what, given in _parts(run):
        one = next((row for row in free if row.person_id not in taken), None)
        if one is None:
            return
        taken.add(one.person_id)
        number = world.numbers[one.person_id]
        world.events.append(Happening(what, number, given, run.cycle.evaluation, run.cycle.period))


def _parts(run: Run) -> Iterator[tuple[str, dict[str, Any]]]:
    if run.allows("returned"):
        yield "returned", {"words": {"kk": "Деректер нақтылансын.", "ru": "Уточнить сведения."}}
    if run.allows("sign_refused"):
        yield "refuses_to_sign", {}
    if "marked" in run.path:
        yield "signs_late", {"days": 1}
    if run.allows("refused"):
        yield "refuses_result", {}
    if run.allows("requested"):
        yield "asks", {"after": 2}
        yield "asks", {"after": 7}
    if run.allows("appealed"):
        yield "appeals", {"after": 5, "outcome": "dismissed"}
