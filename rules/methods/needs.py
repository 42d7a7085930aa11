"""What each way of scoring asks of an act's data, so that a gap is found when the files are read and not by a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Needs:
    """What one way asks for.

    Attributes:
        parameters: values it reads by name.
        options: key under `options` of the form -> what it names: a section of the act, a reading, a setting of the
            body, or "" for a plain value.
    """

    parameters: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)


_MARKS = ("mark_min", "mark_max", "mark_decimals")
NEEDS: Mapping[str, Needs] = {
    "mean_of_marks": Needs(_MARKS),
    "kpi_count": Needs(options={"count": "parameters"}),
    "kpi_marks": Needs((*_MARKS, "kpi_count_min", "kpi_count_max"), {"marks_table": "settings"}),
    "survey": Needs(
        (*_MARKS, "respondents_min", "respondents_max", "respondent_groups"),
        {"competencies": "tables", "groups": "", "rounding": "readings", "readings": ""},
    ),
    "points": Needs(
        options={
            "base": "parameters",
            "scale_table": "tables",
            "bonus_points": "",
            "penalty": "parameters",
            "breach_facts": "parameters",
            "sources": "",
            "readings": "",
        }
    ),
    "weighted_year": Needs(
        options={
            "quarters_scale": "scales",
            "quarters_points": "parameters",
            "plan_scale": "scales",
            "plan_marks_max": "parameters",
            "weights": "settings",
        }
    ),
    "indicators": Needs(options={"scale": "scales", "indicators": "tables", "most": "parameters"}),
}
