"""What each deadline binds, as SQL on our own tables: by the role it plays in an evaluation, or by its id for the house's."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rules.stages import AGREED
from services import returning
from services.annual import HOUSE_TERM
from services.ground import Ground
from services.terms import SCHEDULE_END

#: a body's own term for counting a survey; the act's is that of the answers
COUNTED = "house_survey_counted"


@dataclass(frozen=True)
class Obligation:
    """What a deadline binds: SQL on our own tables.

    Attributes:
        source: where the cases come from. done: the instant it was done.
        began: the instant its term began; None when the term follows from the period.
        optional: a right; not using it is no breach.
    """

    source: str
    done: str
    began: str | None = None
    optional: bool = False
    who: str = "a.id"


_CASES = "assessment a WHERE a.cycle_id = :c AND a.stage <> 'exempt'"
_REQUESTS = "calibration_request r JOIN assessment a ON a.id = r.assessment_id WHERE a.cycle_id = :c"
_SESSIONS = (
    "calibration_session s JOIN calibration_request r ON r.id = s.request_id"
    " JOIN assessment a ON a.id = s.assessment_id WHERE a.cycle_id = :c"
)
#: when an assessment first came to a stage
_FIRST = (
    "(SELECT MIN(e.at) FROM journal_row j JOIN journal_entry e ON e.id = j.entry_id"
    " WHERE j.assessment_id = a.id AND j.to_stage = '{stage}')"
)

#: said once for a year, with its last quarter
_ANNUAL = Obligation(
    "assessment a JOIN cycle y ON y.id = a.cycle_id AND y.period LIKE '%-Q4' WHERE a.cycle_id = :c AND a.result_version > 0",
    "(SELECT MIN(m.at) FROM annual_mark m WHERE m.person_id = a.person_id AND m.act = y.act"
    " AND m.organisation = y.organisation AND m.evaluation = y.evaluation AND CAST(m.year AS TEXT) = SUBSTR(y.period, 1, 4))",
)

#: of a survey each questionnaire is owed: who answered did so before the term ended, for none is taken after it, except
#: where it was sent out after it (an answer has no time of its own, decision 12). Nobody owes one about a person who was
#: counted before the term; whoever was left out for too few answers is owed them still
_QUESTIONNAIRES = Obligation(
    "assessment a LEFT JOIN survey_respondent r ON r.assessment_id = a.id WHERE a.cycle_id = :c AND a.dismissed = {dismissed}"
    f" AND (a.stage <> 'exempt' OR {_FIRST.format(stage='exempt')} >= :due)"
    " AND (r.answered = true OR a.completed_at IS NULL OR a.completed_at >= :due)",
    f"CASE WHEN r.answered = true THEN {_FIRST.format(stage='open')} END",
)

#: role of a deadline in an evaluation, or id of a house deadline -> what it binds
OBLIGATIONS: dict[str, Obligation] = {
    "evaluation": Obligation(f"{_CASES} AND a.dismissed = false", "a.completed_at"),
    "dismissed": Obligation(f"{_CASES} AND a.dismissed = true", "a.completed_at"),
    # who was dismissed after that month could not be familiarised within it: the duty begins with the dismissal
    "serve_dismissed": Obligation(
        f"{_CASES} AND a.dismissed = true AND EXISTS (SELECT 1 FROM appointment p WHERE p.id = a.appointment_id"
        " AND p.ended_on <= :due_day)",
        "a.familiarised_at",
    ),
    "annual": _ANNUAL,
    HOUSE_TERM: _ANNUAL,
    "request": Obligation(_REQUESTS, "r.received_at", "a.familiarised_at", optional=True),
    "decision": Obligation(_REQUESTS, "r.decided_at", "r.received_at"),
    "session": Obligation(
        f"{_REQUESTS} AND r.state = 'accepted'",
        "(SELECT s.held_at FROM calibration_session s WHERE s.request_id = r.id)",
        "r.received_at",
    ),
    "protocol": Obligation(
        f"{_SESSIONS} AND s.protocol_signed_at IS NOT NULL", "s.protocol_uploaded_at", "s.protocol_signed_at"
    ),
    "familiarisation": Obligation(f"{_CASES} AND a.completed_at IS NOT NULL", "a.familiarised_at", "a.completed_at"),
    "notice": Obligation(
        _CASES,
        _FIRST.format(stage="notified"),
    ),
    "resubmitted": Obligation(
        "sheet_return r JOIN assessment a ON a.id = r.assessment_id WHERE a.cycle_id = :c AND r.side = 'evaluator'",
        "(SELECT MIN(s.signed_at) FROM sheet_content s WHERE s.assessment_id = r.assessment_id AND s.side = r.side"
        " AND s.version > r.version)",
        "r.at",
    ),
    # the first time: after an appeal the result lies there again
    "to_commission": Obligation(f"{_CASES} AND {{signed}} IS NOT NULL", _FIRST.format(stage="submitted"), "{signed}"),
    "calculation": Obligation(
        f"{_CASES} AND a.decided_at IS NOT NULL",
        "(SELECT MIN(r.at) FROM result r WHERE r.assessment_id = a.id)",
        "a.decided_at",
    ),
    # the first day back stands as a text between the two ends of its window: no zone here lies west of Greenwich
    returning.ROLE: Obligation(f"{_CASES} AND a.returned_on IS NOT NULL", "a.signed_at", "CAST(a.returned_on AS TEXT)"),
    # an appeal keeps the last day of its own term: a later decision begins another
    "appeal": Obligation(
        "appeal p JOIN assessment a ON a.id = p.assessment_id WHERE a.cycle_id = :c AND p.last_day = :due_day",
        "p.received_at",
        optional=True,
    ),
    "report": Obligation(
        "appeal p JOIN appeal_outcome o ON o.appeal_id = p.id AND o.outcome = 'revision_recommended'"
        " JOIN assessment a ON a.id = p.assessment_id WHERE a.cycle_id = :c",
        "(SELECT t.at FROM appeal_report t WHERE t.appeal_id = p.id)",
        "(SELECT MIN(s.held_at) FROM commission_decision d JOIN commission_sitting s ON s.id = d.sitting_id"
        " WHERE d.assessment_id = p.assessment_id AND s.held_at >= o.at)",
    ),
    SCHEDULE_END: Obligation(_CASES, "a.completed_at"),
    "house_sheets_to_evaluators": Obligation(
        _CASES,
        _FIRST.format(stage="open"),
    ),
    "house_commission_sitting": Obligation(_CASES, _FIRST.format(stage="decided")),
    "house_annual_evaluation": Obligation(_CASES, "a.signed_at"),
    "house_own_part": Obligation(
        _CASES,
        "(SELECT MIN(s.signed_at) FROM sheet_content s WHERE s.assessment_id = a.id AND s.side = 'self')",
    ),
    "house_release_results": Obligation(f"{_CASES} AND a.completed_at IS NOT NULL", "a.released_at", "a.completed_at"),
    COUNTED: Obligation(_CASES, "a.completed_at"),
    "house_request_feedback_meeting": Obligation(
        f"{_SESSIONS} AND s.protocol_signed_at IS NOT NULL", "s.feedback_at", "s.protocol_signed_at"
    ),
}


def obligation_of(ground: Ground, deadline_id: str) -> Obligation | None:
    """What a deadline binds in an evaluation; None where nothing of ours can prove it."""
    if deadline_id == SCHEDULE_END:
        return _in_this_act(ground, "evaluation", OBLIGATIONS[SCHEDULE_END])
    if deadline_id in OBLIGATIONS and (deadline_id != COUNTED or ground.is_survey):
        return OBLIGATIONS[deadline_id]
    roles = (role for role, one in ground.evaluation.deadlines.items() if one == deadline_id)
    role = next((one for one in map(_whole_year, roles) if one in OBLIGATIONS), None)
    return _in_this_act(ground, role, OBLIGATIONS[role]) if role else None


def elsewhere(ground: Ground, deadline_id: str) -> bool:
    """Whether a deadline is none of this cycle's: of another evaluation of the act, of plans, or of a year not over yet."""
    mine = set(ground.evaluation.deadlines.values())
    year = {HOUSE_TERM, ground.evaluation.annual.get("deadline"), ground.evaluation.deadlines.get("annual")}
    if deadline_id in year:
        return not (ground.evaluation.annual and ground.period.quarter == 4)
    if deadline_id == COUNTED:
        return not ground.is_survey
    others = [one.deadlines.values() for one in ground.law.evaluations.values()]
    plans = [(one.get("deadlines") or {}).values() for one in ground.law.plans.values()]
    return deadline_id not in mine and any(deadline_id in named for named in (*others, *plans))


def _in_this_act(ground: Ground, role: str, one: Obligation) -> Obligation:
    """What differs with the act's own path: whose signature is the last, and what keeps the term of the evaluation."""
    if ground.is_survey and role in ("evaluation", "dismissed"):
        dismissed = "true" if role == "dismissed" else "false"
        return replace(_QUESTIONNAIRES, source=_QUESTIONNAIRES.source.replace("{dismissed}", dismissed))
    if role == "evaluation":
        kept = "a.signed_at" if ground.evaluation.options.get("term_kept_by") == "marked" else one.done
        return replace(one, done=kept, source=one.source + _not_awaited(ground, kept))
    if role == "to_commission":
        signed = "a.agreed_at" if AGREED in ground.evaluation.path else "a.signed_at"
        return replace(one, source=one.source.format(signed=signed), began=(one.began or "").format(signed=signed))
    return one


def _not_awaited(ground: Ground, done: str) -> str:
    """Who is away now, or came back, owes nothing by this term but by that of the return."""
    away = returning.away_sql(ground, "a.person_id", "SUBSTR(CAST(:now AS TEXT), 1, 10)", "CAST(:due_day AS TEXT)")
    return f" AND a.returned_on IS NULL AND ({done} IS NOT NULL OR NOT {away})" if away else ""


def _whole_year(role: str) -> str:
    """evaluation_q4 plays the role of evaluation, in one quarter."""
    return role[:-3] if role[-3:-1] == "_q" else role
