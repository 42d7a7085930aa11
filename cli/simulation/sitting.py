"""The Commission: composed by order, the sheets laid before it, its sittings, votes, protocols, and the approval."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from cli.demonstration.scene import rows
from cli.simulation.script import Happening, Seats
from cli.simulation.world import Run, World, standing
from models.work import reading, work
from rules.composition import CHAIR, SECRETARY, Member
from rules.panel import needed
from rules.panel_rules import PanelRules
from rules.revision import Revision
from rules.words import counted
from services import commission, rulings, sittings, submission
from services.rulings import APPROVE, REVISE, Motion

_ORDER = {"kk": "комиссия құрамы туралы № 12 бұйрық", "ru": "приказ № 12 о составе комиссии"}


def concerns(run: Run) -> bool:
    """Does a Commission decide here?"""
    return "submitted" in run.path


def begin(world: World, run: Run, now: datetime) -> None:
    """The order on the composition, once for the body; HR agrees the day of the sitting with the chair."""
    if world.first_time("commission", run.ground.evaluation.panel):
        with work() as session:
            hr = world.hr(session, run, now)
            seats = world.script.commission or _usual(session, world, run, hr)
            commission.compose(session, run.cycle, _members(world, seats), world.said(seats.order), now.date(), hr, now)
        world.diary.say("an order creates the Commission")
        for one in world.happening("member_replaced"):
            moment = world.clock.at(world.clock.calendar.on_or_after(one.get("day")), 10, 5)
            world.agenda.add(moment, lambda at, it=one: _amend(world, run, it, at))  # type: ignore[misc]
    for day in run.sits:
        _plan_sitting(world, run, day)
    if run.sits:
        _call(world, run, run.sits[0], now)


def _members(world: World, seats: Seats) -> list[Member]:
    named = [(seats.chair, CHAIR), *((one, "member") for one in seats.members), (seats.secretary, SECRETARY)]
    return [Member(world.person(number), capacity) for number, capacity in named]


_LEADERS = (
    "SELECT DISTINCT p.personnel_no, p.id, t.category FROM person p JOIN appointment o ON o.person_id = p.id"
    " JOIN post t ON t.id = o.post_id WHERE o.ended_on IS NULL ORDER BY t.leadership DESC, t.category, p.personnel_no"
)


def _usual(session: Any, world: World, run: Run, hr: int) -> Seats:
    """Leaders of the body, so many as the act asks for and at least five; the head of the body leaves it to others."""
    rules = PanelRules.of(run.ground.law, run.ground.evaluation.panel or "")
    head = str((world.body.settings.get("officials") or {}).get("head_of_body", ""))
    found = [row.personnel_no for row in rows(session, _LEADERS) if row.id != hr and row.personnel_no != head]
    number = max(rules.least, 5)
    return Seats(found[0], tuple(found[1:number]), world.numbers[hr], _ORDER)


def _amend(world: World, run: Run, one: Happening, now: datetime) -> None:
    joins = Member(world.person(str(one.get("by"))), str(one.get("as") or "member"))
    with work() as session:
        hr = world.hr(session, run, now)
        commission.amend(
            session, run.cycle, [world.person(one.who)], [joins], world.said(one.get("order")), one.get("day"), hr, now
        )
    world.diary.say("an order replaces a member of the Commission")


# --- laid before it -------------------------------------------------------------------------------------


def each_morning(world: World, run: Run, now: datetime) -> None:
    """HR lays before the Commission what is computed; what is decided again after the main sitting gets one of its own."""
    day = world.clock.day_of(now)
    if standing(run, "computed") and world.first_time("submits", run.id, day):
        world.agenda.add(world.clock.at(day, 16), lambda at: _submit(world, run, at))
    if not standing(run, "submitted") or any(one >= day for one in run.sits):
        return
    later = world.clock.calendar.after(day, 2)
    if world.first_time("sits again", run.id, later):
        run.sits.append(later)
        _plan_sitting(world, run, later)
        _call(world, run, later, now)


def _submit(world: World, run: Run, now: datetime) -> None:
    with work() as session:
        if not rows(session, "SELECT 1 FROM assessment WHERE cycle_id = :c AND stage = 'computed' LIMIT 1", c=run.id):
            return
        documents = dict.fromkeys(submission.documents_asked(run.ground), f"№ 5/{now:%d.%m.%Y}")
        done = submission.submit(session, run.cycle, documents, world.hr(session, run, now), now)
    world.diary.count("sheets laid before the Commission", done)


def _call(world: World, run: Run, day: date, now: datetime) -> None:
    with work() as session:
        submission.call(session, run.cycle, day, world.hr(session, run, now), now)


# --- it sits --------------------------------------------------------------------------------------------


def _plan_sitting(world: World, run: Run, day: date) -> None:
    hour = 10 + sum(1 for one in world.runs if one is not run and day in one.sits)
    world.agenda.add(world.clock.at(day, hour, 30), lambda now: _sit(world, run, now))


def _sit(world: World, run: Run, now: datetime) -> None:
    waiting = standing(run, "submitted")
    if not waiting:
        return  # nothing was laid before it in time: a later sitting decides
    with work() as session:
        hr = world.hr(session, run, now)
        _, seats = commission.composition(session, run.cycle, now.date())
        voters = sorted(commission.voting(seats))
        present = _present(world, run, voters, now)
        secretary = commission.office(seats, SECRETARY)
        here = [*present, *([secretary] if secretary is not None else [])]
        held = sittings.hold(session, run.cycle, here, hr, now)
        motions = _motions(world, run, waiting, present, commission.office(seats, CHAIR))
        found = rulings.decide(session, held.sitting, motions, hr, now)
    late = ", after the last day" if held.late else ""
    world.diary.say(
        f"the Commission sits with {len(present)} of {len(voters)}{late}: {found.approved} left, {found.revised} revised"
    )
    world.agenda.add(world.clock.at(now.date(), 16, 10), lambda at: _protocol(world, run, held.sitting, at))


def _present(world: World, run: Run, voters: list[int], now: datetime) -> list[int]:
    """Who comes: everybody who is there and does not stay away, as long as the quorum is kept."""
    day = world.clock.day_of(now)
    missing = {world.person(one.who) for one in world.happening("stays_away", run) if one.get("day") == day}
    missing |= {one for one in voters if world.is_away(one, day)}
    there = [one for one in voters if one not in missing]
    rules = PanelRules.of(run.ground.law, run.ground.evaluation.panel or "")
    return there if len(there) >= needed(rules, len(voters)) else voters


def _motions(world: World, run: Run, waiting: list[Any], present: list[int], chair: int | None) -> list[Motion]:
    """One vote on everything, and one of its own on each case whose result is in question."""
    found, taken = [], set()
    for one in waiting:
        told = world.happens("revised", one.person_id, run)
        appeal = world.happens("appeals", one.person_id, run)
        if told and world.first_time("revised", run.id, one.id):
            found.append(Motion(_votes(told, present, one, chair, world), [one.id], _revision(world, told)))
            taken.add(one.id)
        elif appeal and _again(run, one) and appeal.get("explanation"):
            found.append(Motion(_votes(appeal, present, one, chair, world), [one.id], _revision(world, appeal)))
            taken.add(one.id)
    usual = dict.fromkeys(present, APPROVE)
    rest = [one for one in waiting if one.id not in taken]
    return [*found, *([Motion(usual)] if rest else [])]


def _again(run: Run, one: Any) -> bool:
    with reading() as session:
        query = "SELECT 1 FROM appeal_outcome o JOIN appeal p ON p.id = o.appeal_id WHERE p.assessment_id = :a"
        return bool(rows(session, query, a=one.id))


def _votes(told: Happening, present: list[int], one: Any, chair: int | None, world: World) -> dict[int, str]:
    """For the correction, but for those the story names; at a tie half of those who vote, the chair among the others."""
    abstains = {one.person_id, one.evaluator_id, one.marker_id, one.agreed_by}
    voting = [person for person in present if person not in abstains]
    if told.get("tie"):
        others = [person for person in voting if person != chair]
        half = len(voting) // 2
        if len(voting) % 2:  # one of them leaves the room
            voting = [person for person in voting if person != others[-1]]
            others = others[:-1]
        yes = {*others[: half - (chair in voting)], *([chair] if chair in voting else [])}
        return {person: REVISE if person in yes else APPROVE for person in voting}
    against = {world.person(number) for number in told.get("against") or ()}
    return {person: APPROVE if person in against else REVISE for person in voting}


def _revision(world: World, told: Happening) -> Revision:
    score = told.get("score")
    return Revision(
        None if score is None else Decimal(score), told.get("results") or {}, world.said(told.get("explanation"))
    )


def _protocol(world: World, run: Run, number: int, now: datetime) -> None:
    with work() as session:
        reference = f"№ {number}, {now:%d.%m.%Y}"
        sittings.sign_protocol(session, number, reference, world.hr(session, run, now), now)
    if "approved" in run.path:
        official = None
        with reading() as session:
            official = world.official(session, run, now)
        day = world.present_from(official, world.clock.calendar.after(now.date(), 1))
        world.agenda.add(world.clock.at(day, 15, 20), lambda at: _approve(world, run, number, at))


def _approve(world: World, run: Run, number: int, now: datetime) -> None:
    with work() as session:
        done = sittings.approve(session, number, world.official(session, run, now), now)
    world.diary.say(f"the authorised person approves {counted(done, 'results')}")
