"""Who signs an act of refusal: so many employees of HR, others, the direct supervisor; and what is signed for on paper."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from rules.errors import Incomplete, NotAllowed
from services.ground import Ground

#: capacity in `options.refusal_act` and `options.sign_refusal_act` -> how a sentence names it
CAPACITIES: Mapping[str, str] = {
    "hr": "an employee of HR",
    "direct_supervisor": "the direct supervisor",
    "others": "another servant",
}


def check_signers(
    option: str, ground: Ground, signers: tuple[int, ...], hr: Collection[int], row: Any, rules: str
) -> tuple[int, ...]:
    """The signers in the order of the act: HR, the direct supervisor, others.

    Where the act's data names nobody: who draws the act up before two witnesses, none of them a party.

    Args:
        option: "refusal_act" or "sign_refusal_act". hr: employees with HR duties that day. row: the assessment.

    Raises:
        Incomplete: other signers than the act asks for. NotAllowed: the servant signs the act on the own refusal.
    """
    if option not in ground.evaluation.options:
        return _before_witnesses(row, signers)
    wanted: Mapping[str, int] = ground.evaluation.options[option]
    asked = ", ".join(f"{int(n)} x {CAPACITIES.get(one, one)}" for one, n in wanted.items() if int(n))
    if len(set(signers)) != len(signers) or len(signers) != sum(int(n) for n in wanted.values()):
        raise Incomplete(f"The act of refusal is signed by different people: {asked} ({rules}).")
    if row.person_id in signers:
        raise NotAllowed(f"Who refuses does not sign the act of refusal ({rules}); name another person.")
    left, ordered = list(signers), []
    supervisors = (row.evaluator_id, row.marker_id)
    for capacity in CAPACITIES:
        fitting = {"hr": hr, "direct_supervisor": supervisors, "others": set(left) - set(hr)}[capacity]
        for _ in range(int(wanted.get(capacity, 0))):
            found = next((one for one in left if one in fitting), None)
            if found is None:
                raise Incomplete(f"The act of refusal lacks {CAPACITIES[capacity]}; it is signed by {asked} ({rules}).")
            left.remove(found)
            ordered.append(found)
    return tuple(ordered)


def _before_witnesses(row: Any, signers: tuple[int, ...]) -> tuple[int, ...]:
    if len(signers) != 3 or len(set(signers)) != 3:
        raise Incomplete("The act of refusal is signed by three different people: the HR officer and two witnesses.")
    if set(signers) & {row.person_id, row.evaluator_id, row.marker_id}:
        raise NotAllowed("The evaluatee and the evaluators do not sign the act of refusal; name other witnesses.")
    return signers


def not_in_writing(ground: Ground) -> None:
    """Refuse an opening in the system where the act wants the servant's signature.

    Raises:
        NotAllowed: the act familiarises in writing.
    """
    if ground.evaluation.options.get("written_familiarisation"):
        source = ground.evaluation.source("acknowledged")
        raise NotAllowed(
            f"{ground.law.act}: the servant is familiarised in writing, not in the system ({', '.join(source.rules)}, "
            f"{source.point}); HR records the signature."
        )
