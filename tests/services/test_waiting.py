"""Whoever a sheet waits for is told; a servant who hands over no own part does not block the sheet for ever."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models.work import work
from rules.errors import Incomplete, MissingSetting, NotAllowed, NotNow
from services import agreement, filled, own_part
from services.evidence import verify
from services.filled import FilledSheet
from tests import commission
from tests.commission import AIGUL, EVALUATED, HEAD_A, HEAD_B, KPI, MINISTER, OFFICIAL, POINTS, QUARTER, case, kpis
from tests.makers import at, person, refused, rows, walk

pytestmark = pytest.mark.usefixtures("sqlite_database")


def told(kind: str) -> dict[int, list[str | None]]:
    """recipient -> counts of the notices of a kind, in the order they were written."""
    found: dict[int, list[str | None]] = {}
    for who, facts in rows("SELECT recipient_id, facts FROM notice WHERE kind = :k ORDER BY id", k=kind):
        found.setdefault(who, []).append(json.loads(facts).get("count"))
    return found


@pytest.mark.rule("J-34", "J-36")
def test_servants_and_supervisors_are_told_what_waits_for_them(tmp_path: Path) -> None:
    key = commission.opened(QUARTER, tmp_path)
    everybody = {person(one) for one in EVALUATED}
    assert told("own_part_waiting") == {one: [None] for one in everybody}
    assert {row[0] for row in rows("SELECT facts FROM notice WHERE kind = 'own_part_waiting'")} == {
        '{"due":"2017-10-05","period":"2017-Q3"}'
    }
    assert told("sheets_waiting") == {}
    with work() as session:
        filled.self_evaluate(session, FilledSheet(case(key, AIGUL), POINTS), person(AIGUL), at("2017-10-03"))
    walk("2017-10-03 12:00", key)
    walk("2017-10-03 18:00", key)
    assert told("sheets_waiting") == {person(HEAD_A): ["1"]}
    walk("2017-10-04 09:00", key)
    assert told("sheets_waiting") == {person(HEAD_A): ["1", "1"]}
    assert told("own_part_waiting") == {one: [None] for one in everybody}
    commission.sign(key, AIGUL, POINTS, "2017-10-04 10:00")
    walk("2017-10-04 12:00", key)
    walk("2017-10-06 12:00", key)
    assert told("signature_waiting") == {person(AIGUL): [None]}
    assert told("sheets_waiting") == {person(HEAD_A): ["1", "1"]}


@pytest.mark.rule("M-34")
def test_superiors_are_told_how_many_sheets_wait_for_their_agreement(tmp_path: Path) -> None:
    key = commission.opened(KPI, tmp_path)
    commission.signed_all(key, kpis(4), "2019-01-15")
    walk("2019-01-15 12:00", key)
    first = told("agreement_waiting")
    assert set(first) == {person(OFFICIAL), person(MINISTER)}
    assert sum(int(count or 0) for counts in first.values() for count in counts) == len(EVALUATED)
    walk("2019-01-15 18:00", key)
    assert told("agreement_waiting") == first
    with work() as session:
        agreement.send_back(session, case(key, AIGUL), "no report", person(OFFICIAL), at("2019-01-16"))
    commission.agreed_all(key, "2019-01-16 09:30")
    walk("2019-01-16 12:00", key)
    assert told("agreement_waiting") == first


@pytest.mark.rule("J-34", "J-40")
def test_after_the_bodys_term_the_supervisor_goes_on_without_the_own_part(tmp_path: Path) -> None:
    key = commission.opened(QUARTER, tmp_path)
    mine = case(key, AIGUL)

    def go_on(by: str, now: str, why: str = "did not answer two letters") -> None:
        with work() as session:
            own_part.go_on(session, mine, why, person(by), at(now))

    with refused(NotNow, "until 2017-10-05 for the own part, a term of the body"):
        go_on(HEAD_A, "2017-10-05 23:59")
    with refused(NotAllowed, "Only the supervisor"):
        go_on(HEAD_B, "2017-10-06 00:00")
    with refused(Incomplete, "Say why"):
        go_on(HEAD_A, "2017-10-06 00:00", " ")
    go_on(HEAD_A, "2017-10-06 00:00")
    with refused(NotNow, "already recorded"):
        go_on(HEAD_A, "2017-10-06 00:01")
    commission.sign(key, AIGUL, POINTS, "2017-10-06 10:00")
    said = rows("SELECT body FROM journal_entry WHERE event = 'own_part_missed'")
    assert ["did not answer two letters" in one for (one,) in said] == [True]
    assert rows("SELECT side FROM sheet_content") == [("evaluator",)]
    with work() as session:
        assert verify(session).problems == []


@pytest.mark.rule("J-34")
def test_without_a_term_of_the_body_nobody_goes_on_without_the_own_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = commission.body_file

    def without(*given: object) -> Path:
        file = whole(*given)  # type: ignore[arg-type]
        text = file.read_text("utf-8").replace("house_own_part:", "house_other:")
        file.write_text(text, "utf-8")
        return file

    monkeypatch.setattr(commission, "body_file", without)
    key = commission.opened(QUARTER, tmp_path)
    with (
        refused(MissingSetting, "gives no term for the own part. Set house_deadlines.house_own_part"),
        work() as session,
    ):
        own_part.go_on(session, case(key, AIGUL), "why", person(HEAD_A), at("2017-10-10"))


@pytest.mark.rule("M-28")
def test_an_act_without_an_own_part_has_nothing_to_go_on_without(tmp_path: Path) -> None:
    key = commission.opened(KPI, tmp_path)
    with refused(NotAllowed, "knows no event 'own_part_missed'"), work() as session:
        own_part.go_on(session, case(key, AIGUL), "why", person(HEAD_A), at("2019-01-15"))
