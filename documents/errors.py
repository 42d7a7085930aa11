"""Refusals of this room. Each is one sentence: which document, what is wrong, what to do."""

from rules.errors import Incomplete, RuleError


class DocumentError(RuleError):
    """A document was refused; nothing was made."""


class MissingField(Incomplete, DocumentError):
    """A field the document cannot do without is empty."""

    def __init__(self, document: str, field: str) -> None:
        super().__init__(f"The {document} cannot be made: '{field}' is empty. Give it a value and try again.")


class WrongField(DocumentError):
    """A field holds something the document cannot state."""

    def __init__(self, document: str, field: str, problem: str) -> None:
        super().__init__(f"The {document} cannot be made: '{field}' {problem}.")


class UnprintableText(DocumentError):
    """A character that no embedded font can show."""

    def __init__(self, document: str, character: str, field: str) -> None:
        code = f"U+{ord(character):04X}"
        shown = f"'{character}' ({code})" if character.isprintable() else code
        super().__init__(
            f"The {document} cannot be made: '{field}' holds the character {shown}, which cannot be printed. "
            "Remove it and try again."
        )


class UnknownLanguage(DocumentError):
    """Documents exist in Kazakh and Russian only."""

    def __init__(self, language: str) -> None:
        super().__init__(f"'{language}' is not a language of documents: choose 'kk' or 'ru'.")
