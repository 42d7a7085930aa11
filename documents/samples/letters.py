"""Invented letters and messages to dismissed people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from documents.dispatch_register import Dispatch, DispatchRegister
from documents.letter import Letter, LetterPoints, LetterResult
from documents.samples import common, forms
from documents.samples.common import either
from documents.telegram import Telegram
from documents.telephonogram import Telephonogram
from documents.words import Language

_ADDRESSEES = ("Есенгелдиева Маржан Әбілқасымқызы", "Қожахметов Бауыржан Ілиясұлы", "Үмбетова Рысты Ғаниқызы")


def _address(language: Language) -> str:
    return either(
        language,
        "161200, Түркістан облысы, Түркістан қаласы,\nБекзат Саттарханов даңғылы, 14-үй, 27-пәтер",
        "161200, Туркестанская область, город Туркестан,\nпроспект Бекзата Саттарханова, дом 14, квартира 27",
    )


def letter(language: Language) -> Letter:
    """A letter that says only that the result waits."""
    return Letter(
        body=common.body(language),
        body_address=common.body_address(language),
        number="04-12/381",
        sent_on=date(2026, 10, 22),
        addressee=_ADDRESSEES[0],
        address=_address(language),
        period=common.PERIOD,
        act=common.act(language),
        points=LetterPoints(familiarisation="9", disagreement="10", appeal="11", confidentiality="13"),
        disagreement_days=5,
        where=either(
            language,
            "Орталықтың персоналды басқару қызметі, 214-кабинет, жұмыс күндері сағат 9.00-ден 18.00-ге дейін",
            "служба управления персоналом Центра, кабинет 214, в рабочие дни с 9.00 до 18.00",
        ),
        signed_by=common.head(language),
        executor=f"{common.hr_officer(language).name}, 8 (7172) 00-00-00",
        reference="L-2026-0381",
    )


def letter_with_result(language: Language) -> Letter:
    """A letter that states the result inside."""
    result = LetterResult(Decimal("4.20"), forms.form("non_leader", language).results[0])
    return replace(letter(language), result=result)


def _notice(language: Language) -> str:
    return either(
        language,
        "Сізге арналған қызметтік құжат таныстыру үшін дайын. Персоналды басқару қызметіне хабарласуыңызды сұраймыз.",
        "Адресованный Вам служебный документ подготовлен для ознакомления. Просим обратиться в "
        "службу управления персоналом.",
    )


def telephonogram(language: Language) -> Telephonogram:
    """A telephonogram read out to a dismissed person."""
    return Telephonogram(
        body=common.body(language),
        number="12",
        passed_at=common.at(10, 26, 11, 20),
        sender=common.hr_officer(language),
        sender_phone="8 (7172) 00-00-00",
        addressee=_ADDRESSEES[1],
        addressee_phone="+7 700 000 00 00",
        received_by=either(language, "Адресаттың өзі", "Лично адресат"),
        text=_notice(language),
        reference="T-2026-0012",
    )


def telegram(language: Language) -> Telegram:
    """A telegram with a receipt."""
    return Telegram(
        body=common.body(language),
        number="4",
        passed_at=common.at(10, 26, 12, 5),
        sender=common.hr_officer(language),
        addressee=_ADDRESSEES[2],
        address=_address(language),
        operator=either(language, "«Қазақтелеком» АҚ", "АО «Қазақтелеком»"),
        receipt="118/2610",
        text=_notice(language),
        reference="T-2026-0013",
    )


def dispatch_register(language: Language) -> DispatchRegister:
    """Three letters of one day."""
    return DispatchRegister(
        body=common.body(language),
        body_address=common.body_address(language),
        number="9",
        day=date(2026, 10, 22),
        letters=tuple(
            Dispatch(f"04-12/{381 + place}", name, _address(language), "RR000000017KZ" if place == 0 else "")
            for place, name in enumerate(_ADDRESSEES)
        ),
        handed_in_by=common.hr_officer(language),
        reference="R-2026-0009",
    )
