"""Who still needs a notice: what it was written for is not over, and no later notice has said it again."""

from __future__ import annotations

from collections.abc import Mapping

from rules.stages import (
    CLOSED,
    DISPOSED,
    EXEMPT,
    FEEDBACK_GIVEN,
    NOTIFIED,
    OPEN,
    PLANNED,
    PROTOCOL_SIGNED,
    PROTOCOL_UPLOADED,
    RELEASED,
    REQUESTED,
    SELF_EVALUATED,
    SESSION_CALLED,
)

_UNSIGNED = (PLANNED, NOTIFIED, OPEN, SELF_EVALUATED)
#: kind -> the stages in which its purpose is not met yet; what is not named here is needed until the case is closed
_STAGES: Mapping[str, tuple[str, ...]] = {
    "evaluation_announced": _UNSIGNED,
    "own_part_waiting": (OPEN,),
    "result_ready": (RELEASED,),
    "result_reminder": (RELEASED,),
    "result_served": (RELEASED,),
    "request_registered": (REQUESTED,),
    "decision_needed": (REQUESTED,),
    "session_called": (SESSION_CALLED,),
    "session_invitation": (SESSION_CALLED,),
    "feedback_due": (PROTOCOL_SIGNED, PROTOCOL_UPLOADED, FEEDBACK_GIVEN),
}
#: what a person must know even when the case is closed meanwhile
_AFTERWARDS = ("request_refused", "protocol_ready", "calibrated_result", "annual_mark_ready")
#: kinds that tell an evaluator of sheets: the person may have signed them meanwhile
_OF_SHEETS = ("evaluation_scheduled", "sheets_waiting", "marks_reminder", "marks_overdue")

_OVER = ", ".join(f"'{stage}'" for stage in (CLOSED, DISPOSED, EXEMPT))
#: alerts of one day about several deadlines differ in their last two digits; each deadline has its own row of alerts
_SAID_AGAIN = (
    "EXISTS (SELECT 1 FROM notice m WHERE m.cycle_id = n.cycle_id AND m.assessment_id = n.assessment_id"
    " AND m.kind = n.kind AND m.recipient_id = n.recipient_id AND m.id > n.id"
    " AND (n.kind <> 'deadline_alert' OR m.round % 100 = n.round % 100))"
)
_REACHED = "EXISTS (SELECT 1 FROM receipt d WHERE d.notice_id = n.id AND d.event = 'delivered')"


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _of_case() -> str:
    """Of a notice about one case: the case stands where the notice is still needed."""
    cases = "".join(f" WHEN '{kind}' THEN a.stage IN ({_listed(stages)})" for kind, stages in _STAGES.items())
    cases += "".join(f" WHEN '{kind}' THEN a.stage <> '{DISPOSED}'" for kind in _AFTERWARDS)
    return f"CASE n.kind{cases} ELSE a.stage NOT IN ({_OVER}) END"


#: SQL on a notice `n` and its assessment `a` (none for what concerns the cycle as a whole): is it still needed?
NEEDED = f"""
NOT {_REACHED} AND NOT {_SAID_AGAIN}
AND (n.kind <> 'result_served' OR n.round = a.result_version - 1)
AND CASE WHEN n.assessment_id <> 0 THEN {_of_case()}
 WHEN n.kind IN ({_listed(_OF_SHEETS)}) THEN EXISTS (SELECT 1 FROM assessment x WHERE x.cycle_id = n.cycle_id
  AND x.marker_id = n.recipient_id AND x.stage IN ({_listed(_UNSIGNED)}))
 WHEN n.kind = 'survey_waiting' THEN EXISTS (SELECT 1 FROM survey_respondent v JOIN assessment y
  ON y.id = v.assessment_id WHERE y.cycle_id = n.cycle_id AND y.stage = 'open' AND v.person_id = n.recipient_id
  AND v.answered = false)
 ELSE true END
"""
