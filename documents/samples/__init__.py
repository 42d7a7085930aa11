"""Invented examples of every document in both languages, for the gallery and the tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from documents import (
    calibration_decision,
    calibration_protocol,
    delivery_certificate,
    dispatch_journal,
    dispatch_register,
    familiarisation_sheet,
    form,
    letter,
    refusal_act,
    register,
    schedule,
    sheet,
    telegram,
    telephonogram,
)
from documents.samples import acts, calibration, evidence, forms, letters, lists
from documents.typesetting import Page
from documents.words import Language


class Sample(NamedTuple):
    """One example: how its page is made, how it is rendered, and its data in a language."""

    page: Callable[[Any, str], Page]
    render: Callable[[Any, str], bytes]
    data: Callable[[Language], Any]


#: name of the file in the gallery -> example
SAMPLES: dict[str, Sample] = {
    "sheet_leader": Sample(sheet.page, sheet.render, forms.leader_sheet),
    "sheet_non_leader": Sample(sheet.page, sheet.render, forms.non_leader_sheet),
    "sheet_blank": Sample(sheet.page, sheet.render, forms.blank_sheet),
    "schedule": Sample(schedule.page, schedule.render, lists.schedule),
    "familiarisation_sheet": Sample(
        familiarisation_sheet.page, familiarisation_sheet.render, lists.familiarisation_sheet
    ),
    "familiarisation_individual": Sample(
        familiarisation_sheet.page, familiarisation_sheet.render, lists.individual_sheets
    ),
    "refusal_act": Sample(refusal_act.page, refusal_act.render, calibration.refusal_act),
    "refusal_to_sign": Sample(refusal_act.page, refusal_act.render, calibration.refusal_to_sign),
    "appeals": Sample(register.page, register.render, lists.appeals),
    "calibration_protocol": Sample(calibration_protocol.page, calibration_protocol.render, calibration.protocol),
    "calibration_decision": Sample(calibration_decision.page, calibration_decision.render, calibration.decision),
    "calibration_refusal": Sample(
        calibration_decision.page, calibration_decision.render, calibration.decision_to_refuse
    ),
    "letter": Sample(letter.page, letter.render, letters.letter),
    "letter_with_result": Sample(letter.page, letter.render, letters.letter_with_result),
    "telephonogram": Sample(telephonogram.page, telephonogram.render, letters.telephonogram),
    "telegram": Sample(telegram.page, telegram.render, letters.telegram),
    "dispatch_register": Sample(dispatch_register.page, dispatch_register.render, letters.dispatch_register),
    "delivery_certificate": Sample(delivery_certificate.page, delivery_certificate.render, evidence.certificate),
    "certificate_of_little": Sample(
        delivery_certificate.page, delivery_certificate.render, evidence.certificate_of_little
    ),
    "dispatch_journal": Sample(dispatch_journal.page, dispatch_journal.render, evidence.journal),
    **{name: Sample(form.page, form.render, made) for name, made in acts.FORMS.items()},
}
