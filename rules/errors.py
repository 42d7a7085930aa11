"""Refusals. Each is one sentence for the person who must act: what is wrong, under which rule, what to do."""


class RuleError(Exception):
    """A refusal; its text is the sentence shown to the person."""


class NotInForce(RuleError):
    """The law has no known wording or value on the day asked for."""


class MissingSetting(RuleError):
    """The act leaves something open that the body's own configuration must say."""


class NotNow(RuleError):
    """The event cannot happen in this stage: too early, too late, twice or out of order."""


class NotAllowed(RuleError):
    """The person may not do this."""


class Incomplete(RuleError):
    """Something the law asks for is missing from what was handed in."""


class NotFound(RuleError):
    """Nothing is known under the name or number given."""


class Conflict(RuleError):
    """Somebody else changed the same thing at the same moment; nothing was written."""


class BadFile(RuleError):
    """A file was refused; `problems` lists every finding with its place.

    Attributes:
        problems: one sentence per finding, in the order of the file.
    """

    def __init__(self, sentence: str, problems: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.problems = problems
