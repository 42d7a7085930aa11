"""The life of an assessment drawn from the table of permitted steps: the diagrams, and the page of the docs about them.

The page is written anew by `python -m services.chart > docs/states.md`; a test holds the two together.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

from methodologies import acts, load
from rules.evaluation import Evaluation
from rules.stages import EXEMPT, PLANNED, STAGES, TERMINAL, Step, Walk


def mermaid(one: Evaluation) -> str:
    """A Mermaid state diagram of one kind of evaluation, the same text every time."""
    walk = Walk.of(one)
    lines = ["stateDiagram-v2", "    direction TB"]
    lines += [f"    {stage}: {stage}<br/>{_plain(stage, STAGES[stage])}" for stage in walk.stages]
    lines += [f"    [*] --> {PLANNED}: planned", f"    [*] --> {EXEMPT}: exempt"]
    for step in walk.steps.values():
        rules = ", ".join(step.rules)
        lines += [f"    {source} --> {target}: {step.event} ({rules})" for source, target in step.moves.items()]
    lines += [f"    {stage} --> [*]" for stage in walk.stages if stage in TERMINAL]
    return "\n".join(lines)


def _plain(stage: str, says: str) -> str:
    # to Mermaid a semicolon ends the line and a colon begins another label
    return says.removeprefix(f"{stage}: ").replace(";", ",").replace(":", " -")


_HEAD = """\
# The life of an assessment

One assessment is one person in one cycle. The stages and events are written once, in `rules/stages.py`; each act says in its
`act.yaml` which path it walks and which side lines it has. `services/door.py` refuses everything else with a sentence and writes
a journal row for each step. This page is drawn from that table and those files. It is not edited by hand:

```
.venv/bin/python -m services.chart > docs/states.md
```

Loops are events that change something without moving the person. The sentence of a refusal names the stages an event
needs and its rules; `bagalau methodology diagram ID` prints the diagrams of one act. What each rule says:
`bagalau rules coverage`, or `rules.yaml` in the folder of the act.
"""


def page() -> str:
    """The page docs/states.md: every stage, then the diagram and the events of each kind of evaluation."""
    parts = [_HEAD, "## Stages\n", *_table(("stage", "meaning"), _stages())]
    for act in acts():
        for one in load(act).evaluations.values():
            walk = Walk.of(one)
            parts += [
                f"\n## {act}: {one.what.en}\n",
                f"```mermaid\n{mermaid(one)}\n```\n",
                *_table(("event", "what happened", "from", "to", "rules"), _events(walk.steps)),
                "\nThe cycle itself:\n",
                *_table(("event", "what happened", "from", "to", "rules"), _events(walk.cycle_steps)),
            ]
    return "\n".join((*parts, ""))


def _stages() -> Iterator[tuple[str, ...]]:
    for stage, says in STAGES.items():
        yield f"`{stage}`", says.removeprefix(f"{stage}: ")


def _events(steps: Mapping[str, Step]) -> Iterator[tuple[str, ...]]:
    for event, step in steps.items():
        ways: dict[str, list[str]] = {}
        for source, target in step.moves.items():
            ways.setdefault("stays" if source == target else f"`{target}`", []).append(source)
        for to, sources in ways.items():
            yield f"`{event}`", step.says, _code(sources), to, ", ".join(step.rules)


def _code(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    for cells in (head, tuple("---" for _ in head), *rows):
        yield f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.stdout.write(page())
