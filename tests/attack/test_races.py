"""Two at the same moment, where PostgreSQL lets them: the other one commits between the look and the change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from models.work import work
from rules.errors import Conflict
from services import advance, plan, scoring, sheets
from services.ground import find_cycle
from tests import makers
from tests.makers import AIGUL, BOLAT, HEAD_B, KEY, at, case, person, results


def meanwhile(monkeypatch: pytest.MonkeyPatch, place: Any, name: str, other: Callable[[], object]) -> None:
    """Let the other one act, once, right after this function of ours."""
    ours = getattr(place, name)

    def interrupted(*given: Any, **named: Any) -> Any:
        monkeypatch.setattr(place, name, ours)
        found = ours(*given, **named)
        other()
        return found

    monkeypatch.setattr(place, name, interrupted)


@pytest.mark.rule("N-34")
def test_a_sheet_signed_while_others_are_computed_waits_for_the_next_walk(
    postgresql_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    makers.a_cycle("open")
    makers.sign(AIGUL)
    meanwhile(monkeypatch, scoring, "_shards", lambda: makers.sign(BOLAT))
    with work() as session:
        assert advance.compute_scores(session, KEY, at("2026-10-06")) == 1
    assert (case(AIGUL).stage, case(BOLAT).stage) == ("computed", "marked")
    makers.walk("2026-10-06 10:00")
    assert case(BOLAT).stage == "released"
    assert [source for _, source, _ in results(BOLAT)] == ["computed"]


@pytest.mark.rule("N-13", "N-37")
def test_a_sheet_cannot_be_signed_while_its_plan_changes(
    postgresql_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    makers.a_cycle("open")
    makers.away(AIGUL, "2026-07-01", "2026-09-30")
    makers.changed_staff(lambda _: None)

    def hurried() -> None:
        """Whoever signs now waits for the plan; here nobody waits for long."""
        one = case(AIGUL)
        with pytest.raises(Exception, match="lock timeout"), work() as session:
            session.connection().exec_driver_sql("SET LOCAL lock_timeout = '200ms'")
            sheet = sheets.SignedSheet(one.id or 0, makers.all_marks(), signed_by=one.marker_id)
            sheets.submit(session, sheet, at("2026-10-05"), f"person/{one.marker_id}")

    meanwhile(monkeypatch, plan, "_new_plan", hurried)
    with work() as session:
        assert advance.refresh_plan(session, KEY, at("2026-10-05")) == 1
    assert case(AIGUL).stage == "exempt"
    makers.sign(BOLAT)
    assert makers.walk("2026-10-06")


@pytest.mark.rule("N-9")
def test_who_handed_the_sheet_on_a_moment_ago_cannot_sign_it(
    postgresql_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    makers.a_cycle("open")
    one, substitute = case(AIGUL), person(HEAD_B)

    def hand_on() -> None:
        with work() as session:
            sheets.replace_evaluator(session, [one.id or 0], substitute, "sick", at("2026-10-05"), "person/2")

    meanwhile(monkeypatch, sheets, "known_cycle", hand_on)
    with pytest.raises(Conflict):
        makers.sign(AIGUL)
    assert (case(AIGUL).stage, case(AIGUL).marker_id) == ("open", substitute)


@pytest.mark.rule("N-9", "N-37")
def test_a_sheet_is_not_handed_on_while_a_list_with_its_signature_is_taken(
    postgresql_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    makers.a_cycle("open")
    one, substitute = case(AIGUL), person(HEAD_B)

    def hand_on() -> None:
        with pytest.raises(Exception, match="lock timeout"), work() as session:
            session.connection().exec_driver_sql("SET LOCAL lock_timeout = '200ms'")
            sheets.replace_evaluator(session, [one.id or 0], substitute, "sick", at("2026-10-05"), "person/2")

    meanwhile(monkeypatch, sheets, "_mark_rows", hand_on)
    signed = sheets.SignedSheet(one.id or 0, makers.all_marks(), signed_by=one.marker_id)
    with work() as session:
        assert sheets.submit_many(session, find_cycle(session, KEY), [signed], at("2026-10-05"), "system/import") == 1
    assert (case(AIGUL).stage, case(AIGUL).marker_id) == ("marked", one.marker_id)
    assert makers.rows("SELECT acted_by FROM journal_row WHERE to_stage = 'marked'") == [(f"person/{one.marker_id}",)]


@pytest.mark.rule("N-15", "N-37")
def test_a_sheet_is_not_signed_on_a_plan_that_changed_since_it_was_read(
    postgresql_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    makers.a_cycle("open")

    def replan() -> None:
        makers.dismissed(AIGUL, "2026-10-02")
        with work() as session:
            assert advance.refresh_plan(session, KEY, at("2026-10-05")) == 1

    meanwhile(monkeypatch, sheets, "known_cycle", replan)
    with pytest.raises(Conflict):
        makers.sign(AIGUL)
    assert (case(AIGUL).stage, case(AIGUL).dismissed) == ("open", True)
    makers.sign(AIGUL)
