"""Disagreement: one mark is raised by a session, one is upheld, one request comes too late."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from cli.demonstration.scene import Scene, actor, rows
from models.work import work
from rules.panel import Member
from services import calibration
from services.calibration import Vote

_REQUEST = {
    "kk": "Тоқсандағы жұмысым толық ескерілмеді деп санаймын, бағаны қайта қарауды сұраймын.",
    "ru": "Считаю, что моя работа за квартал учтена не полностью, прошу пересмотреть оценку.",
}
_EVALUATOR = "Тапсырмалардың бір бөлігі кешігіп орындалды; қойылған бағаны негізді деп санаймын."
_PERSON = {
    "kk": "Кешігуге көрші бөлімнен мәлімет күту себеп болды, хаттар қоса беріледі.",
    "ru": "Задержка вызвана ожиданием сведений из соседнего отдела, письма прилагаю.",
}
_RAISE = "Кешігу қызметшіге байланысты емес, баға көтерілсін."
_UPHOLD = "Қойылған баға негізді."

_MARK = (
    "SELECT r.score FROM result r JOIN assessment a ON a.id = r.assessment_id AND a.result_version = r.version"
    " WHERE a.id = :i"
)


def plan(scene: Scene, assessment: int, opened: datetime) -> None:
    """Those who disagree go to the appointing official some working days after they opened the result."""
    cast, later = scene.cast, scene.clock.later
    for case, days, then in ((cast.raised, 2, _raise), (cast.upheld, 3, _uphold), (cast.tardy, 7, _too_late)):
        if case is not None and case.id == assessment:
            scene.agenda.add(later(opened, days, 11, 20), lambda now, one=case, do=then: do(scene, one, now))  # type: ignore[misc]


def _ask(scene: Scene, case: Any, now: datetime) -> calibration.Received:
    with work() as session:
        found = calibration.request(session, case.id, case.person_id, _REQUEST[case.language], now)
    scene.diary.say(f"a person asks for a calibration session, {'too late' if found.late else 'in time'}")
    return found


def _too_late(scene: Scene, case: Any, now: datetime) -> None:
    found = _ask(scene, case, now)
    scene.agenda.add(scene.clock.later(now, 2, 15), lambda at: _refuse(scene, found, at))


def _refuse(scene: Scene, found: calibration.Received, now: datetime) -> None:
    with work() as session:
        ground = "late" if found.late else "not_entitled"
        calibration.refuse_request(session, found.request_id, ground, scene.cast.official, now)
    scene.diary.say("the late request is refused with that ground")


def _raise(scene: Scene, case: Any, now: datetime) -> None:
    _begin(scene, case, now, _higher(scene), upload_after=2)


def _higher(scene: Scene) -> Decimal:
    """Two thirds up the scale of results."""
    scale, law = scene.ground.scale, scene.ground.law
    least, most = law.value("mark_min"), law.value("mark_max")
    return scale.place(least + (most - least) * Decimal("0.68")).score if scale else most


def _uphold(scene: Scene, case: Any, now: datetime) -> None:
    _begin(scene, case, now, None, upload_after=4)


def _begin(scene: Scene, case: Any, now: datetime, mark: Decimal | None, upload_after: int) -> None:
    found = _ask(scene, case, now)
    later = scene.clock.later

    def decide(at: datetime) -> None:
        session_id = _call(scene, case, found.request_id, at)
        scene.agenda.add(later(at, 5, 15), lambda then: hold(session_id, then))

    def hold(session_id: int, at: datetime) -> None:
        _hold(scene, case, session_id, mark, at)
        scene.agenda.add(later(at, 0, 16, 30), lambda then: sign(session_id, then))

    def sign(session_id: int, at: datetime) -> None:
        with work() as session:
            calibration.sign_protocol(session, session_id, at, actor(scene.cast.hr))
        scene.agenda.add(later(at, upload_after, 11), lambda then: _upload(scene, session_id, upload_after, then))
        scene.agenda.add(later(at, 1, 14), lambda then: _feedback(scene, case, session_id, then))

    scene.agenda.add(later(now, 2, 10), decide)


def _call(scene: Scene, case: Any, request_id: int, now: datetime) -> int:
    """The composition: the HR employee and two evaluators who have nothing to do with this sheet."""
    with work() as session:
        evaluators, _ = calibration.eligible(session, case.id, scene.clock.day_of(now))
        free = sorted(evaluators - {scene.cast.official, scene.cast.hr, scene.cast.ill, scene.cast.late})
        members = [Member(scene.cast.hr, "hr"), *(Member(one, "evaluator") for one in free[-2:])]
        made = calibration.call_session(session, request_id, members, scene.cast.official, now)
    scene.diary.say("a session of three is called")
    return made


def _hold(scene: Scene, case: Any, session_id: int, mark: Decimal | None, now: datetime) -> None:
    with work() as session:
        before = Decimal(rows(session, _MARK, i=case.id)[0][0])
        members = _members(session, session_id)
        words = _RAISE if mark else _UPHOLD
        votes = [Vote(one, mark or before, words) for one in members[:2]] + [Vote(members[2], before, _UPHOLD)]
        found = calibration.hold(
            session, session_id, votes, _EVALUATOR, _PERSON[case.language], now, actor(scene.cast.hr), "oral"
        )
    scene.diary.say(f"the session votes: {'the mark is changed' if found.changed else 'the mark is upheld'}")


def _members(session: Any, session_id: int) -> list[int]:
    query = "SELECT person_id FROM session_member WHERE session_id = :s ORDER BY capacity, person_id"
    return [row.person_id for row in rows(session, query, s=session_id)]


def _upload(scene: Scene, session_id: int, days: int, now: datetime) -> None:
    with work() as session:
        calibration.upload_protocol(session, session_id, now, actor(scene.cast.hr))
    scene.diary.say(f"a protocol is placed, {days} working days after its signing")


def _feedback(scene: Scene, case: Any, session_id: int, now: datetime) -> None:
    note = "Қорытынды баға, күшті жақтары және келесі тоқсанның міндеттері талқыланды."
    with work() as session:
        calibration.give_feedback(session, session_id, note, case.evaluator_id, now)
    scene.diary.say("an evaluator meets the person and gives feedback")
