"""The life of one assessment as a table: event -> from which stages, to which, under which rules.

This is the only list of permitted steps. The one door (`services.door`) refuses every other pair with a sentence;
the diagram in the docs is drawn from here; each act walks its own subset.
"""

from __future__ import annotations

from dataclasses import dataclass

from rules.errors import NotNow

PLANNED, EXEMPT, NOTIFIED, OPEN, MARKED = "planned", "exempt", "notified", "open", "marked"
COMPUTED, RELEASED, FAMILIARISED, REQUESTED = "computed", "released", "familiarised", "requested"
SESSION_CALLED, SESSION_HELD, PROTOCOL_SIGNED = "session_called", "session_held", "protocol_signed"
PROTOCOL_UPLOADED, FEEDBACK_GIVEN, SETTLED = "protocol_uploaded", "feedback_given", "settled"
CLOSED, DISPOSED = "closed", "disposed"

#: the stages in the order of life, with what each means
STAGES: dict[str, str] = {
    PLANNED: "planned: the evaluator, the form and the dates are known",
    EXEMPT: "not evaluated, with the rule that says so",
    NOTIFIED: "the person was told that the evaluation takes place",
    OPEN: "the sheet lies with the evaluator",
    MARKED: "the evaluator signed the sheet",
    COMPUTED: "score and grade are computed",
    RELEASED: "the result waits for the person in the information system",
    FAMILIARISED: "the person knows the result, refused to learn it, or was served",
    REQUESTED: "the person disagrees and asked for a calibration session",
    SESSION_CALLED: "the session and its composition are approved",
    SESSION_HELD: "the session has voted",
    PROTOCOL_SIGNED: "the protocol is signed; its mark is the final one",
    PROTOCOL_UPLOADED: "the protocol lies in the information system",
    FEEDBACK_GIVEN: "the feedback meeting took place, the protocol is not yet placed",
    SETTLED: "protocol placed and feedback given",
    CLOSED: "nothing is owed any more; the documents are kept",
    DISPOSED: "the term of keeping is over and the documents were destroyed",
}


@dataclass(frozen=True)
class Step:
    """One permitted event.

    Attributes:
        moves: from-stage -> to-stage.
        rules: the rules it serves. says: what happened, for diagram and journal.
    """

    event: str
    moves: dict[str, str]
    rules: tuple[str, ...]
    says: str


def _from(*stages: str, to: str) -> dict[str, str]:
    return dict.fromkeys(stages, to)


def _stay(*stages: str) -> dict[str, str]:
    return {stage: stage for stage in stages}


STEPS: dict[str, Step] = {
    step.event: step
    for step in (
        Step("exempted", _from(PLANNED, NOTIFIED, OPEN, to=EXEMPT), ("N-13", "N-14"), "no evaluation is due"),
        Step("readmitted", {EXEMPT: PLANNED}, ("N-13", "N-14"), "the facts changed, an evaluation is due"),
        Step(
            "replanned",
            _stay(PLANNED, NOTIFIED, OPEN, MARKED, COMPUTED, RELEASED),
            ("N-9", "N-15"),
            "the facts changed, the plan follows",
        ),
        Step("notified", _from(PLANNED, to=NOTIFIED), ("N-25",), "the person was told"),
        Step("opened", _from(NOTIFIED, to=OPEN), ("N-29",), "the sheet was sent to the evaluator"),
        Step("replaced", _stay(PLANNED, NOTIFIED, OPEN), ("N-9",), "a substitute evaluates"),
        Step("designated", _stay(PLANNED, NOTIFIED, OPEN), ("N-31",), "a designee also evaluates"),
        Step("marked", _from(OPEN, to=MARKED), ("N-30", "N-32", "N-37"), "the evaluator signed the sheet"),
        Step("computed", _from(MARKED, to=COMPUTED), ("N-34", "N-35", "N-36"), "score and grade were computed"),
        Step(
            "corrected",
            _from(COMPUTED, RELEASED, FAMILIARISED, to=COMPUTED),
            ("N-34", "N-36"),
            "a mistake was corrected; the old result is kept",
        ),
        Step("released", _from(COMPUTED, to=RELEASED), ("N-18",), "the result was placed for the person"),
        Step("shown", _from(RELEASED, to=FAMILIARISED), ("N-18",), "the person opened the result"),
        Step("refused", _from(RELEASED, to=FAMILIARISED), ("N-18",), "the person refused; an act was drawn up"),
        Step("served", _from(RELEASED, to=FAMILIARISED), ("N-19",), "a registered channel proved the service"),
        # a request received in time may be entered after the closing
        Step("requested", _from(FAMILIARISED, CLOSED, to=REQUESTED), ("N-20",), "a calibration session was asked for"),
        Step("request_refused", _from(REQUESTED, to=FAMILIARISED), ("N-20", "N-40"), "the request was refused"),
        Step("late_request", _stay(FAMILIARISED, CLOSED), ("N-20",), "a request came after the term"),
        Step(
            "session_called",
            _from(REQUESTED, to=SESSION_CALLED),
            ("N-40", "N-41", "N-42", "N-43"),
            "the session and its composition were approved",
        ),
        Step(
            "session_held",
            _from(SESSION_CALLED, to=SESSION_HELD),
            ("N-44", "N-46", "N-47", "N-48", "N-49"),
            "the members voted",
        ),
        Step("protocol_signed", _from(SESSION_HELD, to=PROTOCOL_SIGNED), ("N-49",), "the protocol was signed"),
        Step(
            "protocol_uploaded",
            {PROTOCOL_SIGNED: PROTOCOL_UPLOADED, FEEDBACK_GIVEN: SETTLED},
            ("N-50",),
            "the protocol was placed in the information system",
        ),
        Step(
            "feedback_given",
            {PROTOCOL_SIGNED: FEEDBACK_GIVEN, PROTOCOL_UPLOADED: SETTLED},
            ("N-51",),
            "the evaluator met the person",
        ),
        Step("closed", _from(FAMILIARISED, SETTLED, to=CLOSED), ("N-20", "N-22"), "nothing is owed any more"),
        Step("disposed", _from(CLOSED, to=DISPOSED), ("N-22",), "the term of keeping is over"),
    )
}

#: the life of the cycle itself
CYCLE_STEPS: dict[str, Step] = {
    step.event: step
    for step in (
        Step(
            "schedule_approved",
            {"draft": "approved"},
            ("N-25",),
            "the appointing official approved the schedule",
        ),
        Step("cycle_started", {"approved": "running"}, ("N-29",), "the evaluation began"),
        Step("cycle_reopened", {"closed": "running"}, ("N-20",), "a request received in time was entered later"),
        Step("cycle_closed", {"running": "closed"}, ("N-22",), "every assessment is closed or exempt"),
    )
}

#: stages in which the machine or a person still owes something
TERMINAL = frozenset({CLOSED, EXEMPT, DISPOSED})


def target(event: str, stage: str, steps: dict[str, Step] | None = None) -> str:
    """The stage an event leads to.

    Raises:
        NotNow: the event cannot happen in this stage.
    """
    step = (steps or STEPS).get(event)
    if step is None:
        raise NotNow(f"There is no event '{event}'; known are: {', '.join(steps or STEPS)}.")
    if stage not in step.moves:
        raise NotNow(refusal(event, stage, steps))
    return step.moves[stage]


def refusal(event: str, stage: str, steps: dict[str, Step] | None = None) -> str:
    """The sentence that refuses an event in a stage."""
    step = (steps or STEPS)[event]
    allowed = " or ".join(f"'{one}'" for one in sorted(step.moves))
    if stage in step.moves.values() and stage not in step.moves:
        return f"'{event}' ({step.says}) was already recorded: the stage is '{stage}'. It is not recorded twice."
    return (
        f"'{event}' ({step.says}) cannot happen now: the stage is '{stage}', it must be {allowed} "
        f"({', '.join(step.rules)})."
    )
