"""The roles a deadline may play in an evaluation or a plan; an act's data says which of its deadlines plays which."""

from __future__ import annotations

from collections.abc import Mapping

#: role in an evaluation -> the duty or right whose term it is
ROLES: Mapping[str, str] = {
    "notice": "people are told that the evaluation takes place",
    "notice_head": "the same for those of the first line, where their day is another one",
    "preliminary": "HR's preliminary calculation reaches the evaluator",
    "evaluation": "the evaluation is carried out",
    "evaluation_q4": "the same for the fourth quarter, where its day is another one",
    "absent": "those away at the time of the evaluation are evaluated",
    "dismissed": "the dismissed are evaluated",
    "after_return": "those who were away are evaluated after their return",
    "resubmitted": "a sheet sent back is handed in again",
    "calculation": "HR computes the score before the sitting",
    "to_commission": "a signed sheet is handed to the Commission",
    "familiarisation": "the servant learns the result",
    "serve_dismissed": "the dismissed learn the result by a recorded means",
    "request": "the servant asks for a calibration session",
    "decision": "the session is decided on",
    "session": "the session is held",
    "protocol": "the protocol is placed in the system",
    "appeal": "the servant appeals",
    "report": "the authorised body is told of what was decided",
    "annual": "the mark of the year is formed",
    "retention": "the documents are kept",
}

#: branch of an evaluation -> the roles whose terms it cannot do without
BRANCH_ROLES: Mapping[str, tuple[str, ...]] = {
    "calibration": ("request", "decision", "session", "protocol"),
    "appeal": ("appeal",),
}

#: role in a plan -> the duty whose term it is
PLAN_ROLES: Mapping[str, str] = {
    "drawn": "the plan is drawn up",
    "new_appointee": "the plan of somebody appointed later is drawn up",
    "placed": "the plan is placed in the system",
    "resubmitted": "a plan sent back is handed in again",
}
