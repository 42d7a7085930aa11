"""Every code of every carrier in one table: what it means for a notice, and our own sentence for it.

A carrier's text is never copied: it quotes addresses. A code that is not in the table is judged by its first digits.

Sources: RFC 5321 and RFC 3463 (SMTP), the vendors' pages of codes for Twilio (20429, 20500, 21611, 30001, 30003 and 30006 read
there, the others from general knowledge), SendGrid's API description and its page of events, and SMSC's pages "Server
answer and error codes" (1 to 9) and "Message statuses" (-3 to 25). The classing is ours.
"""

from __future__ import annotations

from dataclasses import dataclass

ACCEPTED, DELIVERED, TEMPORARY, PERMANENT, UNKNOWN = "accepted", "delivered", "temporary", "permanent", "unknown"
_EVENTS = {ACCEPTED: "accepted", DELIVERED: "delivered", TEMPORARY: "postponed", PERMANENT: "undelivered", UNKNOWN: ""}


@dataclass(frozen=True)
class Meaning:
    """What a code means.

    Attributes:
        word: accepted, delivered, temporary, permanent or unknown. sentence: why, in our words.
        ours: the carrier, the account or our settings are at fault, whoever the recipient is.
        spends: does a try that ends so count? most: temporary so many times, then permanent; 0: without end.
        told: the event it is when a carrier reports it by itself, where that is not the usual one.
    """

    word: str
    sentence: str
    ours: bool = False
    spends: bool = True
    most: int = 0
    told: str = ""

    @property
    def event(self) -> str:
        """The event of `events.EVENTS` when a carrier reports it by itself; "" when it says nothing of a notice."""
        return self.told or _EVENTS[self.word]


def later(sentence: str, *, ours: bool = False, spends: bool = True, most: int = 0, told: str = "") -> Meaning:
    """It may pass."""
    return Meaning(TEMPORARY, sentence, ours=ours, spends=spends, most=most, told=told)


def never(sentence: str, *, ours: bool = False) -> Meaning:
    """Never this way."""
    return Meaning(PERMANENT, sentence, ours=ours)


DOWN = later("The carrier's own system fails at this moment.", ours=True)
BUSY = later("The carrier asks for fewer messages at a time.", spends=False)
ACCOUNT = never("The carrier does not accept the account: check its key, password and state.", ours=True)
SENDER = never("The carrier does not accept the sender that is configured.", ours=True)
REQUEST = never("The carrier does not accept the settings of the account or of the address called.", ours=True)
_NO_NUMBER = never("The number does not exist or takes no short messages.")
_LANDLINE = never("The number is a landline, or its network cannot be reached.")
_NO_BOX = never("The recipient's mailbox does not exist.")
_FILTERED = never("The message was filtered out on its way because of its sender or its content.", ours=True)
SILENT = Meaning(UNKNOWN, "The carrier failed while it had the message; nobody knows whether it left.")
ON_ITS_WAY = Meaning(ACCEPTED, "The carrier has it.")
ARRIVED = Meaning(DELIVERED, "It arrived.")

TABLE: dict[tuple[str, str], Meaning] = {
    # --- SMTP: reply codes (RFC 5321), then enhanced codes (RFC 3463), which are asked first
    ("smtp", "421"): later("The mail server closes the line for now.", ours=True),
    ("smtp", "450"): later("The recipient's mailbox is busy or its server asks to come back later."),
    ("smtp", "451"): later("The mail server could not do it at this moment."),
    ("smtp", "452"): later("The recipient's mailbox is full, or the server has no room."),
    ("smtp", "454"): later("The mail server cannot check the account or encrypt at this moment.", ours=True),
    ("smtp", "530"): ACCOUNT,
    ("smtp", "534"): ACCOUNT,
    ("smtp", "535"): ACCOUNT,
    ("smtp", "538"): ACCOUNT,
    ("smtp", "550"): never("The recipient's mail server does not take mail for this mailbox."),
    ("smtp", "551"): never("The mailbox is not on this server."),
    ("smtp", "552"): never("The recipient's mailbox is full and takes nothing more."),
    ("smtp", "553"): never("The name of the mailbox is not allowed."),
    ("smtp", "554"): never("The mail server refuses the message for this recipient."),
    ("smtp", "x.1.1"): _NO_BOX,
    ("smtp", "x.1.2"): never("The domain of the address does not exist."),
    ("smtp", "x.1.3"): never("The address is badly written."),
    ("smtp", "x.1.6"): never("The mailbox has moved and left no address."),
    ("smtp", "x.1.8"): SENDER,
    ("smtp", "x.1.10"): never("The domain of the address takes no mail."),
    ("smtp", "x.2.1"): never("The mailbox is closed and takes no mail."),
    ("smtp", "x.2.2"): never("The recipient's mailbox is full."),
    ("smtp", "x.2.3"): never("The message is too long for this mailbox."),
    ("smtp", "x.3.0"): DOWN,
    ("smtp", "x.3.1"): DOWN,
    ("smtp", "x.3.2"): DOWN,
    ("smtp", "x.3.4"): never("The message is too long for the mail server."),
    ("smtp", "x.4.1"): later("The recipient's mail server does not answer."),
    ("smtp", "x.4.2"): later("The line to the recipient's mail server broke."),
    ("smtp", "x.4.4"): later("No way to the recipient's mail server was found."),
    ("smtp", "x.4.5"): DOWN,
    ("smtp", "x.4.7"): never("The mail server tried for its whole term and gave up."),
    ("smtp", "x.7.8"): ACCOUNT,
    ("smtp", "x.7.9"): ACCOUNT,
    ("smtp", "x.7.11"): ACCOUNT,
    ("smtp", "x.7.20"): SENDER,
    ("smtp", "x.7.21"): SENDER,
    ("smtp", "x.7.22"): SENDER,
    ("smtp", "x.7.23"): SENDER,
    ("smtp", "x.7.24"): SENDER,
    ("smtp", "x.7.25"): SENDER,
    ("smtp", "x.7.26"): SENDER,
    # --- SendGrid: answers to a request, then events
    ("sendgrid", "202"): ON_ITS_WAY,
    ("sendgrid", "400"): never("The carrier does not accept the message."),
    ("sendgrid", "401"): ACCOUNT,
    ("sendgrid", "403"): SENDER,
    ("sendgrid", "404"): REQUEST,
    ("sendgrid", "405"): REQUEST,
    ("sendgrid", "413"): never("The message is too long for the carrier."),
    ("sendgrid", "415"): REQUEST,
    ("sendgrid", "429"): BUSY,
    ("sendgrid", "processed"): ON_ITS_WAY,
    ("sendgrid", "deferred"): later("The recipient's mail server asks to wait; the carrier goes on trying.", told="deferred"),
    ("sendgrid", "delivered"): Meaning(DELIVERED, "The recipient's mail server took it."),
    ("sendgrid", "bounce"): never("The recipient's mail server sent it back."),
    ("sendgrid", "blocked"): later("The recipient's mail server refused it this time.", most=3),
    ("sendgrid", "dropped"): never("The carrier dropped it: the address is on its list of those not written to."),
    ("sendgrid", "dropped-ours"): never("The carrier dropped it: the account's quota or settings do not allow it.", ours=True),
    # --- Twilio: error codes, then statuses
    ("twilio", "20003"): ACCOUNT,
    ("twilio", "20005"): ACCOUNT,
    ("twilio", "20404"): REQUEST,
    ("twilio", "20429"): BUSY,
    ("twilio", "20500"): SILENT,
    ("twilio", "21211"): _NO_NUMBER,
    ("twilio", "21212"): SENDER,
    ("twilio", "21217"): _NO_NUMBER,
    ("twilio", "21408"): never("The account may not write to this country; allow it in the carrier's console.", ours=True),
    ("twilio", "21603"): SENDER,
    ("twilio", "21606"): SENDER,
    ("twilio", "21609"): REQUEST,
    ("twilio", "21610"): never("The recipient has told the carrier to write no more."),
    ("twilio", "21611"): later("The carrier's queue of this sender is full."),
    ("twilio", "21612"): never("The sender cannot reach this number."),
    ("twilio", "21614"): _NO_NUMBER,
    ("twilio", "21659"): SENDER,
    ("twilio", "21660"): SENDER,
    ("twilio", "21703"): SENDER,
    ("twilio", "21705"): REQUEST,
    ("twilio", "30001"): later("The carrier's queue was full; the message was not sent."),
    ("twilio", "30002"): ACCOUNT,
    ("twilio", "30003"): later("The telephone cannot be reached at this moment.", most=3),
    ("twilio", "30004"): never("The message was blocked on its way.", ours=True),
    ("twilio", "30005"): never("The number is unknown or no longer in use."),
    ("twilio", "30006"): _LANDLINE,
    ("twilio", "30007"): _FILTERED,
    ("twilio", "30008"): later("The network lost it and gives no reason.", most=3),
    ("twilio", "30036"): later("It waited longer than it was worth sending.", most=3),
    ("twilio", "63038"): later("The account's daily number of messages is used up.", ours=True),
    ("twilio", "accepted"): ON_ITS_WAY,
    ("twilio", "scheduled"): ON_ITS_WAY,
    ("twilio", "queued"): ON_ITS_WAY,
    ("twilio", "sending"): ON_ITS_WAY,
    ("twilio", "sent"): ON_ITS_WAY,
    ("twilio", "partially_delivered"): ON_ITS_WAY,
    ("twilio", "delivered"): ARRIVED,
    ("twilio", "read"): ARRIVED,
    ("twilio", "undelivered"): never("The network could not bring it."),
    ("twilio", "failed"): never("The carrier could not send it."),
    ("twilio", "canceled"): never("It was called back at the carrier.", ours=True),
    # --- SMSC: error codes 1 to 9 of an answer, from the vendor's page
    ("smsc", "1"): REQUEST,
    ("smsc", "2"): never("The carrier does not accept the key, or calls from this address.", ours=True),
    ("smsc", "3"): never("The account has no money left.", ours=True),
    ("smsc", "4"): later("The carrier has blocked our address for a time after too many faulty requests.", ours=True),
    ("smsc", "5"): REQUEST,
    ("smsc", "6"): never("The carrier does not allow this text or this sender.", ours=True),
    ("smsc", "7"): never("The number is badly written."),
    ("smsc", "8"): never("The carrier cannot bring messages to this number."),
    ("smsc", "9"): BUSY,
    # SMSC: statuses of a message, from the vendor's page
    ("smsc", "s-2"): never("It was stopped at the carrier.", ours=True),
    ("smsc", "s-1"): ON_ITS_WAY,
    ("smsc", "s0"): ON_ITS_WAY,
    ("smsc", "s1"): ARRIVED,
    ("smsc", "s2"): ARRIVED,
    ("smsc", "s3"): later("The telephone could not be reached in time.", most=3),
    ("smsc", "s4"): ARRIVED,
    ("smsc", "s20"): never("The carrier could not bring it."),
    ("smsc", "s22"): never("The number is wrong."),
    ("smsc", "s23"): never("The carrier does not allow it.", ours=True),
    ("smsc", "s24"): never("The account had no money left.", ours=True),
    ("smsc", "s25"): never("The number cannot be reached by the carrier."),
}  # fmt: skip
