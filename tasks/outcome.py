"""How a run ends: plainly completed with a sentence of numbers, or failed naming the cycles that broke."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from typing import Any

from prefect import Flow, State
from prefect.client.schemas.objects import FlowRun
from prefect.logging.loggers import flow_run_logger, get_run_logger
from prefect.runtime import flow_run as this_run
from prefect.states import Completed, Failed

from rules.errors import RuleError


def told(moved: Mapping[str, int], nothing: str = "nothing was due") -> State:
    """Completed, with what was done: "Notify 40, Compute 12"."""
    done = [f"{what} {count}" for what, count in moved.items() if count]
    return Completed(message=", ".join(done) or nothing)


async def attempted(walk: Awaitable[State]) -> State:
    """How a walk ended, a broken one included: its red task says what broke, and the next cycle is walked."""
    try:
        return await walk
    except Exception as trouble:  # noqa: BLE001 - whatever breaks one cycle must not stop the others
        get_run_logger().error("A walk ended with %s; its task above says why.", type(trouble).__name__)
        return Failed(message=type(trouble).__name__)


async def answered(opening: Awaitable[State]) -> State:
    """How an opening ended; a refusal keeps its sentence, which names acts, periods and settings and never a person."""
    try:
        return await opening
    except RuleError as refusal:
        return Failed(message=str(refusal))


def told_of_all(answers: Sequence[State], nothing: str) -> State:
    """One sentence after the other; failed when one was a refusal, though the others were carried out."""
    said = "; ".join(str(state.message) for state in answers) or nothing
    return Completed(message=said) if all(state.is_completed() for state in answers) else Failed(message=said)


def together(walked: Mapping[str, State], nothing: str = "no cycle is waiting") -> State:
    """Completed when every cycle was walked; failed when one was not, though the others were."""
    broken = [key for key, state in walked.items() if not state.is_completed()]
    if broken:
        return Failed(message=f"{len(broken)} of {len(walked)} failed: {', '.join(broken)}")
    return Completed(message="; ".join(f"{key}: {state.message}" for key, state in walked.items()) or nothing)


def run_name() -> str:
    """The name of a run, made of its parameters, which hold keys, days and numbers and never a person."""
    given = [str(value) for name, value in this_run.parameters.items() if value is not None and name != "at"]
    return " ".join([this_run.flow_name or "", *given]).strip()


def alert(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Tell the operator that a run ended badly; what to do then is in docs/operations.md."""
    flow_run_logger(flow_run, flow).error(
        "OPERATOR: %s (%s) ended %s; see docs/operations.md, 'When something is red'",
        flow_run.name, flow_run.id, state.name,
    )  # fmt: skip
