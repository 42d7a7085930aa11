"""What needs a person's hand before a cycle can go on: sheets nobody can sign, results nobody got, officials who left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from models import Cycle
from models.base import as_day, instant
from models.sql import execute
from notifications import KINDS
from rules.stages import ABANDONED, AGREED
from services import agreement, ladder
from services.facts import personnel_no, serves
from services.ground import Known, find_cycle, ground_of
from services.handing import UNSIGNED, superiors
from services.officials import ROLES, gone
from services.schedule import how, unsaid, wanted_by
from services.terms import role_term


@dataclass(frozen=True)
class Finding:
    """One thing somebody must do.

    Attributes:
        kind: schedule, no_evaluator, evaluator_gone, evaluator_absent, superior_gone, unserved, unreached, unproved or
            official_gone, channel_stands. count: how many schedules, people, sheets, results or notices wait for it.
        says: the sentence, people by personnel number, with the command that ends it.
    """

    kind: str
    count: int
    says: str

    @property
    def sheets(self) -> bool:
        """Are sheets without anybody who could sign them what it counts?"""
        return self.kind in ("evaluator_gone", "evaluator_absent")


def findings(session: Session, key: str, now: datetime) -> list[Finding]:
    """What needs a hand in a cycle that is not over, in a few queries at any size."""
    cycle = find_cycle(session, key)
    if cycle.stage in ("closed", ABANDONED):
        return []
    today = ground_of(session, cycle).day_of(now)
    if cycle.stage == "draft":
        return [*_officials(session, cycle, today), *_schedule(session, cycle)]
    waiting = (
        *_gone(session, cycle, today), *_away(session, cycle, today), *_nobody_agrees(session, cycle, today),
        *_unreached(session, cycle, now), *_standing_still(session, cycle),
    )  # fmt: skip
    return [*_officials(session, cycle, today), *waiting]


def _officials(session: Session, cycle: Known, today: date) -> list[Finding]:
    return [
        Finding("official_gone", 1,
                f"{personnel_no(session, one)}, {ROLES[role]}, serves in the body no more; name another with"
                f" `bagalau cycle officials {cycle.key}`.")
        for role, one in gone(session, cycle, today).items()
    ]  # fmt: skip


def _schedule(session: Session, cycle: Cycle) -> list[Finding]:
    """A draft waits for its days, for evaluators, for the approval; the machine guesses none of them (N-25, M-45, J-21)."""
    ground = ground_of(session, cycle)
    source, missing, last = (
        ground.step("schedule_approved"),
        unsaid(session, cycle, ground),
        wanted_by(session, cycle, ground),
    )
    law = f"{', '.join(source.rules)}, {ground.evaluation.source('schedule_approved').point}"
    days = f"{missing}; {how(cycle)}. Then " if missing else ""
    until = f" by {last}" if last else ""
    says = (
        f"The schedule of {cycle.key} is a draft ({law}): {days}the official with the right of appointment approves"
        f" it{until} with `bagalau cycle approve {cycle.key}`."
    )
    found = [Finding("schedule", 1, says)]
    alone = execute(session, _ALONE, {"c": cycle.id}).scalar_one()
    if alone:
        who = f"{alone} people have" if alone > 1 else "1 person has"
        found.append(
            Finding("no_evaluator", alone,
                    f"{who} no evaluator, so the schedule cannot be approved; `bagalau cycle people {cycle.key}` says why.")
        )  # fmt: skip
    return found


_ALONE = "SELECT COUNT(*) FROM assessment WHERE cycle_id = :c AND stage = 'planned' AND evaluator_id IS NULL"


_HELD = f"""
SELECT h.marker_id, h.n, p.personnel_no, {{what}} AS day
FROM (SELECT marker_id, COUNT(*) AS n FROM assessment WHERE cycle_id = :c AND stage IN {UNSIGNED}
 AND marker_id IS NOT NULL GROUP BY marker_id) h JOIN person p ON p.id = h.marker_id
WHERE {{which}} ORDER BY p.personnel_no
"""
_SERVING = "EXISTS (SELECT 1 FROM appointment s WHERE s.person_id = h.marker_id AND (s.ended_on IS NULL OR s.ended_on >= :today))"
_LEFT = _HELD.format(
    what="(SELECT MAX(o.ended_on) FROM appointment o WHERE o.person_id = h.marker_id)", which=f"NOT {_SERVING}"
)
_AWAY = _HELD.format(
    what="(SELECT MAX(b.last_day) FROM absence b WHERE b.person_id = h.marker_id AND b.first_day <= :today)",
    which=f"{_SERVING} AND EXISTS (SELECT 1 FROM absence b WHERE b.person_id = h.marker_id"
    " AND b.first_day <= :today AND b.last_day >= :until)",
)


def _gone(session: Session, cycle: Known, today: date) -> list[Finding]:
    return [
        Finding("evaluator_gone", row.n,
                f"{_sheets(row.n)} to a dismissed evaluator, {row.personnel_no}{_until(row.day)};"
                f" {_name(session, cycle, row, today)}")
        for row in execute(session, _LEFT, {"c": cycle.id, "today": today}).all()
    ]  # fmt: skip


def _away(session: Session, cycle: Known, today: date) -> list[Finding]:
    """Who is away today and not back before the evaluation is due; why is nobody's business here (N-23)."""
    term = role_term(session, cycle, "evaluation")
    until = max(as_day(term.due), today) if term else today
    return [
        Finding("evaluator_absent", row.n,
                f"{_sheets(row.n)} to an evaluator who is absent until {row.day}, {row.personnel_no};"
                f" {_name(session, cycle, row, today)}")
        for row in execute(session, _AWAY, {"c": cycle.id, "today": today, "until": until}).all()
    ]  # fmt: skip


def _nobody_agrees(session: Session, cycle: Known, today: date) -> list[Finding]:
    """Signed sheets whose evaluator has no superior who serves: nobody may agree with them or send them back (M-34)."""
    ground = ground_of(session, cycle)
    if AGREED not in ground.evaluation.path:
        return []
    stages = ", ".join(f"'{stage}'" for stage in ground.step("agreed").moves)
    rows = execute(
        session,
        f"SELECT evaluator_id, COUNT(*) AS n FROM assessment WHERE cycle_id = :c AND stage IN ({stages}) GROUP BY evaluator_id",
        {"c": cycle.id},
    ).all()
    above = agreement.superiors(session, cycle, today) if rows else {}
    alone = [
        row for row in rows if row.evaluator_id not in above or not serves(session, above[row.evaluator_id], today)
    ]
    if not alone:
        return []
    count, who = sum(row.n for row in alone), ", ".join(personnel_no(session, row.evaluator_id) for row in alone[:5])
    says = (
        f"{count} signed sheets wait for the superior of an evaluator ({who}) who has none in service"
        f"{ground.cite('agreed')}; correct the supervisor of the evaluator in the staff file."
    )
    return [Finding("superior_gone", count, says)]


def _unreached(session: Session, cycle: Known, now: datetime) -> list[Finding]:
    found = ladder.unreached(session, cycle, now)
    results = found.pop(("result_served", False), 0)
    ground = ground_of(session, cycle)
    record = "record the delivery on the last notice with `bagalau notices record`"
    said = []
    if results:
        source = ground.evaluation.source("served")
        what = "1 result" if results == 1 else f"{results} results"
        said.append(Finding("unserved", results,
                            f"{what} reached nobody by any channel that the act and the body's file allow"
                            f" ({', '.join(source.rules)}, {source.point}); serve them by hand and {record}."))  # fmt: skip
    for (kind, unproved), number in sorted(found.items()):
        what = f"1 notice '{kind}'" if number == 1 else f"{number} notices '{kind}'"
        cite = ground.cite(*KINDS[kind].roles)
        why = (
            f"{what} reached nobody by any channel that the act and the body's file allow{cite}; tell them by hand and"
        )
        if unproved:
            why = f"{what} may have arrived, but nothing proves it, the term comes near and no lawful channel is left{cite};"
        said.append(Finding("unproved" if unproved else "unreached", number, f"{why} {record}."))
    return said


_STANDING = (
    "SELECT l.channel, l.state, l.since, l.reason, COUNT(*) AS n FROM lane l JOIN notice n ON n.channel = l.channel"
    " WHERE n.cycle_id = :c AND n.state IN ('waiting', 'claimed', 'unknown') AND l.organisation = :body"
    " AND l.state <> 'running' GROUP BY l.channel, l.state, l.since, l.reason ORDER BY l.channel"
)


def _standing_still(session: Session, cycle: Known) -> list[Finding]:
    """Notices that wait for a carrier that rests, or for the officer who stopped its channel."""
    zone = ZoneInfo(cycle.time_zone)
    return [
        Finding("channel_stands", row.n,
                f"{'1 notice waits' if row.n == 1 else f'{row.n} notices wait'}: the channel {row.channel} is {row.state} since"
                f" {instant(row.since).astimezone(zone):%Y-%m-%d %H:%M} ({row.reason.rstrip('.')}); see `bagalau notices lanes`.")
        for row in execute(session, _STANDING, {"c": cycle.id, "body": cycle.organisation}).all()
    ]  # fmt: skip


def _sheets(number: int) -> str:
    return "1 open sheet belongs" if number == 1 else f"{number} open sheets belong"


def _until(day: object) -> str:
    return f" (in service until {as_day(day)})" if day else ""


def _name(session: Session, cycle: Known, row: object, today: date) -> str:
    marker, number = row.marker_id, row.personnel_no  # type: ignore[attr-defined]
    source = ground_of(session, cycle).cite("replaced")
    above = [one for one in superiors(session, marker) if serves(session, one, today)]
    such = f", such as the superior {personnel_no(session, above[0])}," if above else ""
    return f"name a substitute{source}{such} with `bagalau cycle replace {cycle.key} {number} NO WHY --by NO`."
