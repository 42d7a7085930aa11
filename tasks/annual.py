"""The mark of the year, formed from its quarters."""

from __future__ import annotations

from datetime import datetime

from methodologies import read_organisation
from models.work import work
from rules.errors import NotAllowed, NotInForce
from services import annual
from settings import settings
from tasks.kinds import step


@step("annual-{year}")
def form_annual_marks(year: int, now: datetime) -> tuple[int, str]:
    """Form the marks of a year under the body's act: how many were formed or formed again, or why the act has none."""
    file = settings().organisation
    act = read_organisation(file).act
    with work() as session:
        try:
            return annual.form_annual(session, act, year, now, "system/annual-mark", file), ""
        except (NotAllowed, NotInForce) as none:  # the year is an evaluation of its own, or the act does not govern it
            return 0, str(none)
