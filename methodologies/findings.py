"""What does not fit together in an act: checks that need more than one section."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from methodologies.act import Act, Dated
from rules.evaluation import Evaluation
from rules.grades import WAYS, GradeScale
from rules.law import DeadlineRule, Form
from rules.methods.needs import NEEDS
from rules.plan import EXEMPTIONS
from rules.roles import BRANCH_ROLES, PLAN_ROLES, ROLES
from rules.stages import BRANCHES, FAMILIARISED, OTHER_EVENTS, STAGES, Walk


def of(act: Act) -> Iterator[str]:
    """Every fault that needs more than one section of the act to be seen, one sentence each."""
    dates = {revision.date for revision in act.revisions}
    for one in act.dated:
        for day, _ in () if one.own else one.values:
            if day not in dates:
                yield (
                    f"{act.id}, {one.name}: {day} is not the date of a revision; "
                    f"values start on {', '.join(map(str, sorted(dates)))}."
                )
        yield from _unknown_rules(act, one)
    for evaluation in act.evaluations.values():
        yield from (
            f"{act.id}, evaluations.{evaluation.id}: {fault}" for fault in _evaluation_findings(act, evaluation)
        )
    yield from _plan_findings(act)
    yield from _form_findings(act)
    yield from _method_findings(act)
    yield from _consequence_findings(act)
    yield from _scale_findings(act)
    yield from _deadline_findings(act)
    yield from _sanction_findings(act)


def _consequence_findings(act: Act) -> Iterator[str]:
    for one in act.consequences.values():
        where, on = f"{act.id}, consequences.{one.id}", one.get("on") or {}
        if one.get("since") not in (None, *(revision.date for revision in act.revisions)):
            yield f"{where}: {one.get('since')} is not the date of a revision."
        if on.get("evaluation") is not None and not _known(act, "evaluations", on["evaluation"]):
            yield f"{where}: there is no evaluation '{on['evaluation']}'."
        if one.get("deadline") is not None and not _known(act, "deadlines", one.get("deadline")):
            yield f"{where}: there is no deadline '{one.get('deadline')}'."
        for question, option in (one.get("under") or {}).items():
            if question not in act.readings:
                yield f"{where}: there is no reading '{question}'."
            elif option not in {known.id for known in act.readings[question].options}:
                yield f"{where}: the reading {question} has no option '{option}'."
        unknown = [rule for rule in one.rules if act.rules and rule not in act.rules]
        yield from (f"{where}: the rule '{rule}' is not in the list of rules." for rule in unknown)


def _known(act: Act, section: str, name: str) -> bool:
    """Does the act have it, or leave it to the body?"""
    return name in getattr(act, section) or name in act.left_to_body


def _evaluation_findings(act: Act, one: Evaluation) -> Iterator[str]:
    unknown = [f"there is no stage '{stage}'." for stage in one.path if stage not in STAGES]
    branches = ", ".join(BRANCHES)
    unknown += [f"there is no branch '{name}'; there are: {branches}." for name in one.branches if name not in BRANCHES]
    yield from unknown
    if unknown:
        return
    steps = Walk.of(one).steps
    possible = ", ".join(steps)
    for event in (event for event in one.events if event not in (*steps, *OTHER_EVENTS)):
        yield f"the event '{event}' has no place on this path; possible are: {possible}."
    for branch, roles in BRANCH_ROLES.items():
        lacks = [role for role in roles if branch in one.branches and role not in one.deadlines]
        if lacks:
            yield f"deadlines: the branch '{branch}' asks for the roles {', '.join(lacks)}; leave to the body what is not printed."
    if "calibration" in one.branches and one.panel is None:
        yield "panel: the branch 'calibration' asks for the panel that sits."
    if FAMILIARISED in one.path and not {"shown", "acknowledged"} & set(steps):
        yield "events names neither 'shown' nor 'acknowledged', so nobody could learn the result; name what the act knows."
    if one.completed_by not in steps:
        yield f"completed_by: '{one.completed_by}' is no event of this path."
    named = [("forms", choice.form) for choice in one.forms]
    named += [("deadlines", name) for name in one.deadlines.values()]
    exemptions = (*one.exemptions, *(name for choice in one.forms for name in choice.exemptions))
    named += [("parameters", name) for name in exemptions]
    named += [("panels", one.panel)] if one.panel else []
    named += [("forms", one.options[key]) for key in ("report", "summary") if one.options.get(key)]
    named += [(f"{key}s", one.annual[key]) for key in ("scale", "deadline") if one.annual.get(key)]
    for section, name in named:
        if not _known(act, section, name):
            yield f"{section} has no '{name}'."
    yield from _role_findings("deadlines", one.deadlines, ROLES)
    for name in exemptions:
        if name not in EXEMPTIONS:
            yield f"exemptions: the program cannot judge '{name}'; it can: {', '.join(EXEMPTIONS)}."


def _role_findings(where: str, used: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    for role in used:
        if role not in known:
            yield f"{where}: no deadline plays the role '{role}'; there are: {', '.join(known)}."


def _plan_findings(act: Act) -> Iterator[str]:
    for plan in act.plans.values():
        roles = plan.get("deadlines") or {}
        yield from _role_findings(f"{act.id}, plans.{plan.id}.deadlines", roles, PLAN_ROLES)
        named = [("deadlines", name) for name in roles.values()]
        named += [("evaluations", plan.get("evaluation"))] if plan.get("evaluation") else []
        named += [("forms", plan.get("form"))] if plan.get("form") else []
        for section, name in named:
            if not _known(act, section, str(name)):
                yield f"{act.id}, plans.{plan.id}: {section} has no '{name}'."
    for panel in (value for dated in act.panels.values() for _, value in dated.values if value is not None):
        if panel.get("form") and not _known(act, "forms", panel.get("form")):
            yield f"{act.id}, panels.{panel.id}: forms has no '{panel.get('form')}'."


def _form_findings(act: Act) -> Iterator[str]:
    for form in (value for dated in act.forms.values() for _, value in dated.values if isinstance(value, Form)):
        if form.scale is not None and not _known(act, "scales", form.scale):
            yield f"{act.id}, forms.{form.id}: there is no scale '{form.scale}'."


def _method_findings(act: Act) -> Iterator[str]:
    """What the way of scoring asks for and the act, or the body it leaves things to, does not have."""
    forms = (value for dated in act.forms.values() for _, value in dated.values if isinstance(value, Form))
    for form in {one.id: one for one in forms if one.method}.values():
        needs, asks = NEEDS[form.method], f"the method '{form.method}' of forms.{form.id} asks for"
        for name in needs.parameters:
            if not _known(act, "parameters", name):
                yield f"{act.id}, parameters: there is no '{name}', {asks} it."
        for key, section in needs.options.items():
            if key not in form.options:
                yield f"{act.id}, forms.{form.id}.options: '{key}' is missing, {asks} it."
            elif section == "settings" and form.options[key] not in act.left_to_body:
                yield f"{act.id}, left_to_body: there is no '{form.options[key]}', {asks} it as a setting of the body."
            elif section not in ("", "settings") and not _known(act, section, form.options[key]):
                yield f"{act.id}, {section}: there is no '{form.options[key]}', {asks} it."


def _scale_findings(act: Act) -> Iterator[str]:
    for scale in (value for dated in act.scales.values() for _, value in dated.values if isinstance(value, GradeScale)):
        if scale.reading is None:
            continue
        if scale.reading not in act.readings:
            yield f"{act.id}, scales.{scale.name}: there is no reading '{scale.reading}'."
            continue
        for option in act.readings[scale.reading].options:
            if option.id not in WAYS:
                yield (
                    f"{act.id}, {scale.reading}: '{option.id}' is no way to a band of the scale '{scale.name}'; "
                    f"there are: {', '.join(WAYS)}."
                )


def _unknown_rules(act: Act, one: Dated) -> Iterator[str]:
    for rule in one.rules:
        if act.rules and rule not in act.rules:
            yield f"{act.id}, {one.name}: the rule '{rule}' is not in the list of rules."


def _deadline_findings(act: Act) -> Iterator[str]:
    revisions = {revision.id for revision in act.revisions}
    for dated in act.deadlines.values():
        for rule in (value for _, value in dated.values if isinstance(value, DeadlineRule)):
            if rule.revision is not None and rule.revision not in revisions:
                yield f"{act.id}, {rule.id}: there is no revision '{rule.revision}'."
            if rule.follows is not None and not _known(act, "deadlines", rule.follows):
                yield f"{act.id}, {rule.id}: there is no deadline '{rule.follows}'."
            for question in rule.readings:
                if question not in act.readings:
                    yield f"{act.id}, {rule.id}: there is no reading '{question}'."


def _sanction_findings(act: Act) -> Iterator[str]:
    if act.sanctions is None:
        return
    for kind, cap in ((k, c) for _, table in act.sanctions.values for k, c in (table or {}).items()):
        if cap not in act.parameters:
            yield f"{act.id}, sanctions: '{kind}' is capped by '{cap}', but there is no such parameter."
