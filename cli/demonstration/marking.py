"""The evaluators: most mark early, some on the last days, one too late; a substitute and a designee mark as well."""

from __future__ import annotations

from datetime import date, datetime
from random import Random
from typing import Any

from cli.demonstration import marks
from cli.demonstration.cast import Cast
from cli.demonstration.scene import Scene, actor, moment_of, rows
from models.work import work
from rules.law import Form
from rules.words import counted
from services import sheets
from services.sheets import SignedSheet

_OPEN = "SELECT id, person_id, marker_id FROM assessment WHERE cycle_id = :c AND stage = 'open'"


def plan(scene: Scene) -> None:
    """Put every sheet on the day it is marked, and the two changes of hands before it."""
    if scene.cast.crowded:
        scene.agenda.add(scene.clock.later(_begun(scene), 1, 10, 15), lambda now: _designate(scene, now))
    if scene.cast.ill:
        scene.agenda.add(scene.clock.later(_begun(scene), 3, 11, 40), lambda now: _substitute(scene, now))
    days = scene.clock.calendar.count(scene.begun, scene.due)
    by_day: dict[date, list[Any]] = {}
    for sheet in scene.cast.sheets:
        by_day.setdefault(_day(scene, sheet, days), []).append(sheet)
    for day, given in by_day.items():
        _plan_day(scene, day, given)


def _begun(scene: Scene) -> datetime:
    return scene.clock.at(scene.begun, 9)


def _plan_day(scene: Scene, day: date, given: list[Any]) -> None:
    if scene.large:
        scene.agenda.add(scene.clock.at(day, 17), lambda now: _sign_all(scene, given, now))
        return
    for sheet in given:
        scene.agenda.add(moment_of(scene.clock, day, sheet.id), lambda now, one=sheet: _sign(scene, one, now))  # type: ignore[misc]


def _day(scene: Scene, sheet: Any, days: int) -> date:
    """The working day on which a sheet is signed, counted from the day it was sent."""
    cast, dice = scene.cast, Random(sheet.person_id)  # noqa: S311 # an invented habit; the same every time is the point
    if sheet.evaluator_id == cast.late:
        place = days + dice.randint(0, 1)
    elif sheet.evaluator_id == cast.ill:
        place = dice.randint(5, days - 2)
    elif (told := _told(cast, sheet)) is not None:
        place = told
    else:
        place = 1 + int(dice.betavariate(1.7, 2.3) * (days - 1))
    return scene.clock.calendar.after(scene.begun, place) if place else scene.begun


def _told(cast: Cast, sheet: Any) -> int | None:
    """Those of the story are marked early enough for what follows."""
    for place, one in ((2, cast.tardy), (3, cast.raised), (4, cast.refuser), (7, cast.upheld)):
        if one is not None and one.id == sheet.id:
            return place
    if sheet.dismissed or any(one.id == sheet.id for one in cast.leavers):
        return 3 + int(sheet.id) % 3
    return None


def _designate(scene: Scene, now: datetime) -> None:
    cast = scene.cast
    mine = [one.id for one in _lying_with(scene, cast.crowded) if one.person_id != cast.designee]
    with work() as session:
        given = sheets.designate(session, mine[1::2], cast.designee or 0, now, actor(cast.crowded))
    scene.diary.say(f"an evaluator with {len(cast.groups[cast.crowded or 0])} people names a designee for {given}")


def _substitute(scene: Scene, now: datetime) -> None:
    cast = scene.cast
    ids = [one.id for one in _lying_with(scene, cast.ill)]
    with work() as session:
        substitute = _who_replaces(scene)
        sheets.replace_evaluator(session, ids, substitute, "еңбекке уақытша қабілетсіздік", now, actor(cast.hr))
    scene.diary.say(f"an evaluator is ill, a substitute takes {counted(len(ids), 'sheets')}")


def _who_replaces(scene: Scene) -> int:
    """The evaluator of the one who is ill, or another evaluator."""
    cast = scene.cast
    own = [one.evaluator_id for one in cast.sheets if one.person_id == cast.ill]
    others = [one for one in cast.groups if one not in (cast.ill, cast.late, cast.official)]
    return int(next(iter([*own, *others])))


def _lying_with(scene: Scene, marker: int | None) -> list[Any]:
    with work() as session:
        return rows(session, f"{_OPEN} AND marker_id = :m ORDER BY id", c=scene.cycle_id, m=marker)


def _sign(scene: Scene, sheet: Any, now: datetime) -> None:
    with work() as session:
        lying = rows(session, f"{_OPEN} AND id = :i", c=scene.cycle_id, i=sheet.id)
        if lying:
            sheets.submit(session, _signed(scene, sheet, lying[0].marker_id), now, actor(lying[0].marker_id))
            scene.diary.count("sheets signed")


def _sign_all(scene: Scene, given: list[Any], now: datetime) -> None:
    with work() as session:
        lying = {one.id: one.marker_id for one in rows(session, _OPEN, c=scene.cycle_id)}
        signed = [_signed(scene, one, lying[one.id]) for one in given if one.id in lying]
        done = sheets.submit_many(session, scene.cycle, signed, now, "system/import")
    scene.diary.count("sheets signed", done)


def _signed(scene: Scene, sheet: Any, marker: int) -> SignedSheet:
    given = _marks(scene, sheet, scene.ground.law.form(sheet.form))
    row = _sanction_row(scene)
    said = marks.comments(given, sheet.language, sheet.person_id)
    if sheet.punished and row:
        said[row] = marks.SANCTIONED[sheet.language]
    return SignedSheet(sheet.id, given, said, signed_by=marker)


def _marks(scene: Scene, sheet: Any, form: Form) -> marks.Marks:
    cast, law = scene.cast, scene.ground.law
    ruler = marks.Ruler.of(law)
    if cast.raised is not None and sheet.id == cast.raised.id:
        return marks.told(marks.TOO_LOW, form, ruler)
    if cast.upheld is not None and sheet.id == cast.upheld.id:
        return marks.told(marks.DOUBTED, form, ruler)
    if sheet.punished:
        limits = {kind: law.value(name) for kind, name in law.sanctions.items()}
        mildest = limits[cast.sanctioned[sheet.person_id]] == max(limits.values())
        return marks.told(marks.CAPPED if mildest else marks.DISCREDITED, form, ruler)
    return marks.usual(sheet.person_id, form, _sanction_row(scene), ruler)


def _sanction_row(scene: Scene) -> int:
    """The row a sanction limits; 0 where the act has none."""
    law = scene.ground.law
    return int(law.value("sanction_parameter")) if "sanction_parameter" in law.values else 0
