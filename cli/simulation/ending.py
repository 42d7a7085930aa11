"""From the first day to the report: the year, the annual marks, the papers, the figures."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cli.demonstration import staff
from cli.demonstration.ending import PAPERS
from cli.demonstration.place import Place
from cli.demonstration.showing import Showing
from cli.demonstration.story import sign_checkpoint
from cli.report import Story, gather, write_report
from cli.report.story import Whole
from cli.simulation import busy, year
from cli.simulation.busy import Busy, Risk
from cli.simulation.figures import Figures, figures
from cli.simulation.living import live
from cli.simulation.starting import world_of
from cli.simulation.world import World
from models.work import reading
from rules.period import Period
from services.paper import make_papers
from settings import settings


@dataclass(frozen=True)
class Ended:
    """What there is to tell when everything is over."""

    figures: Figures
    stories: tuple[Story, ...]
    days: tuple[Busy, ...]
    risks: tuple[Risk, ...]
    seconds: float


def end(place: Place, organisation: Path, period: Period, file: Path, screen: Showing, papers: bool = True) -> Ended:
    """Live through the whole story and write the report."""
    started = time.monotonic()
    screen.step("The staff file is read")
    world = world_of(place, organisation, period, file)
    last = live(world, staff.read(file), screen.day)
    year.again(world, last)
    if world.diary.line():
        screen.day(world.clock.day_of(last), world.diary.line(), 0, 1)
    screen.step("Papers and report are written")
    sign_checkpoint(last)
    with reading() as session:
        if papers:
            _papers(session, world, last)
        found = figures(session, world, last)
        told = tuple(gather(session, run.key, found, last, settings().checkpoints, place.papers) for run in world.runs)
        days, risks = busy.days(session, world, last), busy.risks(session, world, last)
    whole = Whole(told, found, tuple(days), tuple(risks), found.plans, found.commission)
    write_report(whole, place.report)
    return Ended(found, told, tuple(days), tuple(risks), time.monotonic() - started)


class _Enough(Exception):
    """So many papers show how they look."""


def _papers(session: object, world: World, now: datetime) -> None:
    """The papers of every cycle, of a large body the first ones."""
    made = 0

    def progress(_: str) -> None:
        nonlocal made
        made += 1
        if made % PAPERS == 0 and world.large:
            raise _Enough

    for run in world.runs:
        with suppress(_Enough):
            make_papers(session, run.key, world.place.papers / run.key, now, progress)  # type: ignore[arg-type]
