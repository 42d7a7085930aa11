"""Do the sealed answers fit the lists of who has answered? Counted alone: nothing joins an answer to a person (U-60)."""

from __future__ import annotations

from collections.abc import Iterator

from sqlmodel import Session

from models.sql import execute
from rules.words import counted

_UNLIKE = """
SELECT n.id, n.answered, n.ballots, n.counted FROM (
 SELECT a.id, k.counted,
  (SELECT COUNT(*) FROM survey_respondent r WHERE r.assessment_id = a.id AND r.answered = true) AS answered,
  (SELECT COUNT(*) FROM survey_ballot b WHERE b.assessment_id = a.id) AS ballots
 FROM assessment a JOIN survey_key k ON k.cycle_id = a.cycle_id
) n WHERE (n.counted = true AND n.ballots > 0)
 OR (n.counted = false AND n.answered <> n.ballots AND NOT EXISTS (SELECT 1 FROM journal_row j
  JOIN journal_entry e ON e.id = j.entry_id WHERE j.assessment_id = n.id AND e.event = 'computed'))
ORDER BY n.id LIMIT 5
"""
_NOBODYS = "SELECT COUNT(*) FROM survey_ballot WHERE assessment_id NOT IN (SELECT assessment_id FROM survey_respondent)"


def unlike_the_lists(session: Session) -> Iterator[str]:
    """A sentence for each survey about a person whose box holds more or fewer answers than were given."""
    for row in execute(session, _UNLIKE).all():
        if row.counted:
            yield f"table survey_ballot, assessment {row.id}: {counted(row.ballots, 'answers are')} left of a survey that was counted"
        else:
            yield (
                f"table survey_ballot, assessment {row.id}:"
                f" {counted(row.answered, 'people have')} answered, {counted(row.ballots, 'answers lie')} there"
            )
    strays = execute(session, _NOBODYS).scalar_one()
    if strays:
        yield f"table survey_ballot: {counted(strays, 'answers are')} about somebody nobody is asked about"
