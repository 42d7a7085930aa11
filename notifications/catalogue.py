"""The kinds of notices: what each is for, which role it plays, what its wording needs, by which channels it may go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rules.errors import NotAllowed, NotFound

EMAIL, SMS, PORTAL, MOBILE_APP = "email", "sms", "portal", "mobile_app"
REGISTERED_LETTER, TELEPHONOGRAM, TELEGRAM = "registered_letter", "telephonogram", "telegram"
OTHER_REGISTERED = "other_registered"

#: what people choose from; and everything there are words in, for a body that lists it
LANGUAGES = ("kk", "ru")
WORDED = (*LANGUAGES, "en")

#: placed inside the body's own systems: nothing leaves the house
IN_HOUSE = frozenset({PORTAL, MOBILE_APP})
#: proved by paper: a named officer types the evidence in
MANUAL = frozenset({REGISTERED_LETTER, TELEPHONOGRAM, TELEGRAM, OTHER_REGISTERED})

#: what knocks at the door goes before what waits to be looked at
_ACTIVE = (EMAIL, SMS, MOBILE_APP, PORTAL)
#: proved by a record; a dismissed person has neither the portal's desk nor the application any more
_REGISTERED = (REGISTERED_LETTER, EMAIL, SMS, TELEPHONOGRAM, TELEGRAM, OTHER_REGISTERED)
_BOTH = (*_ACTIVE, REGISTERED_LETTER, TELEPHONOGRAM, TELEGRAM, OTHER_REGISTERED)

CHANNELS: tuple[str, ...] = _BOTH


@dataclass(frozen=True)
class Kind:
    """One kind of notice; its wording is the folder of the same name in `notifications/templates`.

    Attributes:
        purpose: what it is for, and to whom.
        roles: what it serves: events of an evaluation, roles of deadlines, or names an act's option `cites` gives. Where
            the act of the cycle speaks of them, `services.ground` says with rules and point.
        needs: facts its wording cannot do without.
        channels: the channels it may use, in the order they are tried by default.
    """

    name: str
    purpose: str
    roles: tuple[str, ...]
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
             ("notified",), ("due",)),
        Kind("evaluation_scheduled", "tells the evaluator when the evaluation begins, before it does",
             ("notified",), ("start", "due")),
        Kind("sheets_waiting", "tells the evaluator how many sheets wait", ("opened",),
             ("due",)),
        Kind("own_part_waiting", "tells the servant that the own part of the sheet waits", ("self_evaluated",), ()),
        Kind("agreement_waiting", "tells the superior how many signed sheets wait for agreement", ("agreed",), ()),
        Kind("signature_waiting", "tells the servant that the sheet waits for the signature", ("signed",), ()),
        Kind("survey_waiting", "tells a person how many questionnaires wait, whose answers nobody can read",
             ("opened",), ("due",)),
        Kind("marks_reminder", "reminds the evaluator before the target day", ("deadline:evaluation",),
             ("due",)),
        Kind("marks_overdue", "tells the evaluator that the term is over", ("deadline:evaluation",),
             ("due",)),
        Kind("result_ready", "tells the evaluatee that the result waits; the term to disagree runs from opening it",
             ("released", "requested"), ()),
        Kind("result_reminder", "reminds the evaluatee of a result not opened yet", ("released", "requested"),
             ()),
        Kind("result_served", "familiarises a dismissed person by a channel that is recorded",
             ("served", "requested"), ("period",), _REGISTERED),
        Kind("request_registered", "tells the evaluatee that the request was registered and when it is decided",
             ("requested", "deadline:decision"), ()),
        Kind("request_refused", "serves the refusal on the person; its ground stands in the document in the portal",
             ("request_refused",), (), _BOTH),
        Kind("session_called", "tells a member that the session was called", ("session_called",),
             ("due",)),
        Kind("session_invitation", "invites evaluatee and evaluator to be heard", ("session_held",),
             ("due",), _BOTH),
        Kind("protocol_ready", "tells the evaluatee that the protocol was placed", ("protocol_uploaded",),
             ()),
        Kind("calibrated_result", "tells the evaluatee that the result after the session waits, and of the appeal",
             ("protocol_signed", "released", "code_appeal"), (), _BOTH),
        Kind("feedback_due", "asks the evaluator to meet the evaluatee", ("feedback_given",), ()),
        Kind("decision_needed", "asks the appointing official to decide on a request", ("deadline:decision",),
             ("due",)),
        Kind("deadline_alert", "warns the HR officer and the superior: a count and a point of the act, nobody's name",
             ("schedule_approved",), ("due", "count", "point")),
        Kind("schedule_needed", "asks HR for the days and the approval of a schedule that was drawn up",
             ("schedule_approved",), ("point",)),
        Kind("substitute_needed", "asks HR for a substitute: a count of sheets nobody can sign, nobody's name",
             ("replaced",), ("due", "count", "point")),
        Kind("annual_mark_ready", "tells the evaluatee that the annual mark waits", ("deadline:annual", "released"),
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
            f"A notice '{kind.name}' cannot go by {', '.join(channels) or 'no channel'}; "
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
