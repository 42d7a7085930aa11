"""The evaluated people: most open the result within days, a few only after a reminder, one refuses to learn it."""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import Any

from cli.demonstration import disputing
from cli.demonstration.scene import Scene, actor, moment_of, rows
from models.work import work
from services import familiarisation

_RELEASED = "SELECT id, person_id FROM assessment WHERE cycle_id = :c AND stage = 'released' AND dismissed = false"
_HABITS = (1, 1, 1, 2, 2, 3, 3, 4)


def plan(scene: Scene, now: datetime) -> None:
    """Put everybody whose result was just released on the day they open it."""
    with work() as session:
        waiting = rows(session, f"{_RELEASED} ORDER BY id", c=scene.cycle_id)
    fresh = [one for one in waiting if scene.first_time("opening", one.id)]
    if scene.large:
        _plan_together(scene, fresh, now)
        return
    for one in fresh:
        day = scene.clock.day_of(scene.clock.later(now, _patience(scene, one), 9))
        scene.agenda.add(moment_of(scene.clock, day, one.person_id), lambda at, who=one: _open(scene, who, at))  # type: ignore[misc]


def _patience(scene: Scene, one: Any) -> int:
    """Working days until this person looks."""
    cast = scene.cast
    if one.person_id in cast.slow:
        return 7 + int(one.person_id) % 5
    if cast.refuser is not None and one.id == cast.refuser.id:
        return 3
    if any(case is not None and case.id == one.id for case in (cast.raised, cast.upheld, cast.tardy)):
        return 1
    return Random(one.person_id).choice(_HABITS)  # noqa: S311 # an invented habit


def _plan_together(scene: Scene, fresh: list[Any], now: datetime) -> None:
    by_days: dict[int, list[Any]] = {}
    for one in fresh:
        by_days.setdefault(_patience(scene, one), []).append(one)
    for days, group in by_days.items():
        scene.agenda.add(scene.clock.later(now, days, 17, 15), lambda at, them=group: _open_all(scene, them, at))  # type: ignore[misc]


def _open(scene: Scene, one: Any, now: datetime) -> None:
    """One person opens the result, unless something else came first (left the body meanwhile)."""
    with work() as session:
        if not rows(session, f"{_RELEASED} AND id = :i", c=scene.cycle_id, i=one.id):
            return
        if scene.cast.refuser is not None and one.id == scene.cast.refuser.id:
            _refuse(session, scene, one, now)
            return
        familiarisation.open_result(session, one.id, one.person_id, now)
    scene.diary.count("results opened")
    disputing.plan(scene, one.id, now)


def _refuse(session: Any, scene: Scene, one: Any, now: datetime) -> None:
    parties = {one.person_id, *(x for s in scene.cast.sheets if s.id == one.id for x in (s.evaluator_id,))}
    parties |= {scene.cast.designee or 0, scene.cast.hr, scene.cast.ill or 0}
    witnesses = [s.person_id for s in scene.cast.sheets if s.person_id not in parties and not s.dismissed][:2]
    words = "Нәтижемен танысудан бас тартты, себебін айтпады."
    familiarisation.refuse(session, one.id, scene.cast.hr, witnesses, words, now, actor(scene.cast.hr))
    scene.diary.say("a person refuses to learn the result: an act with three signers")


def _open_all(scene: Scene, group: list[Any], now: datetime) -> None:
    """Openings the information system logged, taken over together; those of the story one by one."""
    with work() as session:
        there = {one.id for one in rows(session, _RELEASED, c=scene.cycle_id)}
        own = {case.id for case in (scene.cast.refuser, scene.cast.raised, scene.cast.upheld, scene.cast.tardy) if case}
        logged = [(one.id, moment_of(scene.clock, now.date(), one.person_id)) for one in group if one.id in there - own]
        done = familiarisation.opened_many(session, scene.cycle, logged, now, "system/import") if logged else 0
    scene.diary.count("results opened", done)
    for one in group:
        if one.id in own:
            _open(scene, one, now)
