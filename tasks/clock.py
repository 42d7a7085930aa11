"""The only clock of the house.

An act happens when it happens: a run that starts late dates what it does with the real instant, never with the
one it was scheduled for. Dating it back would turn a notice sent late into a notice sent in time. Whether a deadline
was kept is never asked of a run at all: verdicts compare stored instants. What a run is *about* is another question:
the run of 5 January that a revived machine executes on 3 April still opens what was due on 5 January.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from prefect.runtime import flow_run

#: the whole country has one zone since 1 March 2024
COUNTRY = ZoneInfo("Asia/Almaty")


def moment(at: datetime | None = None) -> datetime:
    """The instant at which this run acts: the one asked for, else the real one."""
    return at or datetime.now(UTC)


def meant_for(at: datetime | None = None) -> datetime:
    """The instant this run is about: the one asked for, else the one it was scheduled for."""
    return at or flow_run.scheduled_start_time


def waited_since(at: datetime | None = None) -> datetime | None:
    """Since when this run has been waiting; None for a replayed moment, which waits for nothing."""
    return None if at else flow_run.scheduled_start_time


def ended_year(at: datetime) -> int:
    """The last year that was over on this day."""
    return today(at).year - 1


def today(at: datetime) -> date:
    """The day it is in the country at this instant."""
    return at.astimezone(COUNTRY).date()
