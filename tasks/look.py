"""Looking before walking: most ticks find nothing to do, and then one small task is all that Prefect remembers."""

from __future__ import annotations

from datetime import datetime

from prefect.logging import get_run_logger

from models.work import reading, rehearsal
from services import advance
from services import cycle as cycles
from services.ground import find_cycle
from tasks.kinds import step
from tasks.precise import unplanned
from tasks.tracker import is_shown

WALK, SHOW, NOTHING = "walk", "show", "nothing"


@step("look")
async def look(only: str | None, waited_since: datetime | None, now: datetime) -> dict[str, str]:
    """What each open cycle, or the one asked for, needs: a walk, to be shown anew, or nothing.

    Those walked while this run was waiting are left out.
    """
    with reading() as session:
        keys = [only] if only else cycles.unclosed(session)
        walked = {key: find_cycle(session, key).advanced_at for key in keys}
    waiting = [key for key, last in walked.items() if not (last and waited_since and last > waited_since)]
    return {key: await _need(key, now) for key in waiting}


async def _need(cycle: str, now: datetime) -> str:
    if _is_due(cycle, now):
        return WALK
    return NOTHING if await is_shown(cycle, now) else SHOW


def _is_due(cycle: str, now: datetime) -> bool:
    try:
        with rehearsal() as session:
            return advance.due(session, cycle, now) or bool(unplanned(session, cycle, now))
    except Exception as trouble:  # noqa: BLE001 - whatever it is, the walk's own step meets it and says so
        get_run_logger().warning("Looking at %s ended with %s; it is walked.", cycle, type(trouble).__name__)
        return True
