"""The words of a notice that left, rendered again from the texts kept with it, whatever the files say today."""

from __future__ import annotations

import json

from jinja2 import DictLoader
from sqlalchemy import text
from sqlmodel import Session

from notifications.refs import ref_of
from notifications.render import Rendered, environment, words_of
from rules.errors import NotFound, NotNow

_LOOK = text(
    "SELECT n.channel, n.language, n.template, n.facts, w.body FROM notice n LEFT JOIN wording w ON w.template = n.template"
    " WHERE n.id = :id"
)


def render_kept(session: Session, notice_id: int) -> Rendered:
    """The words one notice left with.

    Raises:
        NotFound: there is no such notice, or its texts are not kept. NotNow: it has not left.
    """
    row = session.connection().execute(_LOOK, {"id": notice_id}).one_or_none()
    if row is None:
        raise NotFound(f"There is no notice {notice_id}.")
    if row.template is None:
        raise NotNow(f"Notice {notice_id} has not left, so its words are not fixed yet.")
    if row.body is None:
        raise NotFound(f"The texts of {row.template} are not kept in this database.")
    files: dict[str, str] = json.loads(row.body)
    # the closing lies in a folder of its own, and the texts call it by that
    files[f"closing/{row.language}.txt"] = files.pop(f"{row.language}.txt")
    made = environment(row.language, DictLoader(files))
    facts = {**json.loads(row.facts), "ref": ref_of(notice_id)}
    return words_of(row.channel, facts, row.template, lambda file: made.get_template(f"{file}.txt"))
