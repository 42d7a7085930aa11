"""The staff over time: each file as it was known on its day, and a body of any size grown from its own sample."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from cli.demonstration import staff
from cli.demonstration.scene import rows
from cli.demonstration.staff import Row
from cli.simulation.world import World
from models.base import as_day
from models.work import reading, work
from services import people


def known_on(file: Sequence[Row], day: date) -> list[Row]:
    """The file as it was on a day: nobody who comes later, no end and no absence that lies ahead."""
    there = [row for row in file if row["appointed_on"] <= day.isoformat()]
    found = staff.known_on(there, day, {})
    # what names people who are not there yet waits until they come
    numbers = {row["personnel_no"] for row in found}
    return [_without(row, numbers) for row in found]


def _without(row: Row, numbers: set[str]) -> Row:
    missing = {column: "" for column in ("supervisor", "unit_head") if row[column] and row[column] not in numbers}
    return row | missing


def news(file: Sequence[Row], first: date, last: date) -> list[date]:
    """The days on which the file says something new."""
    found = set(staff.days_of_news(file, first, last))
    found |= {day for row in file if first < (day := date.fromisoformat(row["appointed_on"])) <= last}
    ended = {date.fromisoformat(row["ended_on"]) + timedelta(days=1) for row in file if row["ended_on"]}
    return sorted(found | {day for day in ended if first < day <= last})


def read_in(world: World, file: Sequence[Row], now: datetime) -> None:
    """The file of a day goes into the database."""
    day = world.clock.day_of(now)
    written = staff.write(known_on(file, day), world.place.staff / f"{day}.csv")
    with work() as session:
        found = people.import_staff(session, written, "operator/demonstration", now, world.act)
    if found.created or found.changed:
        new = f"{found.created} new, " if found.created else ""
        world.diary.say(f"a staff file is read: {new}{found.changed} changed")
    learn(world)


def learn(world: World) -> None:
    """Who has which number, and who is away when, as the invented people know it of each other."""
    with reading() as session:
        world.numbers = {row[0]: row[1] for row in rows(session, "SELECT id, personnel_no FROM person")}
        absences = rows(session, "SELECT person_id, first_day, last_day, kind FROM absence ORDER BY first_day")
    world.away = {}
    for person, first, last, kind in absences:
        world.away.setdefault(person, []).append((as_day(first), as_day(last), kind))


# --- any size -------------------------------------------------------------------------------------------


def grown(file: Path, people_wanted: int, to: Path) -> Path:
    """A body of about so many people: the sample's units side by side, its leaders and officials once.

    Who stands outside corps B, and every unit that has such a person, is there once; the others are repeated.
    """
    own = staff.read(file)
    once = {row["unit"] for row in own if not row["category"]}
    once |= {row["unit"] for row in own if row["unit"] == own[0]["unit"]}
    several = [row for row in own if row["unit"] not in once]
    found = list(own)
    copy = 1
    while several and len({row["personnel_no"] for row in found}) < people_wanted:
        copy += 1
        found += [_copied(row, copy, {one["personnel_no"] for one in several}) for row in several]
    return staff.write(found, to)


def _copied(row: Row, copy: int, numbers: set[str]) -> Row:
    def other(number: str) -> str:
        return f"{number}{copy:03d}" if number in numbers else number

    changed = {column: other(row[column]) for column in ("personnel_no", "supervisor", "unit_head")}
    host = {"host_unit": ""} if "host_unit" in row else {}
    return row | changed | host | {
        "unit": f"{row['unit']}-{copy}",
        "unit_name_kk": f"{row['unit_name_kk']} {copy}",
        "unit_name_ru": f"{row['unit_name_ru']} {copy}",
        "email": row["email"].replace("@", f".{copy}@"),
        "phone": "",
    }  # fmt: skip
