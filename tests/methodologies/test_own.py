"""`own` in a body's file: it fills what the act leaves to it, and nothing else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from methodologies import law, load, read_organisation, work_calendar
from methodologies.own import missing
from rules.errors import BadFile, MissingSetting
from rules.period import Period
from rules.terms import all_due
from tests.adgs import SAMPLE

ACT = """
act: quay-staff
title: {kk: Айлақ, ru: Порт, en: Quay}
source: {issuer: {kk: Айлақ, ru: Порт, en: Quay}, number: "7", date: 2024-01-10}
compared_with_text_on: 2026-08-15
revisions:
  first: {date: 2024-01-10, title: order No 7, in_force: at once, known: true}
left_to_body:
  mark_max: {what: The highest mark, rules: [Q-1], point: pt 3, section: parameters, shape: unit point}
  evaluation_by: {what: The term, rules: [Q-1], point: pt 5, section: deadlines}
  bonus_share: {what: The share of the bonus, rules: [Q-1], point: pt 9, shape: a number}
  extra_day: {what: A further day, rules: [Q-1], point: pt 9, section: deadlines, optional: true}
deadlines:
  evaluation_of_absent:
    rules: [Q-1]
    point: pt 6
    follows: evaluation_by
    actor: {kk: Қызмет, ru: Служба, en: Service}
    obligation: {kk: Бағалау, ru: Оценить, en: Evaluate}
    values:
      2024-01-10: {amount: null, unit: date, direction: by, anchor: term_of_point_5}
rules:
  Q-1: {point: pt 1, says: Something.}
"""
BODY = """
organisation: quay
name: {kk: Айлақ, ru: Порт, en: Quay}
act: quay-staff
time_zone: Asia/Almaty
languages: [kk]
channels: [portal]
in_force_from: {first: 2024-01-10}
"""
OWN = """
settings: {bonus_share: 0.5}
own:
  parameters:
    mark_max: {what: Most, rules: [], point: our order, unit: point, values: {2024-01-15: 5, 2024-07-01: 10}}
  deadlines:
    evaluation_by:
      rules: []
      point: our order
      actor: {kk: Қызмет, ru: Служба, en: Service}
      obligation: {kk: Бағалау, ru: Оценить, en: Evaluate}
      values: {2024-01-15: {amount: 20, unit: day_of_month, direction: by, anchor: month_after_reporting_quarter}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "act.yaml").write_text(ACT, "utf-8")
    return tmp_path


def body(folder: Path, more: str = "") -> Path:
    file = folder / "organisation.yaml"
    file.write_text(BODY + more, "utf-8")
    return file


def test_the_bodys_file_may_lie_in_the_folder_of_its_act(folder: Path) -> None:
    file = body(folder, OWN)
    assert load(folder).files == (folder / "act.yaml",)
    assert law("quay-staff", Period(2024, 1), read_organisation(file)).act == "quay-staff"


def test_own_values_begin_on_the_bodys_own_days(folder: Path) -> None:
    act, quay = load(folder), read_organisation(body(folder, OWN))
    assert law(act, Period(2024, 1), quay).value("mark_max") == Decimal(5)
    found = law(act, Period(2024, 3), quay).dated("mark_max")
    assert (found.value, found.since, found.own) == (Decimal(10), date(2024, 7, 1), True)
    with pytest.raises(MissingSetting, match=r"pt 3.*own\.parameters\.mark_max"):
        law(act, date(2024, 1, 14), quay).value("mark_max")


def test_what_is_missing_is_named_and_what_is_optional_is_not(folder: Path) -> None:
    act = load(folder)
    assert [one.where for one in missing(act)] == [
        "own.parameters.mark_max",
        "own.deadlines.evaluation_by",
        "settings.bonus_share",
    ]
    assert [one.where for one in missing(act, read_organisation(body(folder, "settings: {bonus_share: 0.5}\n")))] == [
        "own.parameters.mark_max",
        "own.deadlines.evaluation_by",
    ]
    assert missing(act, read_organisation(body(folder, OWN))) == ()


@pytest.mark.parametrize(
    ("own", "sentence"),
    [
        ("own: {parameters: {mark_min: {what: X, rules: [], point: p, unit: point, values: {2024-01-15: 0}}}}",
         "own.parameters.mark_min: quay-staff does not leave this to the body; it leaves: mark_max"),
        ("own: {scales: {s: {what: X, rules: [], point: p, values: {2024-01-15: {a: "
         "{least: 0, most: 5, label: {kk: а, ru: а, en: a}}}}}}}", "it leaves nothing under own.scales"),
        ("own: {parameters: {mark_max: {what: X, rules: [Z-9], point: p, unit: point, values: {2024-01-15: 5}}}}",
         "the rule 'Z-9' is not in the list of rules"),
        ("own: {stages: {}}", "the key 'stages' is not known here"),
        ("own: {parameters: {mark_max: {what: X, rules: [], point: p, unit: point, values: {2024-01-15: five}}}}",
         "'five' is not a number"),
    ],
)  # fmt: skip
def test_anything_else_is_refused_in_one_sentence(folder: Path, own: str, sentence: str) -> None:
    with pytest.raises(BadFile) as refusal:
        law(load(folder), Period(2024, 1), read_organisation(body(folder, own + "\n")))
    assert sentence in str(refusal.value)


def test_two_faults_are_named_together(tmp_path: Path) -> None:
    text = SAMPLE.read_text("utf-8").replace("mark_min: {what", "lowest: {what").replace("kpi_count_min: {", "kpis: {")
    (tmp_path / "body.yaml").write_text(text, "utf-8")
    with pytest.raises(BadFile) as refusal:
        law(load("adgs-2018-93"), Period(2024, 1), read_organisation(tmp_path / "body.yaml"))
    assert len(refusal.value.problems) == 2


def test_a_term_that_is_another_terms(folder: Path) -> None:
    quay = read_organisation(body(folder, OWN))
    found = {
        one.id: one for one in all_due(law(load(folder), Period(2024, 1), quay), work_calendar(quay), Period(2024, 1))
    }
    assert (found["evaluation_of_absent"].due, found["evaluation_by"].due) == (date(2024, 4, 20), date(2024, 4, 20))
    assert found["evaluation_of_absent"].target == date(2024, 4, 19)  # a Saturday
    assert (found["evaluation_by"].reason.act, found["evaluation_of_absent"].reason.act) == ("quay", "quay-staff")
