"""The papers of the registered channels, made one by one while notices are handed over (pt 9 para 2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from documents import dispatch_register, letter, telegram, telephonogram
from documents.parts import Signer
from models import Cycle
from models.sql import execute
from models.work import reading
from notifications import Dispatch, Recipient
from services.papers.facts import Papers

#: letters of these kinds state the result; all the others say what the notice says
_RESULTS = ("result_served", "calibrated_result")


class RegisteredPapers:
    """Makes letters, telephonograms, telegrams and the day's register for the hand-over."""

    def __init__(self) -> None:
        self._papers: dict[int, Papers] = {}

    def _of(self, cycle_id: int) -> Papers:
        if cycle_id not in self._papers:
            with reading() as session:
                self._papers[cycle_id] = Papers.of(session, session.get_one(Cycle, cycle_id))
        return self._papers[cycle_id]

    def letter(self, facts: Mapping[str, str], person: Recipient) -> bytes:
        """The closed registered letter; it alone may state the result, to the person whose it is (N-19, N-23)."""
        papers, language = self._of(int(facts["cycle_id"])), _language(facts)
        states = facts.get("kind", _RESULTS[0]) in _RESULTS
        return letter.render(
            letter.Letter(
                body=papers.body(language), body_address=papers.setting("address", language), number=facts["number"],
                sent_on=date.fromisoformat(facts["day"]), addressee=person.full_name, address=person.address,
                period=papers.ground.period, act=papers.act(language), points=_points(papers),
                disagreement_days=_days(papers, "request"), authority_days=_days(papers, "appeal"),
                authority_point=papers.cite("appealed"),
                where=papers.setting("where", language),
                signed_by=_signer(papers, facts["day"], language),
                executor=f"{_hr(papers, facts['day'])}, {papers.setting('phone', language)}",
                result=_result(papers, int(facts.get("assessment_id") or 0), language) if states else None,
                reference=facts["ref"], subject="" if states else facts["subject"], text="" if states else facts["text"],
            ),
            language,
        )  # fmt: skip

    def telephonogram(self, facts: Mapping[str, str], person: Recipient) -> bytes:
        """The record of a telephonogram; its words say only that something waits."""
        papers, language = self._of(int(facts["cycle_id"])), _language(facts)
        return telephonogram.render(
            telephonogram.Telephonogram(
                body=papers.body(language), number=facts["number"], passed_at=datetime.fromisoformat(facts["at"]),
                sender=_signer(papers, facts["day"], language),
                sender_phone=papers.setting("phone", language), addressee=person.full_name,
                addressee_phone=person.phone, received_by="____________________", text=facts["text"],
                reference=facts["ref"],
            ),
            language,
        )  # fmt: skip

    def telegram(self, facts: Mapping[str, str], person: Recipient) -> bytes:
        """The record of a telegram; its words say only that something waits."""
        papers, language = self._of(int(facts["cycle_id"])), _language(facts)
        return telegram.render(
            telegram.Telegram(
                body=papers.body(language), number=facts["number"], passed_at=datetime.fromisoformat(facts["at"]),
                sender=_signer(papers, facts["day"], language), addressee=person.full_name,
                address=person.address, operator="____________________", receipt="____________________",
                text=facts["text"], reference=facts["ref"],
            ),
            language,
        )  # fmt: skip

    def dispatch_register(self, day: date, letters: Sequence[Dispatch]) -> bytes:
        """The register of the letters handed in at the post office on one day, in the body's first language."""
        papers = self._of(letters[0].cycle_id)
        language = next(one for one in papers.ground.organisation.languages if one in ("kk", "ru"))
        return dispatch_register.render(
            dispatch_register.DispatchRegister(
                body=papers.body(language), body_address=papers.setting("address", language), number=f"{day:%m%d}",
                day=day, handed_in_by=_signer(papers, day.isoformat(), language),
                letters=tuple(dispatch_register.Dispatch(one.number, one.addressee, one.address) for one in letters),
                reference=f"{papers.ground.organisation.key}/{day}",
            ),
            language,
        )  # fmt: skip


def _points(papers: Papers) -> letter.LetterPoints:
    return letter.LetterPoints(
        papers.cite("served", "released"),
        papers.cite("requested"),
        papers.cite("code_appeal"),
        papers.cite("confidential"),
    )


def _days(papers: Papers, role: str) -> int:
    """The working days of a right, 0 where the act has none."""
    rule = papers.ground.law.deadlines.get(papers.ground.deadline_id(role) or "")
    return int(rule.amount or 0) if rule and rule.unit == "working_day" else 0


def _language(facts: Mapping[str, str]) -> str:
    return facts["language"] if facts.get("language") in ("kk", "ru") else "kk"


def _signer(papers: Papers, day: str, language: str) -> Signer:
    return papers.signer(papers.officer("hr_officer", date.fromisoformat(day)), language)


def _hr(papers: Papers, day: str) -> str:
    one = papers.people.get(papers.officer("hr_officer", date.fromisoformat(day)) or 0)
    return one.name if one else ""


def _result(papers: Papers, assessment_id: int, language: str) -> letter.LetterResult | None:
    with reading() as session:
        row = execute(
            session,
            (
                "SELECT r.score, r.grade FROM result r JOIN assessment a ON a.id = r.assessment_id"
                " AND a.result_version = r.version WHERE a.id = :i"
            ),
            {"i": assessment_id},
        ).one_or_none()
    return None if row is None else letter.LetterResult(papers.number(row.score), papers.grade(row.grade, language))
