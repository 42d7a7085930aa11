"""The life of an assessment drawn from the table of permitted steps: the diagram, and the page of the docs about it.

The page is written anew by `python -m services.chart > docs/states.md`; a test holds the two together.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

from rules.stages import CYCLE_STEPS, EXEMPT, PLANNED, STAGES, STEPS, TERMINAL, Step


def mermaid() -> str:
    """A Mermaid state diagram of `rules.stages`, the same text every time."""
    lines = ["stateDiagram-v2", "    direction TB"]
    lines += [f"    {stage}: {stage}<br/>{_plain(stage, says)}" for stage, says in STAGES.items()]
    lines += [f"    [*] --> {PLANNED}: planned", f"    [*] --> {EXEMPT}: exempt by pt 5"]
    for step in STEPS.values():
        rules = ", ".join(step.rules)
        lines += [f"    {source} --> {target}: {step.event} ({rules})" for source, target in step.moves.items()]
    lines += [f"    {stage} --> [*]" for stage in sorted(TERMINAL)]
    return "\n".join(lines)


def _plain(stage: str, says: str) -> str:
    # to Mermaid a semicolon ends the line and a colon begins another label
    return says.removeprefix(f"{stage}: ").replace(";", ",").replace(":", " -")


_HEAD = """\
# The life of an assessment

One assessment is one person in one cycle. What may follow what is written once, in `rules/stages.py`; `services/door.py`
refuses everything else with a sentence and writes a journal row for each step. This page is drawn from that table. It is
not edited by hand:

```
.venv/bin/python -m services.chart > docs/states.md
```

Loops are events that change something without moving the person. The sentence of a refusal names the stages an event
needs and its rules; `bagalau cycle diagram` prints the diagram alone. What each rule says: `bagalau rules coverage`, or
`methodologies/nchr_2024/rules.yaml`.
"""


def page() -> str:
    """The page docs/states.md: the diagram, every stage, every event, and the life of the cycle itself."""
    return "\n".join(
        (
            _HEAD,
            f"```mermaid\n{mermaid()}\n```",
            "\n## Stages\n",
            *_table(("stage", "meaning", "left by"), _stages()),
            "\n## Events\n",
            *_table(("event", "what happened", "from", "to", "rules"), _events(STEPS)),
            "\n## The cycle itself\n",
            "The machine works on a cycle once its schedule is approved and its period is over (`services/cycle.py`, `ready`).\n",
            *_table(("event", "what happened", "from", "to", "rules"), _events(CYCLE_STEPS)),
            "",
        )
    )


def _stages() -> Iterator[tuple[str, ...]]:
    for stage, says in STAGES.items():
        left = [event for event, step in STEPS.items() if step.moves.get(stage, stage) != stage]
        yield f"`{stage}`", says.removeprefix(f"{stage}: "), _code(left) or "-"


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
