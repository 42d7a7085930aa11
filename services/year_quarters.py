"""The quarters behind the score of a year, when it is decided: one that was revised since is not passed over (J-46, J-49)."""

from __future__ import annotations

import json
from collections.abc import Collection

from sqlmodel import Session

from models.sql import execute
from rules.errors import NotNow
from services.ground import Ground, Known
from services.sheet_facts import SheetFacts

_TAKEN = (
    "SELECT a.id, r.more FROM assessment a JOIN result r ON r.assessment_id = a.id AND r.version = a.result_version"
    " WHERE a.id IN ({ids}) ORDER BY a.id"
)


def check(session: Session, cycle: Known, ground: Ground, approved: Collection[int]) -> None:
    """Refuse to approve a score of a year whose quarters are not those it was computed from any more.

    Raises:
        NotNow: a quarter was revised or computed since; the sentence says what the score took and what stands now.
    """
    if not approved or not ground.evaluation.options.get("quarters_of"):
        return
    facts = SheetFacts.of(session, cycle, approved)
    source = ground.evaluation.source("computed")
    for assessment, more in execute(session, _TAKEN.format(ids=", ".join(map(str, approved)))):
        taken = json.loads(more).get("facts", {}).get("quarters")
        now = facts.known.get(assessment, {}).get("quarters")
        if taken is not None and taken != now:
            raise NotNow(
                f"Assessment {assessment}: its score was computed from the quarters {_said(taken)}, now they are "
                f"{_said(now)} ({', '.join(source.rules)}, {source.point}); put it to a vote of its own with the corrected "
                "result."
            )


def _said(quarters: list[str | None] | None) -> str:
    return ", ".join("none" if one is None else one for one in quarters or ())
