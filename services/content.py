"""What each step of an assessment writes beside the journal, so that an edit of it is noticed.

`WRITES` says which kinds of rows an event writes; the door keeps a digest of them in the journal row of the step, and
`services.content_match` makes the last digest of each kind anew. A new kind of content is one line in each table.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlmodel import Session

from models.content import Kind
from models.journal import is_postgres, wrote
from models.sql import execute

_SESSION = "calibration_session s ON s.id = m.session_id WHERE s.assessment_id = {of}.id"

#: the kinds of rows that belong to an assessment, by their table; `{of}` is the assessment's row
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(  # who is evaluated by whom: the person, the evaluator, who fills the sheet in
            "assessment",
            ("{of}.cycle_id", "(SELECT p.personnel_no FROM person p WHERE p.id = {of}.person_id)", "{of}.person_id",
             "{of}.appointment_id", "{of}.form", "{of}.evaluator_id", "{of}.marker_id", "CAST({of}.dismissed AS INTEGER)",
             "CAST({of}.absent AS INTEGER)", "CAST({of}.returned_on AS TEXT)", "{of}.plan_rules"),
            ("{of}.plan_note",),
        ),
        Kind("mark", ("number", "value"), ("comment",), "mark WHERE assessment_id = {of}.id", "number", keyed=True),
        Kind(
            "result",
            ("version", "source", "at", "score", "unrounded", "grade"),
            ("working", "rules", "readings", "alternatives", "sanctions", "more"),
            "result r WHERE r.assessment_id = {of}.id", "r.version", keyed=True,
        ),
        Kind(
            "refusal_act",
            ("id", "what", "result_version", "at", "drawn_up_by", "first_witness", "second_witness"), ("words",),
            "refusal_act r WHERE r.assessment_id = {of}.id", "r.id",
        ),
        Kind(
            "result_dispatch",
            ("result_version", "at", "channel", "recorded_by"), ("reference",),
            "result_dispatch d WHERE d.assessment_id = {of}.id", "d.result_version",
        ),
        Kind(
            "sheet_content",
            ("side", "version", "signed_by", "signed_at", "recorded_at"), ("body",),
            "sheet_content s WHERE s.assessment_id = {of}.id", "s.side, s.version", keyed=True,
        ),
        Kind(
            "sheet_return",
            ("side", "version", "at", "returned_by"), ("reasons",),
            "sheet_return r WHERE r.assessment_id = {of}.id", "r.side, r.version", keyed=True,
        ),
        Kind(
            "commission_decision",
            ("sitting_id", "ballot", "decision", "abstained", "version_before", "version_after"), ("says", "explanation"),
            "commission_decision d WHERE d.assessment_id = {of}.id", "d.sitting_id", keyed=True,
        ),
        Kind(
            "appeal",
            ("p.id", "p.received_at", "CAST(p.late AS INTEGER)", "p.last_day", "p.result_version", "p.recorded_by"),
            ("p.authority", "p.reference"),
            "appeal p WHERE p.assessment_id = {of}.id", "p.id",
        ),
        Kind(
            "appeal_outcome",
            ("o.appeal_id", "o.outcome", "o.at", "o.recorded_by"), ("o.reference",),
            "appeal_outcome o JOIN appeal p ON p.id = o.appeal_id WHERE p.assessment_id = {of}.id", "o.appeal_id",
        ),
        Kind(
            "appeal_report",
            ("o.appeal_id", "o.at", "o.recorded_by"), ("o.reference",),
            "appeal_report o JOIN appeal p ON p.id = o.appeal_id WHERE p.assessment_id = {of}.id", "o.appeal_id",
        ),
        Kind(
            "court_record",
            ("r.id", "r.at", "r.recorded_by"), ("r.reference",), "court_record r WHERE r.assessment_id = {of}.id", "r.id",
        ),
        Kind(  # who is asked, as it was drawn; who has answered stands nowhere but in the list itself
            "survey_respondent", ("person_id", "circle"), (), "survey_respondent s WHERE s.assessment_id = {of}.id",
            "s.person_id", keyed=True,
        ),
        Kind(
            "calibration_request",
            ("id", "received_at", "CAST(late AS INTEGER)", "state", "decided_at", "decided_by"), ("text", "ground"),
            "calibration_request r WHERE r.assessment_id = {of}.id", "r.id",
        ),
        Kind(
            "calibration_session",
            ("id", "request_id", "approved_at", "held_at", "score_before", "score_after", "protocol_signed_at",
             "protocol_uploaded_at", "feedback_at"),
            ("evaluator_argument", "evaluatee_argument", "argument_manner", "outcome", "feedback_note"),
            "calibration_session s WHERE s.assessment_id = {of}.id", "s.id",
        ),
        Kind(
            "session_member",
            ("m.session_id", "m.person_id", "m.capacity", "m.vote"), ("m.argument",),
            f"session_member m JOIN {_SESSION}", "m.session_id, m.person_id",
        ),
    )
}  # fmt: skip

#: the kinds an export and a case's story show; who was asked in a survey is proved and told to nobody
TOLD = {name: kind for name, kind in KINDS.items() if name != "survey_respondent"}

_PLAN = ("assessment",)
_REQUEST = ("calibration_request",)
_HELD = ("calibration_session",)

#: event -> the kinds it writes; an event that is not here changes the stage and its instants alone
WRITES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("planned", "exempted", "readmitted", "replanned", "replaced", "designated"), _PLAN),
    "marked": ("mark",),
    "sheet_content": ("sheet_content",),  # what the same signature writes on a sheet of another form
    "self_evaluated": ("sheet_content",),
    "returned": ("sheet_return",),
    "computed": ("result",),
    "corrected": ("result",),
    "decided": ("commission_decision", "result"),
    **dict.fromkeys(("refused", "sign_refused"), ("refusal_act",)),
    "result_dispatched": ("result_dispatch",),
    **dict.fromkeys(("appealed", "late_appeal"), ("appeal",)),
    **dict.fromkeys(("appeal_dismissed", "revision_recommended"), ("appeal_outcome",)),
    "reported": ("appeal_report",),
    "court_recorded": ("court_record",),
    "respondents_chosen": ("survey_respondent",),
    **dict.fromkeys(("requested", "late_request", "request_refused"), _REQUEST),
    "session_called": (*_REQUEST, *_HELD, "session_member"),
    "session_held": (*_HELD, "session_member"),
    "protocol_signed": (*_HELD, "result"),
    **dict.fromkeys(("protocol_uploaded", "feedback_given"), _HELD),
}

#: what is written under an event of another name (`services.door.move`, `wrote_as`)
AS_EVENT = {"sheet_content": "marked"}


def written_by(kind: str) -> list[str]:
    """The events whose entries may hold a digest of a kind."""
    return [AS_EVENT.get(event, event) for event, kinds in WRITES.items() if kind in kinds]


#: the kinds of rows that belong to no assessment, each row with a digest of its own; only marks are salted
BESIDE: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "cycle",
            ("id", "key", "act", "revision", "period", "evaluation", "organisation", "time_zone", "law_hash",
             "organisation_hash", "calendar_hash", "starts_on", "ends_on", "opened_at", "opened_by"),
        ),
        Kind(
            "term",
            ("cycle_id", "deadline_id", "anchor", "anchor_date", "due", "target", "due_at", "point", "rules", "readings",
             "CAST(house AS INTEGER)"),
            ("reason",), key=4,
        ),
        Kind("official", ("id", "cycle_id", "role", "person_id", "from_day", "recorded_at", "recorded_by"), ("order_text",)),
        Kind(
            "service_record_entry", ("assessment_id", "result_version", "at", "recorded_by"), ("reference",), key=2,
        ),
        Kind(
            "commission_order",
            ("id", "organisation", "act", "panel", "from_day", "recorded_at", "recorded_by"), ("order_text",),
        ),
        Kind("commission_seat", ("order_id", "person_id", "capacity"), key=2),
        Kind("commission_submission", ("id", "cycle_id", "at", "by_id"), ("documents",)),
        Kind("commission_call", ("id", "cycle_id", "for_day", "called_at", "called_by")),
        Kind("commission_sitting", ("id", "cycle_id", "order_id", "held_at", "recorded_by")),
        Kind("commission_presence", ("sitting_id", "person_id", "capacity"), key=2),
        Kind("commission_ballot", ("sitting_id", "number", "cases"), ("proposal",), key=2),
        Kind("commission_vote", ("sitting_id", "number", "person_id", "vote"), key=3),
        Kind("commission_protocol", ("sitting_id", "signed_at", "recorded_by"), ("reference",)),
        Kind("commission_approval", ("sitting_id", "approved_at", "approved_by")),
        Kind("survey_key", ("cycle_id", "public")),
        Kind(
            "plan_round",
            ("id", "key", "act", "revision", "plan", "period", "evaluation", "organisation", "time_zone", "law_hash",
             "organisation_hash", "calendar_hash", "opened_at", "opened_by"),
        ),
        Kind(
            "work_plan",
            ("id", "round_id", "person_id", "appointment_id", "stage", "version", "supervisor_id", "approver_id", "due",
             "content", "drawn_at", "returned_at", "again_by", "approved_at", "place_by", "placed_at"),
            ("due_reason", "note"),
        ),
        Kind(
            "plan_item",
            ("plan_id", "version", "number", "CAST(measurable AS INTEGER)"),
            ("name", "unit", "planned", "expected", "checks"), key=3,
        ),
        Kind("plan_event", ("plan_id", "version", "entry_id", "event", "from_stage", "to_stage", "at", "by"), ("words",), key=2),
        Kind("plan_monitoring", ("plan_id", "period", "at", "by"), ("recommendations",), key=2),
        Kind("plan_actual", ("plan_id", "period", "number", "version", "percent", "at", "by"), ("actual",), key=4),
        Kind(
            "annual_mark",
            ("person_id", "act", "organisation", "evaluation", "year", "version", "at", "score", "unrounded", "grade"),
            ("quarters", "working", "readings", "due"), key=6, salted=True,
        ),
    )
}  # fmt: skip


def beside_rows(session: Session, kind: str, where: str = "", params: Mapping[str, Any] | None = None) -> Iterator[Any]:
    """(key, digest) of the rows of a kind that belongs to no assessment, as they are now."""
    one = BESIDE[kind]
    salt = "salt" if one.salted else "''"
    query = f"SELECT {salt}, {', '.join((*one.plain, *one.free))} FROM {kind}" + (f" WHERE {where}" if where else "")
    for row in execute(session, query, params):
        yield one.named(row[0], row[1:])


def keep(session: Session, number: int, **where: str) -> None:
    """Keep digests of the rows an act wrote beside assessments: kind -> the column that holds this number.

    Called after `models.journal.record`, whose entry keeps them.
    """
    for kind, column in where.items():
        wrote(session, kind, beside_rows(session, kind, f"{column} = :i", {"i": number}))


@lru_cache(maxsize=256)
def said_sql(event: str, of: str, postgres: bool) -> str:
    """SQL for what the journal row of an event says of its content, for the assessment's row called `of`."""
    said = (f"'{kind}:' || {KINDS[kind].digest_sql(of, postgres)}" for kind in WRITES.get(event, ()))
    return " || ' ' || ".join(said) or "NULL"


def held_of(session: Session, kind: str, assessment_id: int) -> tuple[str, str]:
    """(key, digest) of what an assessment holds of a kind, for an act that moves nobody (`models.journal.wrote`)."""
    digest = KINDS[kind].digest_sql("a", is_postgres(session))
    found = execute(session, f"SELECT {digest} FROM assessment a WHERE a.id = :i", {"i": assessment_id})
    return str(assessment_id), str(found.scalar_one())


def held_by(session: Session, kind: str, assessments: Collection[int]) -> Iterator[tuple[str, str]]:
    """The same for many assessments at once."""
    digest, listed = KINDS[kind].digest_sql("a", is_postgres(session)), ", ".join(map(str, sorted(assessments))) or "0"
    for row in execute(session, f"SELECT a.id, {digest} FROM assessment a WHERE a.id IN ({listed})").all():
        yield str(row[0]), str(row[1])


def said(salt: str, wrote: Mapping[str, Iterable[Sequence[Any]]]) -> str:
    """The same for rows at hand, by kind."""
    return " ".join(f"{kind}:{KINDS[kind].digest(salt, rows)}" for kind, rows in wrote.items())
