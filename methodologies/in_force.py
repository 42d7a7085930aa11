"""What holds on a day: the wording in force, its values, and the readings the body chose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from methodologies.act import Act, Dated
from methodologies.loading import digest, load, shown, unique
from methodologies.own import with_own
from rules.errors import BadFile, MissingSetting, NotInForce, RuleError
from rules.evaluation import Evaluation
from rules.grades import GradeScale
from rules.law import DeadlineRule, Form, Law, Reading, Revision, Value
from rules.organisation import Organisation
from rules.period import Period


def law(act: Act | str, when: Period | date, organisation: Organisation) -> Law:
    """The act as it governs a period or a day in one body (X-Q7: the last day of the period decides).

    Raises:
        NotInForce: before any wording, or under a wording that is not in our text.
        MissingSetting: the body has not said when the wording took effect.
        BadFile: the organisation's file does not fit the act.
    """
    act = load(act, beside=Path(organisation.folder)) if isinstance(act, str) else act
    _fits(act, organisation)
    act = with_own(act, organisation)
    readings = _chosen(act, organisation)
    day = when if isinstance(when, date) else _deciding_day(when, readings)
    revisions = tuple(_dated_here(revision, organisation) for revision in act.revisions)
    revision = _in_force(act, revisions, day, organisation)
    found = _assemble(act, revision, revisions, readings, day, organisation)
    _in_the_act(found, organisation)
    return found


def _assemble(
    act: Act,
    revision: Revision,
    revisions: tuple[Revision, ...],
    readings: Mapping[str, Reading],
    day: date,
    organisation: Organisation,
) -> Law:
    sanctions = act.sanctions.under(revision, day) if act.sanctions else None
    return Law(
        act=act.id,
        title=act.title,
        on=day,
        revision=revision,
        values=_values(act, revision, day),
        readings=readings,
        deadlines=_deadlines(act, revision, day, organisation),
        forms={key: _worded(form, readings) for key, form in _held(act.forms, revision, day).items()},
        scales=_scales(act, revision, day, readings),
        channels=_held(act.channels, revision, day),
        sanctions=(sanctions[1] or {}) if sanctions else {},
        organisation=organisation.key,
        settings=organisation.settings,
        content_hash=_hash(act, organisation, readings),
        revisions=revisions,
        tables=act.tables,
        evaluations={key: _completed(one, readings) for key, one in act.evaluations.items() if _holds(one, revision)},
        plans=act.plans,
        panels=_held(act.panels, revision, day),
        consequences={
            key: one for key, one in act.consequences.items() if (one.get("since") or date.min) <= revision.date
        },
        left_to_body=act.left_to_body,
    )


def _completed(one: Evaluation, readings: Mapping[str, Reading]) -> Evaluation:
    """The evaluation with the event that completes it as the body reads the act (X-Q5, M-Q17)."""
    chosen = next(
        (reading.chosen for reading in readings.values() if reading.decides == "completion"), one.completed_by
    )
    return replace(one, completed_by=chosen)


def _fits(act: Act, organisation: Organisation) -> None:
    if organisation.act != act.id:
        raise RuleError(
            f"{organisation.source}: the organisation '{organisation.key}' works under {organisation.act}, "
            f"not under {act.id}; give the file of a body that uses {act.id}."
        )
    known = [revision.id for revision in act.revisions]
    for revision_id in organisation.in_force_from:
        if revision_id not in known:
            raise _misfit(organisation, f"in_force_from names the revision '{revision_id}'", ", ".join(known))
    for rule in organisation.house_deadlines:
        if rule.id in act.deadlines:
            raise _misfit(organisation, f"the house deadline '{rule.id}' has the name of a deadline of the act", "")
    _in_order(act, organisation)


def _in_order(act: Act, organisation: Organisation) -> None:
    starts = organisation.in_force_from
    for revision in act.revisions:
        if revision.id in starts and starts[revision.id] < revision.date:
            what = f"in_force_from.{revision.id} is before the date of the order itself, {revision.date}"
            raise _misfit(organisation, what, "")
    for earlier, later in pairwise([r.id for r in act.revisions if r.id in starts]):
        if starts[later] < starts[earlier]:
            what = f"in_force_from.{later} is before in_force_from.{earlier}"
            raise _misfit(organisation, what, "")


def _in_the_act(found: Law, organisation: Organisation) -> None:
    """Results are served by the means the act names for somebody; no body adds one."""
    if "dismissed" not in found.channels:  # the act names no means, so every recorded one is lawful
        return
    named = [*found.channels["dismissed"], *found.channels.get("absent", ())]
    for channel in organisation.ladders.get("result_served", ()):
        if channel not in named:
            what = f"ladders.result_served names '{channel}', by which {found.act} serves nobody"
            raise _misfit(organisation, what, ", ".join(dict.fromkeys(named)))


def _misfit(organisation: Organisation, what: str, known: str) -> BadFile:
    sentence = f"{organisation.source}: {what}{f'; known are: {known}' if known else ''}."
    return BadFile(sentence, (sentence,))


def _chosen(act: Act, organisation: Organisation) -> dict[str, Reading]:
    chosen: dict[int, str] = {}
    for question, option in organisation.readings.items():
        if question not in act.readings:
            known = ", ".join(one.id for one in unique(act.readings))
            raise _misfit(organisation, f"readings names the question '{question}'", known)
        reading = act.readings[question]
        picked = reading.option(option).id
        if picked != reading.default and not _followed(act, reading):
            raise _misfit(
                organisation,
                f"readings.{question} chooses '{picked}', but the program follows only '{reading.default}' there so far; "
                "take the line out",
                "",
            )
        if chosen.setdefault(id(reading), picked) != picked:
            raise _misfit(organisation, f"readings answers {' and '.join(reading.ids)} in two ways", "")
    return {question: _with_choice(reading, chosen.get(id(reading))) for question, reading in act.readings.items()}


def _followed(act: Act, reading: Reading) -> bool:
    """Does the program go another way when another option is chosen?"""
    scales = (value for dated in act.scales.values() for _, value in dated.values if isinstance(value, GradeScale))
    if reading.decides is not None or any(scale.reading in reading.ids for scale in scales):
        return True
    return any(question in reading.ids for one in act.consequences.values() for question in one.get("under") or ())


def _with_choice(reading: Reading, option_id: str | None) -> Reading:
    return replace(reading, chosen=option_id, by="organisation") if option_id else reading


def _deciding_day(period: Period, readings: Mapping[str, Reading]) -> date:
    chosen = {reading.chosen for reading in readings.values() if reading.decides == "wording"}
    return period.first_day if "first_day_of_period" in chosen else period.last_day


def _dated_here(revision: Revision, organisation: Organisation) -> Revision:
    return replace(
        revision,
        in_force_from=organisation.in_force_from.get(revision.id),
        unconfirmed=f"in_force_from.{revision.id}" in organisation.unconfirmed,
    )


def _in_force(act: Act, revisions: tuple[Revision, ...], day: date, organisation: Organisation) -> Revision:
    for revision in reversed([one for one in revisions if one.date <= day]):
        if revision.in_force_from is None and (revision.known or revision.repeals):
            raise MissingSetting(
                f"{act.id}: {revision.title} takes effect {revision.in_force}. Set that day in "
                f"{organisation.source} of {organisation.key}, as in_force_from.{revision.id}."
            )
        if revision.in_force_from is None or revision.in_force_from <= day:
            if revision.repeals:
                raise NotInForce(
                    f"{act.id}: the act was repealed by {revision.title}, in force here from {revision.in_force_from}; "
                    f"it does not govern {day}. Choose the act that came after it."
                )
            if not revision.known:
                raise _not_in_our_text(act, revision, revisions, day)
            return revision
    raise NotInForce(
        f"{act.id}: no wording of the act governed {day}; the first one, {act.revisions[0].title}, "
        f"is dated {act.revisions[0].date}. Choose the act that governed that day."
    )


def _not_in_our_text(act: Act, revision: Revision, revisions: tuple[Revision, ...], day: date) -> NotInForce:
    known = next((one for one in revisions if one.known), None)
    start = f", in force here from {known.in_force_from}" if known and known.in_force_from else ""
    first = f" The first wording known here is {known.title}{start}." if known else ""
    return NotInForce(
        f"{act.id}: on {day} the wording of {revision.title} governed (X-Q7), and it is not in our text, "
        f"so nothing can be computed under it.{first} To evaluate that time, enter the former text's values "
        f"under {revision.date} in {shown(Path(act.folder))}."
    )


def _values(act: Act, revision: Revision, day: date) -> dict[str, Value]:
    found = {}
    for name, dated in act.parameters.items():
        held = dated.under(revision, day)
        if held:
            found[name] = Value(name, dated.what, held[1], dated.unit, held[0], dated.rules, dated.point, dated.own)
    return found


def _holds(one: Evaluation, revision: Revision) -> bool:
    return (one.since is None or one.since <= revision.date) and (one.until is None or revision.date < one.until)


def _scales(act: Act, revision: Revision, day: date, readings: Mapping[str, Reading]) -> dict[str, GradeScale]:
    held: dict[str, GradeScale] = _held(act.scales, revision, day)
    return {
        name: replace(scale, way=readings[scale.reading].chosen)
        if scale.reading and scale.reading in readings
        else scale
        for name, scale in held.items()
    }


def _held(table: Mapping[str, Dated], revision: Revision, day: date) -> dict[str, Any]:
    held = {name: dated.under(revision, day) for name, dated in table.items()}
    return {name: pair[1] for name, pair in held.items() if pair and pair[1] is not None}


def _deadlines(act: Act, revision: Revision, day: date, organisation: Organisation) -> dict[str, DeadlineRule]:
    held = _held(act.deadlines, revision, day)
    # the terms of an order itself belong to that order, whatever wording governs
    orders = {name: one.values[-1][1] for name, one in act.deadlines.items() if _of_an_order(one)}
    both = {name: held.get(name) or orders[name] for name in act.deadlines if name in held or name in orders}
    return both | {rule.id: rule for rule in organisation.house_deadlines}


def _of_an_order(deadline: Dated) -> bool:
    last = deadline.values[-1][1]
    return isinstance(last, DeadlineRule) and last.revision is not None


def _worded(form: Form, readings: Mapping[str, Reading]) -> Form:
    if not any(one.decides == "row_label" and one.chosen == "corrected" for one in readings.values()):
        return form
    rows = tuple(replace(row, label=row.corrected or row.label) for row in form.parameters)
    return replace(form, parameters=rows)


def _hash(act: Act, organisation: Organisation, readings: Mapping[str, Reading]) -> str:
    choices = {question: reading.chosen for question, reading in readings.items()}
    return digest([act.content_hash, organisation.content_hash, choices])
