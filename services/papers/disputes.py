"""The papers of a disagreement: act of refusal, decision on the session, protocol."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from documents import calibration_decision, calibration_protocol, refusal_act
from documents.calibration_protocol import Barred
from models import CalibrationRequest, CalibrationSession, RefusalAct, SessionMember
from models.base import as_day
from models.familiarisation import RESULT, SHEET
from models.sql import execute
from services.papers.facts import Papers
from services.papers.form_words import in_figures
from services.papers.wording import BARRED, CAPACITY, REFUSAL_GROUND
from services.terms import role_term

#: what is refused -> the option of the act that says who signs the act of it
_OPTION = {RESULT: "refusal_act", SHEET: "sign_refusal_act"}
_CASE = (
    "SELECT id, person_id, evaluator_id, marker_id, signed_at, completed_at, released_at FROM assessment WHERE id = :i"
)


def _case(session: Session, assessment_id: int) -> Any:
    return execute(session, _CASE, {"i": assessment_id}).one()


def refusal(session: Session, papers: Papers, act: RefusalAct, language: str) -> refusal_act.RefusalAct:
    """The act on a refusal to learn the result, or to sign the sheet."""
    row = _case(session, act.assessment_id)
    at = act.at.astimezone(papers.zone)
    signed = papers.local(row.signed_at or row.completed_at)
    shown = {"kk": "қол қойылған бағалау парағы", "ru": "подписанный лист оценки"}[language]
    others = tuple(papers.signer(one, language) for one in (act.first_witness, act.second_witness) if one)
    supervised = "direct_supervisor" in (papers.ground.evaluation.options.get(_OPTION[act.what]) or {})
    return refusal_act.RefusalAct(
        body=papers.body(language), number=str(act.id), drawn_up_on=at.date(), place=papers.setting("place", language),
        act=papers.act(language), period=papers.ground.period, evaluatee=papers.person(row.person_id, language),
        shown=", ".join(part for part in (shown, f"{papers.cycle.key}/{row.id}", in_figures(signed)) if part),
        shown_at=at, what=SHEET if act.what == SHEET else RESULT,
        supervisor_signs=supervised, confidential=bool(papers.cite("confidential")),
        drawn_up_by=papers.signer(act.drawn_up_by, language),
        witnesses=others, witnesses_needed=len(others),
        own_words=act.words, reference=f"{papers.cycle.key}/act-{act.id}",
    )  # fmt: skip


def _evaluator_barred(papers: Papers) -> bool:
    """May those who evaluated not sit in this act's session?"""
    panel = papers.ground.law.panels.get(papers.ground.evaluation.panel or "")
    return panel is not None and "evaluator" in (panel.get("barred") or ())


def _capacity(papers: Papers, capacity: str, language: str) -> str:
    known = CAPACITY[language]
    return known["member" if capacity == "evaluator" and not _evaluator_barred(papers) else capacity]


def _barred(papers: Papers, row: Any, language: str) -> tuple[Barred, ...]:
    found = {row.person_id: "evaluatee"}
    if _evaluator_barred(papers):
        found |= {row.marker_id: "marker", row.evaluator_id: "evaluator"}
    return tuple(
        Barred(papers.people[person].name, papers.people[person].post[language], BARRED[language][why])
        for person, why in found.items()
    )


def decision(
    session: Session, papers: Papers, request: CalibrationRequest, language: str
) -> calibration_decision.CalibrationDecision:
    """The appointing official's decision: a session and its composition, or a refusal with its ground (pt 19)."""
    row = _case(session, request.assessment_id)
    received = papers.ground.day_of(request.received_at)
    decided = request.decided_at or request.received_at
    hr = papers.officer("hr_officer", papers.ground.day_of(decided))
    return calibration_decision.CalibrationDecision(
        body=papers.body(language), act=papers.act(language), point=papers.cite("session_called"), number=f"{request.id}-К",
        decided_on=papers.ground.day_of(decided), decided_by=papers.signer(request.decided_by, language),
        applicant=papers.person(row.person_id, language), period=papers.ground.period, requested_on=received,
        session=_order(session, papers, request, row, received, language) if request.state == "accepted" else None,
        refusal=None if request.state == "accepted" else
        calibration_decision.RequestRefusal(REFUSAL_GROUND[language][request.ground or "late"], papers.cite("requested")),
        executor=f"{papers.people[hr or 0].name}, {papers.setting('phone', language)}",
        reference=f"{papers.cycle.key}/request-{request.id}",
    )  # fmt: skip


def _order(
    session: Session, papers: Papers, request: CalibrationRequest, row: Any, received: Any, language: str
) -> Any:
    made = session.exec(select(CalibrationSession).where(CalibrationSession.request_id == request.id)).one()
    term = role_term(session, papers.cycle, "session", received)
    seats = tuple(
        calibration_decision.Seat(
            papers.people[m.person_id].name,
            papers.people[m.person_id].post[language],
            _capacity(papers, m.capacity, language),
        )
        for m in _members(session, made)
    )
    return calibration_decision.SessionOrder(seats, _barred(papers, row, language), as_day(term.due))


def _members(session: Session, made: CalibrationSession) -> list[SessionMember]:
    return list(
        session.exec(
            select(SessionMember)
            .where(SessionMember.session_id == made.id)
            .order_by(col(SessionMember.capacity), col(SessionMember.person_id))
        ).all()
    )


def protocol(
    session: Session, papers: Papers, made: CalibrationSession, language: str
) -> calibration_protocol.CalibrationProtocol:
    """The protocol of a session that has voted (pt 22)."""
    request = session.get_one(CalibrationRequest, made.request_id)
    row = _case(session, made.assessment_id)
    signed = papers.ground.day_of(made.protocol_signed_at or made.held_at or made.approved_at)
    upload = role_term(session, papers.cycle, "protocol", signed)
    before, after = made.score_before or Decimal(0), made.score_after or Decimal(0)
    return calibration_protocol.CalibrationProtocol(
        body=papers.body(language), act=papers.act(language),
        points=_points(papers), number=str(made.id),
        held_at=_local(papers, made.held_at), place=papers.setting("place", language), period=papers.ground.period,
        evaluatee=papers.person(row.person_id, language), evaluator=papers.person(row.marker_id, language),
        requested_on=papers.ground.day_of(request.received_at), request=request.text,
        decided_on=papers.ground.day_of(made.approved_at), decision_number=f"{request.id}-К",
        decided_by=papers.signer(request.decided_by, language),
        members=tuple(_member(papers, m, before, language) for m in _members(session, made)),
        barred=_barred(papers, row, language), evaluator_argument=made.evaluator_argument or "—",
        before=_result(papers, before, language), after=_result(papers, after, language), outcome=_outcome(before, after),
        signed_on=signed, upload_by=as_day(upload.due) if upload else signed,
        hr_officer=papers.signer(papers.officer("hr_officer", signed), language),
        argument_manner=_manner(made),
        evaluatee_argument=made.evaluatee_argument or "", reference=f"{papers.cycle.key}/session-{made.id}",
    )  # fmt: skip


def _points(papers: Papers) -> calibration_protocol.ProtocolPoints:
    return calibration_protocol.ProtocolPoints(
        papers.cite("session_called"), papers.cite("session_held"), papers.cite("code_appeal")
    )


def _manner(made: CalibrationSession) -> calibration_protocol.Manner:
    """How the person argued, as it was recorded; never guessed."""
    if not (made.evaluatee_argument or "").strip():
        return "not used"
    known: dict[str | None, calibration_protocol.Manner] = {"oral": "oral", "written": "written"}
    return known.get(made.argument_manner, "not recorded")


def _local(papers: Papers, moment: datetime | None) -> datetime:
    return (moment or papers.cycle.opened_at).astimezone(papers.zone)


def _result(papers: Papers, score: Decimal, language: str) -> calibration_protocol.MarkAndResult:
    scale = papers.ground.scale
    label = papers.said(scale.place(score).grade.label, language) if scale else ""
    return calibration_protocol.MarkAndResult(papers.number(score), label)


def _outcome(before: Decimal, after: Decimal) -> calibration_protocol.Outcome:
    if after == before:
        return "kept"
    return "raised" if after > before else "lowered"


# lines to sign on: the program never shows a digital signature that nobody gave
def _member(
    papers: Papers, member: SessionMember, before: Decimal, language: str
) -> calibration_protocol.SessionMember:
    one, mark = papers.people[member.person_id], member.vote or before
    vote = calibration_protocol.Vote(_outcome(before, mark), papers.number(mark), member.argument or "")
    capacity = _capacity(papers, member.capacity, language)
    return calibration_protocol.SessionMember(one.name, one.post[language], capacity, vote)
