"""What must be proved arrives: the carriers of the simulation report on each invitation and decision within a minute."""

from __future__ import annotations

from datetime import datetime, timedelta

from cli.demonstration.scene import rows
from models.base import instant
from models.work import work
from notifications import record
from rules.ladder import PROVED

#: served results have a way of their own (`learning.served`)
_KINDS = ", ".join(f"'{kind}'" for kind in PROVED if kind != "result_served")
_NEW = (
    f"SELECT n.id, n.handed_at FROM notice n WHERE n.state = 'handed' AND n.kind IN ({_KINDS})"
    " AND n.channel IN ('email', 'sms') AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.notice_id = n.id"
    " AND r.event = 'delivered') ORDER BY n.id"
)


def arrive(now: datetime) -> None:
    """Report on everything that was just handed over."""
    with work() as session:
        for row in rows(session, _NEW):
            at = max(now, instant(row.handed_at)) + timedelta(minutes=1)
            record(session, row.id, "delivered", at, at, source="simulate", event_id=f"far side/{row.id}/delivered")
