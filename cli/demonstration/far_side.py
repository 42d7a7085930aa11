"""The far side, invented: what becomes of each message, told through the same receipts as any carrier or officer would.

Most messages arrive. A few mailboxes are closed and a few telephones dead, one letter comes back and its person is found
by the last means only, and of another letter nothing is ever heard.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from cli.demonstration.scene import Scene, rows
from models.base import instant
from models.work import reading, work
from notifications import hand_over, record
from services import familiarisation, ladder
from services.ground import find_cycle
from services.paper import documents
from settings import settings

#: a carrier tells after so long; the machine goes on to the next channel so long after it was told
SOON, NEXT = timedelta(minutes=1), timedelta(minutes=3)
_NEW = (
    "SELECT id, assessment_id, recipient_id, kind, channel, handed_at FROM notice WHERE cycle_id = :c"
    " AND state = 'handed' AND id > :last AND channel IN ({channels}) ORDER BY id"
)
_BY_CARRIER, _BY_OFFICER = ("email", "sms"), ("registered_letter", "telephonogram", "telegram", "other_registered")
#: working days until an officer knows
_DAYS = {"registered_letter": 5, "telephonogram": 0, "telegram": 1, "other_registered": 2}
_DETAIL = {
    ("registered_letter", "returned"): "addressee has moved",
    ("telephonogram", "undelivered"): "no answer, three calls",
    ("telephonogram", "delivered"): "taken by the addressee in person",
    ("telegram", "undelivered"): "nobody at the address",
}


def send(scene: Scene, now: datetime, flow: bool = True) -> None:
    """Hand over what waits, let the far side answer, and go on to the next channel until there is nothing to do.

    Args:
        flow: the first hand-over of a morning is the flow's; what follows within minutes is the courier's, as on a machine
            where `bagalau up` runs.
    """
    while _something_to_do(scene, now):
        if flow:
            scene.machine.hand_over(now)
        else:
            ladder.climb_all(now)
            hand_over(settings().mode, settings().outbox, now, documents=documents())
        failed = _carriers_tell(scene, now + SOON)
        _officers_will_tell(scene, now)
        if not failed:
            return
        now, flow = now + SOON + NEXT, False


def _something_to_do(scene: Scene, now: datetime) -> bool:
    with reading() as session:
        if rows(session, "SELECT 1 FROM notice WHERE state = 'waiting' LIMIT 1"):
            return True
        return any(one.next for one in ladder.stuck(session, find_cycle(session, scene.key), now))


# --- e-mail and short messages ---------------------------------------------------------------------------


def _carriers_tell(scene: Scene, now: datetime) -> int:
    """The carriers report on everything new; return how much did not arrive."""
    failed = 0
    with work() as session:
        for row in _new(session, scene, _BY_CARRIER):
            reached = _reached(scene, row)
            event = "delivered" if reached else "undelivered"
            record(
                session, row.id, event, max(now, instant(row.handed_at)), max(now, instant(row.handed_at)),
                source="simulate", event_id=f"far side/{row.id}/{event}",
                code="" if reached else _CODES[row.channel],
            )  # fmt: skip
            if row.kind == "result_served" and familiarisation.on_receipt(session, row.id, now):
                scene.diary.say(f"a former servant is served by {_said(row.channel)}")
            failed += not reached
    scene.diary.count("messages that did not arrive", failed)
    return failed


#: what such a carrier would say: no such mailbox; the telephone is out of reach
_CODES = {"email": "550 5.1.1", "sms": "30003"}


def _reached(scene: Scene, row: Any) -> bool:
    closed = scene.cast.closed_mailboxes if row.channel == "email" else scene.cast.dead_phones
    return row.recipient_id not in closed and ("hard to find", row.assessment_id) not in scene.planned


def _new(session: Any, scene: Scene, channels: tuple[str, ...]) -> list[Any]:
    """What was handed over since the last look at these channels."""
    last = scene.seen.get(channels, 0)
    query = _NEW.format(channels=", ".join(f"'{one}'" for one in channels))
    found = rows(session, query, c=scene.cycle_id, last=last)
    scene.seen[channels] = max([last, *(row.id for row in found)])
    return found


# --- letters, telephonograms, telegrams and what else is recorded ------------------------------------------


def _officers_will_tell(scene: Scene, now: datetime) -> None:
    """Put what becomes of every paper just handed over on the day on which an officer knows it."""
    with reading() as session:
        found = _new(session, scene, _BY_OFFICER)
    for row in found:
        if not scene.first_time("first paper", row.assessment_id):
            scene.diary.say(f"who was not reached is served by the next channel, {_said(row.channel)}")
        event, days = _fate(scene, row)
        moment = scene.clock.later(now, days, 12, 10)
        if moment <= now:
            moment = now + timedelta(minutes=90)
        scene.agenda.add(moment, lambda at, r=row, e=event: _told(scene, r, e, at))  # type: ignore[misc]


def _fate(scene: Scene, row: Any) -> tuple[str, int]:
    """What becomes of a paper, and after how many working days somebody knows."""
    if row.channel == "registered_letter":
        letters = sum(1 for what, _ in scene.planned if what == "letter")
        scene.first_time("letter", row.id)
        if letters == 0:  # posted, and never heard of again
            return "accepted", 0
        if letters == 1:
            scene.first_time("hard to find", row.assessment_id)
            return "returned", _DAYS[row.channel]
    lost = ("hard to find", row.assessment_id) in scene.planned and row.channel != "other_registered"
    return "undelivered" if lost else "delivered", _DAYS[row.channel]


def _told(scene: Scene, row: Any, event: str, now: datetime) -> None:
    at = max(now - timedelta(hours=2), instant(row.handed_at))
    with work() as session:
        record(
            session, row.id, event, at, now, source="officer", event_id=f"{row.id}/{event}", officer_id=scene.cast.hr,
            reference=_reference(row, at.date()), detail=_DETAIL.get((row.channel, event)),
        )  # fmt: skip
        served = row.kind == "result_served" and familiarisation.on_receipt(session, row.id, now)
    if served:
        scene.diary.say(f"a former servant is served by {_said(row.channel)}")
    elif event not in ("delivered", "accepted"):
        scene.diary.say(f"a {_said(row.channel)} is {event}")
        scene.agenda.add(now + NEXT, lambda then: send(scene, then, flow=False))


def _reference(row: Any, day: date) -> str:
    """The number on the paper: a track number, or the number in the body's own register."""
    if row.channel == "registered_letter":
        return f"RR{row.id:09d}KZ"
    return f"№ {row.id}/{day:%d.%m.%Y}"


def _said(channel: str) -> str:
    return channel.replace("_", " ")
