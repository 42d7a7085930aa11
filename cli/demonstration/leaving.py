"""Those who leave: evaluated without participation, and served by a channel that keeps proof (N-15, N-19)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from cli.demonstration import staff
from cli.demonstration.scene import Scene, actor, rows
from methodologies import act_of
from models.base import instant
from models.work import work
from notifications import record
from services import familiarisation, people
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
_HANDED = (
    "SELECT id, assessment_id, recipient_id, channel, round, handed_at FROM notice"
    " WHERE cycle_id = :c AND kind = 'result_served' AND state = 'handed' ORDER BY id"
)
_FAILS = {"registered_letter": ("returned", 5), "telephonogram": ("undelivered", 1)}
_DAYS = {"registered_letter": 5, "telephonogram": 1, "telegram": 1, "sms": 1, "email": 1, "other_registered": 2}


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


def served(scene: Scene, now: datetime) -> None:
    """Put what becomes of every notice of service just handed over on its day."""
    with work() as session:
        handed = [row for row in rows(session, _HANDED, c=scene.cycle_id) if scene.first_time("served", row.id)]
    for row in handed:
        again = not scene.first_time("first service", row.assessment_id)
        if again:
            scene.diary.say(f"who was not reached is served by the next channel, {_said(row.channel)}")
        before = sum(1 for kind, _ in scene.planned if kind == row.channel)
        scene.first_time(row.channel, row.id)
        # the second letter comes back, and whoever's letter came back does not answer the telephone either
        fails = row.channel in _FAILS and (before == 1 or again)
        event, days = _FAILS[row.channel] if fails else ("delivered", _DAYS[row.channel])
        scene.agenda.add(scene.clock.later(now, days, 12, 10), lambda at, r=row, e=event: _told(scene, r, e, at))  # type: ignore[misc]


def _told(scene: Scene, row: Any, event: str, now: datetime) -> None:
    by_hand = row.channel not in ("sms", "email")
    at = max(now - timedelta(hours=2), instant(row.handed_at))
    with work() as session:
        record(
            session, row.id, event, at, now, source="officer" if by_hand else f"{row.channel} report",
            event_id=f"{row.id}/{event}", officer_id=scene.cast.hr if by_hand else None,
            reference=_reference(row, at.date()) if by_hand else None, detail=_DETAIL.get((row.channel, event)),
        )  # fmt: skip
        if familiarisation.on_receipt(session, row.id, now):
            scene.diary.say(f"a former servant is served by {_said(row.channel)}")
        elif event != "delivered":
            scene.diary.say(f"a {_said(row.channel)} is {event}")


_DETAIL = {
    ("registered_letter", "returned"): "addressee has moved",
    ("telephonogram", "undelivered"): "no answer, three calls",
    ("telephonogram", "delivered"): "taken by the addressee in person",
}


def _reference(row: Any, day: date) -> str:
    """The number on the paper: a track number, or the number in the body's own register."""
    if row.channel == "registered_letter":
        return f"RR{row.id:09d}KZ"
    return f"№ {row.id}/{day:%d.%m.%Y}"


def _said(channel: str) -> str:
    return channel.replace("_", " ")
