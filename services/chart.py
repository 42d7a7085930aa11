"""The life of an assessment drawn from the table of permitted steps."""

from __future__ import annotations

from rules.stages import EXEMPT, PLANNED, STAGES, STEPS, TERMINAL


def mermaid() -> str:
    """A Mermaid state diagram of `rules.stages`, the same text every time."""
    lines = ["stateDiagram-v2", "    direction TB"]
    lines += [f"    {stage}: {stage}<br/>{says}" for stage, says in STAGES.items()]
    lines += [f"    [*] --> {PLANNED}: planned", f"    [*] --> {EXEMPT}: exempt by pt 5"]
    for step in STEPS.values():
        rules = ", ".join(step.rules)
        lines += [f"    {source} --> {target}: {step.event} ({rules})" for source, target in step.moves.items()]
    lines += [f"    {stage} --> [*]" for stage in sorted(TERMINAL)]
    return "\n".join(lines)
