"""Invented papers of a dispute: the refusal act, the calibration decision and protocol."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from documents.calibration_decision import CalibrationDecision, RequestRefusal, Seat, SessionOrder
from documents.calibration_protocol import (
    Barred,
    CalibrationProtocol,
    MarkAndResult,
    ProtocolPoints,
    SessionMember,
    Vote,
)
from documents.parts import Signer
from documents.refusal_act import RefusalAct
from documents.samples import common, forms
from documents.samples.common import either
from documents.words import Language


def refusal_act(language: Language) -> RefusalAct:
    """A person refused to be familiarised and gave a reason."""
    expert = either(language, "Бас сарапшы", "Главный эксперт")
    return RefusalAct(
        body=common.body(language),
        number="3",
        drawn_up_on=date(2026, 10, 19),
        place=either(language, "Астана қаласы", "город Астана"),
        act=common.act(language),
        period=common.PERIOD,
        evaluatee=common.evaluatee(language),
        shown=either(
            language,
            "2026 жылғы 14 қазанда қол қойылған S-2026-Q3-00141 бағалау парағы",
            "Оценочный лист S-2026-Q3-00141, подписанный 14 октября 2026 года",
        ),
        shown_at=common.at(10, 19, 11, 30),
        drawn_up_by=common.hr_officer(language),
        witnesses=(
            Signer("Төлеубаев Нұрсұлтан Ғалымұлы", expert),
            Signer("Мұхаметқалиева Гүлбаршын Жүсіпбекқызы", expert),
        ),
        own_words=either(
            language,
            "«Бағалаушымен сөйлескенге дейін ештеңеге қол қоймаймын».",
            "«Не буду ничего подписывать, пока не поговорю с оценивающим».",
        ),
        reference="A-2026-0003",
    )


def refusal_to_sign(language: Language) -> RefusalAct:
    """A servant refused to sign the sheet; HR and the direct supervisor draw up the act."""
    supervisor = common.evaluator(language)
    return replace(
        refusal_act(language),
        number="4",
        what="sheet",
        witnesses=(Signer(supervisor.name, supervisor.post),),
        witnesses_needed=1,
        supervisor_signs=True,
        confidential=False,
        own_words="",
        reference="A-2026-0004",
    )


def _members(language: Language) -> tuple[Seat, ...]:
    head = either(language, "Бөлім меңгерушісі", "Заведующий отделом")
    as_evaluator = either(
        language, "Бағалаушы адам (осы бағаны қоймаған)", "Оценивающее лицо (данную оценку не ставил)"
    )
    return (
        Seat("Шаңғытбаев Үсен Һакімұлы", head, as_evaluator),
        Seat("Өтебаев Қыдырәлі Еңсегенұлы", head, as_evaluator),
        Seat(
            common.hr_officer(language).name,
            common.hr_officer(language).post,
            either(language, "Персоналды басқару қызметінің қызметкері", "Работник службы управления персоналом"),
        ),
    )


def _barred(language: Language) -> tuple[Barred, ...]:
    person, marker = common.evaluatee(language), common.evaluator(language)
    return (
        Barred(
            person.name,
            person.post,
            either(language, "Бағамен келіспейтін адам", "Лицо, не согласное с оценкой"),
        ),
        Barred(marker.name, marker.post, either(language, "Оны бағалаған адам", "Лицо, проводившее оценку")),
    )


def decision(language: Language) -> CalibrationDecision:
    """The official holds a session and approves its composition."""
    return CalibrationDecision(
        body=common.body(language),
        act=common.act(language),
        point="19",
        number="27-К",
        decided_on=date(2026, 10, 21),
        decided_by=common.head(language),
        applicant=common.evaluatee(language),
        period=common.PERIOD,
        requested_on=date(2026, 10, 19),
        session=SessionOrder(_members(language), _barred(language), hold_by=date(2026, 11, 3)),
        executor=f"{common.hr_officer(language).name}, 8 (7172) 00-00-00",
        reference="K-2026-0027",
    )


def decision_to_refuse(language: Language) -> CalibrationDecision:
    """The official refuses a late request."""
    ground = either(
        language,
        "Қызметші бағалау нәтижелерімен 2026 жылғы 5 қазанда танысты, өтініш беру мерзімі 2026 "
        "жылғы 12 қазанда аяқталды. "
        "Өтініш 2026 жылғы 19 қазанда, яғни мерзімі өткеннен кейін түсті.",
        "Служащий ознакомлен с результатами оценки 5 октября 2026 года, срок подачи заявления "
        "истёк 12 октября 2026 года. "
        "Заявление поступило 19 октября 2026 года, то есть после истечения срока.",
    )
    return replace(decision(language), number="28-К", session=None, refusal=RequestRefusal(ground, "10"))


def _arguments(language: Language) -> tuple[str, str]:
    return (
        either(
            language,
            "Қызметші тапсырмаларды сапалы орындайды, бірақ тоқсан ішінде екі құжат белгіленген "
            "мерзімнен кеш енгізілді. "
            "Сондықтан екінші параметр бойынша 3 балл қойылды.",
            "Служащий качественно исполняет поручения, однако за квартал два документа внесены "
            "позже установленного "
            "срока. Поэтому по второму параметру выставлено 3 балла.",
        ),
        either(
            language,
            "Екі құжаттың да мерзімі келісуші бөлімнің жауабы кешіккендіктен өтіп кетті; "
            "мерзімді ұзарту туралы "
            "қызметтік хат уақытында енгізілген (№ 118, 2026 жылғы 3 қыркүйек).",
            "Срок обоих документов истёк из-за задержки ответа согласующего отдела; служебная "
            "записка о продлении "
            "срока внесена вовремя (№ 118 от 3 сентября 2026 года).",
        ),
    )


def protocol(language: Language) -> CalibrationProtocol:
    """A session of three that raised the mark by two votes to one."""
    results = forms.form("non_leader", language).results
    votes = (
        Vote(
            "raised",
            Decimal("4.20"),
            either(language, "Кешігу қызметшіге байланысты емес.", "Просрочка не зависела от служащего."),
        ),
        Vote(
            "kept",
            Decimal("3.80"),
            either(language, "Мерзімді ұзарту келісілмеген.", "Продление срока не согласовано."),
        ),
        Vote(
            "raised",
            Decimal("4.20"),
            either(language, "№ 118 қызметтік хат расталды.", "Служебная записка № 118 подтверждена."),
        ),
    )
    members = tuple(
        SessionMember(seat.name, seat.post, seat.capacity, vote)
        for seat, vote in zip(_members(language), votes, strict=True)
    )
    evaluator_argument, evaluatee_argument = _arguments(language)
    return CalibrationProtocol(
        body=common.body(language),
        act=common.act(language),
        points=ProtocolPoints(composition="19", session="22", appeal="11"),
        number="5",
        held_at=common.at(10, 29, 15, 0),
        place=either(language, "Астана қаласы", "город Астана"),
        period=common.PERIOD,
        evaluatee=common.evaluatee(language),
        evaluator=common.evaluator(language),
        requested_on=date(2026, 10, 19),
        request=either(
            language,
            "Екінші параметр бойынша 3 балмен келіспейді.",
            "Не согласен с 3 баллами по второму параметру.",
        ),
        decided_on=date(2026, 10, 21),
        decision_number="27-К",
        decided_by=common.head(language),
        members=members,
        barred=_barred(language),
        evaluator_argument=evaluator_argument,
        argument_manner="oral",
        evaluatee_argument=evaluatee_argument,
        before=MarkAndResult(Decimal("3.80"), results[1]),
        after=MarkAndResult(Decimal("4.20"), results[0]),
        outcome="raised",
        signed_on=date(2026, 10, 30),
        upload_by=date(2026, 11, 4),
        hr_officer=common.hr_officer(language),
        reference="P-2026-0005",
    )
