"""Ranking: four marks, each 0 to 5, their mean on the scale of point 7."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import Incomplete, NotFound, RuleError
from tests.uralsk import law_of, scored

LAW = law_of()
marks = st.lists(st.decimals(Decimal(0), Decimal(5), places=2), min_size=4, max_size=4)


def numbered(values: list[Decimal]) -> dict[str, Decimal]:
    return {str(n): value for n, value in enumerate(values, 1)}


@pytest.mark.rule("U-21", "U-49", "U-53", "U-55")
@given(marks)
def test_the_result_is_the_mean_of_the_four(values: list[Decimal]) -> None:
    found = scored(LAW, "ranking", marks=numbered(values))
    mean = sum(values, Decimal(0)) / 4
    assert found.unrounded == mean
    assert found.score is not None
    assert found.score == mean.quantize(Decimal("0.01"), ROUND_HALF_UP)
    bands = ((4, "effective"), (3, "proper"), (2, "satisfactory"), (0, "unsatisfactory"))
    assert found.grade == next(grade for least, grade in bands if found.score >= least)


@pytest.mark.rule("U-21")
@given(marks)
def test_where_the_readings_of_the_bands_differ_the_sheet_says_so(values: list[Decimal]) -> None:
    found = scored(LAW, "ranking", marks=numbered(values))
    for letter in ("b", "c"):
        other = scored(law_of(U_Q1=letter), "ranking", marks=numbered(values))
        said = next((one for one in found.alternatives if one.option == letter), None)
        assert (other.score, other.grade) == ((said.score, said.grade) if said else (found.score, found.grade))


@pytest.mark.rule("U-53")
@pytest.mark.parametrize("mark", ["-0.01", "5.01", "6", "1000"])
@pytest.mark.parametrize("row", range(4))
def test_a_mark_outside_nought_to_five_is_refused(mark: str, row: int) -> None:
    values = [Decimal(4)] * 4
    values[row] = Decimal(mark)
    with pytest.raises(RuleError, match=rf"row {row + 1}: the mark {mark} is outside 0 to 5"):
        scored(LAW, "ranking", marks=numbered(values))


@pytest.mark.rule("U-8", "U-55")
def test_there_is_no_fifth_row_and_none_may_be_blank() -> None:
    with pytest.raises(NotFound, match="there is no row 5"):
        scored(LAW, "ranking", marks=numbered([Decimal(4)] * 5))
    with pytest.raises(Incomplete, match="row 4 has no mark"):
        scored(LAW, "ranking", marks=numbered([Decimal(4)] * 3))
