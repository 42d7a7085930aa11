"""The mark of a year from the marks of its quarters."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.annual import annual
from rules.errors import Incomplete
from rules.period import Period
from tests.uralsk import YEAR, law_of

quarters = st.lists(st.one_of(st.none(), st.decimals(Decimal(0), Decimal(5), places=2)), min_size=4, max_size=4).filter(
    lambda held: any(one is not None for one in held)
)


def of_year(*held: Any) -> dict[Period, Decimal | None]:
    return {Period(2023, n): None if one is None else Decimal(one) for n, one in enumerate(held, 1)}


@pytest.mark.rule("U-17")
@given(quarters)
def test_the_final_mark_is_the_mean_of_the_quarters_that_were_evaluated(held: list[Decimal | None]) -> None:
    found = annual(law_of(YEAR), of_year(*held))
    some = [one for one in held if one is not None]
    mean = sum(some, Decimal(0)) / len(some)
    assert found.score == mean.quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert {"U-17", "U-21"} <= set(found.rules)
    assert {"U-Q16", "X-Q3"} <= set(found.readings)
    assert len([line for line in found.working if line.startswith("2023-Q")]) == len(some)


@pytest.mark.rule("U-17")
@given(quarters)
def test_under_the_other_reading_a_quarter_without_a_mark_counts_as_nothing(held: list[Decimal | None]) -> None:
    found = annual(law_of(YEAR, U_Q16="as_zero"), of_year(*held))
    mean = sum((one or Decimal(0) for one in held), Decimal(0)) / 4
    assert found.score == mean.quantize(Decimal("0.01"), ROUND_HALF_UP)


@pytest.mark.rule("U-17", "U-21")
def test_4_4_and_398_of_the_list_of_questions() -> None:
    found = annual(law_of(YEAR), of_year(4, 4, "3.98", None))
    assert (str(found.score), found.grade) == ("3.99", "proper")
    assert {(one.reading, one.option, str(one.score)[:5], one.grade) for one in found.alternatives} == {
        ("U-Q16", "b", "3.00", "proper"),  # 11.98 / 4 = 2.995
        ("X-Q3", "c", "3.993", "proper"),
    }


@pytest.mark.rule("U-17", "U-21")
@given(quarters)
def test_every_reading_of_the_bands_is_shown_where_it_differs(held: list[Decimal | None]) -> None:
    found = annual(law_of(YEAR), of_year(*held))
    assert found.unrounded is not None and found.score is not None
    down = found.unrounded.quantize(Decimal("0.01"), ROUND_DOWN)
    assert any(one.option == "b" and one.reading == "X-Q3" for one in found.alternatives) == (down != found.score)


@pytest.mark.rule("U-17")
def test_without_a_quarter_there_is_no_final_mark() -> None:
    with pytest.raises(Incomplete, match=r"no quarter was evaluated.*U-Q16"):
        annual(law_of(YEAR), of_year(None, None, None, None))
