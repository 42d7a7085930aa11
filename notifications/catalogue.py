"""The kinds of notices: what each is for, under which rule, what its wording needs, by which channels it may go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rules.errors import NotAllowed, NotFound

EMAIL, SMS, PORTAL, MOBILE_APP = "email", "sms", "portal", "mobile_app"
REGISTERED_LETTER, TELEPHONOGRAM, TELEGRAM = "registered_letter", "telephonogram", "telegram"
OTHER_REGISTERED = "other_registered"

#: placed inside the body's own systems: nothing leaves the house
IN_HOUSE = frozenset({PORTAL, MOBILE_APP})
#: proved by paper: a named officer types the evidence in
MANUAL = frozenset({REGISTERED_LETTER, TELEPHONOGRAM, TELEGRAM, OTHER_REGISTERED})

#: what knocks at the door goes before what waits to be looked at
_ACTIVE = (EMAIL, SMS, MOBILE_APP, PORTAL)
#: the closed list of pt 9 para 2; a dismissed person has neither the portal's desk nor the application any more
_REGISTERED = (REGISTERED_LETTER, EMAIL, SMS, TELEPHONOGRAM, TELEGRAM, OTHER_REGISTERED)
_BOTH = (*_ACTIVE, REGISTERED_LETTER, TELEPHONOGRAM, TELEGRAM, OTHER_REGISTERED)

CHANNELS: tuple[str, ...] = _BOTH


@dataclass(frozen=True)
class Kind:
    """One kind of notice; its wording is the folder of the same name in `notifications/templates`.

    Attributes:
        purpose: what it is for, and to whom. rules, point: why it is sent.
        needs: facts its wording cannot do without.
        channels: the channels it may use, in the order they are tried by default.
    """

    name: str
    purpose: str
    rules: tuple[str, ...]
    point: str
    needs: tuple[str, ...]
    channels: tuple[str, ...] = _ACTIVE

    @property
    def outside(self) -> bool:
        """May its text leave the house? Then it says only that something waits (N-23)."""
        return not IN_HOUSE.issuperset(self.channels)

    @property
    def wordings(self) -> tuple[str, ...]:
        """The files its folder holds."""
        spoken = tuple(f"{channel}.txt" for channel in (TELEPHONOGRAM, TELEGRAM) if channel in self.channels)
        return ("subject.txt", "body.txt", "sms.txt", *spoken)


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("evaluation_announced", "tells the evaluatee that the evaluation takes place, and until when",
             ("N-25",), "pt 15(4)", ("due",)),
        Kind("evaluation_scheduled", "tells the evaluator when the evaluation begins, before it does",
             ("M-46", "J-22"), "pts 29, 14", ("start", "due")),
        Kind("sheets_waiting", "tells the evaluator how many sheets wait", ("N-29",), "pt 17 para 1",
             ("due",)),
        Kind("survey_waiting", "tells a person how many questionnaires wait, whose answers nobody can read",
             ("U-56", "U-61"), "pts 33, 35", ("due",)),
        Kind("marks_reminder", "reminds the evaluator before the target day", ("N-10", "N-25"), "pt 4 para 1",
             ("due",)),
        Kind("marks_overdue", "tells the evaluator that the term is over", ("N-10", "N-25"), "pt 4 para 1",
             ("due",)),
        Kind("result_ready", "tells the evaluatee that the result waits; the term to disagree runs from opening it",
             ("N-18", "N-20"), "pts 9, 10", ()),
        Kind("result_reminder", "reminds the evaluatee of a result not opened yet", ("N-18", "N-20"), "pts 9, 10",
             ()),
        Kind("result_served", "familiarises a dismissed person by a channel that is recorded",
             ("N-19", "N-20"), "pt 9 para 2", ("period",), _REGISTERED),
        Kind("request_registered", "tells the evaluatee that the request was registered and when it is decided",
             ("N-20", "N-40"), "pts 10, 19", ()),
        Kind("request_refused", "serves the refusal on the person; its ground stands in the document in the portal",
             ("N-20", "N-40"), "pts 10, 19", (), _BOTH),
        Kind("session_called", "tells a member that the session was called", ("N-40", "N-45"), "pts 19, 21",
             ("due",)),
        Kind("session_invitation", "invites evaluatee and evaluator to be heard", ("N-46", "N-47"), "pt 22",
             ("due",), _BOTH),
        Kind("protocol_ready", "tells the evaluatee that the protocol was placed", ("N-49", "N-50"), "pt 22 para 5",
             ()),
        Kind("calibrated_result", "tells the evaluatee that the result after the session waits, and of the appeal",
             ("N-18", "N-21", "N-49"), "pts 9, 11, 22", (), _BOTH),
        Kind("feedback_due", "asks the evaluator to meet the evaluatee", ("N-51",), "pt 23", ()),
        Kind("decision_needed", "asks the appointing official to decide on a request", ("N-40",), "pt 19 para 1",
             ("due",)),
        Kind("deadline_alert", "warns the HR officer and the superior: a count and a point of the act, nobody's name",
             ("N-25",), "pt 15", ("due", "count", "point")),
        Kind("schedule_needed", "asks HR for the days and the approval of a schedule that was drawn up",
             ("N-25", "M-45", "J-21"), "pts 15, 29, 14", ("point",)),
        Kind("substitute_needed", "asks HR for a substitute: a count of sheets nobody can sign, nobody's name",
             ("N-9", "N-25"), "pt 3 para 2", ("due", "count", "point")),
        Kind("annual_mark_ready", "tells the evaluatee that the annual mark waits", ("N-11", "N-12", "N-18"), "pt 4",
             ()),
    )
}  # fmt: skip


def kind_of(name: str) -> Kind:
    """The kind of this name.

    Raises:
        NotFound: there is none.
    """
    if name not in KINDS:
        raise NotFound(f"There is no notice '{name}'; known are: {', '.join(KINDS)}.")
    return KINDS[name]


def usable(kind: Kind, channels: Sequence[str]) -> tuple[str, ...]:
    """Those of `channels` the kind may use, in the order given.

    Raises:
        NotFound: a channel is unknown. NotAllowed: none is left.
    """
    for channel in channels:
        if channel not in CHANNELS:
            raise NotFound(f"There is no channel '{channel}'; known are: {', '.join(CHANNELS)}.")
    left = tuple(channel for channel in dict.fromkeys(channels) if channel in kind.channels)
    if not left:
        raise NotAllowed(
            f"A notice '{kind.name}' ({', '.join(kind.rules)}, {kind.point}) cannot go by "
            f"{', '.join(channels) or 'no channel'}; "
            f"permitted are: {', '.join(kind.channels)}."
        )
    return left


def channels_for(name: str, permitted: Sequence[str]) -> tuple[str, ...]:
    """The kind's own order of channels, without those the body does not use.

    Raises:
        NotFound, NotAllowed: as `usable`.
    """
    kind = kind_of(name)
    return usable(kind, [channel for channel in kind.channels if channel in permitted])
