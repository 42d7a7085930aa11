"""From the first day to the report: the story, the mark of the year, the papers, the figures."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from pathlib import Path

from cli.demonstration import story
from cli.demonstration.figures import Figures, figures
from cli.demonstration.machine import Machine
from cli.demonstration.place import Place
from cli.demonstration.scene import Scene
from cli.demonstration.showing import Showing
from cli.report import Story, gather, write_report
from cli.report.story import Whole
from models.work import reading
from rules.errors import NotInForce
from services.paper import make_papers
from settings import settings

#: of a large body the lists, the papers of disputes and sheets up to here; `bagalau cycle papers` makes all of them
PAPERS = 100


@dataclass(frozen=True)
class Ended:
    """What there is to tell when everything is over."""

    figures: Figures
    report: Story
    seconds: float
    all_papers: bool


def end(place: Place, machine: Machine, file: Path, period: str, screen: Showing) -> Ended:
    """Live through the whole story and write the report."""
    started = time.monotonic()
    screen.step("The staff file is read, the cycle is opened")
    scene = story.begin(place, machine, file, period)
    last = story.live(scene, screen.day)
    last = _year(scene, last, screen)
    screen.step("Papers and report are written")
    story.sign_checkpoint(last)
    with reading() as session:
        with suppress(_Enough):
            make_papers(session, scene.key, place.papers, last, _at_most(PAPERS) if scene.large else None)
        found = figures(session, place, scene.key, scene.ground.law, last, machine.runs())
        told = gather(session, scene.key, found, last, settings().checkpoints, place.papers)
    write_report(Whole((told,), found), place.report)
    return Ended(found, told, time.monotonic() - started, not scene.large)


class _Enough(Exception):
    """So many papers show how they look."""


def _at_most(number: int) -> Callable[[str], None]:
    made = count(1)

    def progress(_: str) -> None:
        if next(made) >= number:
            raise _Enough

    return progress


def _year(scene: Scene, last: datetime, screen: Showing) -> datetime:
    """The mark of the year, a few days before its own deadline; it has one quarter here, and says so."""
    year = scene.ground.period.year
    try:
        day = scene.clock.calendar.on_or_after(date(year + 1, 1, 25))
        moment = scene.clock.at(day, 8)
        said = scene.machine.annual(year, moment)
    except NotInForce:  # the working-day calendar does not reach so far yet
        return last
    screen.day(day, f"{said} (of one quarter, the only one known here)", 0, 1)
    return moment
