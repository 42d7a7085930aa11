"""The individual plans of a round, on the act's own form, in as many copies as the act asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from documents.form import FormPaper, Signing
from models import PlanRound
from models.base import instant
from models.sql import execute
from rules.errors import NotFound
from rules.evaluation import Described
from rules.individual_plan import Item
from rules.law import Form
from services import officials
from services.ground import ground_of
from services.papers.cells import plan_rows
from services.papers.facts import Papers, people_of
from services.papers.forms import header

_PLANS = """
SELECT w.id, w.person_id, w.supervisor_id, w.approver_id, w.drawn_at, w.approved_at FROM work_plan w
WHERE w.round_id = :r AND w.stage <> 'not_set' ORDER BY w.id
"""
_ITEMS = """
SELECT i.plan_id, i.name, i.unit, i.planned, i.expected, i.measurable FROM plan_item i
JOIN work_plan w ON w.id = i.plan_id AND w.content = i.version WHERE w.round_id = :r ORDER BY i.plan_id, i.number
"""
#: who acted on the items in force: everything since they were last drawn up
_EVENTS = """
SELECT e.plan_id, e.event, e.at, e.by FROM plan_event e JOIN work_plan w ON w.id = e.plan_id
WHERE w.round_id = :r AND e.event IN ('plan_drawn', 'plan_changed', 'plan_approved') ORDER BY e.plan_id, e.version
"""

Acts = Mapping[int, Any]


def papers_of(session: Session, held: PlanRound) -> Papers:
    """What the papers of a round share."""
    ground = ground_of(session, held)  # type: ignore[arg-type]
    named = (ground.organisation.settings.get("officials") or {}).items()
    holders = tuple(officials.Named(role, str(number), None, "") for role, number in named)
    return Papers(ground, held, people_of(session), holders)  # type: ignore[arg-type]


def form_of(papers: Papers, described: Described) -> Form:
    """The form the act prints its plans on.

    Raises:
        NotFound: the act names none.
    """
    name = described.get("form")
    if not name:
        raise NotFound(f"{papers.ground.law.act} names no form for its plans ({described.point}); add `form` to it.")
    return papers.ground.law.form(name)


def plans(
    session: Session, papers: Papers, described: Described, language: str | None = None
) -> Iterator[tuple[int, int, str, FormPaper]]:
    """(plan, copy, language, paper) of every plan of a round that is due or drawn up; blank where it is still due.

    Args:
        language: of every paper; None: each in its person's own.
    """
    form, round_id = form_of(papers, described), {"r": papers.cycle.id}
    items: dict[int, list[Item]] = defaultdict(list)
    for plan, *one in execute(session, _ITEMS, round_id):
        items[plan].append(Item(one[0], one[1], one[2], one[3], bool(one[4])))
    acts: dict[int, dict[int, Any]] = defaultdict(dict)
    for plan, event, at, by in execute(session, _EVENTS, round_id):
        if event != "plan_approved":
            acts[plan].clear()
        acts[plan][int(str(by).removeprefix("person/"))] = papers.local(at if not isinstance(at, str) else instant(at))
    copies = int(described.get("copies") or 1)
    for row in execute(session, _PLANS, round_id).all():
        said = language or papers.language(row.person_id)
        blank = int(described.get("items_max") or described.get("items_min") or 3)
        paper = _paper(papers, form, row, plan_rows(items[row.id], blank), acts[row.id], said)
        for copy in range(1, copies + 1):
            yield row.id, copy, said, replace(paper, copy=f"{copy}/{copies}" if copies > 1 else "")


def _paper(
    papers: Papers, form: Form, row: Any, rows: tuple[Mapping[str, str], ...], acts: Acts, said: str
) -> FormPaper:
    lines = header(papers, row.person_id, said, row.supervisor_id)
    if "header_post" not in form.texts:
        lines["evaluatee"] = papers.named(row.person_id, said)
    return FormPaper(
        form, lines, rows, signing=_signing(papers, form, row, acts),
        approval=_one(papers, row.approver_id, acts) if "approval" in form.texts else None,
        dated=papers.ground.day_of(papers.local(row.approved_at or row.drawn_at) or papers.cycle.opened_at),
        reference=f"{papers.cycle.key}/{row.id}",
    )  # fmt: skip


def _signing(papers: Papers, form: Form, row: Any, acts: Acts) -> dict[str, tuple[Signing, ...]]:
    hr = papers.officer("hr_officer")
    agreed = next((one for one in acts if one in (hr, papers.officer("hr_deputy"))), hr)
    people = {"evaluatee": row.person_id, "evaluator": row.supervisor_id, "hr": agreed}
    return {role: (_one(papers, person, acts),) for role, person in people.items() if f"signature_{role}" in form.texts}


def _one(papers: Papers, person: int | None, acts: Acts) -> Signing:
    return Signing(papers.people[person].name, acts.get(person)) if person else Signing()
