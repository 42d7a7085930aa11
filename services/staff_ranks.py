"""What the act says of the categories of posts: who heads a unit, and whose direct supervisor evaluates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from methodologies import Act

#: the parameter of an act that names the categories whose holders head a structural unit
HEADS = "categories_of_unit_heads"


@dataclass(frozen=True)
class Ranks:
    """Categories and the rules that speak of them; empty where the act says nothing.

    Attributes:
        heads: category whose holder heads a unit -> rules. supervised: category whose direct supervisor evaluates -> rules.
    """

    heads: Mapping[str, str] = field(default_factory=dict)
    supervised: Mapping[str, str] = field(default_factory=dict)


def ranks_of(act: Act, on: date) -> Ranks:
    """The categories by the last wording adopted before a day, or by the first one."""
    revision = next((one for one in reversed(act.revisions) if one.date <= on), act.revisions[0])
    parameter = act.parameters.get(HEADS)
    held = parameter.under(revision, on) if parameter else None
    rules = ", ".join(parameter.rules) if parameter else ""
    supervised = {
        str(category): ", ".join(choice.rules)
        for evaluation in act.evaluations.values()
        for choice in evaluation.forms
        if choice.evaluator == "direct_supervisor"
        for category in choice.selectors.get("categories", ())
    }
    return Ranks({str(category): rules for category in (held[1] if held else None) or ()}, supervised)
