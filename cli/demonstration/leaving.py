"""Those who leave: evaluated without participation, with the contacts they still have (N-15, N-19)."""

from __future__ import annotations

from datetime import datetime, timedelta

from cli.demonstration import staff
from cli.demonstration.scene import Scene, actor
from methodologies import act_of
from models.work import work
from services import people
from settings import settings

#: the contacts the staff file still has of those who leave in the story; the channel of N-19 follows from them
CONTACTS: tuple[staff.Row, ...] = (
    {},
    {},
    {"address": ""},
    {"address": ""},
    {"address": "", "phone": ""},
    {"address": "", "phone": "", "email": ""},
)


def plan(scene: Scene, file: list[staff.Row]) -> None:
    """Put every new staff file on its day: those the sample file knows of, and the leavers of the story."""
    changes = _changes(scene)
    news = staff.days_of_news([row | changes.get(row["personnel_no"], {}) for row in file], scene.begun, scene.due)
    for day in sorted({scene.clock.calendar.on_or_after(one + timedelta(days=1)) for one in news}):
        scene.agenda.add(scene.clock.at(day, 9, 20), lambda now: _import(scene, file, changes, now))


def _changes(scene: Scene) -> dict[str, staff.Row]:
    """Two leave each day, from the sixth working day of the term on."""
    found: dict[str, staff.Row] = {}
    for place, one in enumerate(scene.cast.leavers):
        last_day = scene.clock.calendar.after(scene.begun, 3 + place // 2)
        contacts = CONTACTS[len(CONTACTS) - len(scene.cast.leavers) + place]
        found[one.personnel_no] = {"ended_on": last_day.isoformat(), "dismissed": "yes", **contacts}
    return found


def _import(scene: Scene, file: list[staff.Row], changes: dict[str, staff.Row], now: datetime) -> None:
    day = scene.clock.day_of(now)
    written = staff.write(staff.known_on(file, day, changes), scene.place.staff / f"{day}.csv")
    with work() as session:
        found = people.import_staff(session, written, actor(scene.cast.hr), now, act_of(settings().organisation))
    scene.diary.say(f"a new staff file: {found.changed} changed")
