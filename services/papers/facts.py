"""Names, posts and the body's own words, as papers print them; looked up for a whole cycle at once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from documents.parts import Act, DigitalSignature, Person, Signer
from documents.words import period_in_words
from models import Cycle
from models.base import instant
from models.sql import execute
from rules.errors import MissingSetting
from rules.grades import unit
from rules.law import Label
from services import officials
from services.ground import Ground, ground_of
from services.papers.wording import order_in, wording_in

_NAMES = """
SELECT p.id, p.personnel_no, p.surname, p.given_name, p.patronymic, p.language, p.sort_key,
 post.title_kk, post.title_ru, u.id AS unit_id, u.name_kk AS unit_kk, u.name_ru AS unit_ru
FROM person p LEFT JOIN appointment a ON a.id = (SELECT MAX(b.id) FROM appointment b WHERE b.person_id = p.id
 AND b.started_on = (SELECT MAX(c.started_on) FROM appointment c WHERE c.person_id = p.id))
LEFT JOIN post ON post.id = a.post_id LEFT JOIN unit u ON u.id = post.unit_id
"""


@dataclass(frozen=True)
class Named:
    """One person as papers name them."""

    id: int
    personnel_no: str
    name: str
    language: str
    sort_key: str
    post: dict[str, str]
    unit: dict[str, str]


@dataclass(frozen=True)
class Papers:
    """What every paper of a cycle shares: the ground, the people, the body's words, the language."""

    ground: Ground
    cycle: Cycle
    people: dict[int, Named]
    officials: tuple[officials.Named, ...] = ()

    @classmethod
    def of(cls, session: Session, cycle: Cycle) -> Papers:
        """Look everything up, in a few queries."""
        return cls(ground_of(session, cycle), cycle, people_of(session), tuple(officials.listed(session, cycle)))

    def said(self, label: Label, language: str) -> str:
        """A label in Kazakh or Russian."""
        return label.as_dict()[language]

    def body(self, language: str) -> str:
        """The body's name."""
        return self.said(self.ground.organisation.name, language)

    def setting(self, name: str, language: str) -> str:
        """A wording of the organisation file, under settings.papers.

        Raises:
            MissingSetting: the file does not give it.
        """
        found = (self.ground.organisation.settings.get("papers") or {}).get(name)
        if isinstance(found, dict):
            found = found.get(language)
        if not found:
            raise MissingSetting(
                f"Papers of {self.ground.organisation.key} need settings.papers.{name} ({language}) in the organisation file."
            )
        return str(found)

    def act(self, language: str) -> Act:
        """The act and the wording the cycle was opened under."""
        law = self.ground.law
        first, now = law.revisions[0], law.revision
        said = order_in(language, first) + ("" if first.id == now.id else wording_in(language, now))
        return Act(self.said(law.title, language), said)

    def number(self, value: Any) -> Decimal:
        """A mark or result as papers write it: a fraction with the decimals of the act's scale; without them as computed."""
        exact, scale = Decimal(str(value)), self.ground.scale
        places = 0 if scale is None or scale.decimals is None else scale.decimals
        short = exact != exact.to_integral_value() and -int(exact.as_tuple().exponent) < places
        return exact.quantize(unit(places)) if short else exact

    def cite(self, *names: str) -> str:
        """The bare number of the point on an event, or on what the evaluation's option `cites` names; "" without one.

        Several names: the first one the act speaks of.
        """
        cites = self.ground.evaluation.options.get("cites") or {}
        events = self.ground.evaluation.events
        found = (cites.get(name) or (events[name].point if name in events else "") for name in names)
        return point(next((one for one in found if one), ""))

    def officer(self, role: str, on: date | None = None) -> int | None:
        """Who holds a role on a day; left out, who was last given it."""
        held = [one for one in self.officials if one.role == role and (not on or (one.from_day or on) <= on)]
        number = held[-1].person if held else ""
        return next((one.id for one in self.people.values() if one.personnel_no == number), None)

    def person(self, person_id: int | None, language: str) -> Person:
        """Name, post and unit of a person."""
        one = self.people[person_id or 0]
        return Person(one.name, one.post[language], one.unit[language])

    def signer(self, person_id: int | None, language: str, signed: datetime | None = None) -> Signer:
        """A line to sign on, with the digital signature when it was given."""
        one = self.people[person_id or 0]
        mark = DigitalSignature(signed.astimezone(self.zone)) if signed else None
        return Signer(one.name, one.post[language], mark)

    def line(self, person_id: int | None, language: str) -> str:
        """Name, post and body in one line, as the sheet's caption asks."""
        one = self.people[person_id or 0]
        return f"{one.name}, {one.post[language].lower()}, {self.body(language)}"

    def period(self, language: str) -> str:
        """The period in words."""
        return period_in_words(self.ground.period, "kk" if language == "kk" else "ru")

    def named(self, person_id: int | None, language: str) -> str:
        """Name and post in one line."""
        one = self.people[person_id or 0]
        return f"{one.name}, {one.post[language].lower()}"

    def language(self, person_id: int) -> str:
        """The language of a person's papers."""
        own = self.people[person_id].language
        return own if own in ("kk", "ru") else "kk"

    @property
    def zone(self) -> ZoneInfo:
        """The body's zone."""
        return self.ground.zone

    def local(self, kept: str | datetime | None) -> datetime | None:
        """A kept instant in the body's zone."""
        if kept is None:
            return None
        moment = instant(kept) if isinstance(kept, str) else kept
        return moment.astimezone(self.zone)

    def grade(self, grade_id: str, language: str) -> str:
        """The official label of a grade."""
        scale = self.ground.scale
        return self.said(scale.grade(grade_id).label, language) if scale else ""


def point(text_of: str) -> str:
    """The bare number of a point: "pt 19 para 1" -> "19"; "" for a place that is no point of the act."""
    found = re.match(r"pts? (\d+)", text_of)
    return found[1] if found else ""


def people_of(session: Session) -> dict[int, Named]:
    """Everybody as papers name them, in one query."""
    rows: Iterable[Any] = execute(session, _NAMES)
    return {
        row.id: Named(
            row.id, row.personnel_no, " ".join(x for x in (row.surname, row.given_name, row.patronymic) if x),
            row.language, row.sort_key, {"kk": row.title_kk or "—", "ru": row.title_ru or "—"},
            {"kk": row.unit_kk or "—", "ru": row.unit_ru or "—"},
        )
        for row in rows
    }  # fmt: skip
