"""Nothing is written over a plan that is not as it was recorded: the new digest would take an edit for what was lawful."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Session

from models.sql import execute
from rules.errors import NotAllowed
from services.content import beside_rows

#: the entry of a plan's last event, found by the plan's own key; a plan that had none yet was recorded with its round
_OF_ONE = (
    "SELECT c.key, c.digest FROM plan_event e JOIN journal_content c ON c.entry_id = e.entry_id AND c.kind = 'work_plan'"
    " AND c.key = CAST(e.plan_id AS TEXT) WHERE e.plan_id IN ({ids}) ORDER BY c.entry_id"
)
_OF_ALL = "SELECT key, digest FROM journal_content WHERE kind = 'work_plan' AND key IN ({keys}) ORDER BY entry_id"


def plans_as_recorded(session: Session, plans: Collection[int]) -> None:
    """Refuse to go on where a plan that will be changed differs from the newest digest of it.

    Raises:
        NotAllowed: its row was edited beside the program.
    """
    ids = ", ".join(map(str, plans)) or "0"
    said = dict(execute(session, _OF_ONE.format(ids=ids)).all()) if len(plans) == 1 else {}
    if not said:
        said = dict(execute(session, _OF_ALL.format(keys=", ".join(f"'{one}'" for one in plans) or "''")).all())
    for key, digest in beside_rows(session, "work_plan", f"id IN ({ids})"):
        if said.get(key) != digest:
            raise NotAllowed(
                f"What stands in table work_plan, row {key}, is not what was recorded of it, so nothing is written over it:"
                " `bagalau audit verify` names the entry; restore the row from a backup, then act again."
            )
