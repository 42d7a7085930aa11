"""The same for what stands beside the evaluations: the Commission, plans; and no table is left out without a reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import SQLModel

import models  # noqa: F401 - importing the room is what fills the metadata
from models.work import reading, work
from services import evidence_blocks, plan_steps, plan_watch
from services.content import BESIDE, KINDS
from services.content_rows import bare
from services.evidence import verify
from tests import commission
from tests.services import test_plans as plans
from tests.services.test_evidence import tampered


def problems() -> list[str]:
    with reading() as session:
        return verify(session).problems


COMMISSION = {
    "a vote": ("UPDATE commission_vote SET vote = 'revise'", "('decided'): table commission_vote, row 1/1/"),
    "a ballot": ("UPDATE commission_ballot SET cases = 9", "('decided'): table commission_ballot, row 1/1:"),
    "a seat": (
        "UPDATE commission_seat SET capacity = 'member' WHERE capacity = 'chair'",
        "('commission_composed'): table commission_seat, row 1/",
    ),
    "an order": ("UPDATE commission_order SET order_text = 'x'", "('commission_composed'): table commission_order, row 1:"),
    "who came": ("DELETE FROM commission_presence WHERE capacity = 'chair'", "table commission_presence, row 1/"),
    "when it sat": (
        "UPDATE commission_sitting SET held_at = '2019-01-01T00:00:00.000000Z'",
        "('commission_sat'): table commission_sitting, row 1:",
    ),
    "the protocol": ("UPDATE commission_protocol SET reference = 'x'", "table commission_protocol, row 1:"),
    "who approved": ("UPDATE commission_approval SET approved_by = 1", "table commission_approval, row 1:"),
    "what was submitted": ("UPDATE commission_submission SET documents = 'x'", "table commission_submission, row 1:"),
    "a decision": ("UPDATE commission_decision SET explanation = 'x'", "('decided'): table commission_decision, assessment "),
    "a score": ("UPDATE result SET score = '5'", "version 1: its sheet gives 4, not 5"),
    "a sheet": ("UPDATE sheet_content SET body = body || ' '", "table sheet_content, assessment "),
    "who agreed": ("UPDATE assessment SET agreed_by = 1", "agreed_by of assessment "),
    "when it was agreed": ("UPDATE assessment SET agreed_at = '2019-01-01T00:00:00.000000Z'", "agreed_at of assessment "),
}  # fmt: skip


@pytest.mark.rule("M-53", "M-56")
@pytest.mark.parametrize("what", COMMISSION)
def test_an_edit_of_what_a_commission_did_is_named(sqlite_database: str, tmp_path: Path, what: str) -> None:
    commission.a_kpi_year(tmp_path)
    assert problems() == []
    forgery, said = COMMISSION[what]
    tampered(sqlite_database, forgery)
    assert any(said in problem for problem in problems()), problems()


PLANS = {
    "an indicator": ("UPDATE plan_item SET planned = '1'", "table plan_item, row "),
    "the stage of a plan": ("UPDATE work_plan SET stage = 'placed' WHERE stage = 'due'", "('plans_due'): table work_plan, row "),
    "when it was approved": (
        "UPDATE plan_event SET at = '2018-01-01T00:00:00.000000Z' WHERE event = 'plan_approved'",
        "('plan_approved'): table plan_event, row ",
    ),
    "the recommendations": ("UPDATE plan_monitoring SET recommendations = 'x'", "table plan_monitoring, row "),
    "the round": ("UPDATE plan_round SET law_hash = 'x'", "('plans_opened'): table plan_round, row 1:"),
}  # fmt: skip


@pytest.mark.rule("M-18", "M-26")
@pytest.mark.parametrize("what", PLANS)
def test_an_edit_of_a_plan_is_named(database: str, what: str) -> None:
    key = plans.mic()
    person, supervisor, approver = plans.someone(key)
    with work() as session:
        plan_steps.draw(session, key, person, plans.kpis(), supervisor, plans.at("2018-01-10"))
    with work() as session:
        plan_steps.approve(session, key, person, approver or 0, plans.at("2018-01-11"))
    with work() as session:
        plan_watch.monitor(session, key, person, "2018-Q1", "Keep going.", supervisor, plans.at("2018-04-05"))
    assert problems() == []
    forgery, said = PLANS[what]
    tampered(database, forgery)
    assert any(said in problem for problem in problems()), problems()


#: tables without digests -> why
LEFT_OUT = {
    **dict.fromkeys(("journal_entry", "journal_row", "journal_content"), "the journal itself"),
    **dict.fromkeys(
        ("body", "unit", "post", "person", "appointment", "absence", "worked_days", "sanction", "staff_import"),
        "follow the staff file; what an evaluation took from them stands in its plan and its results",
    ),
    "pinned_text": "named by its own hash",
    "wording": "named by its own hash, which is made again",
    "callback": "what was understood of it stands in receipts; its own words hold addresses and are destroyed",
    "lane": "the carrier's brake of this moment; what changed it has an entry",
    "survey_ballot": "nothing may join an answer to a person; that none was added or removed, the numbers say",
}


def test_every_table_is_proved_or_left_out_for_a_reason() -> None:
    """Whoever adds a table says in `services.content` which event writes it, or here why nothing proves it."""
    proved = KINDS.keys() | BESIDE.keys() | evidence_blocks.KINDS.keys()
    assert set(SQLModel.metadata.tables) - proved == LEFT_OUT.keys()
    assert proved <= set(SQLModel.metadata.tables)


#: columns without a digest: the journal says them otherwise, or the machine notes them for itself
MOVING = {
    "notice": {  # how it was sent, which its receipts tell; content_hash stands in the receipt of its try too
        "state", "claimed_at", "next_at", "tries", "carrier", "possible_duplicate", "handed_at", "language", "template",
        "content_hash", "reference", "failure",
    },
    "assessment": {
        "id", "stage", "version", "result_version", "signed_at", "agreed_at", "agreed_by", "submitted_at", "decided_at",
        "completed_at", "released_at", "familiarised_at", "familiarised_how", "closed_at", "salt",
    },
    "annual_mark": {"salt"},
    "survey_key": {"counted"},
    "survey_respondent": {"answered"},
    "cycle": {"stage", "version", "approved_at", "approved_by", "closed_at", "advanced_at", "staff_seen", "tracker_run"},
    "term": {"id", "scheduled_run"},
}  # fmt: skip


@pytest.mark.parametrize("name", [*KINDS, *BESIDE, *evidence_blocks.KINDS])
def test_a_digest_covers_every_column_but_those_the_journal_says_otherwise(name: str) -> None:
    kind = KINDS.get(name) or BESIDE.get(name) or evidence_blocks.KINDS[name]
    said = {bare(column) for column in (*kind.plain, *kind.free)}
    owner = {"assessment_id"} if name in KINDS else set()  # bound by the salt
    assert set(SQLModel.metadata.tables[name].columns.keys()) - said - owner == MOVING.get(name, set()) - owner
