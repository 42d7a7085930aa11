"""Files and folders as clumsy hands give them: every refusal is one sentence, and one cycle's trouble stops no other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli import cycle
from cli.data_file import a_data_file, a_list_file
from cli.main import main
from cli.sheet_files import listed
from methodologies import mechanism
from methodologies.reading import parse
from rules.errors import BadFile, NotAllowed, RuleError
from rules.methods.fields import Fields
from rules.period import Period
from tests import commission as acts
from tests import makers
from tests.commission import AIGUL, KPI

BAD = {
    "deep.json": ('{"a":' * 5000 + "1" + "}" * 5000, "too many levels inside each other"),
    "deep.yaml": ("[" * 20000 + "]" * 20000, "more than 60 levels inside each other"),
    "half.json": ('{"name": "\\ud800"}', "a text holds a character that cannot be kept"),
    "zero.json": ('{"name": "a\\u0000b"}', "a text holds a character that cannot be kept"),
    "zero.yaml": ('name: "a\\0b"', "a text holds a character that cannot be kept"),
    "key.json": ('{"\\udfff": 1}', "a text holds a character that cannot be kept"),
    "empty.json": ("", "this is not JSON"),
    "null.json": ("null", "keys with values are expected"),
    "nan.json": ('{"a": NaN}', "NaN is no number"),
    "twice.json": ('{"a": 1, "a": 2}', "the key 'a' is written twice"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_nobody_can_work_with_is_refused_in_one_sentence(tmp_path: Path, name: str) -> None:
    text, said = BAD[name]
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(BadFile, match=said) as refusal:
        a_data_file(tmp_path / name)
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 300


def test_the_mark_some_editors_begin_a_file_with_is_not_seen(tmp_path: Path) -> None:
    for name, text in (("a.json", '{"a": 1}'), ("a.yaml", "a: 1\n")):
        (tmp_path / name).write_text("\ufeff" + text, "utf-8")
        assert [str(one) for one in a_data_file(tmp_path / name).values()] == ["1"]


@pytest.mark.parametrize("value", ["٣", "1_0", "1e3", " 4", "４", "+4", "4.", ".5", True, 4.5, [4]])
def test_a_number_in_any_other_digits_is_refused(value: object) -> None:
    with pytest.raises(BadFile, match="not a number"):
        Fields({"mark": value}, "kpi").number("mark")


@pytest.mark.parametrize("value", ["9" * 17, "1e999999999"])
def test_a_number_of_no_ordinary_length_is_refused_at_once(tmp_path: Path, value: str) -> None:
    (tmp_path / "long.json").write_text(json.dumps({"mark": 0}).replace("0", value), "utf-8")
    with pytest.raises(BadFile, match="not a number of ordinary length"):
        Fields(a_data_file(tmp_path / "long.json"), "kpi").whole("mark")


def test_rows_are_named_in_plain_digits_once() -> None:
    for number in ("٣", "03", "-1", "1.0", "1000000"):
        with pytest.raises(BadFile, match="rows are named by their number"):
            Fields({"marks": {number: 4}}, "360").numbered("marks", Fields.mark)
    with pytest.raises(RuleError, match="is not a period"):
        Period.parse("٢٠١٨")
    with pytest.raises(BadFile, match="is not a number"):
        parse("a: ٣", "act.yaml").entries()[0][1].decimal()


@pytest.mark.parametrize("moment", ["0001-01-01T00:00+14:00", "1999-12-31"])
def test_a_signature_of_another_age_is_refused(tmp_path: Path, moment: str) -> None:
    (tmp_path / "list.json").write_text(json.dumps([{"personnel_no": "1", "signed_at": moment}]), "utf-8")
    with pytest.raises(BadFile) as refusal:
        listed(tmp_path / "list.json", {"1": 1}, "Asia/Almaty")
    assert refusal.value.problems[0].startswith(f"list.json, row 1, signed_at: {moment} lies before this century")
    assert a_list_file(tmp_path / "list.json")


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 1
    return capsys.readouterr().err


@pytest.mark.usefixtures("sqlite_database")
def test_a_place_nothing_can_be_written_to_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = acts.opened(KPI, tmp_path)
    file = tmp_path / "a file"
    file.write_text("x", "utf-8")
    for words in (
        ("sheets", "print", key, AIGUL, str(tmp_path / "nowhere" / "x.pdf")),
        ("cycle", "papers", key, str(file)),
        ("audit", "export", key, str(file / "below")),
    ):
        told = said(capsys, *words)
        assert str(tmp_path) in told
        assert "Check the name, the folder and its rights" in told
    for folder, name, why in ((file, "x-1", "is a file"), (tmp_path / "new", "mic-2018", "comes with the program")):
        assert why in said(
            capsys, "methodology", "new", str(folder), "--from", "mic-2018", "--id", name, "--adopted", "2026-01-12"
        )


@pytest.mark.usefixtures("sqlite_database")
def test_one_cycle_that_is_refused_stops_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = acts.opened(KPI, tmp_path)
    second = acts.opened(acts.COMPETENCIES, tmp_path)
    ours = cycle._walk

    def walked(key: str, now: object) -> dict[str, int]:
        if key == first:
            raise NotAllowed("the key of the survey is not there.")
        return ours(key, now)  # type: ignore[arg-type]

    monkeypatch.setattr(cycle, "_walk", walked)
    with pytest.raises(SystemExit):
        main(("cycle", "advance"))
    out = capsys.readouterr()
    assert f"{first}: the key of the survey is not there." in out.err
    assert second in out.out


@pytest.mark.usefixtures("sqlite_database")
def test_a_reading_nobody_obeys_and_an_option_nobody_knows_are_refused(tmp_path: Path) -> None:
    with makers.refused(BadFile, "readings.M-Q9 chooses 'no_plan', but the program follows only"):
        acts.opened(KPI, tmp_path, "{M-Q9: b}")
    section = parse(
        "kpi: {what: {kk: a, ru: a, en: a}, rules: [], point: pt 1, period: year, forms: [], path: [planned], events: {},"
        " completed_by: marked, deadlines: {}, options: {self_destruct: true}}", "act.yaml",
    )  # fmt: skip
    with pytest.raises(BadFile, match="self_destruct"):
        mechanism.evaluations(section)
    assert makers.rows("SELECT COUNT(*) FROM cycle") == [(0,)]
