"""Disagreement: a calibration session where the act has one, an appeal to the authorised body where it has that."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from cli.demonstration.scene import actor, rows
from cli.simulation.script import Happening
from cli.simulation.world import Run, World
from models.base import as_day, instant
from models.work import reading, work
from rules.composition import EVALUATOR, HR, Member
from rules.errors import RuleError
from rules.panel_rules import PanelRules
from services import appeals, calibration
from services.calibration import Vote
from services.terms import role_term

_REQUEST = "Кезеңдегі жұмысым толық ескерілмеді деп санаймын, бағаны қайта қарауды сұраймын."
_EVALUATOR = "Тапсырмалардың бір бөлігі кешігіп орындалды; қойылған бағаны негізді деп санаймын."
_PERSON = "Кешігуге көрші бөлімнен мәлімет күту себеп болды, хаттар қоса беріледі."
_RAISE, _UPHOLD = "Кешігу қызметшіге байланысты емес, баға көтерілсін.", "Қойылған баға негізді."
_FEEDBACK = "Қорытынды баға, күшті жақтары және келесі кезеңнің міндеттері талқыланды."
_AUTHORITY = "Мемлекеттік қызмет істері агенттігі"  # an official word: it is printed in the register of appeals
_SCORE = (
    "SELECT r.score FROM result r JOIN assessment a ON a.id = r.assessment_id AND a.result_version = r.version"
    " WHERE a.id = :i"
)


def plan(world: World, run: Run, one: Any, learnt: datetime) -> None:
    """Whoever disagrees does so some working days after getting to know the result."""
    later = world.clock.later
    asks = world.happens("asks", one.person_id, run) if run.allows("requested") else None
    if asks and world.first_time("asks", run.id, one.id):
        world.agenda.add(later(learnt, int(asks.get("after")), 11, 20), lambda now: _ask(world, run, one, asks, now))
    appeal = world.happens("appeals", one.person_id, run) if run.allows("appealed") else None
    if appeal and world.first_time("appeals", run.id, one.id):
        moment = later(learnt, int(appeal.get("after")), 12, 30)
        world.agenda.add(moment, lambda now: _appeal(world, run, one, appeal, now))
    court = world.happens("goes_to_court", one.person_id, run) if run.allows("court_recorded") else None
    if court and world.first_time("court", run.id, one.id):
        world.agenda.add(later(learnt, int(court.get("after")), 15), lambda now: _court(world, run, one, court, now))


# --- a session ------------------------------------------------------------------------------------------


def _ask(world: World, run: Run, one: Any, told: Happening, now: datetime) -> None:
    with work() as session:
        found = calibration.request(session, one.id, one.person_id, _REQUEST, now)
    world.diary.say(f"a servant asks for a session, {'too late' if found.late else 'in time'}")
    decide = _refuse if found.late else _call
    moment = _within(world, run, "decision", world.clock.day_of(now), now, 2)
    world.agenda.add(moment, lambda at: decide(world, run, one, found.request_id, told, at))


def _within(world: World, run: Run, role: str, anchor: date, now: datetime, days: int) -> datetime:
    """So many working days later, but within the act's own term where it has one."""
    day = world.clock.day_of(world.clock.later(now, days, 15))
    with reading() as session:
        term = role_term(session, run.cycle, role, anchor)
    if term is not None:
        day = max(min(day, as_day(term.target)), world.clock.calendar.on_or_after(world.clock.day_of(now)))
    return world.clock.at(day, 15, now.minute)


def _refuse(world: World, run: Run, one: Any, request: int, told: Happening, now: datetime) -> None:
    with work() as session:
        calibration.refuse_request(session, request, "late", world.official(session, run, now), now)
    world.diary.say("the late request is refused with that ground")


def _call(world: World, run: Run, one: Any, request: int, told: Happening, now: datetime) -> None:
    with work() as session:
        members = _members(session, world, run, one, now)
        made = calibration.call_session(session, request, members, world.official(session, run, now), now)
    world.diary.say(f"a session of {len(members)} is called")
    asked = _asked_on(world, request)
    world.agenda.add(_within(world, run, "session", asked, now, 4), lambda at: _hold(world, run, one, made, told, at))


def _asked_on(world: World, request: int) -> date:
    with reading() as session:
        [(at,)] = rows(session, "SELECT received_at FROM calibration_request WHERE id = :r", r=request)
    return world.clock.day_of(instant(at))


def _members(session: Any, world: World, run: Run, one: Any, now: datetime) -> list[Member]:
    """So many as the act asks for: HR where it must be there, then evaluators, then others who serve."""
    rules = PanelRules.of(run.ground.law, run.ground.evaluation.panel or "")
    today = world.clock.day_of(now)
    evaluators, hr = calibration.eligible(session, one.id, today)
    barred = set(calibration.barred(session, one.id)) | {one.person_id}
    number = max(rules.least, 3)
    number += rules.odd and number % 2 == 0
    wanted = rules.hr_members if rules.hr_members is not None else 1
    officer = world.hr(session, run, now)
    found = [Member(officer, HR)] if wanted and officer in hr - barred else []
    free = sorted(
        e for e in evaluators - barred - {officer} if not world.is_away(e, today) and _serves(world, session, e, today)
    )
    found += [Member(person, EVALUATOR) for person in free[: number - len(found)]]
    if len(found) < number and not rules.members_from:
        taken = {member.person for member in found} | barred
        query = "SELECT DISTINCT person_id FROM appointment WHERE ended_on IS NULL ORDER BY person_id"
        others = [
            person for (person,) in rows(session, query) if person not in taken and not world.is_away(person, today)
        ]
        found += [Member(person, "member") for person in others[: number - len(found)]]
    return found


def _serves(world: World, session: Any, person: int, today: Any) -> bool:
    query = "SELECT 1 FROM appointment WHERE person_id = :p AND (ended_on IS NULL OR ended_on >= :d) LIMIT 1"
    return bool(rows(session, query, p=person, d=today))


def _hold(world: World, run: Run, one: Any, made: int, told: Happening, now: datetime) -> None:
    with work() as session:
        before = Decimal(rows(session, _SCORE, i=one.id)[0][0])
        wanted = told.get("score")
        mark = before if wanted is None else Decimal(wanted)
        people = [row.person_id for row in rows(session, _SEATED, s=made)]
        votes = [Vote(person, mark, _RAISE if mark != before else _UPHOLD) for person in people[:-1]]
        votes.append(Vote(people[-1], before, _UPHOLD))
        hr = world.hr(session, run, now)
        found = calibration.hold(session, made, votes, _EVALUATOR, _PERSON, now, actor(hr))
    world.diary.say(f"the session votes: {'the mark is changed' if found.changed else 'the mark is upheld'}")
    later = world.clock.later
    world.agenda.add(later(now, 0, 16, 30), lambda at: _sign(world, run, one, made, told, at))


_SEATED = "SELECT person_id FROM session_member WHERE session_id = :s ORDER BY capacity, person_id"


def _sign(world: World, run: Run, one: Any, made: int, told: Happening, now: datetime) -> None:
    with work() as session:
        calibration.sign_protocol(session, made, now, actor(world.hr(session, run, now)))
    later = world.clock.later
    placed = _within(world, run, "protocol", world.clock.day_of(now), now, 2)
    if told.get("placed_after") is not None:
        placed = later(now, int(told.get("placed_after")), 11)
    world.agenda.add(placed, lambda at: _place(world, run, made, at))
    world.agenda.add(later(now, 1, 14), lambda at: _feedback(world, one, made, at))


def _place(world: World, run: Run, made: int, now: datetime) -> None:
    with work() as session:
        calibration.upload_protocol(session, made, now, actor(world.hr(session, run, now)))
    world.diary.say("a protocol is placed")


def _feedback(world: World, one: Any, made: int, now: datetime) -> None:
    with work() as session:
        calibration.give_feedback(session, made, _FEEDBACK, one.evaluator_id, now)
    world.diary.say("an evaluator meets the servant and gives feedback")


# --- an appeal ------------------------------------------------------------------------------------------


def _appeal(world: World, run: Run, one: Any, told: Happening, now: datetime) -> None:
    with work() as session:
        made = appeals.lodge(session, one.id, _AUTHORITY, f"№ А-{one.id}/{now:%d.%m.%Y}", one.person_id, now)
    world.diary.say(f"a servant appeals the decision, {'too late' if made.late else 'in time'}")
    moment = world.clock.later(now, int(told.get("answered_after", 8)), 14)
    world.agenda.add(moment, lambda at: _answered(world, run, one, made.appeal, told, at))


def _answered(world: World, run: Run, one: Any, number: int, told: Happening, now: datetime) -> None:
    outcome = str(told.get("outcome"))
    with work() as session:
        hr = world.hr(session, run, now)
        appeals.answered(session, number, outcome, f"№ Ж-{number}/{now:%d.%m.%Y}", hr, now)
    world.diary.say(f"the authorised body answers an appeal: {outcome.replace('_', ' ')}")
    if outcome == appeals.RECOMMENDED and run.ground.deadline_id("report") is not None:
        _plan_report(world, run, number, int(told.get("reported_after", 5)), now)


def _plan_report(world: World, run: Run, number: int, days: int, now: datetime) -> None:
    moment = world.clock.later(now, days, 15, 45)
    world.agenda.add(moment, lambda at: _report(world, run, number, at))


def _report(world: World, run: Run, number: int, now: datetime) -> None:
    """The body tells the authorised body what it decided; while nothing is decided yet, a day later."""
    with work() as session:
        decided = rows(
            session,
            "SELECT 1 FROM appeal p JOIN appeal_outcome o ON o.appeal_id = p.id JOIN assessment a ON a.id = p.assessment_id"
            " WHERE p.id = :p AND a.decided_at >= o.at AND a.stage <> 'submitted'",
            p=number,
        )
        if decided:
            appeals.report(session, number, f"№ Х-{number}/{now:%d.%m.%Y}", world.hr(session, run, now), now)
    if decided:
        world.diary.say("the authorised body is told of the decision")
    else:
        _plan_report(world, run, number, 1, now)


def _court(world: World, run: Run, one: Any, told: Happening, now: datetime) -> None:
    with work() as session:
        appeals.court(
            session, one.id, world.said(told.get("reference"), one.person_id), world.hr(session, run, now), now
        )
    world.diary.say("a servant goes to court")


def known(events: Iterable[Happening]) -> None:
    """Refuse an outcome of an appeal that there is not, before the year begins."""
    for one in events:
        outcomes = (appeals.DISMISSED, appeals.RECOMMENDED)
        if one.what == "appeals" and one.get("outcome") not in outcomes:
            raise RuleError(
                f"The story: '{one.get('outcome')}' is no outcome of an appeal; known are: {', '.join(outcomes)}."
            )
