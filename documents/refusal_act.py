"""The act of a refusal, to be familiarised or to sign the sheet: drawn up by HR, without the result itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from documents.errors import WrongField
from documents.page import compose
from documents.parts import Act, Person, Signer
from documents.typesetting import Page, typeset
from rules.period import Period


@dataclass(frozen=True)
class RefusalAct:
    """A refusal on record. `shown` names the document offered, never the result: witnesses are third parties.

    `own_words` are what the person said, if anything. `witnesses_needed` is what the act asks for: two in
    some acts, the direct supervisor alone in others (`supervisor_signs`), nobody beside HR in others still.
    `what` was refused: to learn the result, or to sign the sheet. `confidential`: the act keeps results secret.
    """

    body: str
    number: str
    drawn_up_on: date
    place: str
    act: Act
    period: Period
    evaluatee: Person
    shown: str
    shown_at: datetime
    drawn_up_by: Signer
    witnesses: tuple[Signer, ...] = ()
    witnesses_needed: int = 2
    own_words: str = ""
    what: Literal["result", "sheet"] = "result"
    supervisor_signs: bool = False
    confidential: bool = True
    reference: str = ""


def page(act: RefusalAct, language: str) -> Page:
    """The act as a page; see `render`."""
    made = compose("refusal_act", act, language, act.drawn_up_on)
    words = made.values["words"]
    made.values["heads"] = [words[f"{act.what}_{key}"] for key in ("title", "title_2")]
    made.values["opening"] = words[f"{act.what}_opening"]
    if len(act.witnesses) < act.witnesses_needed:
        problem = f"names {len(act.witnesses)} people, {act.witnesses_needed} must sign"
        raise WrongField("refusal act", "witnesses", problem)
    return replace(made, title=" ".join(made.values["heads"]))


def render(act: RefusalAct, language: str) -> bytes:
    """The act as PDF (rules M-58, J-37, J-44; without the result, N-23).

    Raises:
        MissingField: a required field is empty.
        WrongField: fewer witnesses than the act asks for.
    """
    return typeset(page(act, language))
