"""The sample body, and the working days it may correct."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from methodologies import calendar_hash, law, load, read_organisation, sample, work_calendar
from rules.errors import BadFile, MissingSetting, NotFound, NotInForce
from rules.organisation import CalendarCorrection
from tests.nchr import CALENDAR, Q3, SAMPLE, body

OFF = CalendarCorrection(date(2026, 12, 18), working=False, decree="Decree No 1")
ON = CalendarCorrection(date(2026, 12, 20), working=True, decree="Decree No 1")


@pytest.mark.rule("N-52")
def test_the_sample_sets_what_the_act_leaves_open_and_marks_it() -> None:
    found = sample("nchr-2024")
    assert found.in_force_from == {"no-13": date(2026, 3, 16)}
    assert "in_force_from.no-13" in found.unconfirmed
    assert (found.time_zone, found.languages) == ("Asia/Almaty", ("kk", "ru"))
    assert set(found.settings["officials"]) == {"appointing_official", "hr_officer"}


def test_house_deadlines_are_house_and_cite_no_rule() -> None:
    for rule in sample("nchr-2024").house_deadlines:
        assert rule.id.startswith("house_")
        assert (rule.house, rule.rules, rule.point) == (True, (), "house rule")


def test_no_sample_and_no_file() -> None:
    with pytest.raises(MissingSetting, match="give an organisation file"):
        sample("harbour-staff")
    with pytest.raises(NotFound, match="no organisation file"):
        read_organisation(Path("nowhere.yaml"))


def test_a_corrected_day_moves_terms_and_the_hash() -> None:
    corrected = work_calendar(body(calendar_corrections=(OFF, ON)))
    assert CALENDAR.after(date(2026, 12, 15), 2) == date(2026, 12, 18)
    assert corrected.after(date(2026, 12, 15), 2) == date(2026, 12, 20)
    assert corrected.is_working(date(2026, 12, 20))
    assert calendar_hash(corrected) != calendar_hash(CALENDAR)
    assert calendar_hash(work_calendar(body())) == calendar_hash(CALENDAR)
    assert "2026-12-18: Decree No 1" in corrected.source


def test_corrections_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "organisation.yaml"
    text = SAMPLE.read_text("utf-8")
    file.write_text(text + '\ncalendar_corrections:\n  2026-12-18: {working: false, decree: "No 1"}\n', "utf-8")
    assert read_organisation(file).calendar_corrections == (CalendarCorrection(date(2026, 12, 18), False, "No 1"),)


def test_a_correction_outside_the_years_of_the_calendar() -> None:
    with pytest.raises(NotInForce, match="2017-2032"):
        work_calendar(body(calendar_corrections=(CalendarCorrection(date(2040, 1, 1), False, "No 1"),)))


def test_a_body_may_confirm_later_years() -> None:
    confirmed = work_calendar(body(settings={"calendar_confirmed_until": date(2027, 12, 31)}))
    assert not confirmed.is_estimated(date(2027, 12, 31))
    assert CALENDAR.is_estimated(date(2027, 12, 31))


@pytest.mark.rule("N-19")
def test_no_body_adds_a_means_of_service_to_those_of_its_act() -> None:
    act = load("nchr-2024")
    by_mail = replace(act.channels["dismissed"], values=((date(2026, 3, 13), ("email",)),))
    narrow = replace(act, channels={**act.channels, "dismissed": by_mail})
    assert law(narrow, Q3, body(ladders={"result_served": ("email",)})).channels["dismissed"] == ("email",)
    with pytest.raises(BadFile, match=r"ladders.result_served names 'sms', by which nchr-2024 serves nobody"):
        law(narrow, Q3, body(ladders={"result_served": ("email", "sms")}))
