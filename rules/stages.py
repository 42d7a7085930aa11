"""The life of one assessment as a table: event -> from which stages, to which, under which rules.

The stages, the events and the side lines are listed here once, for every act. An act says in its data which path it
walks and which side lines it has (`rules.evaluation.Evaluation`); `Walk` makes the list of permitted steps from that.
The one door (`services.door`) refuses every other pair with a sentence; the diagrams in the docs are drawn from here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rules.errors import NotNow
from rules.evaluation import Evaluation

PLANNED, EXEMPT, NOTIFIED, OPEN, MARKED = "planned", "exempt", "notified", "open", "marked"
SELF_EVALUATED, SIGNED, AGREED = "self_evaluated", "signed", "agreed"
COMPUTED, RELEASED, FAMILIARISED, REQUESTED = "computed", "released", "familiarised", "requested"
SUBMITTED, DECIDED, APPROVED = "submitted", "decided", "approved"
SESSION_CALLED, SESSION_HELD, PROTOCOL_SIGNED = "session_called", "session_held", "protocol_signed"
PROTOCOL_UPLOADED, FEEDBACK_GIVEN, SETTLED = "protocol_uploaded", "feedback_given", "settled"
CLOSED, DISPOSED = "closed", "disposed"

#: the stages in the order of life, with what each means
STAGES: dict[str, str] = {
    PLANNED: "planned: the evaluator, the form and the dates are known",
    EXEMPT: "not evaluated, with the rule that says so",
    NOTIFIED: "the person was told that the evaluation takes place",
    OPEN: "the sheet lies with the one who fills it in first",
    SELF_EVALUATED: "the servant filled in the own part and handed the sheet to the supervisor",
    MARKED: "the evaluator signed the sheet",
    SIGNED: "the servant signed the agreed sheet, or refused and an act was drawn up",
    AGREED: "the superior supervisor agreed with the sheet",
    COMPUTED: "score and grade are computed",
    SUBMITTED: "the sheet lies before the Commission",
    DECIDED: "the Commission approved or revised the result",
    APPROVED: "the authorised person approved the result",
    RELEASED: "the result waits for the person",
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


#: how the main line enters a stage; a stage with several events may be entered by any of them
_ENTRIES: Mapping[str, Mapping[str, str]] = {
    NOTIFIED: {"notified": "the person was told"},
    OPEN: {"opened": "the sheet was sent to the one who fills it in"},
    SELF_EVALUATED: {"self_evaluated": "the servant handed over the own part of the sheet"},
    MARKED: {"marked": "the evaluator signed the sheet"},
    SIGNED: {
        "signed": "the servant signed the agreed sheet",
        "sign_refused": "the servant refused to sign; an act was drawn up",
    },
    AGREED: {"agreed": "the superior supervisor agreed with the sheet"},
    COMPUTED: {"computed": "score and grade were computed"},
    SUBMITTED: {"submitted": "the sheet was handed to the Commission"},
    DECIDED: {"decided": "the Commission approved or revised the result"},
    APPROVED: {"approved": "the authorised person approved the result"},
    RELEASED: {"released": "the result was placed for the person"},
    FAMILIARISED: {
        "shown": "the person opened the result",
        "acknowledged": "the person signed for the result",
        "refused": "the person refused; an act was drawn up",
        "served": "a registered channel proved the service",
    },
    CLOSED: {"closed": "nothing is owed any more"},
}
_UNSIGNED = (PLANNED, NOTIFIED, OPEN, SELF_EVALUATED)
#: events an act has only if it names them: ways of learning a result, and who may mark in another's place
_ONLY_NAMED = frozenset({"shown", "acknowledged", "replaced", "designated"})


def _from(*stages: str, to: str) -> dict[str, str]:
    return dict.fromkeys(stages, to)


def _stay(*stages: str) -> dict[str, str]:
    return {stage: stage for stage in stages}


_Side = tuple[str, dict[str, str], str]
_ALWAYS: Sequence[_Side] = (
    ("exempted", _from(*_UNSIGNED, to=EXEMPT), "no evaluation is due"),
    ("readmitted", {EXEMPT: PLANNED}, "the facts changed, an evaluation is due"),
    (
        "replanned",
        _stay(*_UNSIGNED, MARKED, SIGNED, AGREED, COMPUTED, SUBMITTED, DECIDED, APPROVED, RELEASED),
        "the facts changed, the plan follows",
    ),
    ("replaced", _stay(*_UNSIGNED), "a substitute evaluates"),
    ("designated", _stay(*_UNSIGNED), "a designee also evaluates"),
    (
        "corrected",
        _from(COMPUTED, RELEASED, FAMILIARISED, to=COMPUTED),
        "a mistake was corrected; the old result is kept",
    ),
    ("disposed", _from(CLOSED, to=DISPOSED), "the term of keeping is over"),
)
#: the side lines an act may have, by name
BRANCHES: Mapping[str, Sequence[_Side]] = {
    # a sheet of facts that do not convince goes back to the supervisor (return), or the own part to the servant
    "return": (("returned", {MARKED: OPEN, SELF_EVALUATED: OPEN}, "the sheet was sent back for correction"),),
    # the sheet lies with a servant who hands over no own part: after the body's term it goes on without it
    "without_own_part": (
        ("own_part_missed", {OPEN: SELF_EVALUATED}, "the sheet went on without the servant's own part"),
    ),
    "calibration": (
        # a request received in time may be entered after the closing
        ("requested", _from(FAMILIARISED, CLOSED, to=REQUESTED), "a calibration session was asked for"),
        ("request_refused", _from(REQUESTED, to=FAMILIARISED), "the request was refused"),
        ("late_request", _stay(FAMILIARISED, CLOSED), "a request came after the term"),
        ("session_called", _from(REQUESTED, to=SESSION_CALLED), "the session and its composition were approved"),
        ("session_held", _from(SESSION_CALLED, to=SESSION_HELD), "the members voted"),
        ("protocol_signed", _from(SESSION_HELD, to=PROTOCOL_SIGNED), "the protocol was signed"),
        (
            "protocol_uploaded",
            {PROTOCOL_SIGNED: PROTOCOL_UPLOADED, FEEDBACK_GIVEN: SETTLED},
            "the protocol was placed in the information system",
        ),
        (
            "feedback_given",
            {PROTOCOL_SIGNED: FEEDBACK_GIVEN, PROTOCOL_UPLOADED: SETTLED},
            "the evaluator met the person",
        ),
        ("closed", {SETTLED: CLOSED}, "nothing is owed any more"),
    ),
    # an appeal waits beside the stage: its term runs from the decision, so it may come before the familiarisation
    "appeal": (
        ("appealed", _stay(RELEASED, FAMILIARISED) | {CLOSED: FAMILIARISED}, "the decision was appealed"),
        ("late_appeal", _stay(RELEASED, FAMILIARISED, CLOSED), "an appeal came after the term"),
        ("appeal_dismissed", _stay(RELEASED, FAMILIARISED, CLOSED), "the result was left without revision"),
        (
            "revision_recommended",
            _from(RELEASED, FAMILIARISED, CLOSED, to=SUBMITTED),
            "the authorised body recommended to cancel the decision and revise the result",
        ),
        ("reported", _stay(RELEASED, FAMILIARISED, CLOSED, DECIDED, APPROVED), "the authorised body was informed"),
        ("court_recorded", _stay(RELEASED, FAMILIARISED, CLOSED), "an appeal to the court was recorded"),
    ),
}


@dataclass(frozen=True)
class Walk:
    """The permitted steps of one kind of evaluation: its path, and the side lines that touch the path."""

    path: tuple[str, ...]
    steps: Mapping[str, Step]
    cycle_steps: Mapping[str, Step]

    @classmethod
    def of(cls, one: Evaluation) -> Walk:
        """The steps of an evaluation under its act, each with the rules the act's data names for it."""
        moves: dict[str, dict[str, str]] = {}
        says: dict[str, str] = {}

        def add(event: str, some: Mapping[str, str], words: str) -> None:
            if some and (event not in _ONLY_NAMED or not one.events or event in one.events):
                moves.setdefault(event, {}).update(some)
                says.setdefault(event, words)

        for before, stage in zip(one.path, one.path[1:], strict=False):
            for event, words in _ENTRIES.get(stage, {}).items():
                add(event, {before: stage}, words)
        known = {*one.path, EXEMPT, DISPOSED}
        for branch in one.branches:
            known |= {stage for _, some, _ in BRANCHES[branch] for stage in some.values() if branch == "calibration"}
        for event, some, words in (*_ALWAYS, *(side for name in one.branches for side in BRANCHES[name])):
            add(event, {a: b for a, b in some.items() if a in known and b in known}, words)
        return cls(
            one.path,
            {event: Step(event, some, one.source(event).rules, says[event]) for event, some in moves.items()},
            {event: Step(event, some, one.source(event).rules, words) for event, (some, words) in _CYCLE.items()},
        )

    @property
    def stages(self) -> tuple[str, ...]:
        """Every stage an assessment may reach here, in the order of life."""
        reached = {self.path[0]} | {to for step in self.steps.values() for to in step.moves.values()}
        return tuple(stage for stage in STAGES if stage in reached)

    def before(self, stage: str) -> frozenset[str]:
        """The stages of the path that come before a stage; all of them when the path does not have it."""
        place = self.path.index(stage) if stage in self.path else len(self.path)
        return frozenset(self.path[:place])


#: the stage of a cycle that was given up; its period may be opened again
ABANDONED = "abandoned"
#: the life of the cycle itself
_CYCLE: Mapping[str, tuple[dict[str, str], str]] = {
    "schedule_approved": ({"draft": "approved"}, "the appointing official approved the schedule"),
    "cycle_started": ({"approved": "running"}, "the evaluation began"),
    "cycle_reopened": ({"closed": "running"}, "a request received in time was entered later"),
    "cycle_closed": ({"running": "closed"}, "every assessment is closed or exempt"),
    "cycle_abandoned": ({"draft": ABANDONED, "approved": ABANDONED}, "the plan was given up before anybody was told"),
}
#: events beside the table of steps, which an act's data may name a source for
OTHER_EVENTS = (*_CYCLE, "planned", "cycle_opened", "annual_formed")

#: stages in which the machine or a person still owes something
TERMINAL = frozenset({CLOSED, EXEMPT, DISPOSED})


def target(event: str, stage: str, steps: Mapping[str, Step]) -> str:
    """The stage an event leads to.

    Raises:
        NotNow: the event cannot happen in this stage.
    """
    step = steps.get(event)
    if step is None:
        raise NotNow(f"There is no event '{event}'; known are: {', '.join(steps)}.")
    if stage not in step.moves:
        raise NotNow(refusal(event, stage, steps))
    return step.moves[stage]


def refusal(event: str, stage: str, steps: Mapping[str, Step]) -> str:
    """The sentence that refuses an event in a stage."""
    step = steps[event]
    allowed = " or ".join(f"'{one}'" for one in sorted(step.moves))
    if stage in step.moves.values() and stage not in step.moves:
        return f"'{event}' ({step.says}) was already recorded: the stage is '{stage}'. It is not recorded twice."
    return (
        f"'{event}' ({step.says}) cannot happen now: the stage is '{stage}', it must be {allowed} "
        f"({', '.join(step.rules)})."
    )
