"""Where the program can go more than one way, and which ways it knows.

A reading of an act names the decision it makes (`decides`); its options are then among the ways listed here, and a
body may choose another of them. A reading that decides nothing here is followed in its default only: an override that
nothing would obey is refused, for a silent one would be a false promise to an auditor.
"""

from __future__ import annotations

#: decision -> the ways the program knows
DECISIONS: dict[str, tuple[str, ...]] = {
    "non_working_day": ("protective", "no_shift", "shift_forward", "duty_back"),
    "event_day": ("not_counted", "counted"),
    "wording": ("last_day_of_period", "first_day_of_period"),
    "fractions": ("two_decimals", "whole"),
    "sanction_limits": ("mark", "average", "every_mark"),
    "sanction_time": ("applied_in_period", "cancelled_left_out"),
    "row_without_sanction": ("proposed_top", "free"),
    "blank_row": ("all_required", "left_out"),
    "row_label": ("as_printed", "corrected"),
    "tenure_and_days": ("both", "month_only"),
    "absence_at_evaluation": ("any_day", "whole_time"),
    "recorded_means_for": ("absent_employees", "stale_reference", "void"),
    "familiarisation_day": ("opened_or_served", "published"),
    "missing_periods": ("left_out", "all_required", "as_zero"),
    "plan_period": ("year", "quarter"),
    "survey_subordinates": ("of_evaluator", "of_evaluatee"),
    "self_of_absent": ("asked", "left_out"),
    "survey_self": ("not_counted", "counted"),
    "votes_needed": ("all_members", "members_present"),
    "majority_of": ("present", "members"),
    "secretary_in_composition": ("not_counted", "counted"),
    "own_case": ("abstains", "votes"),
    "bonus_counting": ("per_occurrence", "per_kind"),
    "later_facts": ("carried", "lost", "reopened"),
    "dismissed": ("not_evaluated", "without_participation"),
    "consecutive_years": ("calendar_years", "evaluated_years"),
    "indicators_counted": ("effective_only", "both", "ineffective_subtract"),
    "contradictory_indicator": ("left_out", "as_printed"),
    "notice_before": ("at_least", "within"),
    "completion": ("approved", "decided"),
}
