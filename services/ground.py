"""The ground a cycle stands on: the law, the calendar and the body's file, exactly as pinned when it was opened."""

from __future__ import annotations

import hashlib
import json
import tempfile
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlmodel import Session, select

import methodologies
from models import Cycle, PinnedText
from models.bulk import insert_rows
from models.sql import execute
from rules.calendar import WorkCalendar
from rules.errors import NotAllowed, NotFound, NotNow
from rules.evaluation import Evaluation, Source
from rules.grades import GradeScale
from rules.law import Law
from rules.organisation import Organisation
from rules.period import Period
from rules.stages import Step, Walk


@dataclass(frozen=True)
class Ground:
    """What a cycle was opened under."""

    period: Period
    law: Law
    calendar: WorkCalendar
    organisation: Organisation
    evaluation: Evaluation
    walk: Walk

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which days begin and end here."""
        return ZoneInfo(self.organisation.time_zone)

    def day_of(self, moment: datetime) -> date:
        """The calendar day of an instant in the body's zone."""
        return moment.astimezone(self.zone).date()

    def step(self, event: str) -> Step:
        """The step of an event under this evaluation.

        Raises:
            NotAllowed: this evaluation of this act does not know the event.
        """
        step = self.walk.steps.get(event) or self.walk.cycle_steps.get(event)
        if step is None:
            raise NotAllowed(
                f"{self.law.act} knows no event '{event}' in its evaluation '{self.evaluation.id}' "
                f"({self.evaluation.point}); it has: {', '.join(self.walk.steps)}."
            )
        return step

    @property
    def is_survey(self) -> bool:
        """Does this evaluation ask many people about one, under seal (U-56)?"""
        forms = (self.law.forms.get(choice.form) for choice in self.evaluation.forms)
        return any(form is not None and form.method == "survey" for form in forms)

    def source(self, *names: str) -> Source:
        """Where the act speaks of something: of events, of what plays a deadline's role here ("deadline:decision"), or of
        what the option `cites` names; rules and points together, nothing for what the act does not have.
        """
        found = [one for name in names if (one := self._named(name)) is not None]
        rules = dict.fromkeys(rule for one in found for rule in one.rules)
        return Source(tuple(rules), ", ".join(dict.fromkeys(one.point for one in found if one.point)))

    def _named(self, name: str) -> Source | None:
        if name.startswith("deadline:"):
            rule = self.law.deadlines.get(self.deadline_id(name.removeprefix("deadline:")) or "")
            return Source(rule.rules, rule.point) if rule else None
        if name in self.evaluation.events or name in self.walk.steps or name in self.walk.cycle_steps:
            return self.evaluation.source(name)
        point = (self.evaluation.options.get("cites") or {}).get(name)
        return Source((), point) if point else None

    def cite(self, *names: str) -> str:
        """The same for the end of a sentence, in brackets after a blank; "" where the act speaks of none of them."""
        one = self.source(*names)
        said = ", ".join(part for part in (*one.rules, one.point) if part)
        return f" ({said})" if said else ""

    @property
    def announced(self) -> bool:
        """Must people be told before the evaluation starts (M-46, J-22)?"""
        notice = self.law.deadlines.get(self.deadline_id("notice") or "")
        return notice is not None and notice.anchor == "evaluation_start"

    @property
    def scale(self) -> GradeScale | None:
        """The scale on which the results of this evaluation are read; None where it gives no grade."""
        return self.law.scale_of(self.evaluation)

    def deadline_id(self, role: str) -> str | None:
        """The id of the act's deadline that plays a role here: evaluation, dismissed, request, decision, ..."""
        return self.evaluation.deadline_id(role, self.period)

    def in_order(self, what: str, moment: datetime, after: datetime | None) -> None:
        """Refuse an act dated before the day of the step it follows: every term counts from such a day.

        Raises:
            NotNow: it is.
        """
        if after is not None and self.day_of(moment) < self.day_of(after):
            raise NotNow(
                f"{what} on {self.day_of(moment)} would lie before the step it follows, of {self.day_of(after)}; "
                "correct the date."
            )


@dataclass(frozen=True)
class Pinned:
    """What never changes of a cycle: its names and what it was opened under."""

    id: int
    key: str
    act: str
    revision: str
    period: str
    evaluation: str
    organisation: str
    time_zone: str
    law_hash: str
    organisation_hash: str
    calendar_hash: str


Known = Cycle | Pinned
_cycles: dict[tuple[Any, int], Pinned] = {}


def known_cycle(session: Session, cycle_id: int) -> Pinned:
    """The unchanging facts of a cycle; read once per process, for they cannot change.

    Raises:
        NotFound: there is none of that number.
    """
    place = (session.get_bind(), cycle_id)
    if place not in _cycles:
        names = ", ".join(field.name for field in fields(Pinned))
        row = execute(session, f"SELECT {names} FROM cycle WHERE id = :i", {"i": cycle_id}).one_or_none()
        if row is None:
            raise NotFound(f"There is no cycle {cycle_id}.")
        _cycles[place] = Pinned(*row)
    return _cycles[place]


#: made once: every step begins by looking its cycle up
_BY_KEY = select(Cycle).where(Cycle.key == bindparam("key"))


def find_cycle(session: Session, key: str) -> Cycle:
    """The cycle of that key.

    Raises:
        NotFound: there is none.
    """
    cycle = session.exec(_BY_KEY, params={"key": key}).one_or_none()
    if cycle is None:
        raise NotFound(f"There is no cycle '{key}'; `bagalau cycle list` shows those there are.")
    return cycle


def ground_of(session: Session, cycle: Known) -> Ground:
    """The pinned ground of a cycle; a later amendment or calendar correction does not reach it."""
    wanted = (cycle.law_hash, cycle.organisation_hash, cycle.calendar_hash)
    found = _known.get((*wanted, cycle.period, cycle.evaluation))
    if found is None:
        texts = dict(
            session.exec(
                select(PinnedText.sha256, PinnedText.body).where(PinnedText.sha256.in_(wanted))  # type: ignore[attr-defined]
            ).all()
        )
        found = _rebuild(texts[wanted[0]], texts[wanted[1]], texts[wanted[2]], cycle.period, cycle.evaluation)
        _known[*wanted, cycle.period, cycle.evaluation] = found
    return found


_known: dict[tuple[str, str, str, str, str], Ground] = {}


def pin(
    session: Session, act: str | Path, organisation_file: Path, period: Period, evaluation: str | None = None
) -> tuple[Ground, tuple[str, str, str]]:
    """Read the law, the body's file and the calendar now, keep their texts, return the ground and the three hashes."""
    found = methodologies.load(act, beside=organisation_file.parent)
    files = {file.name: file.read_text("utf-8") for file in found.files}
    body = organisation_file.read_text("utf-8")
    organisation = methodologies.read_organisation(organisation_file)
    calendar = methodologies.work_calendar(organisation)
    texts = {
        "act": json.dumps(files, ensure_ascii=False, sort_keys=True),
        "organisation": body,
        "calendar": _calendar_text(calendar),
    }
    hashes = tuple(hashlib.sha256(text.encode()).hexdigest() for text in texts.values())
    kept = set(execute(session, "SELECT sha256 FROM pinned_text").scalars())
    rows = [(h, kind, text) for h, (kind, text) in zip(hashes, texts.items(), strict=True) if h not in kept]
    insert_rows(session, "pinned_text", ("sha256", "kind", "body"), rows)
    ground = _rebuild(texts["act"], texts["organisation"], texts["calendar"], str(period), evaluation or "")
    return ground, (hashes[0], hashes[1], hashes[2])


@lru_cache(maxsize=32)
def _rebuild(act: str, organisation: str, calendar: str, period: str, evaluation: str) -> Ground:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in json.loads(act).items():
            (Path(folder) / name).write_text(text, "utf-8")
        file = Path(folder) / "organisation.txt"
        file.write_text(organisation, "utf-8")
        body = methodologies.read_organisation(file)
        asked = Period.parse(period)
        law = methodologies.law(methodologies.load(Path(folder)), asked, body)
    one = law.evaluation(evaluation or None)
    return Ground(asked, law, _calendar(calendar), body, one, Walk.of(one))


@lru_cache(maxsize=8)
def _calendar_text(calendar: WorkCalendar) -> str:
    return json.dumps(
        {
            "first": calendar.first.isoformat(),
            "last": calendar.last.isoformat(),
            "source": calendar.source,
            "confirmed_until": calendar.confirmed_until.isoformat(),
            "working_days": [date.fromordinal(day).isoformat() for day in calendar.days],
        },
        separators=(",", ":"),
    )


def _calendar(text: str) -> WorkCalendar:
    kept = json.loads(text)
    return WorkCalendar.of(
        date.fromisoformat(kept["first"]),
        date.fromisoformat(kept["last"]),
        (date.fromisoformat(day) for day in kept["working_days"]),
        date.fromisoformat(kept["confirmed_until"]),
        kept["source"],
    )
